// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the fields of each structure of an iBFT. Section numbers refer to its specification,
 * version 1.03.
 */
#include "ibft_structs.h"
#include "portal.h"

#define IBU_FLAG_RADIUS_REVERSE 8 /* of a target, 3.7 */
#define IBU_FLAG_RADIUS (4 | IBU_FLAG_RADIUS_REVERSE)

/* Values of origin (3.6), from NL_PREFIX_ORIGIN of Windows. */
#define IBU_ORIGIN_DHCP 3
#define IBU_ORIGIN_RA 4

/* Adds a diagnostic about attribute @field, which is at byte @rel of the structure. */
__printf(5, 6) static void ibu_ibft_diag(const struct ibu_ibft_block *blk,
					 enum ibu_severity severity, unsigned int field, u32 rel,
					 const char *fmt, ...)
{
	va_list args;

	if (blk->damaged)
		return;
	va_start(args, fmt);
	ibu_diag_vadd(blk->t->d, severity, blk->place, blk->class->attrs[field].name,
		      blk->off + rel, fmt, args);
	va_end(args);
}

/* An address of 16 bytes. */
struct ibu_addr_field {
	u8 rel; /* its offset in the structure */
	u8 field; /* the attribute */
	u16 member; /* offset in the attribute's object */
};

static void ibu_ibft_read_addrs(struct ibu_ibft_block *blk, const struct ibu_addr_field *fields,
				unsigned int n)
{
	struct ibu_addr *a;
	unsigned int i;

	for (i = 0; i < n; i++) {
		a = (struct ibu_addr *)((u8 *)blk->obj + fields[i].member);
		memcpy(a->b, blk->b + fields[i].rel, 16);
		if (!ibu_addr_is_null(a))
			ibu_set(blk->f, fields[i].field);
	}
}

/* A string. The structure has its length and offset. */
struct ibu_text_field {
	u8 rel; /* offset of the length in the structure */
	u8 field; /* the attribute */
	u16 member; /* offset in the attribute's object */
	u16 max; /* maximum length in bytes */
	bool credential;
};

/*
 * Are all bytes NUL? After the first NUL of a string they are then padding; other bytes there make
 * its meaning ambiguous.
 */
static bool ibu_ibft_only_padding(const u8 *s, u32 len)
{
	while (len)
		if (s[--len])
			return false;
	return true;
}

static u32 ibu_ibft_text_len(const u8 *s, u32 max)
{
	u32 len = 0;

	while (len < max && s[len])
		len++;
	return len;
}

static bool ibu_ibft_printable(const u8 *s, u32 len)
{
	while (len--)
		if (s[len] < 0x20 || s[len] > 0x7e)
			return false;
	return true;
}

/* Returns what is wrong with a string, to be followed by a number of bytes; NULL if nothing is. */
static const char *ibu_ibft_text_fault(const struct ibu_text_field *tf, const u8 *s, u32 len,
				       u32 used)
{
	if (used > tf->max)
		return tf->max == IBU_TEXT_MAX ? "is longer than 255 bytes:" :
						 "is longer than the 223 of RFC 7143 4.2.7.1:";
	if (tf->credential && !ibu_ibft_only_padding(s + used, len - used))
		return "contains a NUL after";
	return NULL;
}

/*
 * Reads a string from the heap (2). Returns 1, 0 if it is absent, or -EINVAL with a diagnostic if
 * it is damaged.
 */
static int ibu_ibft_read_text(struct ibu_ibft_block *blk, const struct ibu_text_field *tf)
{
	u32 len = ibu_le16(blk->b + tf->rel), off = ibu_le16(blk->b + tf->rel + 2), used;
	const char *fault;
	const u8 *s;

	if (!len)
		return 0;
	s = off >= IBU_IBFT_HEADER_SIZE ? ibu_ibft_at(blk->t, off, len) : NULL;
	if (!s) {
		if (blk->t->cut && off >= IBU_IBFT_HEADER_SIZE)
			return -EINVAL;
		ibu_ibft_diag(blk, IBU_ERROR, tf->field, tf->rel,
			      "%u bytes at offset %u are not inside the table of %u bytes", len,
			      off, blk->t->size);
		return -EINVAL;
	}
	if (!blk->t->overlap_at && ibu_ibft_in_structure(blk->t, off, len)) {
		ibu_ibft_diag(blk, IBU_ERROR, tf->field, tf->rel,
			      "%u bytes at offset %u lie in a structure", len, off);
		return -EINVAL;
	}
	used = ibu_ibft_text_len(s, len);
	fault = ibu_ibft_text_fault(tf, s, len, used);
	if (fault) {
		ibu_ibft_diag(blk, IBU_ERROR, tf->field, tf->rel, "%s %u bytes", fault, used);
		return -EINVAL;
	}
	if (!used)
		return 0;
	if (!tf->credential && used < len && !ibu_ibft_only_padding(s + used, len - used))
		ibu_ibft_diag(blk, IBU_WARNING, tf->field, tf->rel,
			      "truncated at a NUL: %u of %u bytes", used, len);
	if (!tf->credential && !ibu_ibft_printable(s, used))
		ibu_ibft_diag(blk, IBU_WARNING, tf->field, tf->rel,
			      "control or non-ASCII bytes, shown escaped");
	*(struct ibu_text *)((u8 *)blk->obj + tf->member) =
		(struct ibu_text){ (const char *)s, used };
	ibu_set(blk->f, tf->field);
	return 1;
}

/* The initiator structure, 3.5. */

static const struct ibu_addr_field ibu_initiator_addrs[] = {
	{ 6, IBU_ROOT_ISNS, offsetof(struct ibu_root, isns) },
	{ 22, IBU_ROOT_SLP, offsetof(struct ibu_root, slp) },
	{ 38, IBU_ROOT_PRI_RADIUS, offsetof(struct ibu_root, pri_radius) },
	{ 54, IBU_ROOT_SEC_RADIUS, offsetof(struct ibu_root, sec_radius) },
};

int ibu_ibft_read_initiator(struct ibu_ibft_block *blk)
{
	static const struct ibu_text_field name = { 70, IBU_ROOT_INITIATOR_NAME,
						    offsetof(struct ibu_root, initiator_name),
						    IBU_ISCSI_NAME_MAX, false };
	struct ibu_root *root = &blk->t->p->root;

	ibu_ibft_read_addrs(blk, ibu_initiator_addrs, ARRAY_SIZE(ibu_initiator_addrs));
	if (ibu_ibft_read_text(blk, &name) > 0) {
		root->initiator_source = IBU_FROM_IBFT;
		ibu_set(&root->f, IBU_ROOT_INITIATOR_SOURCE);
	}
	return 0;
}

/* The NIC structure, 3.6. */

static const struct ibu_addr_field ibu_nic_addrs[] = {
	{ 6, IBU_NIC_IP_ADDR, offsetof(struct ibu_nic, ip) },
	{ 24, IBU_NIC_GATEWAY, offsetof(struct ibu_nic, gateway) },
	{ 40, IBU_NIC_PRIMARY_DNS, offsetof(struct ibu_nic, primary_dns) },
	{ 56, IBU_NIC_SECONDARY_DNS, offsetof(struct ibu_nic, secondary_dns) },
	{ 72, IBU_NIC_DHCP, offsetof(struct ibu_nic, dhcp) },
};

/* Leaves out addresses that no host can have, such as those that are cut from IPv6. */
static void ibu_ibft_check_nic_addrs(struct ibu_ibft_block *blk)
{
	char text[IBU_ADDR_STRLEN];
	const struct ibu_addr *a;
	const char *fault;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ibu_nic_addrs); i++) {
		a = (const struct ibu_addr *)((u8 *)blk->obj + ibu_nic_addrs[i].member);
		fault = ibu_portal_fault(a);
		if (!fault || !ibu_has(blk->f, ibu_nic_addrs[i].field) ||
		    ibu_nic_addrs[i].field == IBU_NIC_DHCP) /* which is for information */
			continue;
		ibu_addr_print(a, text);
		ibu_ibft_diag(blk, IBU_WARNING, ibu_nic_addrs[i].field, ibu_nic_addrs[i].rel,
			      "%s %s; ignored%s", text, fault,
			      ibu_addr_is_cut(a) == IBU_CUT_YES ?
				      "; the firmware cut an IPv6 address to four bytes" :
				      "");
		blk->f->set &= ~BIT_ULL(ibu_nic_addrs[i].field);
	}
}

static void ibu_ibft_read_prefix(struct ibu_ibft_block *blk, struct ibu_nic *nic)
{
	u32 prefix = blk->b[22], max = ibu_addr_is_v4(&nic->ip) ? 32 : 128;

	if (!prefix || !ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return;
	if (prefix > max) {
		ibu_ibft_diag(blk, IBU_ERROR, IBU_NIC_PREFIX_LEN, 22, "%u is above %u", prefix,
			      max);
		return;
	}
	nic->prefix_len = prefix;
	ibu_set(&nic->f, IBU_NIC_PREFIX_LEN);
}

static void ibu_ibft_read_origin(struct ibu_ibft_block *blk, struct ibu_nic *nic)
{
	nic->origin = blk->b[23];
	ibu_set(&nic->f, IBU_NIC_ORIGIN);
	/* iPXE writes 15 for the 16 ("unchanged") of Windows, where the field has four bits. */
	if (nic->origin > IBU_ORIGIN_RA && nic->origin != 15 && nic->origin != 16)
		ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_ORIGIN, 23, "%u is unknown", nic->origin);
}

static void ibu_ibft_read_vlan(struct ibu_ibft_block *blk, struct ibu_nic *nic)
{
	u32 vlan = ibu_le16(blk->b + 88);

	/* 3.6 does not define priority and DEI, but some firmware writes the whole tag. */
	if (vlan & 0xf000)
		ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_VLAN, 88, "priority bits of %u ignored",
			      vlan);
	vlan &= 0x0fff;
	if (vlan == 0x0fff) {
		ibu_ibft_diag(blk, IBU_ERROR, IBU_NIC_VLAN, 88,
			      "4095 is reserved (IEEE 802.1Q); no VLAN is used");
		return;
	}
	nic->vlan = vlan;
	if (vlan)
		ibu_set(&nic->f, IBU_NIC_VLAN);
}

static void ibu_ibft_read_hardware(struct ibu_ibft_block *blk, struct ibu_nic *nic)
{
	static const u8 zero[6];

	memcpy(nic->mac, blk->b + 90, 6);
	if (!memcmp(nic->mac, zero, 6) || nic->mac[0] & 1)
		ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_MAC, 90, "%s; ignored",
			      nic->mac[0] & 1 ? "is a group address" : "is all zero");
	else
		ibu_set(&nic->f, IBU_NIC_MAC);
	nic->pci_bdf = ibu_le16(blk->b + 96);
	if (nic->pci_bdf)
		ibu_set(&nic->f, IBU_NIC_PCI_BDF);
}

static enum ibu_method ibu_ibft_nic_method(const struct ibu_nic *nic)
{
	bool has_ip = ibu_has(&nic->f, IBU_NIC_IP_ADDR), v4 = ibu_addr_is_v4(&nic->ip);
	bool no_lease = has_ip && !v4 &&
			(!ibu_has(&nic->f, IBU_NIC_DHCP) || ibu_addr_is_v4(&nic->dhcp));

	/* With IPv6 this is EDK2's flag to ask DHCPv6 for the target; it leases no address. */
	if (nic->origin == IBU_ORIGIN_DHCP && !no_lease)
		return IBU_METHOD_DHCP;
	if (nic->origin == IBU_ORIGIN_RA && !(has_ip && v4))
		return IBU_METHOD_AUTO6;
	if (has_ip)
		return IBU_METHOD_STATIC;
	return ibu_has(&nic->f, IBU_NIC_DHCP) ? IBU_METHOD_DHCP : IBU_METHOD_NONE;
}

static void ibu_ibft_check_nic_index(struct ibu_ibft_block *blk, const struct ibu_nic *nic)
{
	const struct ibu_nic *other = blk->t->p->nics + blk->t->first_nic;

	for (; other < nic; other++)
		if (other->firmware_index == nic->firmware_index) {
			ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_FIRMWARE_INDEX, 4,
				      "an earlier NIC already has index %u", nic->firmware_index);
			return;
		}
}

static bool ibu_ibft_same_subnet(const struct ibu_nic *a, const struct ibu_nic *b)
{
	return a->vlan != b->vlan || !ibu_has(&a->f, IBU_NIC_IP_ADDR) ||
	       !ibu_has(&b->f, IBU_NIC_IP_ADDR) ||
	       ibu_addr_is_v4(&a->ip) != ibu_addr_is_v4(&b->ip) || ibu_nic_has(a, &b->ip);
}

/*
 * Two ports with one MAC, as some firmware writes them: only the PCI address tells which is which.
 * One port may have several entries, such as for a VLAN or for IPv6.
 */
static void ibu_ibft_check_same_mac(struct ibu_ibft_block *blk, const struct ibu_nic *nic)
{
	const struct ibu_nic *first = blk->t->p->nics, *other = first + blk->t->first_nic;
	const char *what;

	while (other < nic && !(ibu_has(&nic->f, IBU_NIC_MAC) && ibu_has(&other->f, IBU_NIC_MAC) &&
				!memcmp(nic->mac, other->mac, 6)))
		other++;
	if (other == nic)
		return;
	if (nic->pci_bdf && other->pci_bdf && nic->pci_bdf != other->pci_bdf)
		what = "the PCI address tells them apart";
	else if (!ibu_ibft_same_subnet(other, nic))
		what = "taken as one device with both addresses";
	else
		return;
	ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_MAC, 90, "also that of nic%u; %s",
		      (u32)(other - first), what);
}

/*
 * Warns about an address that the subnet gives to no host, or that an earlier NIC has too. EDK2 has
 * an entry of its NIC for each target.
 */
static void ibu_ibft_check_nic_ip(struct ibu_ibft_block *blk, const struct ibu_nic *nic)
{
	const struct ibu_nic *first = blk->t->p->nics, *other = first + blk->t->first_nic;
	const char *fault = ibu_subnet_fault(&nic->ip, nic);

	if (!ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return;
	if (fault)
		ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_IP_ADDR, 6, "is the %s of its subnet; used",
			      fault);
	for (; other < nic; other++)
		if (ibu_has(&other->f, IBU_NIC_IP_ADDR) && other->vlan == nic->vlan &&
		    !memcmp(&other->ip, &nic->ip, sizeof(nic->ip)) &&
		    memcmp(other->mac, nic->mac, sizeof(nic->mac)))
			ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_IP_ADDR, 6,
				      "also that of nic%u, another device", (u32)(other - first));
}

/* Leaves out a gateway that cannot be one: the NIC itself, or an address of no host. */
static void ibu_ibft_check_gateway(struct ibu_ibft_block *blk, struct ibu_nic *nic)
{
	const char *clash = ibu_portal_clash(&nic->gateway, nic);
	char text[IBU_ADDR_STRLEN];

	if (!clash || !ibu_has(&nic->f, IBU_NIC_GATEWAY))
		return;
	ibu_addr_print(&nic->gateway, text);
	ibu_ibft_diag(blk, IBU_WARNING, IBU_NIC_GATEWAY, 24, "%s %s this NIC; ignored", text,
		      clash);
	nic->f.set &= ~BIT_ULL(IBU_NIC_GATEWAY);
}

int ibu_ibft_read_nic(struct ibu_ibft_block *blk)
{
	static const struct ibu_text_field hostname = { 98, IBU_NIC_HOSTNAME,
							offsetof(struct ibu_nic, hostname),
							IBU_TEXT_MAX, false };
	struct ibu_nic *nic = ibu_params_add_nic(blk->t->p);

	if (!nic)
		return -ENOMEM;
	blk->obj = nic;
	blk->f = &nic->f;
	nic->source = IBU_FROM_IBFT;
	nic->firmware_index = blk->b[4];
	nic->flags = blk->b[5];
	nic->f.set = BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_FIRMWARE_INDEX) |
		     BIT_ULL(IBU_NIC_FLAGS) | BIT_ULL(IBU_NIC_METHOD);
	ibu_ibft_check_nic_index(blk, nic);
	ibu_ibft_read_addrs(blk, ibu_nic_addrs, ARRAY_SIZE(ibu_nic_addrs));
	ibu_ibft_check_nic_addrs(blk);
	ibu_ibft_read_prefix(blk, nic);
	ibu_ibft_read_origin(blk, nic);
	ibu_ibft_read_vlan(blk, nic);
	ibu_ibft_read_hardware(blk, nic);
	ibu_ibft_check_same_mac(blk, nic);
	ibu_ibft_check_nic_ip(blk, nic);
	ibu_ibft_check_gateway(blk, nic);
	ibu_ibft_read_text(blk, &hostname);
	nic->method = ibu_ibft_nic_method(nic);
	return 0;
}

/* The target structure, 3.7. */

static const struct ibu_text_field ibu_target_texts[] = {
	{ 34, IBU_TARGET_NAME, offsetof(struct ibu_target, name), IBU_ISCSI_NAME_MAX, false },
	{ 38, IBU_TARGET_CHAP_NAME, offsetof(struct ibu_target, chap_name), IBU_TEXT_MAX, true },
	{ 42, IBU_TARGET_CHAP_SECRET, offsetof(struct ibu_target, chap_secret), IBU_TEXT_MAX,
	  true },
	{ 46, IBU_TARGET_REV_CHAP_NAME, offsetof(struct ibu_target, rev_chap_name), IBU_TEXT_MAX,
	  true },
	{ 50, IBU_TARGET_REV_CHAP_SECRET, offsetof(struct ibu_target, rev_chap_secret),
	  IBU_TEXT_MAX, true },
};

static void ibu_ibft_read_portal(struct ibu_ibft_block *blk, struct ibu_target *tgt)
{
	static const struct ibu_addr_field ip = { 6, IBU_TARGET_IP_ADDR,
						  offsetof(struct ibu_target, ip) };

	ibu_ibft_read_addrs(blk, &ip, 1);
	if (!ibu_has(&tgt->f, IBU_TARGET_IP_ADDR)) {
		ibu_ibft_diag(blk, IBU_ERROR, IBU_TARGET_IP_ADDR, 6, "%s; the target is not used",
			      "no address");
		tgt->unsound = true;
	}
	tgt->port = ibu_le16(blk->b + 22);
	if (tgt->port)
		ibu_set(&tgt->f, IBU_TARGET_PORT);
	else
		ibu_ibft_diag(blk, IBU_WARNING, IBU_TARGET_PORT, 22, "0 is no port; 3260 is used");
}

/* Returns true if a field of CHAP is damaged. */
static bool ibu_ibft_read_target_texts(struct ibu_ibft_block *blk, struct ibu_target *tgt)
{
	bool damaged = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ibu_target_texts); i++)
		if (ibu_ibft_read_text(blk, &ibu_target_texts[i]) < 0) {
			tgt->unsound = true;
			damaged |= ibu_target_texts[i].credential;
		}
	if (!ibu_has(&tgt->f, IBU_TARGET_NAME)) {
		ibu_ibft_diag(blk, IBU_ERROR, IBU_TARGET_NAME, 34, "%s; the target is not used",
			      "no name");
		tgt->unsound = true;
	}
	return damaged;
}

#define IBU_WHOLE 2 /* both name and secret */

/* Returns how many of a name and its secret are present. */
static int ibu_ibft_count_pair(const struct ibu_target *tgt, unsigned int name, unsigned int secret)
{
	return ibu_has(&tgt->f, name) + ibu_has(&tgt->f, secret);
}

/*
 * Sets chap_type, unless it is unknown, as @damaged credentials are. The target is not used if
 * credentials are missing: a login with less authentication than the table demands must not happen.
 */
static void ibu_ibft_check_chap(struct ibu_ibft_block *blk, struct ibu_target *tgt, bool damaged)
{
	int one_way = ibu_ibft_count_pair(tgt, IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET);
	int mutual = ibu_ibft_count_pair(tgt, IBU_TARGET_REV_CHAP_NAME, IBU_TARGET_REV_CHAP_SECRET);
	bool by_radius = tgt->flags & IBU_FLAG_RADIUS_REVERSE;
	u32 type = blk->b[32], wanted;

	if (type > 2) {
		ibu_ibft_diag(blk, IBU_ERROR, IBU_TARGET_CHAP_TYPE, 32, "%u is unknown", type);
		tgt->unsound = true;
		return;
	}
	wanted = mutual || by_radius ? 2 : one_way ? 1 : 0;
	if (wanted < type)
		wanted = type;
	if ((wanted >= 1 && one_way != IBU_WHOLE) || (wanted == 2 && mutual != IBU_WHOLE)) {
		ibu_ibft_diag(blk, IBU_ERROR, IBU_TARGET_CHAP_TYPE, 32,
			      "%u, but a name or secret is missing", type);
		tgt->unsound = true;
		wanted = type;
	}
	/*
	 * open-iscsi uses the credentials and ignores the type; existing setups may rely on that.
	 */
	if (wanted > type)
		ibu_ibft_diag(blk, IBU_WARNING, IBU_TARGET_CHAP_TYPE, 32,
			      "%u, but credentials are present; used as %u", type, wanted);
	tgt->chap_type = wanted;
	if (wanted || !damaged)
		ibu_set(&tgt->f, IBU_TARGET_CHAP_TYPE);
	if (tgt->flags & IBU_FLAG_RADIUS)
		ibu_ibft_diag(blk, IBU_WARNING, IBU_TARGET_FLAGS, 5, "RADIUS is not supported");
}

int ibu_ibft_read_target(struct ibu_ibft_block *blk)
{
	struct ibu_target *tgt = ibu_params_add_target(blk->t->p);

	if (!tgt)
		return -ENOMEM;
	blk->obj = tgt;
	blk->f = &tgt->f;
	tgt->source = IBU_FROM_IBFT;
	tgt->table_offset = blk->off;
	tgt->unsound = blk->damaged;
	tgt->firmware_index = blk->b[4];
	tgt->flags = blk->b[5];
	tgt->firmware_nic_assoc = blk->b[33];
	memcpy(tgt->lun, blk->b + 24, 8);
	tgt->f.set = BIT_ULL(IBU_TARGET_SOURCE) | BIT_ULL(IBU_TARGET_FIRMWARE_INDEX) |
		     BIT_ULL(IBU_TARGET_FLAGS) | BIT_ULL(IBU_TARGET_FIRMWARE_NIC_ASSOC) |
		     BIT_ULL(IBU_TARGET_LUN);
	ibu_ibft_read_portal(blk, tgt);
	ibu_ibft_check_chap(blk, tgt, ibu_ibft_read_target_texts(blk, tgt));
	return 0;
}

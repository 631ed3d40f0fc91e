// SPDX-License-Identifier: GPL-2.0-only
/* Merges the parameters of firmware and command line by the rules of docs/user/sysfs-abi.md. */
#include "merge.h"
#include "attrs.h"
#include "portal.h"

/*
 * Copies each attribute that the command line supplies from @src to @dst, with a warning if that
 * changes a value of the firmware.
 */
static void ibu_merge_override(const struct ibu_class *class, void *dst, const void *src,
			       const char *place, struct ibu_diag *d)
{
	const struct ibu_fields *from = src;
	struct ibu_fields *to = dst;
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++) {
		if (!(from->from_cmdline & BIT_ULL(i)))
			continue;
		if (ibu_has(to, i) && !ibu_attr_equal(class, i, dst, src))
			ibu_diag_add(d, IBU_WARNING, place, class->attrs[i].name, IBU_NO_OFFSET,
				     "the command line overrides the firmware");
		ibu_attr_copy(class, i, dst, src);
	}
	to->from_cmdline |= from->from_cmdline;
}

/* Are these two configurations of one device, with another VLAN or another address family? */
static bool ibu_merge_is_separate(const struct ibu_nic *fw, const struct ibu_nic *cl)
{
	if (ibu_has(&cl->f, IBU_NIC_VLAN) && fw->vlan != cl->vlan)
		return true;
	return ibu_has(&fw->f, IBU_NIC_IP_ADDR) && ibu_has(&cl->f, IBU_NIC_IP_ADDR) &&
	       ibu_addr_is_v4(&fw->ip) != ibu_addr_is_v4(&cl->ip);
}

/*
 * Returns the NIC of the firmware, among the first @count, that @cl overrides, or NULL. They must
 * have the same MAC address; names do not count, because udev may still rename devices. Each NIC is
 * overridden once, and further ones of the command line for the same device are added.
 */
static struct ibu_nic *ibu_merge_find_nic(struct ibu_params *p, u32 count, const struct ibu_nic *cl)
{
	u32 i;

	if (!ibu_has(&cl->f, IBU_NIC_MAC))
		return NULL;
	for (i = 0; i < count; i++) {
		struct ibu_nic *fw = &p->nics[i];

		if (ibu_has(&fw->f, IBU_NIC_MAC) && !memcmp(fw->mac, cl->mac, 6) &&
		    !fw->f.from_cmdline && !ibu_merge_is_separate(fw, cl))
			return fw;
	}
	return NULL;
}

static int ibu_merge_nics(struct ibu_params *p, const struct ibu_params *cl, struct ibu_diag *d)
{
	u32 from_firmware = p->nr_nics, i;
	struct ibu_nic *nic;
	char place[32];

	for (i = 0; i < cl->nr_nics; i++) {
		nic = ibu_merge_find_nic(p, from_firmware, &cl->nics[i]);
		if (nic) {
			snprintf(place, sizeof(place), "nic%u", (u32)(nic - p->nics));
			ibu_merge_override(&ibu_classes[IBU_CLASS_NIC], nic, &cl->nics[i], place,
					   d);
			nic->written = cl->nics[i].written;
			nic->source |= IBU_FROM_CMDLINE;
			continue;
		}
		nic = ibu_params_add_nic(p);
		if (!nic)
			return -ENOMEM;
		*nic = cl->nics[i];
	}
	return 0;
}

static int ibu_merge_targets(struct ibu_params *p, const struct ibu_params *cl)
{
	struct ibu_target *tgt;
	u32 i;

	for (i = 0; i < cl->nr_targets; i++) {
		tgt = ibu_params_add_target(p);
		if (!tgt)
			return -ENOMEM;
		*tgt = cl->targets[i];
	}
	return 0;
}

#define IBU_MERGE_DEFAULT_PORT 3260 /* RFC 7143 4.1 */

static u32 ibu_merge_port(const struct ibu_target *tgt)
{
	return ibu_has(&tgt->f, IBU_TARGET_PORT) ? tgt->port : IBU_MERGE_DEFAULT_PORT;
}

/* Do both log in to one target through one portal? A host name may be any address. */
static bool ibu_merge_same_session(const struct ibu_target *tgt, const struct ibu_target *root)
{
	return (!tgt->name.len || ibu_text_eq(&tgt->name, &root->name)) &&
	       (ibu_has(&tgt->f, IBU_TARGET_HOST) || !memcmp(&tgt->ip, &root->ip, 16)) &&
	       ibu_merge_port(tgt) == ibu_merge_port(root);
}

/* Does logging in to @tgt attach the LUN of @root? Without a LUN it attaches all. */
static bool ibu_merge_has_lun(const struct ibu_target *tgt, const struct ibu_target *root)
{
	long number = ibu_lun_number(root->lun);

	return !ibu_has(&tgt->f, IBU_TARGET_LUN) || !memcmp(tgt->lun, root->lun, 8) ||
	       (number >= 0 && ibu_lun_number(tgt->lun) == number);
}

/*
 * Adds the target that a by-path name in root= describes, unless a target has its disk. Such a
 * target of the firmware is then used; an unsound one only if no other has the disk. Another LUN of
 * a target of the firmware needs that target's credentials, so the firmware's are used too. Returns
 * 0 or -ENOMEM.
 */
static int ibu_merge_root_disk(struct ibu_params *p, u32 from_firmware, struct ibu_params *cl)
{
	const struct ibu_target *root = &cl->root_disk;
	bool unsound = false;
	struct ibu_target *tgt;
	u32 i;

	if (!root->source || root->unsound)
		return 0;
	for (i = 0; i < p->nr_targets; i++) {
		tgt = &p->targets[i];
		if (!ibu_merge_same_session(tgt, root) ||
		    (i < from_firmware && cl->firmware_refused))
			continue;
		if (!ibu_merge_has_lun(tgt, root)) {
			cl->firmware_wanted |= i < from_firmware;
			continue;
		}
		if (!tgt->unsound) {
			tgt->has_root_disk = true;
			return 0;
		}
		unsound = true;
	}
	if (unsound) /* never with less than was configured */
		return 0;
	tgt = ibu_params_add_target(p);
	if (!tgt)
		return -ENOMEM;
	*tgt = *root;
	return 0;
}

/* Reports that the command line asks for what the firmware does not have. */
static void ibu_merge_check_firmware(const struct ibu_params *p, const struct ibu_params *cl,
				     struct ibu_diag *d)
{
	if (cl->firmware_wanted && !cl->firmware_refused && !p->ibft.f.set)
		ibu_diag_add(d, IBU_WARNING, "cmdline", cl->firmware_word, cl->firmware_at,
			     "the firmware has no usable table (iBFT)");
}

static void ibu_merge_initiator(struct ibu_params *p, const struct ibu_params *cl,
				struct ibu_diag *d)
{
	const struct ibu_root *from = &cl->root;
	struct ibu_root *to = &p->root;

	if (!ibu_has(&from->f, IBU_ROOT_INITIATOR_NAME))
		return;
	if (ibu_has(&to->f, IBU_ROOT_INITIATOR_NAME) &&
	    !ibu_text_eq(&to->initiator_name, &from->initiator_name))
		ibu_diag_add(d, IBU_WARNING, "initiator", "initiator-name", IBU_NO_OFFSET,
			     "the command line overrides the firmware");
	to->initiator_name = from->initiator_name;
	to->initiator_source = IBU_FROM_CMDLINE;
	to->f.set |= from->f.set;
}

/* A link-local portal (fe80::/10) needs only the address that each NIC makes itself. */
static u32 ibu_merge_method_for(const struct ibu_target *tgt)
{
	return ibu_addr_is_link_local(&tgt->ip) ? IBU_METHOD_LINK6 : IBU_METHOD_NONE;
}

/*
 * Stores the number of the NIC that a target names by MAC address or device name. The NIC is added
 * if no other parameter has configured it. Returns 0, -ENOMEM, or -ENOSPC if there are too many.
 */
static int ibu_merge_hinted_nic(struct ibu_params *p, struct ibu_target *tgt)
{
	const struct ibu_text *hint = &tgt->nic_hint;
	u32 *number = &tgt->nic_assoc;
	bool is_mac;
	struct ibu_nic *nic;
	u8 mac[6];

	is_mac = !ibu_mac_parse(hint->s, hint->len, mac);
	for (*number = 0; *number < p->nr_nics; ++*number) {
		nic = &p->nics[*number];
		if (is_mac ? ibu_has(&nic->f, IBU_NIC_MAC) && !memcmp(nic->mac, mac, 6) :
			     ibu_text_eq(&nic->written, hint))
			return 0;
	}
	if (p->nr_nics >= IBU_NICS_MAX)
		return -ENOSPC;
	nic = ibu_params_add_nic(p);
	if (!nic)
		return -ENOMEM;
	if (is_mac)
		memcpy(nic->mac, mac, 6);
	else
		nic->ifname = *hint;
	nic->written = *hint;
	nic->source = IBU_FROM_CMDLINE;
	nic->method = ibu_merge_method_for(tgt);
	nic->f.from_cmdline = BIT_ULL(is_mac ? IBU_NIC_MAC : IBU_NIC_IFNAME);
	nic->f.set = nic->f.from_cmdline | BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_METHOD);
	return 0;
}

/* The target is not used: by another NIC it may be another machine's. */
static void ibu_merge_refuse_hint(struct ibu_target *tgt, u32 number, struct ibu_diag *d)
{
	char place[32];

	snprintf(place, sizeof(place), "target%u", number);
	ibu_diag_add(d, IBU_ERROR, place, "nic-assoc", IBU_NO_OFFSET,
		     "more than %u NICs; the target is not used", IBU_NICS_MAX);
	tgt->unsound = true;
}

static int ibu_merge_resolve_hints(struct ibu_params *p, struct ibu_diag *d)
{
	struct ibu_target *tgt;
	u32 i;
	int err;

	for (i = 0; i < p->nr_targets; i++) {
		tgt = &p->targets[i];
		if (!tgt->nic_hint.len)
			continue;
		err = ibu_merge_hinted_nic(p, tgt);
		if (err == -ENOSPC) {
			ibu_merge_refuse_hint(tgt, i, d);
			continue;
		}
		if (err)
			return err;
		ibu_set(&tgt->f, IBU_TARGET_NIC_ASSOC);
		tgt->f.from_cmdline |= BIT_ULL(IBU_TARGET_NIC_ASSOC);
	}
	return 0;
}

/* An additional table does not add disks; the agent uses its targets as further ones. */
static bool ibu_merge_is_boot_selected(const struct ibu_target *tgt)
{
	return tgt->flags & IBU_FLAG_BOOT_SELECTED && !tgt->additional;
}

static bool ibu_merge_any_boot_selected(const struct ibu_params *p, u32 from_firmware)
{
	u32 i;

	for (i = 0; i < from_firmware; i++)
		if (ibu_merge_is_boot_selected(&p->targets[i]))
			return true;
	return false;
}

static void ibu_merge_select_targets(struct ibu_params *p, u32 from_firmware,
				     const struct ibu_params *cl)
{
	bool flagged = ibu_merge_any_boot_selected(p, from_firmware);
	bool use_firmware = !cl->firmware_refused &&
			    (p->nr_targets == from_firmware || cl->firmware_wanted);
	u32 i;

	for (i = 0; i < p->nr_targets; i++) {
		struct ibu_target *tgt = &p->targets[i];
		bool wanted = i >= from_firmware || tgt->has_root_disk ||
			      (use_firmware &&
			       (flagged ? ibu_merge_is_boot_selected(tgt) : !tgt->additional));

		tgt->selected = wanted && !tgt->unsound;
		tgt->usable = !tgt->unsound;
		tgt->f.set |= BIT_ULL(IBU_TARGET_SELECTED) | BIT_ULL(IBU_TARGET_USABLE);
	}
}

/*
 * Marks a target unsound whose portal is an address of this machine or of its subnets, by NICs of
 * the command line too.
 */
static void ibu_merge_check_portal(struct ibu_params *p, u32 number, struct ibu_diag *d)
{
	struct ibu_target *tgt = &p->targets[number];
	char place[32], addr[IBU_ADDR_STRLEN];
	const char *clash = NULL;
	u32 i;

	if (tgt->unsound || !ibu_has(&tgt->f, IBU_TARGET_IP_ADDR))
		return;
	for (i = 0; i < p->nr_nics && !clash; i++)
		clash = ibu_portal_clash(&tgt->ip, &p->nics[i]);
	if (!clash)
		return;
	tgt->unsound = true;
	snprintf(place, sizeof(place), "target%u", number);
	ibu_addr_print(&tgt->ip, addr);
	ibu_diag_add(d, IBU_ERROR, place, "ip-addr", IBU_NO_OFFSET,
		     "the portal %s %s nic%u; the target is not used", addr, clash, i - 1);
}

static void ibu_merge_check_portals(struct ibu_params *p, struct ibu_diag *d)
{
	u32 i;

	for (i = 0; i < p->nr_targets; i++)
		ibu_merge_check_portal(p, i, d);
}

/* Sets the attributes that are derived from others. */
static void ibu_merge_derive(struct ibu_params *p)
{
	u32 i;

	for (i = 0; i < p->nr_nics; i++) {
		struct ibu_nic *nic = &p->nics[i];

		if (ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) && ibu_addr_is_v4(&nic->ip))
			ibu_set(&nic->f, IBU_NIC_SUBNET_MASK);
		if (nic->f.from_cmdline)
			ibu_set(&nic->f, IBU_NIC_FROM_CMDLINE);
	}
	for (i = 0; i < p->nr_targets; i++) {
		struct ibu_target *tgt = &p->targets[i];

		if (ibu_has(&tgt->f, IBU_TARGET_LUN) && ibu_lun_number(tgt->lun) >= 0)
			ibu_set(&tgt->f, IBU_TARGET_LUN_NUMBER);
		if (tgt->f.from_cmdline)
			ibu_set(&tgt->f, IBU_TARGET_FROM_CMDLINE);
	}
}

static void ibu_merge_set_root(struct ibu_params *p, bool cmdline_used, const struct ibu_diag *d)
{
	struct ibu_root *root = &p->root;

	root->abi_version = IBU_ABI_VERSION;
	root->sources = (p->ibft.f.set ? IBU_FROM_IBFT : 0) | (cmdline_used ? IBU_FROM_CMDLINE : 0);
	root->errors = d->errors;
	root->warnings = d->warnings;
	root->f.set |= BIT_ULL(IBU_ROOT_ABI_VERSION) | BIT_ULL(IBU_ROOT_SOURCES) |
		       BIT_ULL(IBU_ROOT_ERRORS) | BIT_ULL(IBU_ROOT_WARNINGS);
}

int ibu_merge(struct ibu_params *p, struct ibu_params *cl, struct ibu_diag *d)
{
	bool cmdline_used = cl->nr_nics || cl->nr_targets || cl->root.f.set || cl->root_disk.source;
	u32 from_firmware = p->nr_targets;
	int err;

	ibu_merge_check_firmware(p, cl, d);
	err = ibu_merge_nics(p, cl, d);
	if (!err)
		err = ibu_merge_targets(p, cl);
	if (!err)
		err = ibu_merge_root_disk(p, from_firmware, cl);
	if (!err)
		err = ibu_merge_resolve_hints(p, d);
	if (err)
		return err;
	ibu_merge_initiator(p, cl, d);
	ibu_merge_check_portals(p, d);
	ibu_merge_select_targets(p, from_firmware, cl);
	ibu_merge_derive(p);
	ibu_diag_close(d, "cmdline");
	ibu_merge_set_root(p, cmdline_used, d);
	ibu_params_free(cl);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Reads the parameters that configure a NIC: ip=, ifname=, BOOTIF=, vlan=, nameserver=. */
#include "cmdline_private.h"

/* Stands for the device whose MAC BOOTIF= gives; no device has this name. */
#define BOOTIF "BOOTIF"

static void cmdline_set_nic(struct ibu_nic *nic, unsigned int field)
{
	ibu_set(&nic->f, field);
	nic->f.from_cmdline |= BIT_ULL(field);
}

static struct ibu_nic *cmdline_add_nic(struct ibu_words *w)
{
	struct ibu_nic *nic = ibu_params_add_nic(w->p);

	if (nic) {
		nic->source = IBU_FROM_CMDLINE;
		nic->method = IBU_METHOD_NONE;
		nic->f.set = BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_METHOD);
	}
	return nic;
}

/*
 * Returns the NIC named @name, which is added if it does not exist, or NULL if there is no memory.
 * With @fresh, NICs that an ip= has already configured do not count.
 */
static struct ibu_nic *cmdline_named_nic(struct ibu_words *w, const struct ibu_text *name,
					 bool fresh)
{
	struct ibu_nic *nic;
	u32 i;

	for (i = 0; i < w->p->nr_nics; i++) {
		nic = &w->p->nics[i];
		if (ibu_text_eq(&nic->ifname, name) &&
		    !(fresh && nic->f.from_cmdline & BIT_ULL(IBU_NIC_METHOD)))
			return nic;
	}
	nic = cmdline_add_nic(w);
	if (nic) {
		nic->ifname = *name;
		nic->written = *name;
		cmdline_set_nic(nic, IBU_NIC_IFNAME);
	}
	return nic;
}

static void cmdline_take_method(struct ibu_words *w, struct ibu_nic *nic,
				const struct ibu_word *word, const struct ibu_text *t)
{
	static const struct {
		const char *name;
		enum ibu_method method;
	} names[] = {
		{ "", IBU_METHOD_ANY },
		{ "none", IBU_METHOD_STATIC },
		{ "off", IBU_METHOD_STATIC },
		{ "static", IBU_METHOD_STATIC },
		{ "dhcp", IBU_METHOD_DHCP },
		{ "single-dhcp", IBU_METHOD_DHCP },
		{ "on", IBU_METHOD_ANY },
		{ "any", IBU_METHOD_ANY },
		{ "dhcp6", IBU_METHOD_DHCP6 },
		{ "auto6", IBU_METHOD_AUTO6 },
		{ "either6", IBU_METHOD_EITHER6 },
		{ "link6", IBU_METHOD_LINK6 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (ibu_is(t, names[i].name))
			break;
	if (i < ARRAY_SIZE(names))
		nic->method = names[i].method;
	else
		ibu_word_diag(w, IBU_ERROR, word, t, "unknown configuration method");
	/* A given address is used with any method. Without one, an empty method means any. */
	if (ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		nic->method = IBU_METHOD_STATIC;
	else if (nic->method == IBU_METHOD_STATIC)
		nic->method = IBU_METHOD_NONE;
	cmdline_set_nic(nic, IBU_NIC_METHOD);
}

static void cmdline_take_address(struct ibu_words *w, struct ibu_nic *nic,
				 const struct ibu_word *word, unsigned int field,
				 struct ibu_addr *a, struct ibu_text t)
{
	if (!t.len)
		return;
	if (ibu_address(t, a))
		ibu_word_diag(w, IBU_ERROR, word, &t, "not an IP address");
	else if (!ibu_addr_is_null(a))
		cmdline_set_nic(nic, field);
}

/* Returns the prefix length of an IPv4 netmask, or -1 if its ones are not contiguous. */
static int cmdline_mask_prefix(const struct ibu_addr *mask)
{
	u32 m = (u32)ibu_be16(mask->b + 12) << 16 | ibu_be16(mask->b + 14);
	int prefix = 0;

	while (m & 0x80000000) {
		m <<= 1;
		prefix++;
	}
	return m ? -1 : prefix;
}

static void cmdline_take_mask(struct ibu_words *w, struct ibu_nic *nic, const struct ibu_word *word,
			      struct ibu_text t)
{
	bool v4 = ibu_addr_is_v4(&nic->ip);
	struct ibu_addr mask;

	if (!t.len)
		return;
	if (v4 && !ibu_address(t, &mask) && ibu_addr_is_v4(&mask) && cmdline_mask_prefix(&mask) > 0)
		nic->prefix_len = (u32)cmdline_mask_prefix(&mask);
	else if (ibu_number(&t, v4 ? 32 : 128, &nic->prefix_len) || !nic->prefix_len)
		ibu_word_diag(w, IBU_ERROR, word, &t, "neither a netmask nor a prefix length");
	if (nic->prefix_len)
		cmdline_set_nic(nic, IBU_NIC_PREFIX_LEN);
}

/*
 * Reads a MAC address. Returns -EINVAL also for the zero address, which the loopback device and
 * devices without an address have.
 */
static int cmdline_parse_mac(const struct ibu_text *t, u8 mac[6])
{
	static const u8 zero[6];
	u8 read[6];

	if (ibu_mac_parse(t->s, t->len, read) || !memcmp(read, zero, 6))
		return -EINVAL;
	memcpy(mac, read, 6);
	return 0;
}

/*
 * Reads the end of ip=: dracut's [mtu][:mac], where the MAC address contains colons, or the
 * kernel's dns[:dns[:ntp]].
 */
static void cmdline_take_tail(struct ibu_words *w, struct ibu_nic *nic, const struct ibu_word *word,
			      struct ibu_text tail)
{
	struct ibu_addr a;
	struct ibu_text first = ibu_cut(&tail, ':');

	if (!ibu_address(first, &a)) {
		cmdline_take_address(w, nic, word, IBU_NIC_PRIMARY_DNS, &nic->primary_dns, first);
		if (tail.s)
			cmdline_take_address(w, nic, word, IBU_NIC_SECONDARY_DNS,
					     &nic->secondary_dns, ibu_cut(&tail, ':'));
		return;
	}
	if (first.len && (ibu_number(&first, 65535, &nic->mtu) || nic->mtu < 68))
		ibu_word_diag(w, IBU_ERROR, word, &first,
			      "neither an MTU from 68 to 65535 nor an address");
	else if (first.len)
		cmdline_set_nic(nic, IBU_NIC_MTU);
	if (!tail.s || !tail.len)
		return;
	if (!cmdline_parse_mac(&tail, nic->set_mac))
		cmdline_set_nic(nic, IBU_NIC_SET_MAC);
	else
		cmdline_take_address(w, nic, word, IBU_NIC_SECONDARY_DNS, &nic->secondary_dns,
				     ibu_cut(&tail, ':'));
}

/*
 * Returns the NIC for the device field of ip=. Without a name it is a new NIC, for any device that
 * fits. NULL if there is no memory.
 */
static struct ibu_nic *cmdline_device_nic(struct ibu_words *w, const struct ibu_word *word,
					  const struct ibu_text *name)
{
	if (!name->len)
		return cmdline_add_nic(w);
	if (!ibu_valid_ifname(name)) {
		ibu_word_diag(w, IBU_ERROR, word, name, "not a network device name");
		return cmdline_add_nic(w);
	}
	return cmdline_named_nic(w, name, true);
}

enum ip_field { IP_CLIENT, IP_SERVER, IP_GATEWAY, IP_MASK, IP_HOST, IP_DEVICE, IP_METHOD, IP_TAIL };

/*
 * Reads client:server:gw:mask:host:device:method[:tail]; the kernel's
 * Documentation/admin-guide/nfs/nfsroot.rst describes it.
 */
static int cmdline_read_ip_full(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text f[IP_TAIL] = { { 0 } }, rest = word->value;
	struct ibu_nic *nic;
	unsigned int n;

	for (n = 0; n < IP_TAIL && rest.s; n++)
		f[n] = ibu_cut(&rest, ':');
	nic = cmdline_device_nic(w, word, &f[IP_DEVICE]);
	if (!nic)
		return -ENOMEM;
	cmdline_take_address(w, nic, word, IBU_NIC_IP_ADDR, &nic->ip, f[IP_CLIENT]);
	cmdline_take_address(w, nic, word, IBU_NIC_GATEWAY, &nic->gateway, f[IP_GATEWAY]);
	cmdline_take_mask(w, nic, word, f[IP_MASK]);
	if (f[IP_HOST].len > IBU_TEXT_MAX) {
		ibu_word_diag(w, IBU_ERROR, word, &f[IP_HOST],
			      "%s has %u bytes, at most %u are allowed", "hostname", f[IP_HOST].len,
			      IBU_TEXT_MAX);
	} else if (f[IP_HOST].len) {
		nic->hostname = f[IP_HOST];
		cmdline_set_nic(nic, IBU_NIC_HOSTNAME);
	}
	cmdline_take_method(w, nic, word, &f[IP_METHOD]);
	if (rest.s)
		cmdline_take_tail(w, nic, word, rest);
	return 0;
}

/* Reads device:method[:[mtu][:mac]] (dracut). */
static int cmdline_read_ip_device(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text rest = word->value, name = ibu_cut(&rest, ':'), method;
	struct ibu_nic *nic = cmdline_device_nic(w, word, &name);

	if (!nic)
		return -ENOMEM;
	method = ibu_cut(&rest, ':');
	cmdline_take_method(w, nic, word, &method);
	if (rest.s)
		cmdline_take_tail(w, nic, word, rest);
	return 0;
}

/* Reads a method without a device, for any NIC that fits. */
static int cmdline_read_ip_method(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_nic *nic;

	if (ibu_is(&word->value, "ibft") || ibu_is(&word->value, "fw")) {
		w->p->firmware_wanted = true;
		return 0;
	}
	if (ibu_is(&word->value, "none") || ibu_is(&word->value, "off"))
		return 0;
	nic = cmdline_add_nic(w);
	if (!nic)
		return -ENOMEM;
	cmdline_take_method(w, nic, word, &word->value);
	return 0;
}

int ibu_read_ip(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text rest = word->value, first = ibu_cut(&rest, ':');
	struct ibu_addr a;

	if (!word->value.len)
		return 0;
	if (!first.len || !ibu_address(first, &a))
		return cmdline_read_ip_full(w, word);
	return rest.s ? cmdline_read_ip_device(w, word) : cmdline_read_ip_method(w, word);
}

static int cmdline_bind_mac(struct ibu_words *w, const struct ibu_word *word, struct ibu_text name,
			    struct ibu_text mac_text)
{
	struct ibu_nic *nic;
	u8 mac[6];

	if (!mac_text.s || cmdline_parse_mac(&mac_text, mac)) {
		ibu_word_diag(w, IBU_ERROR, word, &mac_text, "not a MAC address");
		return 0;
	}
	nic = cmdline_named_nic(w, &name, false);
	if (!nic)
		return -ENOMEM;
	memcpy(nic->mac, mac, 6);
	cmdline_set_nic(nic, IBU_NIC_MAC);
	return 0;
}

/* Reads dracut's ifname=name:mac. */
int ibu_read_ifname(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text rest = word->value, name = ibu_cut(&rest, ':');

	if (ibu_valid_ifname(&name))
		return cmdline_bind_mac(w, word, name, rest);
	ibu_word_diag(w, IBU_ERROR, word, &name, "not a network device name");
	return 0;
}

/* Reads dracut's vlan=name:parent. The name ends in the VLAN ID (dracut.cmdline(7)). */
int ibu_read_vlan(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text rest = word->value, name = ibu_cut(&rest, ':'), digits = name;
	struct ibu_nic *nic;
	u32 vid;

	while (digits.len && digits.s[digits.len - 1] >= '0' && digits.s[digits.len - 1] <= '9')
		digits.len--;
	digits = (struct ibu_text){ name.s + digits.len, name.len - digits.len };
	if (!ibu_valid_ifname(&name) || !rest.s || !ibu_valid_ifname(&rest)) {
		ibu_word_diag(w, IBU_ERROR, word, &name, "must be name:parent");
		return 0;
	}
	if (ibu_number(&digits, 4094, &vid) || !vid) {
		ibu_word_diag(w, IBU_ERROR, word, &name, "the name must end in 1 to 4094");
		return 0;
	}
	nic = cmdline_named_nic(w, &name, false);
	if (!nic)
		return -ENOMEM;
	nic->vlan = vid;
	nic->vlan_parent = rest;
	cmdline_set_nic(nic, IBU_NIC_VLAN);
	return 0;
}

int ibu_read_nameserver(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_addr a;

	if (ibu_address(word->value, &a) || ibu_addr_is_null(&a))
		ibu_word_diag(w, IBU_ERROR, word, &word->value, "not an IP address");
	else if (w->nr_dns == ARRAY_SIZE(w->dns))
		ibu_word_diag(w, IBU_WARNING, word, &word->value, "only the first two are used");
	else
		w->dns[w->nr_dns++] = a;
	return 0;
}

/*
 * Reads BOOTIF= of PXELINUX: the hardware type and the MAC address, with '-' between all bytes.
 * iPXE and GRUB leave out the type.
 */
int ibu_read_bootif(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text mac = word->value;

	if (mac.len == 20 && ibu_starts(&mac, "01-")) {
		mac.s += 3;
		mac.len -= 3;
	}
	return cmdline_bind_mac(w, word, (struct ibu_text){ BOOTIF, sizeof(BOOTIF) - 1 }, mac);
}

/* Copies MAC address and VLAN of @from to @to, if they have the same name and @to has none. */
static void cmdline_spread_nic(struct ibu_nic *to, const struct ibu_nic *from)
{
	if (!ibu_text_eq(&to->ifname, &from->ifname))
		return;
	if (ibu_has(&from->f, IBU_NIC_MAC) && !ibu_has(&to->f, IBU_NIC_MAC)) {
		memcpy(to->mac, from->mac, 6);
		cmdline_set_nic(to, IBU_NIC_MAC);
	}
	if (from->vlan_parent.len && !to->vlan_parent.len) {
		to->vlan = from->vlan;
		to->vlan_parent = from->vlan_parent;
		cmdline_set_nic(to, IBU_NIC_VLAN);
	}
}

static void cmdline_spread_nics(struct ibu_params *p)
{
	u32 i, j;

	for (i = 0; i < p->nr_nics; i++)
		for (j = 0; j < p->nr_nics && p->nics[i].ifname.len; j++)
			cmdline_spread_nic(&p->nics[i], &p->nics[j]);
}

/* Sets the name servers of nameserver= for a NIC that has none. */
static void cmdline_nic_default_dns(const struct ibu_words *w, struct ibu_nic *nic)
{
	if (ibu_has(&nic->f, IBU_NIC_PRIMARY_DNS) || !w->nr_dns)
		return;
	nic->primary_dns = w->dns[0];
	cmdline_set_nic(nic, IBU_NIC_PRIMARY_DNS);
	if (w->nr_dns < 2)
		return;
	nic->secondary_dns = w->dns[1];
	cmdline_set_nic(nic, IBU_NIC_SECONDARY_DNS);
}

/*
 * Joins ip= without a device and BOOTIF= into one NIC, as PXELINUX writes both for the NIC that it
 * booted from. Does nothing if an ip= names BOOTIF.
 */
static void cmdline_adopt_bootif(struct ibu_params *p)
{
	const struct ibu_nic *bootif = NULL;
	struct ibu_nic *loose = NULL;
	u32 i;

	for (i = 0; i < p->nr_nics; i++) {
		struct ibu_nic *nic = &p->nics[i];

		if (ibu_is(&nic->ifname, BOOTIF) &&
		    !(nic->f.from_cmdline & BIT_ULL(IBU_NIC_METHOD)))
			bootif = nic;
		else if (!loose && !ibu_has(&nic->f, IBU_NIC_IFNAME) &&
			 !ibu_has(&nic->f, IBU_NIC_MAC))
			loose = nic;
	}
	if (!bootif || !loose)
		return;
	memcpy(loose->mac, bootif->mac, 6);
	cmdline_set_nic(loose, IBU_NIC_MAC);
	loose->written = bootif->written;
	i = (u32)(bootif - p->nics);
	memmove(&p->nics[i], bootif + 1, (p->nr_nics - i - 1) * sizeof(*bootif));
	p->nr_nics--;
}

void ibu_finish_nics(struct ibu_words *w)
{
	struct ibu_nic *nic;
	u32 i;

	cmdline_adopt_bootif(w->p);
	cmdline_spread_nics(w->p);
	/*
	 * The NIC of a VLAN is its parent device, whose name may get a MAC address from another
	 * parameter.
	 */
	for (i = 0; i < w->p->nr_nics; i++) {
		nic = &w->p->nics[i];
		if (nic->vlan_parent.len)
			nic->ifname = nic->vlan_parent;
		nic->vlan_parent.len = 0;
	}
	cmdline_spread_nics(w->p);
	for (i = 0; i < w->p->nr_nics; i++) {
		nic = &w->p->nics[i];
		cmdline_nic_default_dns(w, nic);
		if (!ibu_is(&nic->ifname, BOOTIF))
			continue;
		nic->f.set &= ~BIT_ULL(IBU_NIC_IFNAME);
		nic->f.from_cmdline &= ~BIT_ULL(IBU_NIC_IFNAME);
		nic->ifname = (struct ibu_text){ NULL, 0 };
	}
}

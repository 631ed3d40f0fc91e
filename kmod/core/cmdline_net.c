// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the parameters that name or complete a NIC, such as ifname=, BOOTIF=, vlan= and
 * nameserver=, and completes all NICs after the last parameter. ip= is read in cmdline_ip.c.
 */
#include "cmdline_nic_private.h"

/* Stands for the device whose MAC BOOTIF= gives; no device has this name. */
#define IBU_BOOTIF "BOOTIF"

static int ibu_cmdline_bind_mac(struct ibu_words *w, const struct ibu_word *word,
				struct ibu_text name, struct ibu_text mac_text)
{
	struct ibu_nic *nic;
	u8 mac[6];

	if (!mac_text.s || ibu_nic_mac_parse(&mac_text, mac)) {
		ibu_word_diag(w, IBU_ERROR, word, &mac_text, "not a MAC address");
		return 0;
	}
	nic = ibu_named_nic(w, &name, false);
	if (!nic)
		return -ENOMEM;
	ibu_give_mac(nic, mac);
	return 0;
}

/* Reads dracut's ifname=name:mac. */
int ibu_read_ifname(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text rest = word->value, name = ibu_cut(&rest, ':');

	if (ibu_valid_ifname(&name))
		return ibu_cmdline_bind_mac(w, word, name, rest);
	ibu_word_diag(w, IBU_ERROR, word, &name, "not a network device name");
	return 0;
}

/*
 * Reads dracut's vlan=name:parent. The name ends in the VLAN ID (dracut.cmdline(7)). NetworkManager
 * has options behind the parent.
 */
int ibu_read_vlan(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text rest = word->value, name = ibu_cut(&rest, ':'), parent, digits = name;
	struct ibu_nic *nic;
	u32 vid;

	parent = ibu_cut(&rest, ':');
	while (digits.len && digits.s[digits.len - 1] >= '0' && digits.s[digits.len - 1] <= '9')
		digits.len--;
	digits = (struct ibu_text){ name.s + digits.len, name.len - digits.len };
	if (!ibu_valid_ifname(&name) || !ibu_valid_ifname(&parent)) {
		ibu_word_diag(w, IBU_ERROR, word, &name, "must be name:parent");
		return 0;
	}
	if (ibu_number(&digits, 4094, &vid) || !vid) {
		ibu_word_diag(w, IBU_ERROR, word, &name, "the name must end in 1 to 4094");
		return 0;
	}
	nic = ibu_named_nic(w, &name, false);
	if (!nic)
		return -ENOMEM;
	nic->vlan = vid;
	nic->vlan_parent = parent;
	ibu_set_nic(nic, IBU_NIC_VLAN);
	if (rest.len)
		ibu_word_diag(w, IBU_WARNING, word, &rest, "options of a VLAN are ignored");
	return 0;
}

int ibu_read_nameserver(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text zone;
	struct ibu_addr a;

	if (ibu_address_zone(word->value, &a, &zone) || ibu_addr_is_null(&a)) {
		ibu_word_diag(w, IBU_ERROR, word, &word->value, "not an IP address");
	} else if (w->nr_dns == ARRAY_SIZE(w->dns)) {
		ibu_word_diag(w, IBU_WARNING, word, &word->value, "only the first two are used");
	} else {
		w->dns_zone[w->nr_dns] = zone;
		w->dns[w->nr_dns++] = a;
	}
	return 0;
}

/*
 * Reads BOOTIF= of PXELINUX: the hardware type of RFC 1700 in hex, and the MAC address. PXELINUX
 * writes '-' between all bytes. iPXE and GRUB leave out the type.
 */
int ibu_read_bootif(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text mac = word->value;

	if (mac.len == 20 && ibu_hex_digit(mac.s[0]) >= 0 && ibu_hex_digit(mac.s[1]) >= 0 &&
	    (mac.s[2] == '-' || mac.s[2] == ':')) {
		mac.s += 3;
		mac.len -= 3;
	}
	return ibu_cmdline_bind_mac(w, word,
				    (struct ibu_text){ IBU_BOOTIF, sizeof(IBU_BOOTIF) - 1 }, mac);
}

/* Reads dracut's rd.bootif=, a switch. */
int ibu_read_use_bootif(struct ibu_words *w, const struct ibu_word *word)
{
	w->no_bootif = ibu_is_off(&word->value);
	return 0;
}

/* Reads dracut's bootdev= and genkernel's gk.net.iface=: a name or a MAC address. */
int ibu_read_bootdev(struct ibu_words *w, const struct ibu_word *word)
{
	u8 mac[6];

	if (!ibu_valid_ifname(&word->value) && ibu_nic_mac_parse(&word->value, mac))
		ibu_word_diag(w, IBU_ERROR, word, &word->value,
			      "neither a network device name nor a MAC address");
	else
		w->primary = word->value;
	return 0;
}

/* Keeps a parameter that counts only beside ip=ADDR. */
int ibu_read_lone(struct ibu_words *w, const struct ibu_word *word)
{
	w->lone_words[word->arg] = *word;
	return 0;
}

/* Copies MAC address and VLAN of @from to @to, if they have the same name and @to has none. */
static void ibu_cmdline_spread_nic(struct ibu_nic *to, const struct ibu_nic *from)
{
	if (!ibu_text_eq(&to->ifname, &from->ifname))
		return;
	if (ibu_has(&from->f, IBU_NIC_MAC) && !ibu_has(&to->f, IBU_NIC_MAC)) {
		memcpy(to->mac, from->mac, 6);
		ibu_set_nic(to, IBU_NIC_MAC);
	}
	if (from->vlan_parent.len && !to->vlan_parent.len) {
		to->vlan = from->vlan;
		to->vlan_parent = from->vlan_parent;
		ibu_set_nic(to, IBU_NIC_VLAN);
	}
}

static void ibu_cmdline_spread_nics(struct ibu_params *p)
{
	u32 i, j;

	for (i = 0; i < p->nr_nics; i++)
		for (j = 0; j < p->nr_nics && p->nics[i].ifname.len; j++)
			ibu_cmdline_spread_nic(&p->nics[i], &p->nics[j]);
}

/* Sets the name servers of nameserver= for a NIC that has none. */
static void ibu_cmdline_nic_default_dns(const struct ibu_words *w, struct ibu_nic *nic)
{
	u32 i;

	if (ibu_has(&nic->f, IBU_NIC_PRIMARY_DNS))
		return;
	for (i = 0; i < w->nr_dns; i++) {
		if (w->dns_zone[i].len && !ibu_text_eq(&w->dns_zone[i], &nic->written))
			continue;
		if (ibu_has(&nic->f, IBU_NIC_PRIMARY_DNS)) {
			nic->secondary_dns = w->dns[i];
			ibu_set_nic(nic, IBU_NIC_SECONDARY_DNS);
		} else {
			nic->primary_dns = w->dns[i];
			ibu_set_nic(nic, IBU_NIC_PRIMARY_DNS);
		}
	}
}

/* Is the NIC of an ip= that names no device? */
static bool ibu_cmdline_is_loose(const struct ibu_nic *nic)
{
	return !ibu_has(&nic->f, IBU_NIC_IFNAME) && !ibu_has(&nic->f, IBU_NIC_MAC);
}

/* Is @device, a name or a MAC address, that of the NIC? */
static bool ibu_cmdline_is_device(const struct ibu_nic *nic, const struct ibu_text *device)
{
	u8 mac[6];

	if (ibu_text_eq(&nic->written, device))
		return true;
	/* The MAC address of a NIC without one is zero, which is not parsed. */
	return !ibu_nic_mac_parse(device, mac) && !memcmp(nic->mac, mac, 6);
}

/* Gives a loose NIC its device, a name or a MAC address. */
static void ibu_cmdline_bind_device(struct ibu_nic *nic, const struct ibu_text *device)
{
	u8 mac[6];

	if (!ibu_nic_mac_parse(device, mac)) {
		ibu_give_mac(nic, mac);
	} else {
		nic->ifname = *device;
		ibu_set_nic(nic, IBU_NIC_IFNAME);
	}
	nic->written = *device;
}

/* Does ksdevice= name a device? Its other values mean what is done anyway. */
static bool ibu_cmdline_is_ksdevice(const struct ibu_text *t)
{
	u8 mac[6];

	if (ibu_is(t, "link") || ibu_is(t, "bootif") || ibu_is(t, "ibft") || ibu_is(t, IBU_BOOTIF))
		return false;
	return ibu_valid_ifname(t) || !ibu_nic_mac_parse(t, mac);
}

/* Completes the NIC of ip=ADDR by the parameters of Anaconda and genkernel. */
static void ibu_cmdline_complete_lone(struct ibu_words *w)
{
	const struct ibu_word *words = w->lone_words, *gw = &words[IBU_LONE_GATEWAY];
	struct ibu_text zone;
	struct ibu_nic *nic;

	if (!w->lone || w->lone > w->p->nr_nics)
		return;
	nic = &w->p->nics[w->lone - 1];
	ibu_take_mask(w, &words[IBU_LONE_MASK], nic, words[IBU_LONE_MASK].value);
	ibu_take_hostname(w, &words[IBU_LONE_HOSTNAME], nic, words[IBU_LONE_HOSTNAME].value);
	ibu_take_mtu(w, &words[IBU_LONE_MTU], nic, words[IBU_LONE_MTU].value);
	if (gw->value.len && ibu_address_zone(gw->value, &nic->gateway, &zone))
		ibu_word_diag(w, IBU_ERROR, gw, &gw->value, "not an IP address");
	else if (gw->value.len)
		ibu_set_nic(nic, IBU_NIC_GATEWAY);
	if (ibu_cmdline_is_loose(nic) && ibu_cmdline_is_ksdevice(&words[IBU_LONE_DEVICE].value))
		ibu_cmdline_bind_device(nic, &words[IBU_LONE_DEVICE].value);
}

static void ibu_cmdline_remove_nic(struct ibu_params *p, u32 i)
{
	memmove(&p->nics[i], &p->nics[i + 1], (p->nr_nics - i - 1) * sizeof(*p->nics));
	p->nr_nics--;
}

/* Removes what BOOTIF= has set, for rd.bootif=0. */
static void ibu_cmdline_drop_bootif(struct ibu_params *p)
{
	struct ibu_nic *nic;
	u32 i;

	for (i = p->nr_nics; i--;) {
		nic = &p->nics[i];
		if (!ibu_is(&nic->ifname, IBU_BOOTIF))
			continue;
		nic->f.set &= ~BIT_ULL(IBU_NIC_MAC);
		nic->f.from_cmdline &= ~BIT_ULL(IBU_NIC_MAC);
		if (!ibu_nic_is_configured(nic))
			ibu_cmdline_remove_nic(p, i);
	}
}

/*
 * Joins ip= without a device and BOOTIF= into one NIC, as PXELINUX writes both for the NIC that it
 * booted from. Does nothing, and returns false, if an ip= names BOOTIF.
 */
static bool ibu_cmdline_adopt_bootif(struct ibu_params *p)
{
	const struct ibu_nic *bootif = NULL;
	struct ibu_nic *loose = NULL;
	u32 i;

	for (i = 0; i < p->nr_nics; i++) {
		struct ibu_nic *nic = &p->nics[i];

		if (ibu_is(&nic->ifname, IBU_BOOTIF) && !ibu_nic_is_configured(nic))
			bootif = nic;
		else if (!loose && ibu_cmdline_is_loose(nic))
			loose = nic;
	}
	if (!bootif || !loose)
		return false;
	ibu_give_mac(loose, bootif->mac);
	loose->written = bootif->written;
	ibu_cmdline_remove_nic(p, (u32)(bootif - p->nics));
	return true;
}

/*
 * Gives the device of bootdev= or gk.net.iface= to each ip= without one. Without such an ip=, and
 * if no ip= names the device, it does DHCP, as in dracut and genkernel. Returns 0 or -ENOMEM.
 */
static int ibu_cmdline_adopt_primary(struct ibu_words *w)
{
	struct ibu_nic *nic;
	bool used = false;
	u32 i;

	for (i = 0; i < w->p->nr_nics && w->primary.len; i++) {
		nic = &w->p->nics[i];
		if (ibu_cmdline_is_loose(nic))
			ibu_cmdline_bind_device(nic, &w->primary);
		used |= ibu_nic_is_configured(nic) && ibu_cmdline_is_device(nic, &w->primary);
	}
	if (!w->primary.len || used)
		return 0;
	nic = ibu_device_nic(w, &w->primary, true);
	if (!nic)
		return -ENOMEM;
	nic->method = IBU_METHOD_ANY;
	ibu_set_nic(nic, IBU_NIC_METHOD);
	return 0;
}

/*
 * The NIC of a VLAN is its parent device, whose name may get a MAC address from another parameter.
 */
static void ibu_cmdline_use_vlan_parents(struct ibu_params *p)
{
	struct ibu_nic *nic;
	u32 i;

	for (i = 0; i < p->nr_nics; i++) {
		nic = &p->nics[i];
		if (nic->vlan_parent.len)
			nic->ifname = nic->vlan_parent;
		nic->vlan_parent.len = 0;
	}
}

/* Removes the name BOOTIF, which no device has. */
static void ibu_cmdline_forget_bootif(struct ibu_words *w, struct ibu_nic *nic)
{
	if (!ibu_is(&nic->ifname, IBU_BOOTIF))
		return;
	if (!ibu_has(&nic->f, IBU_NIC_MAC))
		ibu_diag_add(w->d, IBU_WARNING, "cmdline", "ip", IBU_NO_OFFSET,
			     "device BOOTIF without BOOTIF=; any device is used");
	nic->f.set &= ~BIT_ULL(IBU_NIC_IFNAME);
	nic->f.from_cmdline &= ~BIT_ULL(IBU_NIC_IFNAME);
	nic->ifname = (struct ibu_text){ NULL, 0 };
}

/* Is @nic without an address of its own, and of no use to another NIC either? */
static bool ibu_cmdline_is_useless(const struct ibu_params *p, const struct ibu_nic *nic)
{
	u32 i;

	if (!ibu_nic_is_configured(nic) || nic->method != IBU_METHOD_NONE)
		return false;
	for (i = 0; i < p->nr_nics; i++) {
		const struct ibu_nic *other = &p->nics[i];

		if (ibu_text_eq(&other->vlan_parent, &nic->written) ||
		    (other->method != IBU_METHOD_NONE &&
		     ibu_cmdline_is_device(other, &nic->written)))
			return false;
	}
	return true;
}

/*
 * Reports devices that ip= leaves without an address: dracut refuses to boot then. Under a VLAN or
 * in a bond, team or bridge they need none.
 */
static void ibu_cmdline_report_useless(struct ibu_words *w)
{
	const struct ibu_nic *nic;
	u32 i;

	for (i = 0; i < w->p->nr_nics && !w->stacked; i++) {
		nic = &w->p->nics[i];
		if (ibu_cmdline_is_useless(w->p, nic))
			ibu_diag_add(w->d, IBU_WARNING, "cmdline", "ip",
				     (size_t)(nic->written.s - w->start),
				     "no address: this device cannot reach a target");
	}
}

int ibu_finish_nics(struct ibu_words *w)
{
	u32 i;

	ibu_cmdline_report_useless(w);
	ibu_cmdline_complete_lone(w);
	if (w->no_bootif)
		ibu_cmdline_drop_bootif(w->p);
	/* In dracut, BOOTIF= comes before bootdev=. */
	if (!ibu_cmdline_adopt_bootif(w->p) && ibu_cmdline_adopt_primary(w))
		return -ENOMEM;
	ibu_cmdline_spread_nics(w->p);
	ibu_cmdline_use_vlan_parents(w->p);
	ibu_cmdline_spread_nics(w->p);
	for (i = 0; i < w->p->nr_nics; i++) {
		ibu_cmdline_nic_default_dns(w, &w->p->nics[i]);
		ibu_cmdline_forget_bootif(w, &w->p->nics[i]);
	}
	return 0;
}

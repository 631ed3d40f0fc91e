// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads ip= and ip6= in all their forms. A parameter is read as a whole first and takes effect only
 * then, so that one that is rejected has no effect at all.
 */
#include "attrs.h"
#include "cmdline_nic_private.h"
#include "portal.h"

/* One ip=, until it is known to be valid. */
struct ibu_ipword {
	struct ibu_words *w;
	const struct ibu_word *word;
	struct ibu_nic nic; /* its fields, without those of the device */
	struct ibu_text device; /* a name or a MAC; empty: any */
	u32 method; /* enum ibu_method, or IBU_IPWORD_FIRMWARE */
	bool v6; /* it is ip6= */
	bool rejected;
};

/* Beside enum ibu_method: the firmware configures the NIC. */
#define IBU_IPWORD_FIRMWARE IBU_NR_METHODS

__printf(3, 4) static void ibu_ipword_reject(struct ibu_ipword *ip, const struct ibu_text *part,
					     const char *fmt, ...)
{
	va_list args;

	if (ip->rejected)
		return;
	ip->rejected = true;
	va_start(args, fmt);
	ibu_word_vdiag(ip->w, IBU_ERROR, ip->word, part, fmt, args);
	va_end(args);
}

/* Methods. */

/*
 * The names of dracut, NetworkManager, systemd-network-generator, the kernel, klibc's ipconfig and
 * initramfs-tools. A DHCP client also gets an address from a server that knows only BOOTP.
 */
static const struct {
	const char *name;
	u32 method;
} ipword_methods[] = {
	{ "", IBU_METHOD_ANY },
	{ "dhcp", IBU_METHOD_DHCP },
	{ "dhcp4", IBU_METHOD_DHCP },
	{ "single-dhcp", IBU_METHOD_DHCP },
	{ "bootp", IBU_METHOD_DHCP },
	{ "both", IBU_METHOD_DHCP },
	{ "on", IBU_METHOD_ANY },
	{ "any", IBU_METHOD_ANY },
	{ "all", IBU_METHOD_ANY },
	{ "auto", IBU_METHOD_ANY },
	{ "dhcp6", IBU_METHOD_DHCP6 },
	{ "auto6", IBU_METHOD_AUTO6 },
	{ "either6", IBU_METHOD_EITHER6 },
	{ "link6", IBU_METHOD_LINK6 },
	{ "local6", IBU_METHOD_LINK6 },
	{ "link-local", IBU_METHOD_LINK6 },
	{ "none", IBU_METHOD_NONE },
	{ "off", IBU_METHOD_NONE },
	{ "done", IBU_METHOD_NONE },
	{ "static", IBU_METHOD_STATIC },
	{ "ibft", IBU_IPWORD_FIRMWARE },
	{ "fw", IBU_IPWORD_FIRMWARE },
};

static int ibu_ipword_method(const struct ibu_text *t, u32 *method)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ipword_methods); i++) {
		if (ibu_is(t, ipword_methods[i].name)) {
			*method = ipword_methods[i].method;
			return 0;
		}
	}
	return -EINVAL;
}

static bool ibu_ipword_is_dynamic(u32 method)
{
	return method >= IBU_METHOD_DHCP && method <= IBU_METHOD_ANY;
}

/* Joins two methods of a list: IPv4 and IPv6 together are "any", several of IPv6 the widest. */
static u32 ibu_ipword_join_methods(u32 a, u32 b)
{
	bool v4 = a == IBU_METHOD_DHCP || b == IBU_METHOD_DHCP;

	if (a == b || b == IBU_METHOD_LINK6)
		return v4 && a != b ? IBU_METHOD_ANY : a;
	if (v4 || a == IBU_METHOD_ANY || b == IBU_METHOD_ANY)
		return IBU_METHOD_ANY;
	return a == IBU_METHOD_LINK6 ? b : IBU_METHOD_EITHER6;
}

/*
 * Reads a method, or a list of methods with commas (dracut). Returns 0 or -EINVAL. The kernel's
 * dhcp,TYPE,ID (nfsroot.rst) has a client ID, which is ignored: @ignored is then set.
 */
static int ibu_ipword_methods_parse(struct ibu_text t, u32 *method, struct ibu_text *ignored)
{
	struct ibu_text one = ibu_cut(&t, ',');
	u32 next;

	if (ibu_ipword_method(&one, method) || (!one.len && t.s))
		return -EINVAL;
	*ignored = (struct ibu_text){ NULL, 0 };
	while (t.s) {
		one = ibu_cut(&t, ',');
		if (*method == IBU_METHOD_DHCP && !ibu_number(&one, 255, &next)) {
			*ignored = one;
			return 0;
		}
		if (!one.len || ibu_ipword_method(&one, &next) || !ibu_ipword_is_dynamic(*method) ||
		    !ibu_ipword_is_dynamic(next))
			return -EINVAL;
		*method = ibu_ipword_join_methods(*method, next);
	}
	return 0;
}

static const char *ibu_ipword_method_fault(const struct ibu_text *t)
{
	u32 i;

	if (ibu_is(t, "rarp"))
		return "unknown configuration method: RARP; use dhcp";
	for (i = 0; i < t->len; i++)
		if (t->s[i] < 'A' || t->s[i] > 'Z')
			break;
	return i == t->len ? "unknown configuration method; methods are in lower case" :
			     "unknown configuration method";
}

static bool ibu_ipword_is_method(struct ibu_text t)
{
	struct ibu_text ignored;
	u32 method;

	return !ibu_ipword_methods_parse(t, &method, &ignored);
}

static void ibu_ipword_take_method(struct ibu_ipword *ip, struct ibu_text t)
{
	struct ibu_text ignored;

	if (ibu_ipword_methods_parse(t, &ip->method, &ignored))
		ibu_ipword_reject(ip, &t, "%s", ibu_ipword_method_fault(&t));
	else if (ignored.s)
		ibu_word_diag(ip->w, IBU_WARNING, ip->word, &ignored,
			      "a DHCP client ID is not supported; ignored");
}

/* Addresses. */

/* Is @t what is left of an IPv6 address without brackets that was cut at a colon? */
static bool ibu_ipword_is_group(const struct ibu_text *t)
{
	u32 i;

	for (i = 0; i < t->len; i++)
		if (ibu_hex_digit(t->s[i]) < 0)
			return false;
	return t->len && t->len <= 4;
}

/* The zone of a link-local address is the device. */
static void ibu_ipword_take_zone(struct ibu_ipword *ip, const struct ibu_text *zone)
{
	if (!zone->len)
		return;
	if (ip->device.len && !ibu_text_eq(&ip->device, zone))
		ibu_ipword_reject(ip, zone, "the zone is not the device of this parameter");
	ip->device = *zone;
}

/* Cuts off the prefix length behind @t: ADDR/LEN, [ADDR]/LEN or [ADDR/LEN]. */
static struct ibu_text ibu_ipword_cut_prefix(struct ibu_text *t)
{
	bool bracket = t->len > 1 && t->s[0] == '[' && t->s[t->len - 1] == ']';
	u32 end = t->len - bracket, i;
	struct ibu_text prefix;

	for (i = 0; i < end && t->s[i] != '/'; i++)
		;
	if (i >= end)
		return (struct ibu_text){ NULL, 0 };
	prefix = (struct ibu_text){ t->s + i + 1, end - i - 1 };
	/* Without the bracket at its end the address has none at its start either. */
	*t = (struct ibu_text){ t->s + bracket, i - bracket };
	return prefix;
}

/* Reads the address of the NIC, perhaps with a prefix length. Returns 0 or -EINVAL. */
static int ibu_ipword_client_parse(struct ibu_text t, struct ibu_nic *nic, struct ibu_text *zone)
{
	struct ibu_text prefix = ibu_ipword_cut_prefix(&t);

	if (ibu_address_zone(t, &nic->ip, zone))
		return -EINVAL;
	if (!prefix.s)
		return 0;
	if (ibu_number(&prefix, ibu_addr_is_v4(&nic->ip) ? 32 : 128, &nic->prefix_len) ||
	    !nic->prefix_len)
		return -EINVAL;
	ibu_set_nic(nic, IBU_NIC_PREFIX_LEN);
	return 0;
}

static bool ibu_ipword_is_client(struct ibu_text t)
{
	struct ibu_nic nic = { 0 };
	struct ibu_text zone;

	return !ibu_ipword_client_parse(t, &nic, &zone);
}

static void ibu_ipword_take_client(struct ibu_ipword *ip, struct ibu_text t)
{
	struct ibu_text zone;
	const char *fault;

	if (!t.len)
		return;
	if (ibu_ipword_client_parse(t, &ip->nic, &zone)) {
		ibu_ipword_reject(ip, &t, "not an IP address");
		return;
	}
	if (!ibu_addr_is_null(&ip->nic.ip)) {
		ibu_set_nic(&ip->nic, IBU_NIC_IP_ADDR);
		fault = ibu_portal_fault(&ip->nic.ip);
		if (fault)
			ibu_ipword_reject(ip, &t, "the address %s", fault);
	}
	ibu_ipword_take_zone(ip, &zone);
}

/* Reads another address. An invalid one is left out, and the rest of the parameter is used. */
static void ibu_ipword_take_address(struct ibu_ipword *ip, unsigned int field, struct ibu_addr *a,
				    struct ibu_text t)
{
	struct ibu_text zone;

	if (!t.len)
		return;
	if (ibu_address_zone(t, a, &zone)) {
		if (ibu_ipword_is_group(&t)) /* the fields behind it are not what they seem */
			ibu_ipword_reject(ip, &t, "an IPv6 address must be in brackets []");
		else
			ibu_word_diag(ip->w, IBU_ERROR, ip->word, &t, "not an IP address");
		return;
	}
	if (!ibu_addr_is_null(a))
		ibu_set_nic(&ip->nic, field);
	ibu_ipword_take_zone(ip, &zone);
}

/* The end of ip=: dracut's [mtu][:mac], or the kernel's dns[:dns[:ntp]]. */

static bool ibu_ipword_take_set_mac(struct ibu_ipword *ip, const struct ibu_text *t)
{
	if (ibu_nic_mac_parse(t, ip->nic.set_mac))
		return false;
	ibu_set_nic(&ip->nic, IBU_NIC_SET_MAC);
	return true;
}

static void ibu_ipword_take_dns(struct ibu_ipword *ip, unsigned int field, struct ibu_addr *a,
				struct ibu_text *rest)
{
	ibu_ipword_take_address(ip, field, a, ibu_cut(rest, ':'));
}

static void ibu_ipword_take_tail(struct ibu_ipword *ip, struct ibu_text tail)
{
	struct ibu_text rest = tail, first = ibu_cut(&rest, ':'), zone;
	struct ibu_addr a;

	if (ibu_ipword_take_set_mac(ip, &tail))
		return;
	if (!ibu_address_zone(first, &a, &zone)) {
		ibu_ipword_take_dns(ip, IBU_NIC_PRIMARY_DNS, &ip->nic.primary_dns, &tail);
		ibu_ipword_take_dns(ip, IBU_NIC_SECONDARY_DNS, &ip->nic.secondary_dns, &tail);
		return;
	}
	ibu_take_mtu(ip->w, ip->word, &ip->nic, first);
	if (!ibu_ipword_take_set_mac(ip, &rest))
		ibu_ipword_take_dns(ip, IBU_NIC_SECONDARY_DNS, &ip->nic.secondary_dns, &rest);
}

/* The device. */

/* Cuts off a field that may be a MAC address with colons. */
static struct ibu_text ibu_ipword_cut_device(struct ibu_text *rest)
{
	struct ibu_text mac = { rest->s, 17 };
	u8 bytes[6];

	if (rest->len < 17 || ibu_mac_parse(rest->s, 17, bytes) ||
	    (rest->len > 17 && rest->s[17] != ':'))
		return ibu_cut(rest, ':');
	if (rest->len == 17)
		*rest = (struct ibu_text){ NULL, 0 };
	else
		*rest = (struct ibu_text){ rest->s + 18, rest->len - 18 };
	return mac;
}

/* Takes a name or a MAC. klibc's ipconfig calls any device "all". */
static void ibu_ipword_take_device(struct ibu_ipword *ip, struct ibu_text t)
{
	u8 mac[6];

	if (!t.len || ibu_is(&t, "all"))
		return;
	if (ibu_ipword_is_method(t) && !ibu_known_device(ip->w, &t))
		ibu_ipword_reject(ip, &t, "a method in the place of the device");
	else if (!ibu_nic_mac_parse(&t, mac) || ibu_valid_ifname(&t))
		ip->device = t;
	else
		ibu_ipword_reject(ip, &t, "not a network device name");
}

/* Adds the NIC, or completes the one that ifname= or vlan= has named. Returns 0 or -ENOMEM. */
static int ibu_ipword_add_nic(struct ibu_ipword *ip)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_NIC];
	struct ibu_nic *nic = ibu_device_nic(ip->w, &ip->device, true);
	unsigned int i;

	if (!nic)
		return -ENOMEM;
	ip->nic.method = ip->method;
	ibu_set_nic(&ip->nic, IBU_NIC_METHOD);
	for (i = 0; i < class->nr_attrs; i++)
		if (ip->nic.f.from_cmdline & BIT_ULL(i))
			ibu_attr_copy(class, i, nic, &ip->nic);
	nic->f.from_cmdline |= ip->nic.f.from_cmdline;
	if (ibu_text_eq(&nic->written, &ip->device))
		nic->written = ip->device; /* the same text, at the place of this parameter */
	return 0;
}

/* Rejects the address if its subnet gives it to no host. */
static void ibu_ipword_check_subnet(struct ibu_ipword *ip)
{
	const char *fault = ibu_subnet_fault(&ip->nic.ip, &ip->nic);

	if (fault)
		ibu_ipword_reject(ip, &ip->word->value, "the address is the %s of its subnet",
				  fault);
}

/* Decides the method, and whether it can work with what else the parameter says. */
static void ibu_ipword_settle(struct ibu_ipword *ip)
{
	const u64 needs_address = BIT_ULL(IBU_NIC_GATEWAY) | BIT_ULL(IBU_NIC_PREFIX_LEN);
	u32 method = ip->method;

	if (method == IBU_IPWORD_FIRMWARE)
		return;
	if (ibu_has(&ip->nic.f, IBU_NIC_IP_ADDR)) {
		if (ibu_ipword_is_dynamic(method) && method != IBU_METHOD_ANY)
			ibu_word_diag(ip->w, IBU_WARNING, ip->word, &ip->word->value,
				      "with an address the method is static");
		ip->method = IBU_METHOD_STATIC;
		ibu_ipword_check_subnet(ip);
	} else if (method == IBU_METHOD_STATIC ||
		   (method == IBU_METHOD_NONE && ip->nic.f.set & needs_address)) {
		ibu_ipword_reject(ip, &ip->word->value, "a static configuration needs an address");
	}
}

/* Lets the parameter take effect. Returns 0 or -ENOMEM. */
static int ibu_ipword_finish(struct ibu_ipword *ip)
{
	ibu_ipword_settle(ip);
	if (ip->rejected)
		return 0;
	if (ip->method == IBU_IPWORD_FIRMWARE) {
		if (ibu_has(&ip->nic.f, IBU_NIC_IP_ADDR))
			ibu_word_diag(ip->w, IBU_WARNING, ip->word, &ip->word->value,
				      "address ignored: the firmware's is used");
		ibu_want_firmware(ip->w, ip->word);
		return 0;
	}
	if (ip->method == IBU_METHOD_NONE && !ip->device.len)
		return 0;
	return ibu_ipword_add_nic(ip);
}

/* The forms. */

/* Is @t, which is not empty, meant as an address rather than as a name? */
static bool ibu_ipword_looks_numeric(const struct ibu_text *t)
{
	bool dot = false;
	u32 i;

	for (i = 0; i < t->len; i++) {
		dot |= t->s[i] == '.';
		if (t->s[i] != '.' && t->s[i] != '/' && (t->s[i] < '0' || t->s[i] > '9'))
			break;
	}
	return t->s[0] == '[' || (dot && i == t->len);
}

enum ibu_ipword_field {
	IBU_IP_CLIENT,
	IBU_IP_SERVER,
	IBU_IP_GATEWAY,
	IBU_IP_MASK,
	IBU_IP_HOST,
	IBU_IP_DEVICE,
	IBU_IP_METHOD,
	IBU_IP_TAIL
};

/*
 * Reads client:server:gw:mask:host:device:method[:tail]; the kernel's
 * Documentation/admin-guide/nfs/nfsroot.rst describes it.
 */
static void ibu_ipword_read_full(struct ibu_ipword *ip)
{
	struct ibu_text f[IBU_IP_TAIL] = { { 0 } }, rest = ip->word->value;
	unsigned int n;

	for (n = 0; n < IBU_IP_TAIL && rest.s; n++)
		f[n] = n == IBU_IP_DEVICE ? ibu_ipword_cut_device(&rest) : ibu_cut(&rest, ':');
	ibu_ipword_take_device(ip, f[IBU_IP_DEVICE]);
	ibu_ipword_take_client(ip, f[IBU_IP_CLIENT]);
	ibu_ipword_take_address(ip, IBU_NIC_GATEWAY, &ip->nic.gateway, f[IBU_IP_GATEWAY]);
	if (!ip->rejected) {
		ibu_take_mask(ip->w, ip->word, &ip->nic, f[IBU_IP_MASK]);
		ibu_take_hostname(ip->w, ip->word, &ip->nic, f[IBU_IP_HOST]);
		ibu_ipword_take_method(ip, f[IBU_IP_METHOD]);
	}
	if (!ip->rejected)
		ibu_ipword_take_tail(ip, rest);
}

/* Reads device:method[:[mtu][:mac]] (dracut), also without a device (NetworkManager). */
static void ibu_ipword_read_device(struct ibu_ipword *ip, struct ibu_text device,
				   struct ibu_text rest)
{
	struct ibu_text method = ibu_cut(&rest, ':');

	if (ibu_ipword_is_group(&device) &&
	    (ibu_ipword_is_group(&method) || (!method.len && rest.len)))
		ibu_ipword_reject(ip, &device, "an IPv6 address must be in brackets []");
	ibu_ipword_take_device(ip, device);
	ibu_ipword_take_method(ip, method);
	if (!ip->rejected)
		ibu_ipword_take_tail(ip, rest);
}

static bool ibu_ipword_has_digit(const struct ibu_text *t)
{
	u32 i;

	for (i = 0; i < t->len; i++)
		if (t->s[i] >= '0' && t->s[i] <= '9')
			return true;
	return false;
}

/*
 * Reads a value without fields: a method, or a device (initramfs-tools). A misspelled method must
 * not become a device, so a device is a MAC, or a name that has a digit or is known.
 */
static void ibu_ipword_read_lone(struct ibu_ipword *ip)
{
	struct ibu_text t = ip->word->value;
	u8 mac[6];

	if (ibu_ipword_is_method(t)) {
		ibu_ipword_take_method(ip, t);
		return;
	}
	if (ibu_ipword_looks_numeric(&t)) {
		ibu_ipword_take_client(ip, t);
		return;
	}
	ip->method = IBU_METHOD_ANY;
	if (ibu_nic_mac_parse(&t, mac) && !(ibu_valid_ifname(&t) && ibu_ipword_has_digit(&t)) &&
	    !ibu_is(&t, "BOOTIF") && !ibu_known_device(ip->w, &t)) {
		ibu_ipword_reject(ip, &t, "%s", ibu_ipword_method_fault(&t));
		return;
	}
	ip->device = t;
	if (!ip->v6)
		ibu_word_diag(ip->w, IBU_WARNING, ip->word, &t,
			      "no configuration method; read as a device with method any");
}

/* Reads an address alone, as of genkernel and Anaconda; other parameters complete it. */
static void ibu_ipword_read_address(struct ibu_ipword *ip)
{
	ibu_ipword_take_client(ip, ip->word->value);
	ip->method = IBU_METHOD_STATIC;
	if (ibu_has(&ip->nic.f, IBU_NIC_IP_ADDR))
		ip->w->lone = ip->w->p->nr_nics + 1;
}

static void ibu_ipword_read(struct ibu_ipword *ip)
{
	struct ibu_text rest = ip->word->value, first = ibu_ipword_cut_device(&rest);
	struct ibu_text later = rest, second = ibu_cut(&later, ':');

	if (ibu_ipword_is_client(ip->word->value))
		ibu_ipword_read_address(ip);
	else if (!rest.s)
		ibu_ipword_read_lone(ip);
	else if (!first.len && second.len && ibu_ipword_is_method(second))
		ibu_ipword_read_device(ip, first, rest);
	else if (!first.len || ibu_ipword_looks_numeric(&first))
		ibu_ipword_read_full(ip);
	else
		ibu_ipword_read_device(ip, first, rest);
}

int ibu_read_ip(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_ipword ip = { .w = w, .word = word, .method = IBU_METHOD_ANY };

	if (!word->value.len)
		return 0;
	ibu_ipword_read(&ip);
	return ibu_ipword_finish(&ip);
}

/*
 * Reads Ubuntu's ip6=: a method, a device, or both. Methods that are not of IPv6 alone mean DHCPv6.
 */
int ibu_read_ip6(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_ipword ip = { .w = w, .word = word, .method = IBU_METHOD_ANY, .v6 = true };

	if (!word->value.len)
		return 0;
	ibu_ipword_read(&ip);
	if (ip.method == IBU_METHOD_ANY || ip.method == IBU_METHOD_DHCP)
		ip.method = IBU_METHOD_DHCP6;
	return ibu_ipword_finish(&ip);
}

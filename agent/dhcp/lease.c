// SPDX-License-Identifier: GPL-2.0-only
/* Parses the leases that dhcpcd, udhcpc and ipconfig report, and applies them to a NIC. */
#include "dhcp/lease.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/hostname.h"
#include "base/ip_addr.h"
#include "kmod/core/text.h"

/* The smallest MTU that a link of the family must support: RFC 791 3.2, RFC 8200 5. */
#define MTU_MIN_V4 576
#define MTU_MIN_V6 1280

/* The value that is being parsed: its destination, and its name in diagnostics. */
struct lease_reader {
	struct lease *lease;
	const char *place;
	struct ibu_diag *diag;
	const char *name;
};

__attribute__((format(printf, 2, 3))) static void lease_diag(struct lease_reader *r,
							     const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ibu_diag_vadd(r->diag, IBU_WARNING, r->place, r->name, IBU_NO_OFFSET, fmt, args);
	va_end(args);
}

/* Cuts the next item off a list separated by blanks; empty at the end. */
static struct ibu_text next_item(struct ibu_text *list)
{
	struct ibu_text item;

	while (list->len && *list->s == ' ') {
		list->s++;
		list->len--;
	}
	item = (struct ibu_text){ list->s, 0 };
	while (list->len && *list->s != ' ') {
		list->s++;
		list->len--;
		item.len++;
	}
	return item;
}

/* True for a unicast address other than loopback. */
static bool is_host(const struct ibu_addr *a)
{
	static const struct ibu_addr loopback = { { [15] = 1 } };

	if (ibu_addr_is_null(a))
		return false;
	if (ibu_addr_is_v4(a))
		return a->b[12] != 0 && a->b[12] != 127 && a->b[12] < 224;
	return a->b[0] != 0xff && memcmp(a, &loopback, sizeof(loopback));
}

/* False if there is no address (ipconfig writes 0.0.0.0), or an invalid one, which is reported. */
static bool read_host(struct lease_reader *r, struct ibu_text t, struct ibu_addr *a)
{
	struct ibu_addr found;
	const char *zone;

	if (!t.len || ibu_is(&t, "0.0.0.0"))
		return false;
	zone = memchr(t.s, '%', t.len); /* dhcpcd appends the interface, which is known */
	if (zone)
		t.len = (u32)(zone - t.s);
	if (ibu_addr_parse(t.s, t.len, &found) || !is_host(&found)) {
		lease_diag(r, "not a host address");
		return false;
	}
	*a = found;
	return true;
}

static void read_ip(struct lease_reader *r, struct ibu_text t)
{
	read_host(r, t, &r->lease->ip);
}

static void read_router(struct lease_reader *r, struct ibu_text t)
{
	read_host(r, next_item(&t), &r->lease->router);
}

static void read_server(struct lease_reader *r, struct ibu_text t)
{
	read_host(r, t, &r->lease->server);
}

static void read_dns(struct lease_reader *r, struct ibu_text t)
{
	struct lease *lease = r->lease;
	struct ibu_text item;

	while ((item = next_item(&t)).len) {
		if (lease->nr_dns == LEASE_DNS_MAX) {
			lease_diag(r, "more than %d servers, only the first are used",
				   LEASE_DNS_MAX);
			return;
		}
		lease->nr_dns += read_host(r, item, &lease->dns[lease->nr_dns]);
	}
}

static void read_prefix(struct lease_reader *r, struct ibu_text t)
{
	if (ibu_number(&t, 32, &r->lease->prefix_len) || !r->lease->prefix_len) {
		r->lease->prefix_len = 0;
		lease_diag(r, "not a prefix length");
	}
}

static void read_mask(struct lease_reader *r, struct ibu_text t)
{
	struct ibu_addr a;
	u32 mask, len;

	if (!t.len || r->lease->prefix_len)
		return;
	if (ibu_addr_parse(t.s, t.len, &a) || !ibu_addr_is_v4(&a)) {
		lease_diag(r, "not a netmask");
		return;
	}
	mask = (u32)a.b[12] << 24 | (u32)a.b[13] << 16 | (u32)a.b[14] << 8 | a.b[15];
	for (len = 32; len && mask != ~0U << (32 - len);)
		len--;
	if (len)
		r->lease->prefix_len = len;
	else
		lease_diag(r, "not a netmask");
}

static void read_mtu(struct lease_reader *r, struct ibu_text t)
{
	if (ibu_number(&t, 65535, &r->lease->mtu)) {
		r->lease->mtu = 0;
		lease_diag(r, "not an MTU");
	}
}

static void read_seconds(struct lease_reader *r, struct ibu_text t)
{
	if (ibu_number(&t, UINT_MAX, &r->lease->seconds)) {
		r->lease->seconds = 0;
		lease_diag(r, "not a number of seconds");
	}
}

static void copy_text(char *to, const struct ibu_text *t)
{
	memcpy(to, t->s, t->len);
	to[t->len] = '\0';
}

static void read_name(struct lease_reader *r, struct ibu_text t, char *to)
{
	if (t.len && t.s[t.len - 1] == '.') /* fully qualified */
		t.len--;
	if (hostname_has_valid_chars(t.s, t.len))
		copy_text(to, &t);
	else if (t.len)
		lease_diag(r, "ignored: only letters, digits, - and . are allowed");
}

static void read_hostname(struct lease_reader *r, struct ibu_text t)
{
	read_name(r, t, r->lease->hostname);
}

static void read_domain(struct lease_reader *r, struct ibu_text t)
{
	read_name(r, next_item(&t), r->lease->domain);
}

/* Reads the root path. Never reports the value: it may contain credentials. */
static void read_root_path(struct lease_reader *r, struct ibu_text t)
{
	if (t.len > IBU_TEXT_MAX || memchr(t.s, '\0', t.len))
		lease_diag(r, "ignored: %u bytes, at most %u are allowed", t.len, IBU_TEXT_MAX);
	else
		copy_text(r->lease->root_path, &t);
}

static const struct lease_variable {
	const char *name;
	void (*read)(struct lease_reader *r, struct ibu_text value);
} variables[] = {
	/* busybox, networking/udhcp/common.c, dhcp_option_strings, and dhcpc.c, fill_envp */
	{ "ip", read_ip },
	{ "mask", read_prefix },
	{ "router", read_router },
	{ "dns", read_dns },
	{ "serverid", read_server },
	{ "mtu", read_mtu },
	{ "lease", read_seconds },
	{ "hostname", read_hostname },
	{ "domain", read_domain },
	{ "rootpath", read_root_path },
	/* dhcpcd-run-hooks(8); dhcpcd-definitions.conf */
	{ "new_ip_address", read_ip },
	{ "new_subnet_cidr", read_prefix },
	{ "new_routers", read_router },
	{ "new_domain_name_servers", read_dns },
	{ "new_dhcp_server_identifier", read_server },
	{ "new_interface_mtu", read_mtu },
	{ "new_dhcp_lease_time", read_seconds },
	{ "new_host_name", read_hostname },
	{ "new_domain_name", read_domain },
	{ "new_root_path", read_root_path },
	{ "new_dhcp6_ia_na1_ia_addr1", read_ip },
	{ "new_dhcp6_ia_na1_ia_addr1_vltime", read_seconds },
	{ "new_dhcp6_name_servers", read_dns },
	{ "new_dhcp6_domain_search", read_domain },
	{ "new_dhcp6_bootfile_url", read_root_path },
	/* klibc, usr/kinit/ipconfig/main.c, dump_device_config */
	{ "IPV4ADDR", read_ip },
	{ "IPV4NETMASK", read_mask },
	{ "IPV4GATEWAY", read_router },
	{ "IPV4DNS0", read_dns },
	{ "IPV4DNS1", read_dns },
	{ "HOSTNAME", read_hostname },
	{ "DNSDOMAIN", read_domain },
	{ "ROOTPATH", read_root_path },
	{ "DHCPLEASETIME", read_seconds },
};

static void read_variable(struct lease_reader *r, struct ibu_text text)
{
	const char *equals = memchr(text.s, '=', text.len);
	struct ibu_text name;
	size_t i;

	if (!equals)
		return;
	name = (struct ibu_text){ text.s, (u32)(equals - text.s) };
	text.s = equals + 1;
	text.len -= name.len + 1;
	if (text.len >= 2 && text.s[0] == '\'' && text.s[text.len - 1] == '\'') {
		text.s++;
		text.len -= 2;
	}
	for (i = 0; i < ARRAY_SIZE(variables); i++) {
		if (!ibu_is(&name, variables[i].name))
			continue;
		r->name = variables[i].name;
		variables[i].read(r, text);
	}
}

/* Checks values that depend on each other. */
static int lease_check(struct lease_reader *r)
{
	struct lease *lease = r->lease;
	bool v4 = ibu_addr_is_v4(&lease->ip);

	r->name = "address";
	if (ibu_addr_is_null(&lease->ip)) {
		lease_diag(r, "missing in the lease");
		return -EINVAL;
	}
	if (!v4)
		lease->prefix_len = 128; /* only routers announce on-link prefixes (RFC 5942 4) */
	else if (!lease->prefix_len)
		lease->prefix_len = addr_usual_prefix(&lease->ip);
	r->name = "mtu";
	if (lease->mtu && lease->mtu < (v4 ? MTU_MIN_V4 : MTU_MIN_V6)) {
		lease_diag(r, "%u is too small, ignored", lease->mtu);
		lease->mtu = 0;
	}
	return 0;
}

/*
 * Is the lease written to its end? ipconfig writes its file in place, and ignores a full /run: a
 * cut address is a valid one too. UPTIME follows the addresses (klibc, ipconfig/main.c,
 * dump_device_config()).
 */
static bool lease_is_whole(const char *text, size_t len, char separator)
{
	static const char end[] = "\nUPTIME=";

	return !len ||
	       (text[len - 1] == separator && (!separator || memmem(text, len, end, strlen(end))));
}

int lease_parse(const char *text, size_t len, const char *place, struct lease *lease,
		struct ibu_diag *diag)
{
	struct lease_reader r = { .lease = lease, .place = place, .diag = diag };
	const char separator = len && memchr(text, '\0', len) ? '\0' : '\n';
	const char *end = text + len, *s;

	*lease = (struct lease){ 0 };
	if (!lease_is_whole(text, len, separator)) {
		r.name = "lease";
		lease_diag(&r, "written only in part; /run may be full");
		return -EINVAL;
	}
	for (; text < end; text = s + 1) {
		s = memchr(text, separator, (size_t)(end - text));
		if (!s)
			s = end;
		read_variable(&r, (struct ibu_text){ text, (u32)(s - text) });
	}
	return lease_check(&r);
}

static void fill_addr(struct ibu_nic *nic, enum ibu_nic_field field, struct ibu_addr *to,
		      const struct ibu_addr *from)
{
	if (ibu_has(&nic->f, field) || ibu_addr_is_null(from))
		return;
	*to = *from;
	ibu_set(&nic->f, field);
}

void lease_apply(const struct ibu_nic *nic, const struct lease *lease, struct ibu_nic *leased)
{
	*leased = *nic;
	leased->ip = lease->ip;
	leased->prefix_len = lease->prefix_len;
	leased->f.set |= BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_PREFIX_LEN);
	fill_addr(leased, IBU_NIC_GATEWAY, &leased->gateway, &lease->router);
	fill_addr(leased, IBU_NIC_DHCP, &leased->dhcp, &lease->server);
	fill_addr(leased, IBU_NIC_PRIMARY_DNS, &leased->primary_dns, &lease->dns[0]);
	fill_addr(leased, IBU_NIC_SECONDARY_DNS, &leased->secondary_dns, &lease->dns[1]);
	if (!ibu_has(&nic->f, IBU_NIC_MTU) && lease->mtu) {
		leased->mtu = lease->mtu;
		ibu_set(&leased->f, IBU_NIC_MTU);
	}
	if (!ibu_has(&nic->f, IBU_NIC_HOSTNAME) && *lease->hostname) {
		leased->hostname =
			(struct ibu_text){ lease->hostname, (u32)strlen(lease->hostname) };
		ibu_set(&leased->f, IBU_NIC_HOSTNAME);
	}
}

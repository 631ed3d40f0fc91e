// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <string.h>

#include "base/hostname.h"
#include "base/ip_addr.h"
#include "handoff/net_files_private.h"

bool handoff_is_ifname(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return hostname_is_alnum(s[0]) && !s[len] && len < IFNAMSIZ;
}

/* What is known of a NIC */

static const struct ibu_addr *address_of(const struct plan_nic *pn)
{
	if (pn->lease.from || !ibu_has(&pn->nic->f, IBU_NIC_IP_ADDR))
		return &pn->lease.ip;
	return &pn->nic->ip;
}

static bool is_ipv6(const struct plan_nic *pn)
{
	u32 method = pn->nic->method;

	if (!ibu_addr_is_null(address_of(pn)))
		return !ibu_addr_is_v4(address_of(pn));
	return method == IBU_METHOD_DHCP6 || method == IBU_METHOD_AUTO6 ||
	       method == IBU_METHOD_EITHER6 || method == IBU_METHOD_LINK6;
}

const struct plan_nic *handoff_find(const struct plan *plan, const struct link *link, bool ipv6)
{
	unsigned int i;

	for (i = 0; i < plan->nr_nics; i++)
		if (plan->nics[i].ifindex == link->ifindex && is_ipv6(&plan->nics[i]) == ipv6)
			return &plan->nics[i];
	return NULL;
}

bool handoff_has_vlan(const struct handoff_dev *dev, const struct link *vlan)
{
	return vlan->is_vlan && vlan->parent == dev->link->ifindex &&
	       (handoff_find(dev->plan, vlan, false) || handoff_find(dev->plan, vlan, true));
}

bool handoff_is_leased(const struct plan_nic *pn)
{
	return pn && (pn->lease.from || pn->nic->method == IBU_METHOD_DHCP ||
		      pn->nic->method == IBU_METHOD_DHCP6 || pn->nic->method == IBU_METHOD_ANY);
}

const char *handoff_host(const struct plan_nic *pn, size_t *len)
{
	const char *s = pn->lease.hostname;

	*len = strlen(s);
	if (ibu_has(&pn->nic->f, IBU_NIC_HOSTNAME)) {
		s = pn->nic->hostname.s;
		*len = pn->nic->hostname.len;
	}
	return *len && hostname_is_valid(s, *len) ? s : NULL;
}

static const char *domain_of(const struct plan_nic *pn)
{
	return hostname_is_valid(pn->lease.domain, strlen(pn->lease.domain)) ? pn->lease.domain :
									       "";
}

static unsigned int prefix_of(const struct plan_nic *pn)
{
	if (ibu_has(&pn->nic->f, IBU_NIC_PREFIX_LEN))
		return pn->nic->prefix_len;
	return pn->lease.prefix_len ? pn->lease.prefix_len : addr_usual_prefix(address_of(pn));
}

static const struct ibu_addr *gateway_of(const struct plan_nic *pn)
{
	return ibu_has(&pn->nic->f, IBU_NIC_GATEWAY) ? &pn->nic->gateway : &pn->lease.router;
}

/* The @n-th name server; zero: no more. Command line and firmware come before the lease. */
static const struct ibu_addr *dns_of(const struct plan_nic *pn, unsigned int n)
{
	static const struct ibu_addr none;

	if (ibu_has(&pn->nic->f, IBU_NIC_PRIMARY_DNS))
		return n == 0 ? &pn->nic->primary_dns : n == 1 ? &pn->nic->secondary_dns : &none;
	return n < pn->lease.nr_dns ? &pn->lease.dns[n] : &none;
}

/* systemd */

static void put_addr(FILE *out, const char *key, const struct ibu_addr *addr)
{
	char text[IBU_ADDR_STRLEN];

	ibu_addr_print(addr, text);
	fprintf(out, "%s=%s\n", key, text);
}

static void put_head(FILE *out)
{
	fputs("# By iscsi-boot-agent: the root file system comes over this device.\n", out);
}

static void put_dns(FILE *out, const struct plan_nic *pn)
{
	unsigned int i;

	if (!pn)
		return;
	for (i = 0; !ibu_addr_is_null(dns_of(pn, i)); i++)
		put_addr(out, "DNS", dns_of(pn, i));
	if (*domain_of(pn))
		fprintf(out, "Domains=%s\n", domain_of(pn));
}

/* VLANs share the MAC of what they are on, but have a type of their own. */
static void put_match(FILE *out, const struct link *link)
{
	fputs("[Match]\n", out);
	if (link->is_vlan)
		fprintf(out, "Name=%s\nType=vlan\n", link->name);
	else
		fprintf(out, "MACAddress=%s\nType=ether\n", mac_text(link->dev.mac).s);
}

static void put_vlans(FILE *out, const struct handoff_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->links->nr; i++) {
		const struct link *l = &dev->links->list[i];

		if (handoff_has_vlan(dev, l) && handoff_is_ifname(l->name))
			fprintf(out, "VLAN=%s\n", l->name);
	}
}

static unsigned int number(const u8 b[4])
{
	return (unsigned int)b[0] << 24 | (unsigned int)b[1] << 16 | (unsigned int)b[2] << 8 | b[3];
}

/* As our clients call themselves: the MAC (RFC 2132 9.14), its DUID-LL, last bytes (RFC 8415). */
static void put_identity(FILE *out, const struct handoff_dev *dev)
{
	if (handoff_is_leased(dev->v4))
		fputs("[DHCPv4]\nSendRelease=no\nClientIdentifier=mac\n", out);
	if (handoff_is_leased(dev->v6)) {
		fprintf(out, "[DHCPv6]\nSendRelease=no\nIAID=%u\nDUIDType=link-layer\n",
			number(dev->link->dev.mac + 2));
		fprintf(out, "DUIDRawData=00:01:%s\n", mac_text(dev->link->dev.mac).s);
	}
}

/*
 * KeepConfiguration=yes: networkd takes no address, route or lease away that was there before it,
 * nor when it stops, so static ones are not named. IgnoreCarrierLoss: nor when the carrier goes,
 * since networkd's own program may have to be read through this device to bring them back.
 */
void handoff_networkd(FILE *out, const struct handoff_dev *dev)
{
	static const char *const dhcp[] = { "no", "ipv4", "ipv6", "yes" };
	bool leased4 = handoff_is_leased(dev->v4), leased6 = handoff_is_leased(dev->v6);

	put_head(out);
	put_match(out, dev->link);
	if (!dev->v4 && !dev->v6)
		fputs("[Link]\nRequiredForOnline=no\n", out);
	fprintf(out, "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=%s\n",
		dhcp[leased4 | leased6 << 1]);
	if (leased6 || (dev->v6 && !ibu_has(&dev->v6->nic->f, IBU_NIC_IP_ADDR)))
		fputs("IPv6AcceptRA=yes\n", out);
	put_vlans(out, dev);
	put_dns(out, dev->v4);
	put_dns(out, dev->v6);
	put_identity(out, dev);
}

/* Of no device: rules, by which a path has its own NIC, are not to be swept away with others. */
void handoff_networkd_conf(FILE *out, const struct handoff_dev *dev)
{
	put_head(out);
	fputs("[Network]\nManageForeignRoutingPolicyRules=no\n", out);
}

/* So that networkd can make it again. */
void handoff_netdev(FILE *out, const struct handoff_dev *dev)
{
	if (!dev->link->is_vlan)
		return;
	put_head(out);
	fprintf(out, "[NetDev]\nName=%s\nKind=vlan\n[VLAN]\nId=%u\n", dev->link->name,
		dev->link->vlan);
}

/* Instead of 99-default.link: the name that it has; the names by which it is known beside. */
void handoff_link(FILE *out, const struct handoff_dev *dev)
{
	if (dev->link->is_vlan)
		return;
	put_head(out);
	put_match(out, dev->link);
	fprintf(out, "[Link]\nName=%s\nAlternativeNamesPolicy=database onboard slot path\n",
		dev->link->name);
}

/* DRIVERS: hardware of its own, no VLAN. For eudev; under systemd's it says what the .link says. */
void handoff_udev(FILE *out, const struct handoff_dev *dev)
{
	if (dev->link->is_vlan)
		return;
	put_head(out);
	fprintf(out, "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"%s\"",
		mac_text(dev->link->dev.mac).s);
	fprintf(out, ", ATTR{type}==\"1\", NAME:=\"%s\"\n", dev->link->name);
}

/* The others */

/*
 * Unmanaged: NetworkManager assumes only a device whose addresses it finds in a profile, and one
 * with an address of unlimited life is never found in one with DHCP. A section of its own, since of
 * several unmanaged-devices= in [keyfile] the last counts. By name, which is pinned: the MAC is
 * also that of VLANs above it, which are not ours.
 */
void handoff_nm(FILE *out, const struct handoff_dev *dev)
{
	put_head(out);
	fprintf(out, "[device-iscsi-boot-%s]\nmatch-device=interface-name:=%s\nmanaged=0\n",
		dev->link->name, dev->link->name);
}

/*
 * Up already, as a logical interface that nobody defines: so ifup has nothing to do, and ifdown
 * cannot know what. (Debian's own handler writes to "ifstate" alone, which ifup no longer asks.)
 */
void handoff_ifupdown(FILE *out, const struct handoff_dev *dev)
{
	if (dev->v4 || dev->v6)
		fputs("iscsi-boot\n", out);
}

/* IPv4's as ipconfig, which has them all; of IPv6 what there is. */
static void put_quoted(FILE *out, const char *key, const struct ibu_addr *addr)
{
	char text[IBU_ADDR_STRLEN] = "0.0.0.0";

	if (!ibu_addr_is_null(addr))
		ibu_addr_print(addr, text);
	else if (!strncmp(key, "IPV6", 4))
		return;
	fprintf(out, "%s='%s'\n", key, text);
}

static void put_bits(FILE *out, const char *key, unsigned int bits)
{
	fprintf(out, "%s='%u.%u.%u.%u'\n", key, bits >> 24, bits >> 16 & 255, bits >> 8 & 255,
		bits & 255);
}

static void put_names(FILE *out, const struct plan_nic *pn)
{
	size_t len;
	const char *host = handoff_host(pn, &len);

	fprintf(out, "HOSTNAME='%.*s'\n", host ? (int)len : 0, host ? host : "");
	fprintf(out, "DNSDOMAIN='%s'\n", domain_of(pn));
}

static bool has_address(const struct plan_nic *pn)
{
	return pn && !ibu_addr_is_null(address_of(pn));
}

/* The words and their order are those of ipconfig (klibc); "none" is its word for static. */
void handoff_klibc(FILE *out, const struct handoff_dev *dev)
{
	const struct plan_nic *pn = dev->v4;
	unsigned int mask;

	if (!has_address(pn))
		return;
	mask = prefix_of(pn) < 32 ? ~(UINT_MAX >> prefix_of(pn)) : UINT_MAX;
	fprintf(out, "DEVICE='%s'\nPROTO='%s'\n", dev->link->name,
		handoff_is_leased(pn) ? "dhcp" : "none");
	put_quoted(out, "IPV4ADDR", address_of(pn));
	put_bits(out, "IPV4BROADCAST", number(address_of(pn)->b + 12) | ~mask);
	put_bits(out, "IPV4NETMASK", mask);
	put_quoted(out, "IPV4GATEWAY", gateway_of(pn));
	put_quoted(out, "IPV4DNS0", dns_of(pn, 0));
	put_quoted(out, "IPV4DNS1", dns_of(pn, 1));
	put_names(out, pn);
	put_quoted(out, "ROOTSERVER", &pn->lease.server);
}

/* As the initramfs-tools of Debian and Ubuntu, which cloud-init reads. */
void handoff_klibc6(FILE *out, const struct handoff_dev *dev)
{
	const struct plan_nic *pn = dev->v6;

	if (!has_address(pn))
		return;
	fprintf(out, "DEVICE6='%s'\nIPV6PROTO='%s'\n", dev->link->name,
		handoff_is_leased(pn) ? "dhcp6" : "none");
	put_quoted(out, "IPV6ADDR", address_of(pn));
	fprintf(out, "IPV6NETMASK='%u'\n", prefix_of(pn));
	put_quoted(out, "IPV6GATEWAY", gateway_of(pn));
	put_quoted(out, "IPV6DNS0", dns_of(pn, 0));
	put_quoted(out, "IPV6DNS1", dns_of(pn, 1));
	put_names(out, pn);
}

void handoff_debian(FILE *out, const struct handoff_dev *dev)
{
	if (dev->is_roots)
		fprintf(out, "%s\n", dev->link->name);
}

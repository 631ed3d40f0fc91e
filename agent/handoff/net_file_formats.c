// SPDX-License-Identifier: GPL-2.0-only
/* Prints the contents of the network files for the real root: one function for each file. */
#include <limits.h>
#include <string.h>

#include "base/hostname.h"
#include "base/ip_addr.h"
#include "handoff/net_files_private.h"
#include "lease/lease_record.h"

bool handoff_is_ifname(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return hostname_is_alnum(s[0]) && !s[len] && len < IFNAMSIZ;
}

/* Properties of a NIC */

static const struct ibu_addr *address_of(const struct nic *nic)
{
	if (nic->lease.from || !ibu_has(&nic->config->f, IBU_NIC_IP_ADDR))
		return &nic->lease.ip;
	return &nic->config->ip;
}

static bool is_ipv6(const struct nic *nic)
{
	u32 method = nic->config->method;

	if (!ibu_addr_is_null(address_of(nic)))
		return !ibu_addr_is_v4(address_of(nic));
	return method == IBU_METHOD_DHCP6 || method == IBU_METHOD_AUTO6 ||
	       method == IBU_METHOD_EITHER6 || method == IBU_METHOD_LINK6;
}

const struct nic *handoff_find(const struct progress *progress, const struct link *link, bool ipv6)
{
	unsigned int i;

	for (i = 0; i < progress->nr_nics; i++)
		if (progress->nics[i].ifindex == link->ifindex &&
		    is_ipv6(&progress->nics[i]) == ipv6)
			return &progress->nics[i];
	return NULL;
}

bool handoff_has_vlan(const struct handoff_dev *dev, const struct link *vlan)
{
	return vlan->is_vlan && vlan->parent == dev->link->ifindex &&
	       (handoff_find(dev->progress, vlan, false) ||
		handoff_find(dev->progress, vlan, true));
}

bool handoff_is_leased(const struct nic *nic)
{
	return nic &&
	       (nic->lease.from || nic->config->method == IBU_METHOD_DHCP ||
		nic->config->method == IBU_METHOD_DHCP6 || nic->config->method == IBU_METHOD_ANY);
}

const char *handoff_host(const struct nic *nic, size_t *len)
{
	const char *s = nic->lease.hostname;

	*len = strlen(s);
	if (ibu_has(&nic->config->f, IBU_NIC_HOSTNAME)) {
		s = nic->config->hostname.s;
		*len = nic->config->hostname.len;
	}
	return *len && hostname_is_valid(s, *len) ? s : NULL;
}

static const char *domain_of(const struct nic *nic)
{
	return hostname_is_valid(nic->lease.domain, strlen(nic->lease.domain)) ? nic->lease.domain :
										 "";
}

static unsigned int prefix_of(const struct nic *nic)
{
	if (ibu_has(&nic->config->f, IBU_NIC_PREFIX_LEN))
		return nic->config->prefix_len;
	return nic->lease.prefix_len ? nic->lease.prefix_len : addr_usual_prefix(address_of(nic));
}

static const struct ibu_addr *handoff_gateway(const struct nic *nic)
{
	return ibu_has(&nic->config->f, IBU_NIC_GATEWAY) ? &nic->config->gateway :
							   &nic->lease.router;
}

/*
 * Returns name server @n, counted from 0, or a null address if there are no more. Name servers of
 * command line and firmware replace those of the lease.
 */
static const struct ibu_addr *dns_of(const struct nic *nic, unsigned int n)
{
	static const struct ibu_addr none;

	if (ibu_has(&nic->config->f, IBU_NIC_PRIMARY_DNS))
		return n == 0 ? &nic->config->primary_dns :
		       n == 1 ? &nic->config->secondary_dns :
				&none;
	return n < nic->lease.nr_dns ? &nic->lease.dns[n] : &none;
}

/* systemd */

static void print_addr(FILE *out, const char *key, const struct ibu_addr *addr)
{
	char text[IBU_ADDR_STRLEN];

	ibu_addr_print(addr, text);
	fprintf(out, "%s=%s\n", key, text);
}

static void put_head(FILE *out)
{
	fputs("# By iscsi-boot-agent: the root file system comes over this device.\n", out);
}

static void put_dns(FILE *out, const struct nic *nic)
{
	unsigned int i;

	if (!nic)
		return;
	for (i = 0; !ibu_addr_is_null(dns_of(nic, i)); i++)
		print_addr(out, "DNS", dns_of(nic, i));
	if (*domain_of(nic))
		fprintf(out, "Domains=%s\n", domain_of(nic));
}

/*
 * Also matches by type: a VLAN has the MAC of the device below it, but another type. A bond and its
 * members have one MAC: the bond is matched by name, and a member by the MAC of its hardware. A
 * device without a MAC is matched by name too.
 */
static void put_match(FILE *out, const struct handoff_dev *dev)
{
	static const u8 none[6];
	const struct link *link = dev->link;
	const u8 *mac = dev->is_member ? link->dev.perm_addr : link->dev.mac;

	fputs("[Match]\n", out);
	if (link->is_vlan || link->is_bond)
		fprintf(out, "Name=%s\nType=%s\n", link->name, link->is_vlan ? "vlan" : "bond");
	else if (memcmp(mac, none, sizeof(none)) != 0)
		fprintf(out, "%s=%s\nType=ether\n",
			dev->is_member ? "PermanentMACAddress" : "MACAddress", mac_text(mac).s);
	else
		fprintf(out, "Name=%s\nType=ether\n", link->name);
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

static unsigned int number_from_bytes(const u8 b[4])
{
	return (unsigned int)b[0] << 24 | (unsigned int)b[1] << 16 | (unsigned int)b[2] << 8 | b[3];
}

/*
 * Prints the client ID of DHCPv4: that of our clients, or that of networkd in the image. The latter
 * is 255, IAID and DUID (RFC 4361 6.1), or 1 and the MAC. networkd of the real root would make
 * another DUID, as that has another machine ID.
 */
static void put_client_id(FILE *out, const struct networkd_lease *networkd)
{
	static const char *const types[] = { "link-layer-time", "vendor", "link-layer", "uuid" };
	const u8 *id = networkd ? networkd->id : NULL;
	unsigned int i;

	if (!id || networkd->id_len < 8 || id[0] != 255 || id[5] || !id[6] || id[6] > 4) {
		fputs("ClientIdentifier=mac\n", out);
		return;
	}
	fprintf(out, "ClientIdentifier=duid\nIAID=%u\nDUIDType=%s\nDUIDRawData=",
		number_from_bytes(id + 1), types[id[6] - 1]);
	for (i = 7; i < networkd->id_len; i++)
		fprintf(out, "%s%02x", i > 7 ? ":" : "", id[i]);
	fputc('\n', out);
}

/*
 * Prints the identity that our DHCP clients use: the MAC (RFC 2132 9.14); for DHCPv6 a DUID-LL of
 * the MAC, and its last four bytes as IAID (RFC 8415). RouteMetric=0 is the metric of the routes
 * that boot made: since systemd 257 networkd would replace these by its own of metric 1024.
 */
static void put_identity(FILE *out, const struct handoff_dev *dev)
{
	if (handoff_is_leased(dev->v4)) {
		fputs("[DHCPv4]\nSendRelease=no\nRouteMetric=0\n", out);
		put_client_id(out, dev->networkd);
	}
	if (handoff_is_leased(dev->v6)) {
		fprintf(out, "[DHCPv6]\nSendRelease=no\nIAID=%u\nDUIDType=link-layer\n",
			number_from_bytes(dev->link->dev.mac + 2));
		fprintf(out, "DUIDRawData=00:01:%s\n", mac_text(dev->link->dev.mac).s);
	}
}

/*
 * A member of a bond is unmanaged: networkd would take a device out of a bond that it does not
 * know, and a bond with members refuses most changes of its options.
 *
 * KeepConfiguration=yes: networkd removes no address, route or lease that existed before it, also
 * when it stops. So static addresses and routes need not be listed. IgnoreCarrierLoss=yes: it keeps
 * them without a carrier too, because networkd's program may be on the disk behind this device.
 */
void handoff_networkd(FILE *out, const struct handoff_dev *dev)
{
	static const char *const dhcp[] = { "no", "ipv4", "ipv6", "yes" };
	bool leased4 = handoff_is_leased(dev->v4), leased6 = handoff_is_leased(dev->v6);

	put_head(out);
	put_match(out, dev);
	if (dev->is_member) {
		fputs("[Link]\nUnmanaged=yes\n", out);
		return;
	}
	if (!dev->v4 && !dev->v6)
		fputs("[Link]\nRequiredForOnline=no\n", out);
	fprintf(out, "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=%s\n",
		dhcp[leased4 | leased6 << 1]);
	if (leased6 || (dev->v6 && !ibu_has(&dev->v6->config->f, IBU_NIC_IP_ADDR)))
		fputs("IPv6AcceptRA=yes\n", out);
	put_vlans(out, dev);
	put_dns(out, dev->v4);
	put_dns(out, dev->v6);
	put_identity(out, dev);
}

/* Applies to all devices: networkd keeps the routing rules that bind each path to its NIC. */
void handoff_networkd_conf(FILE *out, const struct handoff_dev *dev)
{
	put_head(out);
	fputs("[Network]\nManageForeignRoutingPolicyRules=no\n", out);
}

/* Lets networkd create the VLAN again. */
void handoff_netdev(FILE *out, const struct handoff_dev *dev)
{
	if (!dev->link->is_vlan)
		return;
	put_head(out);
	fprintf(out, "[NetDev]\nName=%s\nKind=vlan\n[VLAN]\nId=%u\n", dev->link->name,
		dev->link->vlan);
}

/* True for a device whose name udev may change. */
static bool is_renamed_by_udev(const struct handoff_dev *dev)
{
	return !dev->link->is_vlan && !dev->link->is_bond;
}

static bool has_perm_addr(const struct handoff_dev *dev)
{
	static const u8 none[6];

	return memcmp(dev->link->dev.perm_addr, none, sizeof(none)) != 0;
}

/* True if the command line has set the MAC address, which then is not the permanent one. */
static bool has_set_mac(const struct handoff_dev *dev)
{
	const struct nic *nic = dev->v4 ? dev->v4 : dev->v6;
	static const u8 none[6];

	return nic && ibu_has(&nic->config->f, IBU_NIC_SET_MAC) && has_perm_addr(dev) &&
	       memcmp(dev->link->dev.mac, none, sizeof(none)) != 0 &&
	       !memcmp(dev->link->dev.mac, nic->config->set_mac, 6);
}

/*
 * Replaces 99-default.link: keeps the current name and the usual alternative names. An address that
 * was set is set again if the driver resets the device, which has its permanent address then.
 */
void handoff_link(FILE *out, const struct handoff_dev *dev)
{
	if (!is_renamed_by_udev(dev))
		return;
	put_head(out);
	if (has_set_mac(dev))
		fprintf(out, "[Match]\nPermanentMACAddress=%s\nType=ether\n",
			mac_text(dev->link->dev.perm_addr).s);
	else
		put_match(out, dev);
	fprintf(out, "[Link]\nName=%s\nAlternativeNamesPolicy=database onboard slot path\n",
		dev->link->name);
	if (has_set_mac(dev))
		fprintf(out, "MACAddress=%s\n", mac_text(dev->link->dev.mac).s);
}

/* Serves eudev; with systemd's udev the .link file has the same effect. DRIVERS excludes VLANs. */
void handoff_udev(FILE *out, const struct handoff_dev *dev)
{
	if (!is_renamed_by_udev(dev))
		return;
	put_head(out);
	fputs("SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ", out);
	if (dev->is_member) /* which has the MAC of the bond now */
		fprintf(out, "KERNEL==\"%s\"", dev->link->name);
	else
		fprintf(out, "ATTR{address}==\"%s\"", mac_text(dev->link->dev.mac).s);
	fprintf(out, ", ATTR{type}==\"1\", NAME:=\"%s\"\n", dev->link->name);
}

/* Other network managers */

/*
 * Makes the device unmanaged: NetworkManager adopts only a device whose addresses match a profile,
 * and an address of unlimited life never matches a profile with DHCP. Uses a separate section,
 * because only the last of several unmanaged-devices= in [keyfile] counts. Matches by name, which
 * is pinned, because other VLANs on the device have the same MAC.
 */
void handoff_nm(FILE *out, const struct handoff_dev *dev)
{
	put_head(out);
	fprintf(out, "[device-iscsi-boot-%s]\nmatch-device=interface-name:=%s\nmanaged=0\n",
		dev->link->name, dev->link->name);
}

/*
 * Marks the device as up, under a logical interface that no file defines, so that neither ifup nor
 * ifdown changes it. (Debian's own handler writes only to "ifstate", which ifup no longer reads.)
 */
void handoff_ifupdown(FILE *out, const struct handoff_dev *dev)
{
	if (dev->v4 || dev->v6 || dev->is_member)
		fputs("iscsi-boot\n", out);
}

/* Prints each IPv4 key, as ipconfig does, but IPv6 keys only if there is an address. */
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

static void put_names(FILE *out, const struct nic *nic)
{
	size_t len;
	const char *host = handoff_host(nic, &len);

	fprintf(out, "HOSTNAME='%.*s'\n", host ? (int)len : 0, host ? host : "");
	fprintf(out, "DNSDOMAIN='%s'\n", domain_of(nic));
}

static bool handoff_has_address(const struct nic *nic)
{
	return nic && !ibu_addr_is_null(address_of(nic));
}

/* Keys, their order, and "none" for a static address are those of klibc's ipconfig. */
void handoff_klibc(FILE *out, const struct handoff_dev *dev)
{
	const struct nic *nic = dev->v4;
	unsigned int mask;

	if (!handoff_has_address(nic))
		return;
	mask = prefix_of(nic) < 32 ? ~(UINT_MAX >> prefix_of(nic)) : UINT_MAX;
	fprintf(out, "DEVICE='%s'\nPROTO='%s'\n", dev->link->name,
		handoff_is_leased(nic) ? "dhcp" : "none");
	put_quoted(out, "IPV4ADDR", address_of(nic));
	put_bits(out, "IPV4BROADCAST", number_from_bytes(address_of(nic)->b + 12) | ~mask);
	put_bits(out, "IPV4NETMASK", mask);
	put_quoted(out, "IPV4GATEWAY", handoff_gateway(nic));
	put_quoted(out, "IPV4DNS0", dns_of(nic, 0));
	put_quoted(out, "IPV4DNS1", dns_of(nic, 1));
	put_names(out, nic);
	put_quoted(out, "ROOTSERVER", &nic->lease.server);
}

/* Uses the format of Debian's and Ubuntu's initramfs-tools, which cloud-init reads. */
void handoff_klibc6(FILE *out, const struct handoff_dev *dev)
{
	const struct nic *nic = dev->v6;

	if (!handoff_has_address(nic))
		return;
	fprintf(out, "DEVICE6='%s'\nIPV6PROTO='%s'\n", dev->link->name,
		handoff_is_leased(nic) ? "dhcp6" : "none");
	put_quoted(out, "IPV6ADDR", address_of(nic));
	fprintf(out, "IPV6NETMASK='%u'\n", prefix_of(nic));
	put_quoted(out, "IPV6GATEWAY", handoff_gateway(nic));
	put_quoted(out, "IPV6DNS0", dns_of(nic, 0));
	put_quoted(out, "IPV6DNS1", dns_of(nic, 1));
	put_names(out, nic);
}

void handoff_debian(FILE *out, const struct handoff_dev *dev)
{
	if (dev->is_roots)
		fprintf(out, "%s\n", dev->link->name);
}

/*
 * The client ID, or the DUID with which the lease was granted, or which firmware is taken to use.
 */
static void lease_identity(struct lease_record *r, const struct nic *nic,
			   const struct networkd_lease *networkd)
{
	static const u8 ethernet[] = { 0, 3, 0, 1 }; /* DUID-LL; RFC 2132 9.14 has the type alone */
	const size_t skip = ibu_addr_is_v4(&r->ip) ? 3 : 0;
	int len;

	if (networkd && networkd->id_len) {
		r->id_len = networkd->id_len;
		memcpy(r->id, networkd->id, sizeof(r->id));
		return;
	}
	if (nic->lease.from) {
		len = lease_id_parse(nic->lease.client_id, r->id);
		r->id_len = len > 0 ? (unsigned int)len : 0;
		return;
	}
	r->id_len = (unsigned int)(sizeof(ethernet) - skip + sizeof(r->mac));
	memcpy(r->id, ethernet + skip, sizeof(ethernet) - skip);
	memcpy(r->id + sizeof(ethernet) - skip, r->mac, sizeof(r->mac));
}

static void put_lease(FILE *out, const struct link *link, const struct nic *nic,
		      const struct networkd_lease *networkd)
{
	struct lease_record r = { .seconds = LEASE_UNKNOWN };

	if (!handoff_is_leased(nic) || !handoff_has_address(nic))
		return;
	memcpy(r.ifname, link->name, sizeof(r.ifname));
	memcpy(r.mac, link->dev.mac, sizeof(r.mac));
	r.ip = *address_of(nic);
	r.server = nic->lease.server;
	if (nic->lease.from) {
		r.seconds = nic->lease.seconds;
		r.since_s = (unsigned int)(nic->lease.since_ns / 1000000000);
	} else if (ibu_has(&nic->config->f, IBU_NIC_DHCP)) {
		r.server = nic->config->dhcp;
	}
	lease_identity(&r, nic, networkd);
	lease_record_print(out, &r);
}

void handoff_lease(FILE *out, const struct handoff_dev *dev)
{
	put_lease(out, dev->link, dev->v4, dev->networkd);
}

void handoff_lease6(FILE *out, const struct handoff_dev *dev)
{
	put_lease(out, dev->link, dev->v6, NULL);
}

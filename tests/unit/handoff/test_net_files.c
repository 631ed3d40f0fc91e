// SPDX-License-Identifier: GPL-2.0-only
/* Tests the files for the real root: their contents, and that no unchecked text gets into them. */
#include "tests/unit/root.h"

#include "tests/unit/handoff/net_files_check.h"

#include "base/cleanup.h"
#include "base/sysfs.h"

static struct ibu_nic nics[3];
static struct plan_nic planned_nics[3];
static struct nic pns[3];
static struct ibu_target target = { .name = { "iqn.x:a", 7 } };
static struct plan_path planned;
static struct path paths[1];
static struct link devices[3];
static struct links links;
static struct plan plan;
static struct progress progress;

static struct ibu_addr addr(const char *text)
{
	struct ibu_addr a = { .b = { 0 } };

	assert_int_equal(ibu_addr_parse(text, strlen(text), &a), 0);
	return a;
}

/* Makes eth0, up with 10.9.0.1/20; eth0.5, a VLAN on it; and eth1, which is not used. */
static int make(void **state)
{
	unsigned int i;

	memset(nics, 0, sizeof(nics));
	memset(pns, 0, sizeof(pns));
	memset(devices, 0, sizeof(devices));
	for (i = 0; i < 3; i++) {
		planned_nics[i] = (struct plan_nic){ .nic = &nics[i], .number = i };
		pns[i].plan = &planned_nics[i];
		pns[i].config = &nics[i];
		devices[i].ifindex = (int)i + 2;
		devices[i].dev.ifname = devices[i].name;
		memcpy(devices[i].dev.mac, (u8[]){ 0x52, 0x54, 0, 0xff, 0, 1 }, 6);
	}
	strcpy(devices[0].name, "eth0");
	strcpy(devices[1].name, "eth0.5");
	strcpy(devices[2].name, "eth1");
	devices[1].is_vlan = true;
	devices[1].vlan = 5;
	devices[1].parent = 2;
	nics[0].ip = addr("10.9.0.1");
	ibu_set(&nics[0].f, IBU_NIC_IP_ADDR);
	nics[0].prefix_len = 20;
	ibu_set(&nics[0].f, IBU_NIC_PREFIX_LEN);
	nics[0].method = IBU_METHOD_STATIC;
	pns[0].ifindex = 2;
	paths[0] = (struct path){ .plan = &planned, .to.target = &target };
	links = (struct links){ devices, 3 };
	plan = (struct plan){ .nics = planned_nics, .nr_nics = 3, .paths = &planned, .nr_paths = 1 };
	progress = (struct progress){ .plan = &plan, .nics = pns, .nr_nics = 3, .paths = paths, .nr_paths = 1 };
	if (root_make(state))
		return -1;
	handoff_run = root;
	return 0;
}

static void lease(struct nic *pn, const char *ip)
{
	pn->lease.from = LEASE_DHCPCD;
	pn->lease.ip = addr(ip);
	pn->lease.prefix_len = strchr(ip, ':') ? 128 : 24;
}

static const char *content(const char *path)
{
	static char text[4096];
	FILE *f = fopen(root_path(path), "r");
	size_t n;

	if (!f)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void assert_content(const char *path, const char *want)
{
	const char *text = content(path);

	if (!text || strcmp(text, want))
		fail_msg("%s is \"%s\", not \"%s\"", path, text ? text : "not there", want);
}

#define SD "/systemd/network/00-iscsi-boot-"
#define HEAD COMMENT "\n"
#define MATCH HEAD "[Match]\nMACAddress=52:54:00:ff:00:01\nType=ether\n"

static void static_address(void **state)
{
	ibu_set(&nics[0].f, IBU_NIC_HOSTNAME);
	nics[0].hostname = (struct ibu_text){ "Box-1.example.org", 17 };
	ibu_set(&nics[0].f, IBU_NIC_PRIMARY_DNS);
	nics[0].primary_dns = addr("10.9.0.3");
	ibu_set(&nics[0].f, IBU_NIC_GATEWAY);
	nics[0].gateway = addr("10.9.0.2");
	handoff_devices(&progress, &links);
	assert_content(SD "eth0.network",
		       MATCH "[Network]\nKeepConfiguration=yes\n"
			     "IgnoreCarrierLoss=yes\nDHCP=no\nDNS=10.9.0.3\n");
	assert_content(SD "eth0.link",
		       MATCH "[Link]\nName=eth0\n"
			     "AlternativeNamesPolicy=database onboard slot path\n");
	assert_content("/systemd/networkd.conf.d/00-iscsi-boot.conf",
		       HEAD "[Network]\nManageForeignRoutingPolicyRules=no\n");
	assert_content("/udev/rules.d/70-iscsi-boot-eth0.rules",
		       HEAD "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", "
			    "ATTR{address}==\"52:54:00:ff:00:01\", ATTR{type}==\"1\", "
			    "NAME:=\"eth0\"\n");
	assert_content("/NetworkManager/conf.d/00-iscsi-boot-eth0.conf",
		       HEAD "[device-iscsi-boot-eth0]\nmatch-device=interface-name:=eth0\n"
			    "managed=0\n");
	assert_content("/network/ifstate.eth0", "iscsi-boot\n");
	assert_content("/net-eth0.conf",
		       "DEVICE='eth0'\nPROTO='none'\nIPV4ADDR='10.9.0.1'\n"
		       "IPV4BROADCAST='10.9.15.255'\nIPV4NETMASK='255.255.240.0'\n"
		       "IPV4GATEWAY='10.9.0.2'\nIPV4DNS0='10.9.0.3'\nIPV4DNS1='0.0.0.0'\n"
		       "HOSTNAME='Box-1.example.org'\nDNSDOMAIN=''\nROOTSERVER='0.0.0.0'\n");
	assert_content("/initramfs/open-iscsi.interface", "eth0\n");
	assert_null(content(SD "eth0.netdev"));
	assert_null(content("/net6-eth0.conf"));
	assert_null(content(SD "eth1.network"));
	assert_null(content(SD "eth0.5.network"));
}

/* The MAC at the end of ip= is set again if the driver resets the device. */
static void set_mac(void **state)
{
	memcpy(nics[0].set_mac, devices[0].dev.mac, 6);
	ibu_set(&nics[0].f, IBU_NIC_SET_MAC);
	handoff_devices(&progress, &links);
	assert_content(SD "eth0.link", /* the permanent address is not known */
		       MATCH "[Link]\nName=eth0\n"
			     "AlternativeNamesPolicy=database onboard slot path\n");
	memcpy(devices[0].dev.perm_addr, (u8[]){ 0x52, 0x54, 0, 0xff, 0, 9 }, 6);
	handoff_devices(&progress, &links);
	assert_content(SD "eth0.link",
		       HEAD "[Match]\nPermanentMACAddress=52:54:00:ff:00:09\nType=ether\n"
			    "[Link]\nName=eth0\n"
			    "AlternativeNamesPolicy=database onboard slot path\n"
			    "MACAddress=52:54:00:ff:00:01\n");
}

static void leased_addresses(void **state)
{
	lease(&pns[0], "10.9.7.7");
	nics[0].f.set = 0;
	strcpy(pns[0].lease.domain, "example.org");
	pns[0].lease.dns[0] = addr("10.9.0.4");
	pns[0].lease.dns[1] = addr("fd00::4");
	pns[0].lease.nr_dns = 2;
	pns[0].lease.server = addr("10.9.0.5");
	pns[0].lease.router = addr("10.9.7.1");
	lease(&pns[1], "fd00::7");
	pns[1].ifindex = 2;
	handoff_devices(&progress, &links);
	assert_content(SD "eth0.network",
		       MATCH "[Network]\nKeepConfiguration=yes\n"
			     "IgnoreCarrierLoss=yes\nDHCP=yes\nIPv6AcceptRA=yes\nDNS=10.9.0.4\n"
			     "DNS=fd00::4\nDomains=example.org\n"
			     "[DHCPv4]\nSendRelease=no\nRouteMetric=0\nClientIdentifier=mac\n"
			     "[DHCPv6]\nSendRelease=no\nIAID=16711681\nDUIDType=link-layer\n"
			     "DUIDRawData=00:01:52:54:00:ff:00:01\n");
	assert_content("/net-eth0.conf",
		       "DEVICE='eth0'\nPROTO='dhcp'\nIPV4ADDR='10.9.7.7'\n"
		       "IPV4BROADCAST='10.9.7.255'\nIPV4NETMASK='255.255.255.0'\n"
		       "IPV4GATEWAY='10.9.7.1'\nIPV4DNS0='10.9.0.4'\nIPV4DNS1='fd00::4'\n"
		       "HOSTNAME=''\nDNSDOMAIN='example.org'\nROOTSERVER='10.9.0.5'\n");
	assert_content("/net6-eth0.conf", "DEVICE6='eth0'\nIPV6PROTO='dhcp6'\nIPV6ADDR='fd00::7'\n"
					  "IPV6NETMASK='128'\nHOSTNAME=''\nDNSDOMAIN=''\n");
}

/* What iscsi-boot-lease needs to renew the leases. */
static void leases_to_renew(void **state)
{
	lease(&pns[0], "10.9.7.7");
	pns[0].lease.server = addr("10.9.0.5");
	pns[0].lease.seconds = 60;
	pns[0].lease.since_ns = 12900000000;
	strcpy(pns[0].lease.client_id, "015254ff000001");
	lease(&pns[1], "fd00::7");
	pns[1].ifindex = 2;
	handoff_devices(&progress, &links);
	assert_content("/iscsi-boot/leases/dhcp-eth0",
		       "ifname=eth0 mac=52:54:00:ff:00:01 ip=10.9.7.7 server=10.9.0.5 "
		       "id=015254ff000001 seconds=60 since=12 renewed=0 by=none state=ok\n");
	assert_content("/iscsi-boot/leases/dhcp6-eth0",
		       "ifname=eth0 mac=52:54:00:ff:00:01 ip=fd00::7 "
		       "seconds=0 since=0 renewed=0 by=none state=ok\n");
}

/* A lease of the firmware: its time is not known. Its identity is taken to be the MAC. */
static void lease_of_firmware(void **state)
{
	nics[0].method = IBU_METHOD_DHCP;
	ibu_set(&nics[0].f, IBU_NIC_DHCP);
	nics[0].dhcp = addr("10.9.0.5");
	handoff_devices(&progress, &links);
	assert_content("/iscsi-boot/leases/dhcp-eth0",
		       "ifname=eth0 mac=52:54:00:ff:00:01 ip=10.9.0.1 server=10.9.0.5 "
		       "id=01525400ff0001 seconds=0 since=0 renewed=0 by=none state=ok\n");
	assert_null(content("/iscsi-boot/leases/dhcp6-eth0"));
}

/*
 * networkd of the image got the lease: the real root gets its identity, whichever manager that has.
 * Nothing is written until the lease is known.
 */
static void networkd_in_the_image(void **state)
{
	sysfs_root = root;
	nics[0].f.set = 0;
	nics[0].method = IBU_METHOD_DHCP;
	root_put("/proc/9/comm", "systemd-network\n");
	root_put("/run/systemd/netif/links/2", "ADMIN_STATE=configured\n");
	handoff_devices(&progress, &links);
	assert_null(content(SD "eth0.network"));
	root_put("/run/systemd/netif/leases/2",
		 "ADDRESS=10.9.7.7\nNETMASK=255.255.240.0\nSERVER_ADDRESS=10.9.0.5\nLIFETIME=60\n"
		 "CLIENTID=ff0102030400020000ab11feeddeadbeef01\n");
	handoff_devices(&progress, &links);
	assert_content(SD "eth0.network",
		       MATCH "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=ipv4\n"
			     "[DHCPv4]\nSendRelease=no\nRouteMetric=0\nClientIdentifier=duid\n"
			     "IAID=16909060\nDUIDType=vendor\n"
			     "DUIDRawData=00:00:ab:11:fe:ed:de:ad:be:ef:01\n");
	assert_content("/iscsi-boot/leases/dhcp-eth0",
		       "ifname=eth0 mac=52:54:00:ff:00:01 ip=10.9.7.7 server=10.9.0.5 "
		       "id=ff0102030400020000ab11feeddeadbeef01 seconds=0 since=0 renewed=0 "
		       "by=none state=ok\n");
	assert_non_null(strstr(content("/net-eth0.conf"), "IPV4NETMASK='255.255.240.0'\n"));
	assert_non_null(content("/NetworkManager/conf.d/00-iscsi-boot-eth0.conf"));
	/* The MAC as client ID, and one that is no DUID. */
	root_put("/run/systemd/netif/leases/2", "ADDRESS=10.9.7.7\nCLIENTID=01525400ff0001\n");
	handoff_devices(&progress, &links);
	assert_non_null(strstr(content(SD "eth0.network"), "\nClientIdentifier=mac\n"));
	root_put("/run/systemd/netif/leases/2", "ADDRESS=10.9.7.7\nCLIENTID=ff01020304000900\n");
	handoff_devices(&progress, &links);
	assert_non_null(strstr(content(SD "eth0.network"), "\nClientIdentifier=mac\n"));
	sysfs_root = "";
}

/* NetworkManager of the image keeps its device. */
static void networkmanager_in_the_image(void **state)
{
	sysfs_root = root;
	root_put("/proc/9/comm", "NetworkManager\n");
	root_put("/run/NetworkManager/devices/2", "[device]\nmanaged=true\n");
	handoff_devices(&progress, &links);
	assert_null(content(SD "eth0.network"));
	root_put("/proc/9/comm", "sh\n");
	handoff_devices(&progress, &links);
	assert_non_null(content(SD "eth0.network"));
	sysfs_root = "";
}

static void vlan(void **state)
{
	pns[0].ifindex = 3;
	handoff_devices(&progress, &links);
	assert_content(SD "eth0.network",
		       MATCH "[Link]\nRequiredForOnline=no\n"
			     "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=no\n"
			     "VLAN=eth0.5\n");
	assert_content(SD "eth0.5.network",
		       HEAD "[Match]\nName=eth0.5\nType=vlan\n"
			    "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=no\n");
	assert_content(SD "eth0.5.netdev", HEAD "[NetDev]\nName=eth0.5\nKind=vlan\n[VLAN]\nId=5\n");
	assert_content("/initramfs/open-iscsi.interface", "eth0.5\n");
	assert_content("/network/ifstate.eth0.5", "iscsi-boot\n");
	assert_non_null(content(SD "eth0.link"));
	assert_non_null(content("/NetworkManager/conf.d/00-iscsi-boot-eth0.conf"));
	assert_null(content("/network/ifstate.eth0"));
	assert_null(content(SD "eth0.5.link"));
	assert_null(content("/udev/rules.d/70-iscsi-boot-eth0.5.rules"));
}

/* Makes eth0 a bond with a VLAN, and eth1 its member; all have the same MAC. */
static void make_bond(void)
{
	strcpy(devices[0].name, "bond0");
	strcpy(devices[1].name, "bond0.5");
	devices[0].is_bond = true;
	devices[2].master = 2;
	memcpy(devices[2].dev.perm_addr, (u8[]){ 0x52, 0x54, 0, 0xff, 0, 2 }, 6);
}

static void bond(void **state)
{
	make_bond();
	handoff_devices(&progress, &links);
	assert_content(SD "bond0.network",
		       HEAD "[Match]\nName=bond0\nType=bond\n"
			    "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=no\n");
	assert_content(SD "eth1.network",
		       HEAD "[Match]\nPermanentMACAddress=52:54:00:ff:00:02\nType=ether\n[Link]\nUnmanaged=yes\n");
	assert_content(SD "eth1.link", HEAD
		       "[Match]\nPermanentMACAddress=52:54:00:ff:00:02\nType=ether\n"
		       "[Link]\nName=eth1\nAlternativeNamesPolicy=database onboard slot path\n");
	assert_content("/udev/rules.d/70-iscsi-boot-eth1.rules", HEAD
		       "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", KERNEL==\"eth1\", "
		       "ATTR{type}==\"1\", NAME:=\"eth1\"\n");
	assert_content("/NetworkManager/conf.d/00-iscsi-boot-eth1.conf", HEAD
		       "[device-iscsi-boot-eth1]\nmatch-device=interface-name:=eth1\nmanaged=0\n");
	assert_content("/network/ifstate.eth1", "iscsi-boot\n");
	assert_content("/network/ifstate.bond0", "iscsi-boot\n");
	assert_content("/initramfs/open-iscsi.interface", "bond0\n");
	assert_non_null(content("/NetworkManager/conf.d/00-iscsi-boot-bond0.conf"));
	assert_non_null(content("/net-bond0.conf"));
	assert_null(content("/net-eth1.conf"));
	assert_null(content(SD "bond0.link"));
	assert_null(content(SD "bond0.netdev"));
	assert_null(content("/udev/rules.d/70-iscsi-boot-bond0.rules"));
}

/* A driver that knows no permanent address: the member is matched by its name. */
static void bond_below_a_vlan(void **state)
{
	make_bond();
	memset(devices[2].dev.perm_addr, 0, 6);
	pns[0].ifindex = 3;
	handoff_devices(&progress, &links);
	assert_content(SD "bond0.network",
		       HEAD "[Match]\nName=bond0\nType=bond\n[Link]\nRequiredForOnline=no\n"
			    "[Network]\nKeepConfiguration=yes\nIgnoreCarrierLoss=yes\nDHCP=no\n"
			    "VLAN=bond0.5\n");
	assert_content(SD "eth1.link", HEAD
		       "[Match]\nName=eth1\nType=ether\n"
		       "[Link]\nName=eth1\nAlternativeNamesPolicy=database onboard slot path\n");
	assert_content(SD "eth1.network",
		       HEAD "[Match]\nName=eth1\nType=ether\n[Link]\nUnmanaged=yes\n");
}

/* A device in a bridge, or in a bond that carries no path, gets no files. */
static void other_members(void **state)
{
	make_bond();
	devices[0].is_bond = false;
	handoff_devices(&progress, &links);
	assert_null(content(SD "eth1.network"));
	devices[0].is_bond = true;
	pns[0].ifindex = 0;
	handoff_devices(&progress, &links);
	assert_null(content(SD "eth1.network"));
	devices[2].master = 99;
	handoff_devices(&progress, &links);
	assert_null(content(SD "eth1.network"));
}

static void autoconf(void **state)
{
	nics[0].f.set = 0;
	nics[0].method = IBU_METHOD_AUTO6;
	handoff_devices(&progress, &links);
	assert_non_null(strstr(content(SD "eth0.network"), "DHCP=no\nIPv6AcceptRA=yes\n"));
	assert_null(content("/net-eth0.conf"));
	assert_null(content("/net6-eth0.conf"));
	/* Another program got the lease, for example a kernel with ip=dhcp. */
	nics[0].method = IBU_METHOD_DHCP;
	handoff_devices(&progress, &links);
	assert_non_null(strstr(content(SD "eth0.network"), "DHCP=ipv4\n"));
}

/* With several NICs, the file that names only one NIC has the one of the root disk. */
static void two_nics(void **state)
{
	pns[1].ifindex = 4;
	paths[0].nic = &pns[1];
	handoff_devices(&progress, &links);
	assert_content("/initramfs/open-iscsi.interface", "eth1\n");
	assert_non_null(content(SD "eth0.network"));
	assert_non_null(content(SD "eth1.network"));
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(root_path(path), &st), 0);
	return st.st_mode;
}

/* All users can read the files, whatever the caller's umask is; no other file remains. */
static void modes(void **state)
{
	mode_t old = umask(077);

	handoff_devices(&progress, &links);
	umask(old);
	assert_int_equal(mode_of("/systemd"), S_IFDIR | 0755);
	assert_int_equal(mode_of("/systemd/network"), S_IFDIR | 0755);
	assert_int_equal(mode_of(SD "eth0.network"), S_IFREG | 0644);
	assert_int_equal(mode_of("/net-eth0.conf"), S_IFREG | 0644);
	assert_int_not_equal(access(root_path("/.iscsi-boot.new"), F_OK), 0);
}

static ino_t inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(root_path(path), &st), 0);
	return st.st_ino;
}

static void second_run(void **state)
{
	ino_t before;

	handoff_devices(&progress, &links);
	before = inode_of("/net-eth0.conf");
	handoff_devices(&progress, &links);
	assert_true(inode_of("/net-eth0.conf") == before);
	/* A file that has changed is replaced, not written into. */
	root_put("/net-eth0.conf", "IPV4ADDR='10.0.0.1'\n");
	handoff_devices(&progress, &links);
	assert_true(inode_of("/net-eth0.conf") != before);
	assert_int_equal(strncmp(content("/net-eth0.conf"), "DEVICE='eth0'\n", 14), 0);
}

/* A link in place of a file is replaced; one in place of a directory is not followed. */
static void symbolic_links(void **state)
{
	char outside[512];

	root_put("/outside/victim", "untouched");
	memcpy(outside, root_path("/outside/victim"), sizeof(outside));
	assert_int_equal(symlink(outside, root_path("/net-eth0.conf")), 0);
	assert_int_equal(symlink(outside, root_path("/.iscsi-boot.new")), 0);
	*strrchr(outside, '/') = '\0';
	assert_int_equal(symlink(outside, root_path("/systemd")), 0);
	handoff_devices(&progress, &links);
	assert_content("/outside/victim", "untouched");
	assert_int_not_equal(access(root_path("/outside/network"), F_OK), 0);
	assert_int_equal(mode_of("/net-eth0.conf"), S_IFREG | 0644);
	/* The other files exist. */
	assert_non_null(content("/network/ifstate.eth0"));
}

/* Hostile texts */

static const char *const hostile[] = {
	"'",
	"\"",
	"a'b",
	"a\"b",
	"x'; touch OWNED; '",
	"$(touch OWNED)",
	"`touch OWNED`",
	"a;touch OWNED",
	"a\nb",
	"a\n[Network]\nDHCP=yes",
	"a\rb",
	"a b",
	"a\tb",
	"a\\",
	"\\",
	"a#b",
	"../../etc/passwd",
	"/etc/passwd",
	"..",
	".",
	"",
	"-rf",
	"-",
	"a-",
	"a.-b",
	".a",
	"a.",
	"a..b",
	"*",
	"?",
	"a[b]",
	"~",
	"a&b",
	"a|b",
	"a>OWNED",
	"a=b",
	"%s%n",
	"%i",
	"${IFS}",
	"\x01",
	"\x7f",
	"\xff\xfe",
	"\xc3\xa9t\xc3\xa9",
	"\xe2\x80\xae",
	"a\\nb",
	"eth0:1",
	"eth 0",
	"iqn.2001-04.com.example:a b",
	"iqn.2001-04.com.example:'",
	"iqn.2001-04.com.example:$(touch OWNED)",
	"iqn.2001-04.com.example:x\ny",
	"a,b",
	"{a}",
	"!a",
	"a@b",
	"a_b",
	"\xef\xbc\x87",
	"0x0a",
	"a\v",
	"a\f",
	"\xc2\x85",
};

/* Puts @s into all fields that have text from outside. */
static void put_hostile(const char *s, size_t len)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		nics[i].hostname = (struct ibu_text){ s, (u32)len };
		nics[i].ifname = nics[i].hostname;
		nics[i].f.set |= BIT_ULL(IBU_NIC_HOSTNAME) | BIT_ULL(IBU_NIC_IFNAME);
		snprintf(pns[i].lease.hostname, sizeof(pns[i].lease.hostname), "%s", s);
		snprintf(pns[i].lease.domain, sizeof(pns[i].lease.domain), "%s", s);
		snprintf(pns[i].lease.root_path, sizeof(pns[i].lease.root_path), "%s", s);
		snprintf(pns[i].lease.client_id, sizeof(pns[i].lease.client_id), "%s", s);
	}
	target.name = nics[0].hostname;
}

/* Sources the file in /bin/sh: it runs nothing and changes only the variables @words. */
static void assert_sourced(const char *path, const char *words)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "cd '%s' && sh -n .%s && env -i PATH=/nowhere /bin/sh -c 'set >before; . \"$0\"; "
		 "unset %s; set >after' .%s && cmp before after && [ ! -e OWNED ]",
		 root, path, words, path);
	if (system(command)) /* NOLINT: a test's own command */
		fail_msg("%s is not safe to source: %s", path, content(path));
}

static void assert_all_clean(void)
{
	const struct handoff_dev dev = { .progress = &progress, .links = &links, .link = &devices[0],
					 .v4 = handoff_find(&progress, &devices[0], false),
					 .v6 = handoff_find(&progress, &devices[0], true),
					 .is_roots = true };
	const struct handoff_dev vlan = { .progress = &progress, .links = &links, .link = &devices[1],
					  .v4 = dev.v4, .v6 = dev.v6 };
	const struct handoff_dev *const devs[] = { &dev, &vlan };
	const char *bad;
	unsigned int i;
	char *text;
	size_t len;
	FILE *out;

	for (i = 0; i < 2 * NR_HANDOFF_FILES; i++) {
		out = open_memstream(&text, &len);
		handoff_files[i / 2].write(out, devs[i % 2]);
		fclose(out);
		bad = check_handoff(&handoff_files[i / 2], text, len);
		if (bad)
			fail_msg("%s has \"%s\"", handoff_files[i / 2].name, bad);
		free(text);
	}
}

#define KLIBC_WORDS                                                                               \
	"DEVICE PROTO IPV4ADDR IPV4BROADCAST IPV4NETMASK IPV4GATEWAY IPV4DNS0 IPV4DNS1 HOSTNAME " \
	"DNSDOMAIN ROOTSERVER"
#define KLIBC6_WORDS "DEVICE6 IPV6PROTO IPV6ADDR IPV6NETMASK HOSTNAME DNSDOMAIN"

static void hostile_texts(void **state)
{
	static char long_text[4096];
	size_t i, nr = sizeof(hostile) / sizeof(hostile[0]);

	memset(long_text, 'a', sizeof(long_text) - 1);
	lease(&pns[0], "10.9.7.7");
	lease(&pns[1], "fd00::7");
	pns[1].ifindex = 2;
	for (i = 0; i < nr + 2; i++) {
		if (i < nr)
			put_hostile(hostile[i], strlen(hostile[i]));
		else if (i == nr)
			put_hostile(long_text, sizeof(long_text) - 1);
		else
			put_hostile("a\0$(touch OWNED)", 16);
		assert_all_clean();
		handoff_devices(&progress, &links);
		assert_sourced("/net-eth0.conf", KLIBC_WORDS);
		assert_sourced("/net6-eth0.conf", KLIBC6_WORDS);
		/* Devices may have such names: the kernel forbids only blanks, '/' and ':'. */
		strncpy(devices[0].name, i < nr ? hostile[i] : long_text, IFNAMSIZ - 1);
		if (handoff_is_ifname(devices[0].name))
			assert_all_clean();
		strcpy(devices[0].name, "eth0");
	}
}

/* A device whose name is not allowed in files gets no file; the others get theirs. */
static void hostile_device(void **state)
{
	strcpy(devices[0].name, "e$(id)");
	pns[1].ifindex = 4;
	handoff_devices(&progress, &links);
	assert_non_null(content(SD "eth1.network"));
	assert_null(content(SD "e$(id).network"));
	assert_null(content("/net-e$(id).conf"));
	strcpy(devices[0].name, "eth0");
	strcpy(devices[1].name, "v$(id)");
	pns[0].ifindex = 3;
	handoff_devices(&progress, &links);
	assert_null(strstr(content(SD "eth0.network"), "VLAN"));
}

static void names(void **state)
{
	assert_true(handoff_is_ifname("en_p0-s1.5"));
	assert_true(handoff_is_ifname("012345678901234"));
	assert_false(handoff_is_ifname("0123456789012345"));
	assert_false(handoff_is_ifname(""));
	assert_false(handoff_is_ifname(".eth0"));
	assert_false(handoff_is_ifname("-eth0"));
	assert_false(handoff_is_ifname("eth0:1"));
}

/* Boot continues if nothing can be written. */
static void no_run(void **state)
{
	handoff_run = "/nonexistent";
	handoff_devices(&progress, &links);
	assert_null(content("/net-eth0.conf"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(static_address, make, root_remove),
		cmocka_unit_test_setup_teardown(leased_addresses, make, root_remove),
		cmocka_unit_test_setup_teardown(leases_to_renew, make, root_remove),
		cmocka_unit_test_setup_teardown(lease_of_firmware, make, root_remove),
		cmocka_unit_test_setup_teardown(networkd_in_the_image, make, root_remove),
		cmocka_unit_test_setup_teardown(networkmanager_in_the_image, make, root_remove),
		cmocka_unit_test_setup_teardown(set_mac, make, root_remove),
		cmocka_unit_test_setup_teardown(vlan, make, root_remove),
		cmocka_unit_test_setup_teardown(autoconf, make, root_remove),
		cmocka_unit_test_setup_teardown(two_nics, make, root_remove),
		cmocka_unit_test_setup_teardown(modes, make, root_remove),
		cmocka_unit_test_setup_teardown(second_run, make, root_remove),
		cmocka_unit_test_setup_teardown(symbolic_links, make, root_remove),
		cmocka_unit_test_setup_teardown(bond, make, root_remove),
		cmocka_unit_test_setup_teardown(bond_below_a_vlan, make, root_remove),
		cmocka_unit_test_setup_teardown(other_members, make, root_remove),
		cmocka_unit_test_setup_teardown(hostile_texts, make, root_remove),
		cmocka_unit_test_setup_teardown(hostile_device, make, root_remove),
		cmocka_unit_test_setup_teardown(names, make, root_remove),
		cmocka_unit_test_setup_teardown(no_run, make, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

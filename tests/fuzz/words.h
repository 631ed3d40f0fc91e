/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mutator that knows the parts of kernel command-line parameters. Half of the time it adds a
 * parameter made of parts that fit or do not fit; otherwise libFuzzer mutates.
 */
#ifndef TESTS_FUZZ_WORDS_H
#define TESTS_FUZZ_WORDS_H

#include "tests/fuzz/table.h"

struct writer {
	char text[1024];
	size_t len;
	unsigned int seed;
};

static inline void add(struct writer *w, const char *s)
{
	size_t len = strlen(s);

	if (w->len + len < sizeof(w->text)) {
		memcpy(w->text + w->len, s, len);
		w->len += len;
	}
}

#define PICK(w, list) ((list)[next_random(&(w)->seed, ARRAY_SIZE(list))])
#define MAYBE(w) (next_random(&(w)->seed, 2))

/* Adds the value of a field, mostly one that some field accepts. */
static inline void add_value(struct writer *w)
{
	static const char *const values[] = {
		"", "", "0", "1", "6", "24", "64", "3260", "9000", "65536", "4094", "no", "off", "none",
		"10.0.0.1", "0.0.0.0", "[fd00::1]", "255.255.255.0", "255.0.255.0", "[1::2]", "eth0",
		"eth1", "[1:2:3:4:5:6:7:8:9]", "a/b", "[x]", "-x", "host.example", "v5", "v5.6", "52:54:00:aa:00:01",
		"52-54-00-aa-00-02", "01-52-54-00-aa-00-01", "iqn.a:b", "eui.01", "disk", "dhcp",
		"dhcp6", "dhcp4", "bootp", "auto", "link-local", "dhcp,dhcp6", "dhcp,1", "all", "auto6",
		"10.0.0.2/24", "fd00::2/64", "[fd00::2]/64", "[fe80::2%eth0]", "fe80::2%eth1",
		"20:52:54:00:AA:00:01", "eth0:dhcp", "bootif", "static", "any", "ibft", "fw", "on", "0x0001000000000000",
		"0x000100000000000g", "000001000000000000", "1-2-3", "1-2-3-4-5", "1-", "1-g",
		"%41", "%00", "%4", "%g1", "%1g", "iscsi", "iscsi:", "secret", "\"", "a b", "BOOTIF",
		"fe80::1", "fd00::1", "[fe80::1%eth0]", "fe80::1%eth0", "[fe80::1%25eth1]", "fe80::1%2",
		"10.0.0.1%eth0", "cafe::", "IQN.A:b", "naa.01", "iscsi:ibft", "${mac}", "300",
	};

	add(w, PICK(w, values));
	while (!next_random(&w->seed, 40))
		add(w, "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long"
		       "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long"
		       "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long"
		       "long-long-long-long-long-long-long-long-long-long-long-long-long");
}

static inline void add_fields(struct writer *w, unsigned int n)
{
	while (n--) {
		add_value(w);
		if (n)
			add(w, ":");
	}
}

static inline void add_uri(struct writer *w)
{
	static const char *const keys[] = { "?rev-user=", "?rev-secret=", "?secret-file=", "?tpgt=",
					    "?nic=",	  ",rev-user=",	  ",rev-secret=",  ",x=" };
	unsigned int n;

	add(w, "iscsi_boot.target=iscsi://");
	if (MAYBE(w)) {
		add_fields(w, 1 + MAYBE(w));
		add(w, "@");
	}
	add_fields(w, 1 + MAYBE(w));
	for (n = next_random(&w->seed, 4); n; n--) {
		add(w, "/");
		add_value(w);
	}
	for (n = next_random(&w->seed, 4); n; n--) {
		add(w, PICK(w, keys));
		add_value(w);
	}
}

static inline void add_netroot(struct writer *w)
{
	static const char *const heads[] = { "netroot=iscsi:", "root=iscsi:", "netroot=", "root=" };

	add(w, PICK(w, heads));
	if (MAYBE(w)) {
		add_fields(w, 1 + next_random(&w->seed, 5));
		add(w, "@");
	}
	add(w, "10.0.0.1:");
	add_fields(w, 1 + next_random(&w->seed, 6));
	if (MAYBE(w))
		add(w, ":iqn.a:b");
}

/* Adds root= by udev's by-path name, of which one part may be another. */
static inline void add_by_path(struct writer *w)
{
	static const char *const parts[] = { "root=", "/dev/disk/by-path/", "ip-", "10.0.0.1", ":3260",
					     "-iscsi-", "iqn.a:b", "-lun-", "1", "-part2" };
	unsigned int i, other = next_random(&w->seed, 2 * ARRAY_SIZE(parts));

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		if (i == 1 && !next_random(&w->seed, 4))
			add(w, "block:");
		if (i == 2 && !next_random(&w->seed, 4))
			add(w, "pci-0000:00:1f.2-");
		if (i != other)
			add(w, parts[i]);
		else if (MAYBE(w))
			add_value(w);
	}
}

static inline void add_ip(struct writer *w)
{
	add(w, next_random(&w->seed, 8) ? "ip=" : "ip6=");
	if (MAYBE(w)) {
		add(w, MAYBE(w) ? "10.0.0.1::" : "[fd00::1]::");
		add_fields(w, 1 + next_random(&w->seed, 8));
	} else {
		add_fields(w, 1 + next_random(&w->seed, 4));
	}
}

static inline void add_bond(struct writer *w)
{
	static const char *const nics[] = { "eth0", "eth1", "52-54-00-aa-00-01", "b0", "" };
	static const char *const options[] = {
		"mode=802.3ad", "mode=1", "mode=balance-tlb", "mode=lacp", "miimon=0", "miimon=off", "arp_interval=9",
		"arp_ip_target=10.0.0.1;10.0.0.2", "primary=eth0", "lacp_rate=fast", "updelay=9", "x=",
	};
	unsigned int n;

	add(w, MAYBE(w) ? "bond=b0:" : "bond=b1:");
	for (n = next_random(&w->seed, 4); n; n--) {
		add(w, PICK(w, nics));
		add(w, ",");
	}
	add(w, ":");
	for (n = next_random(&w->seed, 4); n; n--) {
		add(w, PICK(w, options));
		if (MAYBE(w))
			add_value(w);
		add(w, ",");
	}
	if (MAYBE(w)) {
		add(w, ":");
		add_value(w);
	}
}

static inline void add_other(struct writer *w)
{
	static const char *const names[] = {
		"ifname=eth0:", "vlan=v5:", "vlan=", "ifname=", "BOOTIF=", "nameserver=",
		"rd.iscsi.firmware=", "iscsi_noibft=", "iscsi_initiator=", "iscsi_target_name=",
		"iscsi_target_ip=", "iscsi_target_port=", "iscsi_tgpt=", "iscsi_username=",
		"ip6=", "bootdev=", "rd.bootif=", "gk.net.iface=", "gk.net.gw=", "gateway=", "netmask=",
		"hostname=", "mtu=", "ksdevice=", "iscsi_password=", "iscsi_in_username=", "iscsi_in_password=", "rd.iscsi.transport=",
		"bond=", "team=eth5:", "bridge=", "team=", "rd.route=10.8.0.0/16:", "gk.net.routes=",
		"iscsi_boot.target1.recovery-tmo=", "iscsi_boot.failover=", "rd.iscsi.param=node.",
		"iscsi_boot.initiator=iqn.a:", "rd.iscsi.bypass=", "iscsiroot=", "rd.iscsi.ibft=",
	};

	add(w, PICK(w, names));
	add_value(w);
}

static inline size_t mutate_words(u8 *data, size_t size, size_t max, unsigned int seed)
{
	static void (*const makers[])(struct writer *) = { add_uri, add_netroot, add_by_path,
							       add_ip, add_bond, add_other };
	struct writer w = { .seed = seed };

	if (MAYBE(&w))
		return LLVMFuzzerMutate(data, size, max);
	add(&w, " ");
	PICK(&w, makers)(&w);
	if (!next_random(&w.seed, 4)) /* replaces the whole input */
		size = 0;
	if (size + w.len > max)
		return LLVMFuzzerMutate(data, size, max);
	memcpy(data + size, w.text, w.len);
	return size + w.len;
}

#endif

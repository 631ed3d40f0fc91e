// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the iBFT parser: damages one field of a valid table and repairs the checksum, then expects an
 * exact diagnostic and unchanged other objects. The first case damages nothing.
 */
#include "tests/unit/parsed.h"

enum {
	CONTROL = 48,
	INITIATOR = 72,
	NIC0 = 152,
	NIC1 = 256,
	TARGET0 = 360,
	TARGET1 = 416,
	HEAP = 480
};

#define SIZE 640

struct table {
	u8 b[SIZE];
	size_t heap;
};

static void put16(u8 *at, unsigned int v)
{
	at[0] = (u8)v;
	at[1] = (u8)(v >> 8);
}

static void head(struct table *t, size_t at, u8 id, unsigned int len, u8 index)
{
	t->b[at] = id;
	t->b[at + 1] = 1;
	put16(t->b + at + 2, len);
	t->b[at + 4] = index;
	t->b[at + 5] = 3;
}

static void ipv4(u8 *at, u8 a, u8 b, u8 c, u8 d)
{
	const u8 addr[] = { 0xff, 0xff, a, b, c, d };

	memcpy(at + 10, addr, sizeof(addr));
}

static void string(struct table *t, size_t at, const char *s)
{
	put16(t->b + at, (unsigned int)strlen(s));
	put16(t->b + at + 2, (unsigned int)t->heap);
	memcpy(t->b + t->heap, s, strlen(s));
	t->heap += strlen(s) + 1;
	assert_true(t->heap <= SIZE);
}

static void nic(struct table *t, size_t at, u8 index)
{
	head(t, at, 3, 102, index);
	ipv4(t->b + at + 6, 192, 168, 1, (u8)(20 + index));
	t->b[at + 22] = 24;
	t->b[at + 23] = 1;
	memcpy(t->b + at + 90, "\x52\x54\x00\xaa\x00", 5);
	t->b[at + 95] = (u8)(index + 1);
	put16(t->b + at + 96, 0x18 + 8U * index);
	string(t, at + 98, "host");
}

static void target(struct table *t, size_t at, u8 index)
{
	head(t, at, 4, 54, index);
	ipv4(t->b + at + 6, 192, 168, 1, 10);
	put16(t->b + at + 22, 3260);
	t->b[at + 25] = 1;
	t->b[at + 32] = 2;
	t->b[at + 33] = index;
	string(t, at + 34, index ? "iqn.2024-01.example:b" : "iqn.2024-01.example:a");
	string(t, at + 38, "user");
	string(t, at + 42, "secretsecret");
	string(t, at + 46, "ruser");
	string(t, at + 50, "rsecretsecret");
}

static void good_table(struct table *t)
{
	memset(t, 0, sizeof(*t));
	t->heap = HEAP;
	memcpy(t->b, "iBFT", 4);
	put16(t->b + 4, SIZE);
	t->b[8] = 1;
	memcpy(t->b + 10, "OEMID", 5);
	head(t, CONTROL, 1, 18, 0);
	put16(t->b + CONTROL + 8, INITIATOR);
	put16(t->b + CONTROL + 10, NIC0);
	put16(t->b + CONTROL + 12, TARGET0);
	put16(t->b + CONTROL + 14, NIC1);
	put16(t->b + CONTROL + 16, TARGET1);
	head(t, INITIATOR, 2, 74, 0);
	string(t, INITIATOR + 70, "iqn.2024-01.example:me");
	nic(t, NIC0, 0);
	nic(t, NIC1, 1);
	target(t, TARGET0, 0);
	target(t, TARGET1, 1);
}

static void repair(u8 *b, size_t size)
{
	u8 sum = 0;
	size_t i;

	for (i = 0; i < size; i++)
		sum = (u8)(sum + b[i]);
	b[9] = (u8)(b[9] - sum);
}

/* Writes the bytes at @at. With @hole the header keeps the length SIZE, but the table ends there. */
struct mangle {
	const char *what;
	size_t at;
	const char *bytes;
	size_t n;
	const char *diag; /* NULL: no diagnostic is allowed */
	/* Expected numbers of objects, and a bit for each selected target. */
	unsigned int nics, targets, selected;
};

#define B(s) s, sizeof(s) - 1

static const struct mangle mangles[] = {
	{ "nothing", 9, B(""), NULL, 2, 2, 3 },
	{ "length too long", 4, B("\x00\x03"), "error ibft length 4: 768 bytes, must be 66 to 640",
	  2, 2, 0 },
	{ "length too short", 4, B("\x41\x00"), "error ibft length 4: 65 bytes, must be", 2, 2, 0 },
	{ "revision", 8, B("\x02"), "error ibft revision 8: 2 is unknown", 0, 0, 0 },
	{ "control id", CONTROL, B("\x02"), "error ibft.control id 48: 2, must be 1", 0, 0, 0 },
	{ "control version", CONTROL + 1, B("\x02"),
	  "warning ibft.control version 49: 2, read as 1", 2, 2, 3 },
	{ "control length short", CONTROL + 2, B("\x11\x00"),
	  "error ibft.control length 50: 17 bytes, must be 18 to 592", 2, 2, 3 },
	{ "control length long", CONTROL + 2, B("\xff\xff"),
	  "error ibft.control length 50: 65535 bytes, must be 18 to 592", 2, 2, 3 },
	{ "control length odd", CONTROL + 2, B("\x13\x00"),
	  "warning ibft.control length 50: 19 is odd", 2, 2, 3 },
	{ "control index", CONTROL + 4, B("\x01"), "warning ibft.control index 52: 1, must be 0", 2,
	  2, 3 },
	{ "extensions", CONTROL + 6, B("\x7f\x02"),
	  "warning ibft.control extensions 54: invalid offset 639", 2, 2, 3 },
	{ "extensions in the control structure", CONTROL + 5, B("\x05\x35\x00"),
	  "warning ibft.control extensions 54: invalid offset 53", 2, 2, 3 },
	{ "pointer into the header", CONTROL + 10, B("\x08\x00"),
	  "error ibft.control nic0 58: invalid offset 8 in a table of 640 bytes", 1, 2, 3 },
	{ "pointer past the end", CONTROL + 12, B("\x7b\x02"),
	  "error ibft.control target0 60: invalid offset 635 in a table of 640 bytes", 2, 1, 1 },
	{ "pointer far out", CONTROL + 16, B("\xff\xff"),
	  "error ibft.control target1 64: invalid offset 65535 in a table of 640 bytes", 2, 1, 1 },
	{ "pointer repeated", CONTROL + 14, B("\x98\x00"),
	  "warning ibft.control nic1 62: repeats offset 152; ignored", 1, 2, 3 },
	{ "pointer to another kind", CONTROL + 10, B("\xa0\x01"),
	  "warning ibft.control nic0 58: points to a target", 1, 2, 3 },
	{ "pointer zero", CONTROL + 10, B("\x00\x00"),
	  "warning ibft.target0 nic-assoc -: no NIC has index 0", 1, 2, 3 },
	{ "structure id", NIC1, B("\x07"),
	  "error ibft.control nic1 62: points to a structure with unknown id 7 at offset 256", 1, 2,
	  3 },
	{ "structure id of the extensions", NIC1, B("\x05"),
	  "error ibft.control nic1 62: points to a structure with unknown id 5 at offset 256", 1, 2,
	  3 },
	{ "structure version", NIC1 + 1, B("\x03"),
	  "warning ibft.control nic1 62: structure at offset 256 has version 3", 2, 2, 3 },
	{ "structure too short", TARGET1 + 2, B("\x35\x00"),
	  "error ibft.control target1 64: a target of 53 bytes at offset 416; needs 54", 2, 1, 1 },
	{ "structure too long", TARGET1 + 2, B("\xe1\x00"),
	  "error ibft.control target1 64: a target of 225 bytes", 2, 1, 1 },
	{ "not valid", NIC1 + 5, B("\x00"),
	  "warning ibft.control nic1 62: structure at offset 256 is not marked valid; ignored", 1,
	  2, 3 },
	{ "selected, not valid", NIC1 + 5, B("\x02"),
	  "warning ibft.control nic1 62: structure at offset 256 is boot selected, not valid", 2, 2,
	  3 },
	{ "initiator name out of range", INITIATOR + 72, B("\xff\xff"),
	  "error ibft.initiator initiator-name 142: 22 bytes at offset 65535", 2, 2, 3 },
	{ "initiator name in the header", INITIATOR + 72, B("\x00\x00"),
	  "error ibft.initiator initiator-name 142: 22 bytes at offset 0", 2, 2, 3 },
	{ "nic index twice", NIC1 + 4, B("\x00"),
	  "warning ibft.nic1 firmware-index 260: an earlier NIC already has index 0", 2, 2, 3 },
	{ "address cut from IPv6", NIC0 + 18, B("\xfd\0\0\0"),
	  "warning ibft.nic0 ip-addr 158: 253.0.0.0 is reserved (class E); ignored; the firmware cut an IPv6 address to four bytes",
	  2, 2, 3 },
	{ "address multicast", NIC0 + 18, B("\xe0\0\0\1"),
	  "warning ibft.nic0 ip-addr 158: 224.0.0.1 is a multicast address; ignored", 2, 2, 3 },
	{ "gateway of no host", NIC0 + 34, B("\xff\xff\xf0\0\0\1"),
	  "warning ibft.nic0 gateway 176: 240.0.0.1 is reserved (class E); ignored", 2, 2, 3 },
	{ "name server of no host", NIC0 + 50, B("\xff\xff\xfd\0\0\0"),
	  "warning ibft.nic0 primary-dns 192: 253.0.0.0 is reserved (class E); ignored; the firmware cut",
	  2, 2, 3 },
	{ "prefix", NIC0 + 22, B("\x21"), "error ibft.nic0 prefix-len 174: 33 is above 32", 2, 2,
	  3 },
	{ "origin", NIC0 + 23, B("\x07"), "warning ibft.nic0 origin 175: 7 is unknown", 2, 2, 3 },
	{ "origin of iPXE", NIC0 + 23, B("\x0f"), NULL, 2, 2, 3 },
	{ "DHCP server of no host", NIC0 + 82, B("\xff\xff\xff\xff\xff\xff"), NULL, 2, 2, 3 },
	{ "vlan priority", NIC0 + 88, B("\x2a\x60"),
	  "warning ibft.nic0 vlan 240: priority bits of 24618 ignored", 2, 2, 3 },
	{ "vlan reserved", NIC0 + 88, B("\xff\x0f"), "error ibft.nic0 vlan 240: 4095 is reserved",
	  2, 2, 3 },
	{ "mac zero", NIC0 + 90, B("\0\0\0\0\0\0"), "warning ibft.nic0 mac 242: is all zero", 2, 2,
	  3 },
	{ "mac multicast", NIC0 + 90, B("\x01"), "warning ibft.nic0 mac 242: is a group address", 2,
	  2, 3 },
	{ "hostname out of range", NIC0 + 98, B("\xc8\x00\x60\xea"),
	  "error ibft.nic0 hostname 250: 200 bytes at offset 60000", 2, 2, 3 },
	{ "hostname ends one past", NIC0 + 98, B("\x05\x00\x7c\x02"),
	  "error ibft.nic0 hostname 250: 5 bytes at offset 636", 2, 2, 3 },
	{ "hostname ends at the end", NIC0 + 98, B("\x04\x00\x7c\x02"), NULL, 2, 2, 3 },
	{ "target address zero", TARGET0 + 6, B("\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0"),
	  "error ibft.target0 ip-addr 366: no address", 2, 2, 2 },
	{ "portal cut from IPv6", TARGET0 + 18, B("\xfe\xc0\0\0"),
	  "error ibft.target0 ip-addr 366: 254.192.0.0 is reserved (class E); the firmware cut an IPv6 address, fec0:0:..., to four bytes; name the target by iscsi_boot.target=",
	  2, 2, 2 },
	{ "portal cut from a ULA", TARGET0 + 18, B("\xfd\x12\x34\x56"),
	  "error ibft.target0 ip-addr 366: 253.18.52.86 is reserved (class E); the firmware cut an IPv6 address, fd12:3456:..., to",
	  2, 2, 2 },
	{ "portal of class E", TARGET0 + 18, B("\xf0\0\0\1"),
	  "error ibft.target0 ip-addr 366: 240.0.0.1 is reserved (class E); check the target's address",
	  2, 2, 2 },
	{ "portal multicast", TARGET0 + 18, B("\xe0\0\0\1"),
	  "error ibft.target0 ip-addr 366: 224.0.0.1 is a multicast address; check", 2, 2, 2 },
	{ "portal broadcast", TARGET0 + 18, B("\xff\xff\xff\xff"),
	  "error ibft.target0 ip-addr 366: 255.255.255.255 is the broadcast address", 2, 2, 2 },
	{ "portal loopback", TARGET0 + 18, B("\x7f\0\0\1"),
	  "error ibft.target0 ip-addr 366: 127.0.0.1 is a loopback address", 2, 2, 2 },
	{ "portal in net 0", TARGET0 + 18, B("\0\0\0\1"),
	  "error ibft.target0 ip-addr 366: 0.0.0.1 is in 0.0.0.0/8", 2, 2, 2 },
	{ "portal of the machine itself", TARGET0 + 18, B("\xc0\xa8\1\x15"),
	  "error ibft.target0 ip-addr 366: 192.168.1.21 is the address of nic1; check", 2, 2, 2 },
	{ "portal is the subnet's broadcast", TARGET0 + 18, B("\xc0\xa8\1\xff"),
	  "error ibft.target0 ip-addr 366: 192.168.1.255 is the broadcast address of the subnet of nic0",
	  2, 2, 2 },
	{ "portal is the subnet itself", TARGET0 + 18, B("\xc0\xa8\1\0"),
	  "error ibft.target0 ip-addr 366: 192.168.1.0 is the network address of the subnet of nic0",
	  2, 2, 2 },
	{ "portal multicast IPv6", TARGET0 + 6, B("\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
	  "error ibft.target0 ip-addr 366: ff02::1 is a multicast address", 2, 2, 2 },
	{ "portal loopback IPv6", TARGET0 + 6, B("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
	  "error ibft.target0 ip-addr 366: ::1 is a loopback address", 2, 2, 2 },
	{ "portal IPv4 without prefix", TARGET0 + 16, B("\0\0\xc0\xa8\1\x0a"),
	  "error ibft.target0 ip-addr 366: ::c0a8:10a is an IPv4 address without its ::ffff:", 2, 2,
	  2 },
	{ "portal elsewhere", TARGET0 + 18, B("\x20\1\x0d\xb8"), NULL, 2, 2, 3 },
	{ "string in a structure", NIC0 + 100, B("\xa8\x01"),
	  "error ibft.nic0 hostname 250: 4 bytes at offset 424 lie in a structure", 2, 2, 3 },
	{ "string in the control structure", NIC0 + 100, B("\x34\0"),
	  "error ibft.nic0 hostname 250: 4 bytes at offset 52 lie in a structure", 2, 2, 3 },
	{ "two ports with one MAC", NIC1 + 95, B("\1"),
	  "warning ibft.nic1 mac 346: also that of nic0; the PCI address tells them apart", 2, 2,
	  3 },
	{ "target port zero", TARGET0 + 22, B("\0\0"),
	  "warning ibft.target0 port 382: 0 is no port; 3260 is used", 2, 2, 3 },
	{ "target name absent", TARGET0 + 34, B("\0\0"),
	  "error ibft.target0 target-name 394: no name", 2, 2, 2 },
	{ "target name out of range", TARGET0 + 36, B("\x80\x02"),
	  "error ibft.target0 target-name 394: 21 bytes at offset 640", 2, 2, 2 },
	{ "chap type", TARGET0 + 32, B("\x03"), "error ibft.target0 chap-type 392: 3 is unknown", 2,
	  2, 2 },
	{ "chap type 0 with credentials", TARGET0 + 32, B("\x00"),
	  "warning ibft.target0 chap-type 392: 0, but credentials are present; used as 2", 2, 2,
	  3 },
	{ "chap name absent", TARGET0 + 38, B("\0\0"),
	  "error ibft.target0 chap-type 392: 2, but a name or secret", 2, 2, 2 },
	{ "chap name out of range", TARGET0 + 40, B("\xff\xff"),
	  "error ibft.target0 chap-name 398:", 2, 2, 2 },
	{ "chap pair absent", TARGET0 + 38, B("\0\0\0\0\0\0\0\0"),
	  "error ibft.target0 chap-type 392: 2, but a name or secret", 2, 2, 2 },
	{ "reverse pair absent", TARGET0 + 46, B("\0\0\0\0\0\0\0\0"),
	  "error ibft.target0 chap-type 392: 2, but a name or secret", 2, 2, 2 },
	{ "chap secret absent", TARGET0 + 42, B("\0\0"), "error ibft.target0 chap-type 392: 2,", 2,
	  2, 2 },
	{ "chap secret out of range", TARGET0 + 44, B("\xff\xff"),
	  "error ibft.target0 chap-secret 402: 12 bytes at offset 65535", 2, 2, 2 },
	{ "chap secret too long", TARGET0 + 42, B("\x01\x01\x30\x00"),
	  "error ibft.target0 chap-secret 402:", 2, 2, 2 },
	{ "chap secret without offset", TARGET0 + 44, B("\0\0"),
	  "error ibft.target0 chap-secret 402: 12 bytes at offset 0", 2, 2, 2 },
	{ "reverse name absent", TARGET0 + 46, B("\0\0"), "error ibft.target0 chap-type 392:", 2, 2,
	  2 },
	{ "reverse secret absent", TARGET0 + 50, B("\0\0"), "error ibft.target0 chap-type 392:", 2,
	  2, 2 },
	{ "reverse secret out of range", TARGET0 + 52, B("\xff\xff"),
	  "error ibft.target0 rev-chap-name-secret 410:", 2, 2, 2 },
	{ "chap type 1 with both pairs", TARGET0 + 32, B("\x01"),
	  "warning ibft.target0 chap-type 392: 1, but credentials are present; used as 2", 2, 2,
	  3 },
	{ "radius", TARGET0 + 5, B("\x07"),
	  "warning ibft.target0 flags 365: RADIUS is not supported", 2, 2, 3 },
	{ "nic unresolved", TARGET0 + 33, B("\x09"),
	  "warning ibft.target0 nic-assoc -: no NIC has index 9", 2, 2, 3 },
};

static unsigned int selected(const struct parsed *v)
{
	unsigned int i, bits = 0;

	for (i = 0; i < v->p.nr_targets; i++)
		bits |= v->p.targets[i].selected << i;
	return bits;
}

/* The number of lines of the diagnostics. */
static unsigned int lines(const struct parsed *v)
{
	return v->d.errors + v->d.warnings;
}

/* Parses a copy of exact size, so that the sanitizer sees an overrun. */
static void parse(struct parsed *v, const struct table *t, size_t size, u8 **copy)
{
	*copy = malloc(size);
	memcpy(*copy, t->b, size);
	parsed_make(v, *copy, size, NULL);
}

static void test_mangles(void **state)
{
	struct table t;
	struct parsed v;
	size_t i;
	u8 *copy;

	for (i = 0; i < ARRAY_SIZE(mangles); i++) {
		const struct mangle *m = &mangles[i];

		good_table(&t);
		memcpy(t.b + m->at, m->bytes, m->n);
		repair(t.b, SIZE);
		parse(&v, &t, SIZE, &copy);
		if (m->diag)
			assert_diag(&v, m->diag);
		else if (v.d.text)
			fail_msg("%s: %s", m->what, v.d.text);
		if (v.p.nr_nics != m->nics || v.p.nr_targets != m->targets ||
		    selected(&v) != m->selected)
			fail_msg("%s: %u NICs, %u targets, selected %#x\n%s", m->what, v.p.nr_nics,
				 v.p.nr_targets, selected(&v), v.d.text ? v.d.text : "");
		parsed_free(&v);
		free(copy);
	}
}

/* An IPv4 portal that may be the beginning of an IPv6 address: what is sure, and what is suspect. */
static void test_cut_portals(void **state)
{
	static const struct {
		const char *oem, *nic_ip, *portal, *diag;
		unsigned int selected;
	} cases[] = {
		{ "FENSYS", "", "\x20\1\x0d\xb8",
		  "error ibft.target0 ip-addr 366: 32.1.13.184 is IPv4, but its NIC has no IPv4 address; the firmware cut an IPv6 address, 2001:db8:..., to four bytes; name",
		  0 },
		{ "FENSYS", "v4", "\x2a\2\1\2",
		  "warning ibft.target0 ip-addr 366: 42.2.1.2 is used, but in no subnet of a NIC; the firmware may have cut an IPv6 address, 2a02:102:..., to",
		  1 },
		{ "OTHER", "v6", "\x26\0\1\2",
		  "error ibft.target0 ip-addr 366: 38.0.1.2 is IPv4, but its NIC", 0 },
		{ "OTHER", "v6", "\x0a\0\1\2",
		  "warning ibft.target0 ip-addr 366: 10.0.1.2 is used, but its NIC has no IPv4 address; check",
		  1 },
		{ "OTHER", "", "\x2a\2\1\2", NULL, 1 },
		{ "OTHER", "v4", "\x2a\2\1\2", NULL, 1 },
		{ "FENSYS", "v4", "\x0a\0\1\2", NULL, 1 },
		{ "SOMEONiPXE", "v4", "\x2a\2\1\2",
		  "warning ibft.target0 ip-addr 366: 42.2.1.2 is used, but in no subnet of a NIC;",
		  1 },
		{ "FENSYS", "near", "\x2a\2\1\2", NULL, 1 },
		{ "SOMEONE", "v4", "\x2a\2\1\2", NULL, 1 },
		{ "FENSYS", "", "\0\x64\xff\x9b",
		  "error ibft.target0 ip-addr 366: 0.100.255.155 is in 0.0.0.0/8, which is no host; the firmware cut an IPv6 address, 64:ff9b:",
		  0 },
	};
	struct table t;
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good_table(&t);
		memset(t.b + 10, 0, 6);
		memcpy(t.b + 10, cases[i].oem, strlen(cases[i].oem));
		put16(t.b + CONTROL + 14, 0);
		put16(t.b + CONTROL + 16, 0);
		if (strcmp(cases[i].nic_ip, "v4"))
			memset(t.b + NIC0 + 6, 0, 16);
		if (!strcmp(cases[i].nic_ip, "v6"))
			t.b[NIC0 + 6] = 0xfd;
		if (!strcmp(cases[i].nic_ip, "near"))
			ipv4(t.b + NIC0 + 6, 42, 2, 1, 20);
		memcpy(t.b + TARGET0 + 18, cases[i].portal, 4);
		repair(t.b, SIZE);
		parsed_make(&v, t.b, SIZE, NULL);
		if (cases[i].diag)
			assert_diag(&v, cases[i].diag);
		else
			assert_null(v.d.text);
		assert_int_equal(selected(&v), cases[i].selected);
		parsed_free(&v);
	}
}

/* An IPv6 portal, and a portal whose NIC is unknown, show nothing about a NIC without IPv4. */
static void test_portal_without_v4_nic(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	memset(t.b + NIC0 + 6, 0, 16);
	t.b[NIC0 + 6] = 0xfd;
	memset(t.b + TARGET0 + 6, 0, 16);
	t.b[TARGET0 + 6] = 0xfd;
	t.b[TARGET0 + 8] = 1;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_null(v.d.text);
	parsed_free(&v);
	ipv4(t.b + TARGET0 + 6, 10, 0, 1, 2);
	memset(t.b + TARGET0 + 6, 0, 10);
	t.b[TARGET0 + 33] = 9;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "warning ibft.target0 nic-assoc -: no NIC has index 9");
	assert_int_equal(v.d.warnings, 1);
	parsed_free(&v);
}

/* The tables of EDK2 have this size; it writes IPv6 portals as IPv4 in some versions. */
static void test_cut_portal_of_edk2(void **state)
{
	static u8 big[2048]; /* too large for the kernel's stack */
	struct table t;
	struct parsed v;

	good_table(&t);
	memcpy(t.b + TARGET0 + 18, "\x2a\2\1\2", 4);
	put16(t.b + 4, sizeof(big));
	memcpy(big, t.b, SIZE);
	repair(big, sizeof(big));
	parsed_make(&v, big, sizeof(big), NULL);
	assert_diag(
		&v,
		"warning ibft.target0 ip-addr 366: 42.2.1.2 is used, but in no subnet of a NIC;");
	assert_int_equal(selected(&v), 3);
	parsed_free(&v);
}

/*
 * Several entries of one port, and ports that only the PCI address tells apart. NIC 1 has the MAC of
 * NIC 0.
 */
static void test_same_mac(void **state)
{
	static const struct {
		unsigned int bdf0, bdf1;
		u8 vlan;
		const char *ip; /* of NIC 1; NULL: none */
		const char *what; /* NULL: no diagnostic */
	} cases[] = {
		{ 0x18, 0x20, 0, "192.168.1.21", "the PCI address tells them apart" },
		{ 0x18, 0x20, 7, NULL, "the PCI address tells them apart" },
		{ 0x18, 0x18, 0, "192.168.1.21", NULL },
		{ 0x18, 0x18, 0, "192.168.2.21", "taken as one device with both addresses" },
		{ 0, 0x20, 0, "192.168.1.21", NULL },
		{ 0, 0x20, 0, "192.168.2.21", "taken as one device with both addresses" },
		{ 0x18, 0, 0, "192.168.2.21", "taken as one device with both addresses" },
		{ 0, 0, 7, "192.168.2.21", NULL },
		{ 0, 0, 0, "fd00::21", NULL },
		{ 0, 0, 0, NULL, NULL },
	};
	struct ibu_addr ip;
	struct table t;
	struct parsed v;
	size_t i;

	for (i = 0; i < 2 * ARRAY_SIZE(cases); i++) {
		const typeof(cases[0]) *c = &cases[i / 2];
		/* The second time the entries are the other way round. */
		size_t a = i % 2 ? NIC1 : NIC0, b = i % 2 ? NIC0 : NIC1;

		good_table(&t);
		memcpy(t.b + NIC1 + 90, t.b + NIC0 + 90, 6);
		put16(t.b + a + 96, c->bdf0);
		put16(t.b + b + 96, c->bdf1);
		t.b[b + 88] = c->vlan;
		memset(&ip, 0, sizeof(ip));
		if (c->ip)
			assert_int_equal(ibu_addr_parse(c->ip, strlen(c->ip), &ip), 0);
		memcpy(t.b + b + 6, ip.b, 16);
		repair(t.b, SIZE);
		parsed_make(&v, t.b, SIZE, NULL);
		if (c->what)
			assert_diag(&v, c->what);
		else if (v.d.text && strstr(v.d.text, "also that of"))
			fail_msg("case %zu: %s", i / 2, v.d.text);
		parsed_free(&v);
	}
}

/* One port with an IPv6 address, and an entry without one. */
static void test_same_mac_without_address(void **state)
{
	struct table t;
	struct parsed v;
	int i;

	for (i = 0; i < 2; i++) {
		good_table(&t);
		memcpy(t.b + NIC1 + 90, t.b + NIC0 + 90, 6);
		memcpy(t.b + NIC1 + 96, t.b + NIC0 + 96, 2);
		memset(t.b + NIC0 + 6, i ? 0 : 0xfd, 16);
		memset(t.b + NIC1 + 6, i ? 0xfd : 0, 16);
		repair(t.b, SIZE);
		parsed_make(&v, t.b, SIZE, NULL);
		assert_true(!v.d.text || !strstr(v.d.text, "also that of"));
		parsed_free(&v);
	}
}

/* Two entries with one MAC that no PCI address tells apart. */
static void test_one_mac(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	t.b[NIC1 + 95] = 1;
	put16(t.b + NIC1 + 96, 0);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_null(v.d.text); /* one subnet */
	parsed_free(&v);
	t.b[NIC1 + 20] = 2;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(
		&v,
		"warning ibft.nic1 mac 346: also that of nic0; taken as one device with both addresses");
	parsed_free(&v);
	/* No MAC is not the same one. */
	memset(t.b + NIC0 + 90, 0, 6);
	memset(t.b + NIC1 + 90, 0, 6);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_int_equal(lines(&v), 2);
	parsed_free(&v);
}

/* EDK2 asks DHCPv6 for the target with this flag, and leases no address; with a server it is a lease. */
static void test_origin_of_ipv6(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	t.b[NIC0 + 23] = 3;
	t.b[NIC1 + 23] = 3;
	memset(t.b + NIC1 + 6, 0xfd, 16);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_nic(&v, 0, IBU_NIC_METHOD, "dhcp");
	assert_nic(&v, 1, IBU_NIC_METHOD, "static");
	assert_nic(&v, 1, IBU_NIC_ORIGIN, "3");
	parsed_free(&v);
	memset(t.b + NIC1 + 72, 0xfd, 16);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_nic(&v, 1, IBU_NIC_METHOD, "dhcp");
	parsed_free(&v);
	t.b[NIC1 + 23] = 4; /* a router's advertisement */
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_nic(&v, 1, IBU_NIC_METHOD, "auto6");
	parsed_free(&v);
	memset(t.b + NIC1 + 6, 0, 16); /* ::ffff:0.0.0.0 is no address, though of IPv4 */
	memset(t.b + NIC1 + 16, 0xff, 2);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_nic(&v, 1, IBU_NIC_METHOD, "auto6");
	parsed_free(&v);
	memset(t.b + NIC0 + 6, 0, 16); /* the agent asks for a lease */
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_nic(&v, 0, IBU_NIC_METHOD, "dhcp");
	parsed_free(&v);
}

/*
 * As EDK2 fills its table: structures from the front, strings from the end. The strings of target 1,
 * written last, lie in NIC 1, and NIC 1 lies over a string of target 0.
 */
static void test_out_of_space(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	put16(t.b + TARGET0 + 36, NIC1 + 4);
	memcpy(t.b + NIC1 + 80, "iqn.2024-01.example:b", 22);
	put16(t.b + TARGET1 + 36, NIC1 + 80);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(
		&v,
		"error ibft length 4: firmware ran out of its 640 bytes: from byte 260 on, 2 structures are damaged");
	assert_int_equal(lines(&v), 1);
	assert_int_equal(v.p.nr_nics, 1);
	assert_int_equal(selected(&v), 2);
	assert_target(&v, 0, IBU_TARGET_USABLE, "0");
	parsed_free(&v);
}

/* One string that is whole, in a structure: the structure is certainly overwritten. */
static void test_overwritten_by_one(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	put16(t.b + NIC0 + 100, NIC1 + 76);
	memcpy(t.b + NIC1 + 76, "host", 4);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "from byte 332 on, 1 structure is damaged");
	assert_int_equal(v.p.nr_nics, 1);
	assert_nic(&v, 0, IBU_NIC_HOSTNAME, "host");
	assert_int_equal(selected(&v), 3);
	parsed_free(&v);
	/* A byte of the structure is in the string: its offset is wrong. */
	t.b[NIC1 + 78] = 0xff;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.nic0 hostname 250: 4 bytes at offset 332 lie in a structure");
	assert_int_equal(lines(&v), 1);
	assert_int_equal(v.p.nr_nics, 2);
	parsed_free(&v);
	/* A second one: the table is damaged. */
	put16(t.b + INITIATOR + 72, NIC1 + 76);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "from byte 332 on");
	parsed_free(&v);
}

/* Strings in what only resembles a structure are read. */
static void test_no_structures(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t); /* not valid */
	put16(t.b + NIC0 + 100, NIC1 + 76);
	memcpy(t.b + NIC1 + 76, "host", 4);
	t.b[NIC1 + 5] = 0;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_nic(&v, 0, IBU_NIC_HOSTNAME, "host");
	assert_int_equal(v.d.errors, 0);
	parsed_free(&v);

	good_table(&t); /* in the header */
	put16(t.b + CONTROL + 14, 10);
	memcpy(t.b + 10, "\x03\x01\x66\0\0\1", 6);
	put16(t.b + NIC0 + 100, 66);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.control nic1 62: invalid offset 10");
	assert_int_equal(v.d.errors, 1);
	parsed_free(&v);

	good_table(&t); /* of another kind, in a string */
	put16(t.b + CONTROL + 14, HEAP + 4);
	t.b[HEAP + 4] = 1;
	t.b[HEAP + 9] = 3;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_true(ibu_has(&v.p.root.f, IBU_ROOT_INITIATOR_NAME));
	assert_true(!v.d.text || !strstr(v.d.text, "lie in"));
	parsed_free(&v);
}

/* Strings that begin in the header, and those of no bytes, overlap nothing. */
static void test_strings_elsewhere(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	put16(t.b + NIC0 + 100, 46);
	put16(t.b + NIC1 + 100, 46);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.nic0 hostname 250: 4 bytes at offset 46 are not inside");
	assert_diag(&v, "error ibft.nic1 hostname 354: 4 bytes at offset 46 are not inside");
	assert_int_equal(lines(&v), 2);
	parsed_free(&v);

	good_table(&t);
	put16(t.b + NIC0 + 98, 0);
	put16(t.b + NIC0 + 100, 700);
	put16(t.b + NIC1 + 98, 0);
	put16(t.b + NIC1 + 100, 700);
	put16(t.b + INITIATOR + 70, 0);
	put16(t.b + INITIATOR + 72, 700);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_true(!v.d.text || !strstr(v.d.text, "past"));
	parsed_free(&v);

	/* A structure whose head is cut is no proof that the table was. */
	good_table(&t);
	put16(t.b + NIC0 + 100, 700);
	put16(t.b + INITIATOR + 72, 700);
	put16(t.b + CONTROL + 14, SIZE - 4);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.nic0 hostname 250: 4 bytes at offset 700 are not inside");
	assert_diag(&v, "error ibft.control nic1 62: invalid offset 636");
	parsed_free(&v);
}

/* Behind the first overlap, a structure that is cut, short or of no known kind is damage too. */
static void test_damaged_structures(void **state)
{
	static const struct {
		unsigned int pointer;
		size_t at;
		u8 value;
	} cases[] = {
		{ SIZE - 5, TARGET1, 4 }, /* no room for its head */
		{ TARGET1, TARGET1 + 2, 53 },
		{ TARGET1, TARGET1, 1 },
		{ TARGET1, TARGET1, 5 },
	};
	struct table t;
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good_table(&t);
		put16(t.b + NIC0 + 100, NIC1 + 76);
		memcpy(t.b + NIC1 + 76, "host", 4);
		put16(t.b + CONTROL + 16, cases[i].pointer);
		t.b[cases[i].at] = cases[i].value;
		repair(t.b, SIZE);
		parsed_make(&v, t.b, SIZE, NULL);
		assert_diag(&v, "from byte 332 on");
		assert_int_equal(lines(&v), 1);
		assert_int_equal(selected(&v), 1);
		parsed_free(&v);
	}
	/* In front of it, the fault is another. */
	put16(t.b + INITIATOR + 2, 10);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.control initiator 56: a");
	parsed_free(&v);
}

/* A table that was cut: one line, and nothing that is whole is lost. */
static void test_past_the_end(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	put16(t.b + TARGET1 + 36, 700);
	put16(t.b + TARGET1 + 40, 720);
	put16(t.b + TARGET1 + 44, 740);
	put16(t.b + TARGET1 + 48, 760);
	put16(t.b + CONTROL + 14, 690);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(
		&v,
		"error ibft length 4: cut by the firmware: 5 items lie past its 640 bytes, up to byte 765");
	assert_int_equal(lines(&v), 4); /* and three of target 1 */
	assert_int_equal(selected(&v), 1);
	assert_int_equal(v.p.nr_nics, 1);
	parsed_free(&v);
	/* What lies elsewhere has a line of its own. */
	put16(t.b + INITIATOR + 72, 0);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v,
		    "error ibft.initiator initiator-name 142: 22 bytes at offset 0 are not inside");
	assert_int_equal(lines(&v), 5); /* and three of target 1 */
	parsed_free(&v);
}

/* A damaged credential leaves the type of CHAP unknown, so that no other entry passes for equal. */
static void test_unknown_chap(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	t.b[TARGET0 + 32] = 0;
	memset(t.b + TARGET0 + 38, 0, 16);
	put16(t.b + TARGET0 + 42, 9);
	put16(t.b + TARGET0 + 44, 639);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_target(&v, 0, IBU_TARGET_CHAP_TYPE, "-");
	assert_target(&v, 0, IBU_TARGET_USABLE, "0");
	parsed_free(&v);
}

/* Parses two tables; the second is as the first, but for what the caller changed. */
static void parse_both(struct parsed *v, struct table *a, struct table *b)
{
	struct ibu_params cl = { 0 };

	memset(v, 0, sizeof(*v));
	repair(a->b, SIZE);
	repair(b->b, SIZE);
	assert_int_equal(ibu_ibft_parse(a->b, SIZE, "acpi", &v->p, &v->d), 0);
	assert_int_equal(ibu_ibft_parse(b->b, SIZE, "acpi", &v->p, &v->d), 0);
	assert_int_equal(ibu_merge(&v->p, &cl, &v->d), 0);
}

/* A second table's targets are further ones, of the same NICs where they are the same. */
static void test_second_table(void **state)
{
	static struct table a, b; /* too large for the kernel's stack */
	struct parsed v;

	good_table(&a);
	good_table(&b);
	b.b[NIC1 + 95] = 9;
	b.b[TARGET1 + 21] = 77;
	parse_both(&v, &a, &b);
	assert_int_equal(lines(&v), 1);
	assert_diag(&v, "warning ibft2 table -: additional table; its targets are further ones");
	assert_int_equal(v.p.nr_nics, 3);
	assert_int_equal(v.p.nr_targets, 4);
	assert_int_equal(selected(&v), 3);
	assert_target(&v, 2, IBU_TARGET_NIC_ASSOC, "0");
	assert_target(&v, 3, IBU_TARGET_NIC_ASSOC, "2");
	assert_target(&v, 3, IBU_TARGET_IP_ADDR, "192.168.1.77");
	assert_target(&v, 3, IBU_TARGET_USABLE, "1");
	assert_nic(&v, 2, IBU_NIC_MAC, "52:54:00:aa:00:09");
	parsed_free(&v);
}

/* A NIC that differs in one thing is another one. */
static void test_second_table_nics(void **state)
{
	static const struct {
		size_t at;
		u8 first, second;
		unsigned int nics;
	} cases[] = {
		{ 96, 0x20, 0x28, 2 }, /* the PCI address is of no interest */
		{ 88, 7, 7, 2 },       { 88, 0, 7, 3 },	  { 88, 7, 8, 3 },
		{ 21, 21, 22, 3 },     { 22, 24, 25, 3 }, { 95, 2, 3, 3 },
	};
	static struct table a, b; /* too large for the kernel's stack */
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good_table(&a);
		good_table(&b);
		a.b[NIC1 + cases[i].at] = cases[i].first;
		b.b[NIC1 + cases[i].at] = cases[i].second;
		parse_both(&v, &a, &b);
		if (v.p.nr_nics != cases[i].nics)
			fail_msg("case %zu: %u NICs", i, v.p.nr_nics);
		assert_target(&v, 3, IBU_TARGET_NIC_ASSOC, v.p.nr_nics == 3 ? "2" : "1");
		parsed_free(&v);
	}
	/* Without a MAC it may be any. */
	good_table(&a);
	good_table(&b);
	memset(a.b + NIC1 + 90, 0, 6);
	memset(b.b + NIC1 + 90, 0, 6);
	parse_both(&v, &a, &b);
	assert_int_equal(v.p.nr_nics, 3);
	parsed_free(&v);
}

/* The last NIC of the second table is one of the first, and the one before it is not. */
static void test_second_table_numbers(void **state)
{
	static struct table a, b; /* too large for the kernel's stack */
	struct parsed v;

	good_table(&a);
	good_table(&b);
	b.b[NIC0 + 95] = 9;
	parse_both(&v, &a, &b);
	assert_int_equal(v.p.nr_nics, 3);
	assert_target(&v, 2, IBU_TARGET_NIC_ASSOC, "2");
	assert_target(&v, 3, IBU_TARGET_NIC_ASSOC, "1");
	parsed_free(&v);
}

/* One of the tables has no initiator name: that of the other one counts. */
static void test_second_table_names(void **state)
{
	static struct table a, b; /* too large for the kernel's stack */
	struct parsed v;
	int i;

	for (i = 0; i < 2; i++) {
		good_table(&a);
		good_table(&b);
		put16((i ? b.b : a.b) + INITIATOR + 70, 0);
		parse_both(&v, &a, &b);
		assert_diag(
			&v,
			"warning ibft2 table -: additional table; its targets are further ones");
		assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_INITIATOR_NAME),
				    "iqn.2024-01.example:me");
		assert_target(&v, 3, IBU_TARGET_USABLE, "1");
		parsed_free(&v);
	}
}

static void test_second_table_of_another(void **state)
{
	static struct table a, b; /* too large for the kernel's stack */
	struct parsed v;

	good_table(&a);
	good_table(&b);
	b.b[HEAP]++; /* the host name of NIC 0, unimportant */
	b.b[ibu_le16(b.b + INITIATOR + 72) + 20] = 'x';
	b.b[TARGET0 + 18] = 224;
	parse_both(&v, &a, &b);
	assert_diag(&v, "warning ibft2 table -: additional table; it has another initiator name");
	assert_diag(&v, "error ibft2.target2 ip-addr 366: 224.168.1.10 is a multicast address");
	assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.2024-01.example:me");
	assert_int_equal(selected(&v), 3);
	assert_target(&v, 3, IBU_TARGET_USABLE, "0");
	parsed_free(&v);
}

/* Another initiator's table is used where no target of the first one can be. */
static void test_second_table_alone(void **state)
{
	static const struct {
		bool first, second; /* one of its targets can be used */
		char last; /* of the second one's name */
		const char *what, *name, *usable;
	} cases[] = {
		{ true, true, 'x', "it has another initiator name", "iqn.2024-01.example:me", "0" },
		{ true, false, 'x', "none of its targets can be", "iqn.2024-01.example:me", "0" },
		{ false, true, 'x', "its initiator name is used: ", "iqn.2024-01.example:mx", "1" },
		{ false, false, 'x', "none of its targets can be", "iqn.2024-01.example:me", "0" },
		{ false, true, 'e', "its targets are further ones", "iqn.2024-01.example:me", "1" },
	};
	static struct table a, b; /* too large for the kernel's stack */
	struct parsed v;
	char line[96];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good_table(&a);
		good_table(&b);
		b.b[ibu_le16(b.b + INITIATOR + 72) + 21] = (u8)cases[i].last;
		a.b[TARGET0 + 18] = b.b[TARGET0 + 18] = 224;
		a.b[TARGET1 + 18] = cases[i].first ? 192 : 224;
		b.b[TARGET1 + 18] = cases[i].second ? 192 : 224;
		parse_both(&v, &a, &b);
		snprintf(line, sizeof(line), "warning ibft2 table -: additional table; %s",
			 cases[i].what);
		assert_diag(&v, line);
		assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_INITIATOR_NAME),
				    cases[i].name);
		assert_target(&v, 2, IBU_TARGET_USABLE, "0");
		assert_target(&v, 3, IBU_TARGET_USABLE, cases[i].usable);
		parsed_free(&v);
	}
}

static void test_checksum(void **state)
{
	struct table t;
	struct parsed v;
	u8 *copy;

	good_table(&t);
	repair(t.b, SIZE);
	t.b[9]++;
	parse(&v, &t, SIZE, &copy);
	assert_diag(&v, "error ibft checksum 9: ");
	assert_int_equal(v.p.nr_targets, 2);
	assert_int_equal(selected(&v), 0); /* any byte may be wrong, even one of a secret */
	assert_target(&v, 0, IBU_TARGET_NAME, "iqn.2024-01.example:a");
	parsed_free(&v);
	free(copy);
}

/* Truncates the table to every length: no overrun, and always an error. */
static void test_cut_short(void **state)
{
	struct table t;
	struct parsed v;
	size_t size;
	u8 *copy;

	good_table(&t);
	repair(t.b, SIZE);
	for (size = 1; size < SIZE; size++) {
		parse(&v, &t, size, &copy);
		assert_true(v.d.errors > 0);
		assert_int_equal(selected(&v), 0);
		parsed_free(&v);
		free(copy);
	}
}

/* Sets each byte to several hostile values and repairs the checksum: no crash, only diagnostics. */
static void test_every_byte(void **state)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff };
	struct table t;
	struct parsed v;
	size_t at, i;
	u8 *copy;

	for (at = 0; at < SIZE; at++) {
		for (i = 0; i < ARRAY_SIZE(values); i++) {
			good_table(&t);
			t.b[at] = values[i];
			if (at != 9)
				repair(t.b, SIZE);
			parse(&v, &t, SIZE, &copy);
			parsed_free(&v);
			free(copy);
		}
	}
}

static void test_values(void **state)
{
	struct table t;
	struct parsed v;
	u8 *copy;

	good_table(&t);
	repair(t.b, SIZE);
	parse(&v, &t, SIZE, &copy);
	assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_SOURCES), "ibft");
	assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.2024-01.example:me");
	assert_nic(&v, 1, IBU_NIC_MAC, "52:54:00:aa:00:02");
	assert_nic(&v, 1, IBU_NIC_IP_ADDR, "192.168.1.21");
	assert_nic(&v, 1, IBU_NIC_SUBNET_MASK, "255.255.255.0");
	assert_nic(&v, 1, IBU_NIC_PCI_BDF, "00:04.0");
	assert_nic(&v, 1, IBU_NIC_METHOD, "static");
	assert_nic(&v, 1, IBU_NIC_GATEWAY, "-");
	assert_target(&v, 1, IBU_TARGET_CHAP_SECRET, "secretsecret");
	assert_target(&v, 1, IBU_TARGET_LUN, "0001000000000000");
	assert_target(&v, 1, IBU_TARGET_NIC_ASSOC, "1");
	parsed_free(&v);
	free(copy);
}

/* More than two NICs and targets have pointers in the control structure's expansion. */
static void test_expansion(void **state)
{
	struct table t;
	struct parsed v;
	u8 *copy;

	good_table(&t);
	/* Two expansion pointers take the place of the initiator; the fixed pointers keep one each. */
	put16(t.b + CONTROL + 2, 22);
	put16(t.b + CONTROL + 8, 0);
	put16(t.b + CONTROL + 14, 0);
	put16(t.b + CONTROL + 16, 0);
	put16(t.b + CONTROL + 18, NIC1);
	put16(t.b + CONTROL + 20, TARGET1);
	repair(t.b, SIZE);
	parse(&v, &t, SIZE, &copy);
	assert_int_equal(v.p.nr_nics, 2);
	assert_int_equal(v.p.nr_targets, 2);
	assert_null(v.d.text);
	parsed_free(&v);
	free(copy);
}

/* RFC 7143 4.2.7.1 and 6.1: a name has at most 223 bytes, a CHAP secret 255. */
static void test_too_long(void **state)
{
	static const struct {
		size_t at;
		unsigned int len;
		const char *diag;
	} cases[] = {
		{ INITIATOR + 70, 223, NULL },
		{ INITIATOR + 70, 224, "error ibft.initiator initiator-name 142: is longer" },
		{ TARGET0 + 42, 255, NULL },
		{ TARGET0 + 42, 256, "error ibft.target0 chap-secret 402: is longer" },
		{ NIC0 + 98, 256, "error ibft.nic0 hostname 250: is longer" },
	};
	static struct {
		struct table t;
		u8 more[400];
	} big; /* too large for the kernel's stack */
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good_table(&big.t);
		memset(big.more, 'a', sizeof(big.more));
		put16(big.t.b + 4, sizeof(big.t.b) + sizeof(big.t.heap) + sizeof(big.more));
		put16(big.t.b + cases[i].at, cases[i].len);
		put16(big.t.b + cases[i].at + 2, (unsigned int)offsetof(typeof(big), more));
		repair(big.t.b, offsetof(typeof(big), more) + sizeof(big.more));
		parsed_make(&v, big.t.b, offsetof(typeof(big), more) + sizeof(big.more), NULL);
		if (cases[i].diag)
			assert_diag(&v, cases[i].diag);
		else
			assert_null(v.d.text);
		parsed_free(&v);
	}
}

/* The table is above the size limit, or has more pointers than possible structures. */
static void test_too_many(void **state)
{
	size_t size = IBU_IBFT_MAX + 1;
	u8 *big = calloc(1, size);
	struct table t;
	struct parsed v;

	good_table(&t);
	put16(t.b + 4, 2000);
	memcpy(big, t.b, SIZE);
	put16(big + CONTROL + 2, 8 + 2 * 514);
	repair(big, 2000);
	parsed_make(&v, big, 2000, NULL);
	assert_diag(&v, "error ibft.control length 50: 1036 is more than 513 pointers; truncated");
	parsed_free(&v);

	repair(big, size);
	parsed_make(&v, big, size, NULL);
	assert_diag(&v, "error ibft length -: 1048577 bytes, must be 66 to 1048576");
	assert_int_equal(v.p.ibft.f.set, 0);
	parsed_free(&v);
	free(big);
}

/* If the length is damaged, the checksum is meaningless and not reported as well. */
static void test_length_and_checksum(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	repair(t.b, SIZE);
	t.b[5] = 0x7f;
	parsed_make(&v, t.b, SIZE, NULL);
	assert_int_equal(v.d.errors, 1);
	assert_int_equal(selected(&v), 0);
	parsed_free(&v);
}

/* NICs and targets are numbered separately, in any order of their pointers. */
static void test_places(void **state)
{
	struct table t;
	struct parsed v;

	good_table(&t);
	put16(t.b + CONTROL + 12, 0); /* so that no target comes before NIC 1 */
	t.b[NIC1 + 22] = 99;
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.nic1 prefix-len 278: 99 is above 32");
	parsed_free(&v);
}

static void test_nul_inside(void **state)
{
	struct table t;
	struct parsed v;

	/* After the NUL of a name any bytes may follow; after that of a secret only more NULs. */
	good_table(&t);
	put16(t.b + TARGET0 + 42, 16);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "error ibft.target0 chap-secret 402: contains a NUL after");
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "1");
	parsed_free(&v);

	good_table(&t);
	put16(t.b + TARGET0 + 42,
	      13); /* the length includes the NUL: seen on real machines, and unambiguous */
	put16(t.b + TARGET0 + 34, 26);
	repair(t.b, SIZE);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "secretsecret");
	assert_target(&v, 0, IBU_TARGET_NAME, "iqn.2024-01.example:a");
	assert_diag(&v, "warning ibft.target0 target-name 394: truncated at a NUL: 21 of 26 bytes");
	assert_int_equal(v.d.errors, 0);
	parsed_free(&v);
}

static void test_no_secret_in_diagnostics(void **state)
{
	struct table t;
	struct parsed v;
	size_t i;
	u8 *copy;

	for (i = 0; i < ARRAY_SIZE(mangles); i++) {
		good_table(&t);
		memcpy(t.b + mangles[i].at, mangles[i].bytes, mangles[i].n);
		repair(t.b, SIZE);
		parse(&v, &t, SIZE, &copy);
		if (v.d.text)
			assert_null(strstr(v.d.text, "secretsecret"));
		parsed_free(&v);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_mangles),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_cut_portals),
		cmocka_unit_test(test_origin_of_ipv6),
		cmocka_unit_test(test_one_mac),
		cmocka_unit_test(test_out_of_space),
		cmocka_unit_test(test_past_the_end),
		cmocka_unit_test(test_unknown_chap),
		cmocka_unit_test(test_second_table),
		cmocka_unit_test(test_second_table_of_another),
		cmocka_unit_test(test_second_table_alone),
		cmocka_unit_test(test_second_table_nics),
		cmocka_unit_test(test_second_table_names),
		cmocka_unit_test(test_cut_portal_of_edk2),
		cmocka_unit_test(test_same_mac),
		cmocka_unit_test(test_same_mac_without_address),
		cmocka_unit_test(test_portal_without_v4_nic),
		cmocka_unit_test(test_no_structures),
		cmocka_unit_test(test_strings_elsewhere),
		cmocka_unit_test(test_second_table_numbers),
		cmocka_unit_test(test_overwritten_by_one),
		cmocka_unit_test(test_damaged_structures),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_expansion),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_length_and_checksum),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_nul_inside),
		cmocka_unit_test(test_no_secret_in_diagnostics),
	};

	return cmocka_run_group_tests_name("ibft", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Finds addresses that no iSCSI portal can have, and IPv6 addresses that were cut to four bytes. */
#include "portal.h"

static const char *ibu_portal_v4_fault(const u8 *b)
{
	if (!b[0])
		return "is in 0.0.0.0/8, which is no host";
	if (b[0] == 127)
		return "is a loopback address";
	if (b[0] >= 224 && b[0] < 240)
		return "is a multicast address";
	if (b[0] < 240)
		return NULL;
	return b[0] == 255 && b[1] == 255 && b[2] == 255 && b[3] == 255 ?
		       "is the broadcast address" :
		       "is reserved (class E)";
}

/* NAT64 (RFC 6052 2.1) and 6to4 (RFC 3056 2): the packets go to an IPv4 address in the address. */
static const u8 *ibu_portal_inner_v4(const struct ibu_addr *a)
{
	static const u8 nat64[12] = { 0, 0x64, 0xff, 0x9b };

	if (!memcmp(a->b, nat64, sizeof(nat64)))
		return a->b + 12;
	return a->b[0] == 0x20 && a->b[1] == 2 ? a->b + 2 : NULL;
}

const char *ibu_portal_fault(const struct ibu_addr *a)
{
	static const u8 zero[15];

	if (ibu_addr_is_v4(a))
		return ibu_portal_v4_fault(a->b + 12);
	if (ibu_portal_inner_v4(a))
		return ibu_portal_v4_fault(ibu_portal_inner_v4(a));
	if (a->b[0] == 0xff)
		return "is a multicast address";
	if (!memcmp(a->b, zero, 15) && a->b[15] <= 1)
		return a->b[15] ? "is a loopback address" : "is the unspecified address";
	/*
	 * Firmware that forgets ::ffff: writes them in ::/64, which is reserved (RFC 4291 2.5.5.1),
	 * or at the begin of the field, where a global or local IPv6 address may begin like them.
	 */
	if (!memcmp(a->b, zero, 8) ||
	    (!memcmp(a->b + 4, zero, 12) && a->b[0] >> 5 != 1 && a->b[0] < 0xfc))
		return "is an IPv4 address without its ::ffff:";
	return NULL;
}

/* Are all bits of @a behind @prefix equal to @bit? */
static bool ibu_portal_host_bits_are(const struct ibu_addr *a, u32 prefix, unsigned int bit)
{
	u32 i;

	for (i = prefix; i < 128; i++)
		if (((u32)a->b[i / 8] >> (7 - i % 8) & 1) != bit)
			return false;
	return true;
}

static bool ibu_portal_same_bits(const struct ibu_addr *a, const struct ibu_addr *b, u32 bits)
{
	u32 i;

	for (i = 0; i < bits; i++)
		if ((a->b[i / 8] ^ b->b[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

bool ibu_nic_has(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	bool v4 = ibu_addr_is_v4(&nic->ip);

	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) && ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) &&
	       ibu_addr_is_v4(a) == v4 && nic->prefix_len <= (v4 ? 32 : 128) &&
	       ibu_portal_same_bits(&nic->ip, a, nic->prefix_len + (v4 ? 96 : 0));
}

const char *ibu_subnet_fault(const struct ibu_addr *a, const struct ibu_nic *nic)
{
	u32 bits = nic->prefix_len + 96;

	/* A subnet of two or one has neither (RFC 3021); in IPv6 a host may answer to the first. */
	if (!ibu_addr_is_v4(a) || !ibu_nic_has(nic, a) || nic->prefix_len > 30)
		return NULL;
	if (ibu_portal_host_bits_are(a, bits, 1))
		return "broadcast address";
	return ibu_portal_host_bits_are(a, bits, 0) ? "network address" : NULL;
}

/* Is @a the link-local address that the NIC makes of its MAC (RFC 4291 2.5.1)? */
static bool ibu_portal_is_eui64(const struct ibu_addr *a, const struct ibu_nic *nic)
{
	const u8 *m = nic->mac;
	const u8 own[16] = { 0xfe,     0x80, 0,	   0,	 0,    0,    0,	   0,
			     m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5] };

	return ibu_has(&nic->f, IBU_NIC_MAC) && !memcmp(a->b, own, sizeof(own));
}

const char *ibu_portal_clash(const struct ibu_addr *a, const struct ibu_nic *nic)
{
	const char *fault;

	if ((ibu_has(&nic->f, IBU_NIC_IP_ADDR) && !memcmp(a->b, nic->ip.b, 16)) ||
	    ibu_portal_is_eui64(a, nic))
		return "is the address of";
	fault = ibu_subnet_fault(a, nic);
	if (!fault)
		return NULL;
	return *fault == 'b' ? "is the broadcast address of the subnet of" :
			       "is the network address of the subnet of";
}

enum ibu_cut ibu_addr_is_cut(const struct ibu_addr *a)
{
	const u8 *b = a->b + 12;

	if (!ibu_addr_is_v4(a))
		return IBU_CUT_NO;
	if (!memcmp(b, "\x00\x64\xff\x9b", 4)) /* NAT64, RFC 6052 */
		return IBU_CUT_YES;
	/* RFC 4193, RFC 4291 2.5.6, RFC 3879 */
	if (b[0] == 0xfc || b[0] == 0xfd || (b[0] == 0xfe && b[1] >= 0x80))
		return IBU_CUT_YES;
	if (b[0] == 0x20)
		return b[1] >= 1 && b[1] <= 3 ? IBU_CUT_MAYBE : IBU_CUT_NO;
	if (b[0] == 0x3f) /* documentation, RFC 9637 */
		return b[1] == 0xff && b[2] < 0x10 ? IBU_CUT_MAYBE : IBU_CUT_NO;
	/* 2400::/11, 2600::/10, 2800::/12, 2a00::/11, 2c00::/12: what IANA has allocated */
	return b[0] >= 0x24 && b[0] <= 0x2c && !(b[0] & 1) && b[1] < (b[0] == 0x26 ? 0x40 : 0x20) ?
		       IBU_CUT_MAYBE :
		       IBU_CUT_NO;
}

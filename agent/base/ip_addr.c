// SPDX-License-Identifier: GPL-2.0-only
/* Calculates with IP addresses and subnets, and formats MAC addresses. */
#include "base/ip_addr.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

unsigned char addr_family(const struct ibu_addr *a)
{
	return ibu_addr_is_v4(a) ? AF_INET : AF_INET6;
}

unsigned char addr_bits(const struct ibu_addr *a)
{
	return ibu_addr_is_v4(a) ? 32 : 128;
}

void addr_any(struct ibu_addr *a, bool v4)
{
	*a = (struct ibu_addr){ .b = { 0 } };
	if (v4)
		memset(a->b + ADDR_V4_AT - 2, 0xff, 2);
}

bool addr_in_subnet(const struct ibu_addr *a, const struct ibu_addr *subnet, unsigned int len)
{
	unsigned int whole, rest;

	if (addr_family(a) != addr_family(subnet) || len > addr_bits(a))
		return false;
	len += 128U - addr_bits(a);
	whole = len / 8;
	rest = len % 8;
	if (memcmp(a->b, subnet->b, whole))
		return false;
	return !rest || (a->b[whole] ^ subnet->b[whole]) >> (8 - rest) == 0;
}

bool addr_is_link_local(const struct ibu_addr *a)
{
	return ibu_addr_is_link_local(a);
}

void addr_mask(struct ibu_addr *a, unsigned int len)
{
	unsigned int i;

	for (i = len + 128U - addr_bits(a); i < 128; i++)
		a->b[i / 8] &= (u8)(0xff ^ 0x80 >> i % 8);
}

unsigned int addr_usual_prefix(const struct ibu_addr *a)
{
	if (!ibu_addr_is_v4(a))
		return 64;
	if (a->b[ADDR_V4_AT] < 128)
		return 8;
	return a->b[ADDR_V4_AT] < 192 ? 16 : 24;
}

struct mac_text mac_text(const u8 m[6])
{
	struct mac_text text;

	snprintf(text.s, sizeof(text.s), "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
		 m[4], m[5]);
	return text;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Writes and reads messages of DHCP. */
#include "lease/dhcp4.h"

#include <errno.h>
#include <string.h>

#include "base/ip_addr.h"

/* RFC 2131, figure 1: offsets; RFC 2132: options. */
#define AT_XID 4
#define AT_FLAGS 10
#define AT_CIADDR 12
#define AT_YIADDR 16
#define AT_CHADDR 28
#define AT_COOKIE 236
#define AT_OPTIONS 240
#define BOOTP_MIN 300 /* RFC 1542 2.1 */
#define OPT_PAD 0
#define OPT_REQUESTED_IP 50
#define OPT_LEASE_TIME 51
#define OPT_TYPE 53
#define OPT_SERVER 54
#define OPT_WANTED 55
#define OPT_T1 58
#define OPT_T2 59
#define OPT_CLIENT_ID 61
#define OPT_END 255

static const u8 cookie[] = { 99, 130, 83, 99 };

static void put_u32(u8 *to, u32 value)
{
	to[0] = (u8)(value >> 24);
	to[1] = (u8)(value >> 16);
	to[2] = (u8)(value >> 8);
	to[3] = (u8)value;
}

static u32 get_u32(const u8 *b)
{
	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static u8 *put_option(u8 *to, u8 code, const void *data, unsigned int len)
{
	*to++ = code;
	*to++ = (u8)len;
	memcpy(to, data, len);
	return to + len;
}

size_t dhcp4_write(u8 buf[DHCP4_SIZE], enum dhcp4_type type, u32 xid,
		   const struct lease_record *lease, const struct ibu_addr *offered)
{
	static const u8 wanted[] = { 1, 3, OPT_LEASE_TIME, OPT_SERVER, OPT_T1, OPT_T2 };
	bool renews = type == DHCP4_REQUEST && !offered;
	u8 *to = buf + AT_OPTIONS;
	const u8 code = (u8)type;

	memset(buf, 0, DHCP4_SIZE);
	buf[0] = 1; /* BOOTREQUEST */
	buf[1] = 1; /* Ethernet */
	buf[2] = sizeof(lease->mac);
	put_u32(buf + AT_XID, xid);
	buf[AT_FLAGS] = renews ? 0 : 0x80; /* broadcast */
	if (renews)
		memcpy(buf + AT_CIADDR, lease->ip.b + ADDR_V4_AT, 4);
	memcpy(buf + AT_CHADDR, lease->mac, sizeof(lease->mac));
	memcpy(buf + AT_COOKIE, cookie, sizeof(cookie));
	to = put_option(to, OPT_TYPE, &code, 1);
	if (lease->id_len)
		to = put_option(to, OPT_CLIENT_ID, lease->id, lease->id_len);
	if (!renews)
		to = put_option(to, OPT_REQUESTED_IP, lease->ip.b + ADDR_V4_AT, 4);
	if (offered)
		to = put_option(to, OPT_SERVER, offered->b + ADDR_V4_AT, 4);
	to = put_option(to, OPT_WANTED, wanted, sizeof(wanted));
	*to++ = OPT_END;
	return to - buf > BOOTP_MIN ? (size_t)(to - buf) : BOOTP_MIN;
}

static void get_addr(struct ibu_addr *a, const u8 *b)
{
	addr_any(a, true);
	memcpy(a->b + ADDR_V4_AT, b, 4);
}

static void read_option(struct dhcp4_reply *reply, u8 code, const u8 *data, size_t len)
{
	if (code == OPT_TYPE && len == 1)
		reply->type = *data;
	if (len != 4)
		return;
	if (code == OPT_LEASE_TIME)
		reply->seconds = get_u32(data);
	else if (code == OPT_T1)
		reply->t1 = get_u32(data);
	else if (code == OPT_T2)
		reply->t2 = get_u32(data);
	else if (code == OPT_SERVER)
		get_addr(&reply->server, data);
}

/* Returns 0, or -EINVAL if an option is cut. */
static int read_options(const u8 *at, const u8 *end, struct dhcp4_reply *reply)
{
	for (; at < end && *at != OPT_END; at += *at == OPT_PAD ? 1 : 2 + at[1]) {
		if (*at == OPT_PAD)
			continue;
		if (end - at < 2 || end - at - 2 < at[1])
			return -EINVAL;
		read_option(reply, at[0], at + 2, at[1]);
	}
	return 0;
}

int dhcp4_read(const u8 *buf, size_t len, u32 xid, const struct lease_record *lease,
	       struct dhcp4_reply *reply)
{
	*reply =
		(struct dhcp4_reply){ .seconds = lease->seconds ? lease->seconds : LEASE_INFINITE };
	if (len < AT_OPTIONS || buf[0] != 2 || get_u32(buf + AT_XID) != xid ||
	    memcmp(buf + AT_CHADDR, lease->mac, sizeof(lease->mac)) != 0 ||
	    memcmp(buf + AT_COOKIE, cookie, sizeof(cookie)) != 0)
		return -EINVAL;
	get_addr(&reply->ip, buf + AT_YIADDR);
	if (read_options(buf + AT_OPTIONS, buf + len, reply) || !reply->seconds)
		return -EINVAL;
	return reply->type == DHCP4_OFFER || reply->type == DHCP4_ACK || reply->type == DHCP4_NAK ?
		       0 :
		       -EINVAL;
}

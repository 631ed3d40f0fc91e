// SPDX-License-Identifier: GPL-2.0-only
/* Writes and reads messages of DHCPv6. */
#include "lease/dhcp6.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* RFC 8415 21: options. */
#define OPT6_CLIENT_ID 1
#define OPT6_SERVER_ID 2
#define OPT6_IA_NA 3
#define OPT6_IAADDR 5
#define OPT6_ELAPSED 8
#define REPLY 7
#define HEAD 4 /* type and transaction ID */
#define IA_HEAD 12 /* IAID, T1, T2 */
#define IAADDR_HEAD 24 /* address, preferred and valid lifetime */

static u8 *put_number(u8 *to, unsigned int bytes, u32 value)
{
	while (bytes--)
		*to++ = (u8)(value >> 8 * bytes);
	return to;
}

static u32 get_number(const u8 *b, unsigned int bytes)
{
	u32 value = 0;

	while (bytes--)
		value = value << 8 | *b++;
	return value;
}

static u8 *put_option6(u8 *to, u16 code, const void *data, size_t len)
{
	to = put_number(to, 2, code);
	to = put_number(to, 2, (u32)len);
	memcpy(to, data, len);
	return to + len;
}

size_t dhcp6_write(u8 buf[DHCP6_SIZE], enum dhcp6_type type, u32 xid,
		   const struct lease_record *lease, const struct dhcp6_server *server)
{
	u8 ia[IA_HEAD + 4 + IAADDR_HEAD] = { 0 }, addr[IAADDR_HEAD] = { 0 }, *to = buf;
	static const u8 elapsed[2];

	*to++ = (u8)type;
	to = put_number(to, 3, xid);
	to = put_option6(to, OPT6_CLIENT_ID, lease->id, lease->id_len);
	if (type != DHCP6_REBIND)
		to = put_option6(to, OPT6_SERVER_ID, server->duid, server->len);
	memcpy(ia, lease->mac + 2, 4);
	memcpy(addr, lease->ip.b, sizeof(lease->ip.b));
	put_option6(ia + IA_HEAD, OPT6_IAADDR, addr, sizeof(addr));
	to = put_option6(to, OPT6_IA_NA, ia, sizeof(ia));
	to = put_option6(to, OPT6_ELAPSED, elapsed, sizeof(elapsed));
	return (size_t)(to - buf);
}

/* An option that is being read. */
struct option6 {
	unsigned int code;
	const u8 *data;
	size_t len;
};

/* Cuts the next option off. Returns false at the end, or if the option is cut. */
static bool next_option6(const u8 **at, const u8 *end, struct option6 *o)
{
	if (end - *at < 4)
		return false;
	o->code = get_number(*at, 2);
	o->len = get_number(*at + 2, 2);
	o->data = *at + 4;
	if (o->len > (size_t)(end - o->data))
		return false;
	*at = o->data + o->len;
	return true;
}

static void read_ia(const struct option6 *ia, const struct lease_record *lease,
		    struct dhcp6_reply *reply)
{
	const u8 *at;
	struct option6 o;

	if (ia->len < IA_HEAD || memcmp(ia->data, lease->mac + 2, 4) != 0)
		return;
	at = ia->data + IA_HEAD;
	reply->t1 = get_number(ia->data + 4, 4);
	reply->t2 = get_number(ia->data + 8, 4);
	while (next_option6(&at, ia->data + ia->len, &o))
		if (o.code == OPT6_IAADDR && o.len >= IAADDR_HEAD &&
		    !memcmp(o.data, lease->ip.b, sizeof(lease->ip.b)))
			reply->seconds = get_number(o.data + 20, 4);
}

int dhcp6_read(const u8 *buf, size_t len, u32 xid, const struct lease_record *lease,
	       struct dhcp6_reply *reply)
{
	const u8 *at = buf + HEAD, *end = buf + len;
	bool ours = false;
	struct option6 o;

	*reply = (struct dhcp6_reply){ 0 };
	if (len < HEAD || buf[0] != REPLY || get_number(buf + 1, 3) != xid)
		return -EINVAL;
	while (next_option6(&at, end, &o)) {
		if (o.code == OPT6_CLIENT_ID) {
			ours = o.len == lease->id_len && !memcmp(o.data, lease->id, o.len);
		} else if (o.code == OPT6_IA_NA) {
			read_ia(&o, lease, reply);
		} else if (o.code == OPT6_SERVER_ID && o.len <= DHCP6_DUID_MAX) {
			memcpy(reply->server.duid, o.data, o.len);
			reply->server.len = (unsigned int)o.len;
		}
	}
	return ours && at == end ? 0 : -EINVAL;
}

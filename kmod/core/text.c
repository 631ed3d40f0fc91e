// SPDX-License-Identifier: GPL-2.0-only
/* Cuts and reads pieces of text: numbers, addresses, names of network devices. */
#include "text.h"

bool ibu_starts(const struct ibu_text *t, const char *prefix)
{
	return t->len && strlen(prefix) <= t->len && !memcmp(t->s, prefix, strlen(prefix));
}

bool ibu_is_off(const struct ibu_text *t)
{
	return ibu_is(t, "0") || ibu_is(t, "no") || ibu_is(t, "off");
}

struct ibu_text ibu_cut(struct ibu_text *rest, char sep)
{
	struct ibu_text head = { rest->s, 0 };
	bool bracket = false;

	while (head.len < rest->len && (bracket || rest->s[head.len] != sep)) {
		if (rest->s[head.len] == '[')
			bracket = true;
		else if (rest->s[head.len] == ']')
			bracket = false;
		head.len++;
	}
	if (head.len == rest->len) {
		*rest = (struct ibu_text){ NULL, 0 };
	} else {
		rest->s += head.len + 1;
		rest->len -= head.len + 1;
	}
	return head;
}

int ibu_number(const struct ibu_text *t, u32 max, u32 *value)
{
	u64 n = 0;
	u32 i;

	if (!t->len || t->len > 10)
		return -EINVAL;
	for (i = 0; i < t->len; i++) {
		if (t->s[i] < '0' || t->s[i] > '9')
			return -EINVAL;
		n = n * 10 + (unsigned int)(t->s[i] - '0');
	}
	if (n > max)
		return -EINVAL;
	*value = (u32)n;
	return 0;
}

int ibu_address(struct ibu_text t, struct ibu_addr *a)
{
	if (t.len >= 2 && t.s[0] == '[' && t.s[t.len - 1] == ']')
		return ibu_addr_parse(t.s + 1, t.len - 2, a);
	return ibu_addr_parse(t.s, t.len, a);
}

int ibu_split_zone(struct ibu_text t, struct ibu_addr *a, struct ibu_text *zone)
{
	const char *percent;

	if (t.len >= 2 && t.s[0] == '[' && t.s[t.len - 1] == ']')
		t = (struct ibu_text){ t.s + 1, t.len - 2 };
	percent = t.len ? memchr(t.s, '%', t.len) : NULL;
	*zone = (struct ibu_text){ 0 };
	if (percent) {
		*zone = (struct ibu_text){ percent + 1, (u32)(t.s + t.len - percent) - 1 };
		t.len = (u32)(percent - t.s);
	}
	return ibu_addr_parse(t.s, t.len, a);
}

/* Is it global unicast (2000::/3), unique local (fc00::/7) or link-local (fe80::/10)? */
static bool ibu_text_is_unicast6(const struct ibu_addr *a)
{
	return a->b[0] >> 5 == 1 || a->b[0] >> 1 == 0x7e || ibu_addr_is_link_local(a);
}

/* Longest IPv6 address with its zone: 45 bytes, '%', and IFNAMSIZ - 1. */
#define IBU_TEXT_IP6_MAX (45 + 1 + 15)

bool ibu_begins_with_ip6(const struct ibu_text *t)
{
	struct ibu_text zone;
	struct ibu_addr a;
	u32 i;

	for (i = 2; i <= t->len && i <= IBU_TEXT_IP6_MAX; i++)
		if ((i == t->len || t->s[i] == ':') && t->s[0] != '[' &&
		    !ibu_split_zone((struct ibu_text){ t->s, i }, &a, &zone) &&
		    ibu_text_is_unicast6(&a))
			return true;
	return false;
}

int ibu_address_zone(struct ibu_text t, struct ibu_addr *a, struct ibu_text *zone)
{
	struct ibu_addr read;

	if (ibu_split_zone(t, &read, zone))
		return -EINVAL;
	if (zone->s && (!ibu_addr_is_link_local(&read) || !ibu_valid_ifname(zone)))
		return -EINVAL;
	*a = read;
	return 0;
}

bool ibu_valid_ifname(const struct ibu_text *t)
{
	u32 i;

	/* As dev_valid_name() of net/core/dev.c, and IFNAMSIZ. */
	if (!t->len || t->len > 15 || ibu_is(t, ".") || ibu_is(t, ".."))
		return false;
	for (i = 0; i < t->len; i++)
		if (t->s[i] <= ' ' || t->s[i] > '~' || t->s[i] == '/' || t->s[i] == ':')
			return false;
	return true;
}

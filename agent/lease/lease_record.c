// SPDX-License-Identifier: GPL-2.0-only
/* Prints and reads what is known of a DHCP lease. */
#include "lease/lease_record.h"

#include <errno.h>
#include <string.h>

#include "base/ip_addr.h"
#include "kmod/core/text.h"

static const char *const keepers[] = {
	[KEPT_BY_NONE] = "none",
	[KEPT_BY_US] = "iscsi-boot-lease",
	[KEPT_BY_NETWORKD] = "systemd-networkd",
};

static const char *const troubles[] = {
	[LEASE_OK] = "ok",	     [LEASE_SILENT] = "unanswered",
	[LEASE_REFUSED] = "refused", [LEASE_OTHER] = "other-address",
	[LEASE_EXPIRED] = "expired", [LEASE_UNSENT] = "unsent",
};

const char *lease_kept_by_name(enum lease_kept_by by)
{
	return keepers[by];
}

const char *lease_trouble_name(enum lease_trouble trouble)
{
	return troubles[trouble];
}

void lease_record_print(FILE *out, const struct lease_record *r)
{
	char ip[IBU_ADDR_STRLEN], server[IBU_ADDR_STRLEN];
	unsigned int i;

	ibu_addr_print(&r->ip, ip);
	ibu_addr_print(&r->server, server);
	fprintf(out, "ifname=%s mac=%s ip=%s", r->ifname, mac_text(r->mac).s, ip);
	if (!ibu_addr_is_null(&r->server))
		fprintf(out, " server=%s", server);
	if (r->id_len)
		fputs(" id=", out);
	for (i = 0; i < r->id_len; i++)
		fprintf(out, "%02x", r->id[i]);
	fprintf(out, " seconds=%u since=%u renewed=%u by=%s state=%s\n", r->seconds, r->since_s,
		r->renewed, keepers[r->by], troubles[r->trouble]);
}

int lease_id_parse(const char *hex, u8 id[LEASE_ID_MAX])
{
	size_t len = strlen(hex), i;
	int high, low;

	if (len % 2 || len / 2 > LEASE_ID_MAX)
		return -1;
	for (i = 0; i < len; i += 2) {
		high = ibu_hex_digit(hex[i]);
		low = ibu_hex_digit(hex[i + 1]);
		if (high < 0 || low < 0)
			return -1;
		id[i / 2] = (u8)(high << 4 | low);
	}
	return (int)(len / 2);
}

/* Sets @n to the number of @value in @names. Returns 0 or -EINVAL. */
static int name_parse(const char *value, const char *const *names, unsigned int nr, unsigned int *n)
{
	for (*n = 0; *n < nr; (*n)++)
		if (!strcmp(value, names[*n]))
			return 0;
	return -EINVAL;
}

static int number_parse(const char *value, unsigned int *n)
{
	const struct ibu_text t = { value, (u32)strlen(value) };

	return ibu_number(&t, UINT_MAX, n);
}

static int set_ifname(struct lease_record *r, const char *value)
{
	if (!*value || strlen(value) >= sizeof(r->ifname) || strchr(value, '/'))
		return -EINVAL;
	memcpy(r->ifname, value, strlen(value) + 1);
	return 0;
}

static int set_id(struct lease_record *r, const char *value)
{
	int len = lease_id_parse(value, r->id);

	r->id_len = len < 0 ? 0 : (unsigned int)len;
	return len < 0 ? -EINVAL : 0;
}

static int set_field(struct lease_record *r, const char *key, const char *value)
{
	unsigned int n;
	int err = 0;

	if (!strcmp(key, "ifname"))
		return set_ifname(r, value);
	if (!strcmp(key, "mac"))
		return ibu_mac_parse(value, strlen(value), r->mac);
	if (!strcmp(key, "ip"))
		return ibu_addr_parse(value, strlen(value), &r->ip);
	if (!strcmp(key, "server"))
		return ibu_addr_parse(value, strlen(value), &r->server);
	if (!strcmp(key, "id"))
		return set_id(r, value);
	if (!strcmp(key, "seconds"))
		return number_parse(value, &r->seconds);
	if (!strcmp(key, "since"))
		return number_parse(value, &r->since_s);
	if (!strcmp(key, "renewed"))
		return number_parse(value, &r->renewed);
	if (!strcmp(key, "by")) {
		err = name_parse(value, keepers, NR_LEASE_KEPT_BY, &n);
		r->by = err ? KEPT_BY_NONE : n;
	} else if (!strcmp(key, "state")) {
		err = name_parse(value, troubles, NR_LEASE_TROUBLES, &n);
		r->trouble = err ? LEASE_OK : n;
	}
	return err;
}

int lease_record_parse(char *text, struct lease_record *r)
{
	static const u8 none[6];
	static const char blanks[] = { ' ', '\n', '\0' };
	char *pair, *value, *rest = NULL;

	*r = (struct lease_record){ 0 };
	for (pair = strtok_r(text, blanks, &rest); pair; pair = strtok_r(NULL, blanks, &rest)) {
		value = strchr(pair, '=');
		if (!value)
			return -EINVAL;
		*value++ = '\0';
		if (set_field(r, pair, value))
			return -EINVAL;
	}
	if (!*r->ifname || ibu_addr_is_null(&r->ip) || !memcmp(r->mac, none, sizeof(none)))
		return -EINVAL;
	return 0;
}

bool lease_record_same(const struct lease_record *a, const struct lease_record *b)
{
	return !memcmp(a->mac, b->mac, sizeof(a->mac)) && !memcmp(&a->ip, &b->ip, sizeof(a->ip));
}

unsigned int lease_seconds_left(const struct lease_record *r, unsigned int now_s)
{
	const unsigned int age = now_s > r->since_s ? now_s - r->since_s : 0;

	if (r->seconds == LEASE_INFINITE)
		return LEASE_INFINITE;
	return r->seconds > age ? r->seconds - age : 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Reads the leases of systemd-networkd. */
#include "lease/networkd.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/process_running.h"
#include "base/sysfs.h"
#include "lease/networkd_describe.h"

#define NETIF "/run/systemd/netif"

/* Copies the value of the line KEY=VALUE to @value. Returns false without one, or if it is long. */
static bool networkd_field(const char *text, const char *key, char *value, size_t size)
{
	const size_t key_len = strlen(key);
	size_t len;

	while (*text && (strncmp(text, key, key_len) != 0 || text[key_len] != '=')) {
		text = strchrnul(text, '\n');
		text += !!*text;
	}
	if (!*text)
		return false;
	text += key_len + 1;
	len = strcspn(text, "\n");
	if (len >= size)
		return false;
	memcpy(value, text, len);
	value[len] = '\0';
	return true;
}

/* Returns the seconds of the unit that @text begins with: those of "min" for "min 3s". */
static unsigned int unit_seconds(const char *text)
{
	static const struct {
		const char *name;
		unsigned int seconds;
	} units[] = { { "min", 60 },  { "month", 2629800 }, { "s", 1 },	       { "h", 3600 },
		      { "d", 86400 }, { "w", 604800 },	    { "y", 31557600 }, { "", 1 } };
	unsigned int i = 0;

	while (strncmp(text, units[i].name, strlen(units[i].name)) != 0)
		i++;
	return units[i].seconds;
}

/* Reads a time such as "3600", "1h" or "2min 30s". Returns LEASE_UNKNOWN if it is invalid. */
static unsigned int networkd_seconds(const char *text)
{
	unsigned long long all = 0;
	char *end;

	if (!strncmp(text, "infinity", strlen("infinity")))
		return LEASE_INFINITE;
	for (; *text; text = end + strspn(end, "abcdefghijklmnopqrstuvwxyz ,")) {
		if (!isdigit((unsigned char)*text))
			return LEASE_UNKNOWN;
		all += strtoul(text, &end, 10) % UINT_MAX * unit_seconds(end);
		if (all >= LEASE_INFINITE)
			return LEASE_INFINITE;
	}
	return (unsigned int)all;
}

/* Reads the address @key of the lease file @text. Returns 0 or -EINVAL. */
static int networkd_addr(const char *text, const char *key, struct ibu_addr *a)
{
	char value[IBU_ADDR_STRLEN];

	if (!networkd_field(text, key, value, sizeof(value)))
		return -EINVAL;
	return ibu_addr_parse(value, strlen(value), a);
}

static void networkd_texts(const char *text, struct networkd_lease *lease)
{
	struct ibu_addr mask;
	char value[512];
	int len;

	if (networkd_field(text, "LIFETIME", value, sizeof(value)))
		lease->seconds = networkd_seconds(value);
	if (networkd_field(text, "CLIENTID", value, sizeof(value))) {
		len = lease_id_parse(value, lease->id);
		lease->id_len = len > 0 ? (unsigned int)len : 0;
	}
	networkd_addr(text, "SERVER_ADDRESS", &lease->server);
	if (!networkd_addr(text, "NETMASK", &mask))
		lease->prefix_len = networkd_prefix(&mask);
}

int networkd_read_lease(int ifindex, struct networkd_lease *lease)
{
	AUTO_ARENA arena = NULL;
	char *text;
	int r;

	*lease = (struct networkd_lease){ 0 };
	if (sysfs_read(&arena, &text, NETIF "/leases/%d", ifindex) < 0 ||
	    networkd_addr(text, "ADDRESS", &lease->ip)) {
		r = networkd_describe(ifindex, lease);
		return r == -ECONNREFUSED ? -ENOENT : r;
	}
	networkd_texts(text, lease);
	return 0;
}

/* True if networkd configures the device. */
static bool is_networkd_link(int ifindex)
{
	AUTO_ARENA arena = NULL;
	char *text;

	return sysfs_read(&arena, &text, NETIF "/links/%d", ifindex) > 0 &&
	       strstr(text, "ADMIN_STATE=configur");
}

/* Returns as networkd_has_lease(), whether networkd runs or not. */
static int is_networkd_lease(int ifindex, const struct lease_record *r,
			     struct networkd_lease *lease)
{
	int err;

	if (!ibu_addr_is_v4(&r->ip))
		return is_networkd_link(ifindex);
	err = networkd_read_lease(ifindex, lease);
	if (err)
		return err == -ENOENT ? 0 : err;
	return ibu_addr_is_null(&lease->ip) || !memcmp(&lease->ip, &r->ip, sizeof(r->ip));
}

int networkd_has_lease(int ifindex, const struct lease_record *r, struct networkd_lease *lease)
{
	int has;

	*lease = (struct networkd_lease){ 0 };
	has = ifindex > 0 ? is_networkd_lease(ifindex, r, lease) : 0;
	return has && process_is_running("systemd-network") ? has : 0;
}

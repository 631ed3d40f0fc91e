// SPDX-License-Identifier: GPL-2.0-only
/* Reads the leases of systemd-networkd. */
#include "lease/networkd.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "base/preopened.h"
#include "base/process_running.h"
#include "base/sysfs.h"

#define NETIF "/run/systemd/netif"

/*
 * A lease file has lines KEY=VALUE, or one JSON object since systemd 258. Copies the value of @key,
 * or of @json in an object, to @value; quotes and brackets of JSON are left out.
 */
static bool networkd_field(const char *text, const char *key, const char *json, char *value,
			   size_t size)
{
	const char *at = *text == '{' ? json : key, *start = text;
	size_t len = strlen(at);

	while ((start = strstr(start, at)) && start > text && !strchr("\n\"", start[-1]))
		start += len;
	if (!start)
		return false;
	start += len + strspn(start + len, "\" \t:=[");
	len = strcspn(start, *text == '{' ? "\"]}\n" : "\n");
	if (len >= size)
		return false;
	memcpy(value, start, len);
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

/* Reads "01525400...", or the bytes of a JSON array: "1,82,84,0". */
static unsigned int networkd_id(const char *text, bool json, u8 id[LEASE_ID_MAX])
{
	unsigned int n = 0;
	int len;
	char *end;

	if (!json) {
		len = lease_id_parse(text, id);
		return len < 0 ? 0 : (unsigned int)len;
	}
	for (; isdigit((unsigned char)*text) && n < LEASE_ID_MAX;
	     text = end + strspn(end, ", \t\n"))
		id[n++] = (u8)strtoul(text, &end, 10);
	return *text ? 0 : n;
}

/* Reads the lease file of the device, if it has the address of @r. */
static bool read_networkd_lease(int ifindex, const struct lease_record *r,
				struct networkd_lease *lease)
{
	AUTO_ARENA arena = NULL;
	const char *path = arena_printf(&arena, "%s" NETIF "/leases/%d", sysfs_root, ifindex);
	AUTO_FD fd = path ? preopened_open(path, O_RDONLY | O_NONBLOCK) : -1;
	struct ibu_addr ip;
	char value[512];
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st) || file_read_fd(&arena, &text, fd) < 0 ||
	    !networkd_field(text, "ADDRESS", "AddressString", value, sizeof(value)) ||
	    ibu_addr_parse(value, strlen(value), &ip) || memcmp(&ip, &r->ip, sizeof(ip)) != 0)
		return false;
	lease->stamp = (st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec) ^ (int64_t)st.st_ino;
	if (networkd_field(text, "LIFETIME", "Lifetime", value, sizeof(value)))
		lease->seconds = networkd_seconds(value);
	if (networkd_field(text, "CLIENTID", "Client_Id", value, sizeof(value)))
		lease->id_len = networkd_id(value, *text == '{', lease->id);
	return true;
}

/* True if networkd configures the device. */
static bool is_networkd_link(int ifindex)
{
	AUTO_ARENA arena = NULL;
	char *text;

	return sysfs_read(&arena, &text, NETIF "/links/%d", ifindex) > 0 &&
	       strstr(text, "ADMIN_STATE=configur");
}

bool networkd_has_lease(int ifindex, const struct lease_record *r, struct networkd_lease *lease)
{
	*lease = (struct networkd_lease){ 0 };
	if (ifindex <= 0)
		return false;
	if (ibu_addr_is_v4(&r->ip) ? !read_networkd_lease(ifindex, r, lease) :
				     !is_networkd_link(ifindex))
		return false;
	return process_is_running("systemd-network");
}

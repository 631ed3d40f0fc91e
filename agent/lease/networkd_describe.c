// SPDX-License-Identifier: GPL-2.0-only
/* Asks systemd-networkd for a DHCPv4 lease by its varlink method Link.Describe. */
#include "lease/networkd_describe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/ip_addr.h"
#include "base/preopened.h"
#include "base/sysfs.h"

#define SOCKET "systemd/netif/io.systemd.Network"
#define DESCRIBE "io.systemd.Network.Link.Describe"
#define ANSWER_MAX (256 * 1024)

/* The answer has no blanks outside of strings: sd-json writes it so. */

/* Returns the first byte behind the object or array that begins at @at. */
static const char *json_end(const char *at)
{
	bool quoted = false;
	int depth = 0;

	for (; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '"')
			quoted = !quoted;
		else if (!quoted && strchr("{[", *at))
			depth++;
		else if (!quoted && strchr("}]", *at) && --depth <= 0)
			return at + 1;
	}
	return at;
}

/* Returns the value of the first @key, such as "\"Lease\":", before @end; NULL: none. */
static const char *json_value(const char *from, const char *end, const char *key)
{
	const char *at = memmem(from, (size_t)(end - from), key, strlen(key));

	return at ? at + strlen(key) : NULL;
}

/* Reads an array of at most @max numbers below 256. Returns how many, or -1 if it is another. */
static int json_bytes(const char *at, u8 *bytes, int max)
{
	unsigned long number;
	char *end;
	int n = 0;

	if (!at || *at != '[')
		return -1;
	do {
		number = strtoul(at + 1, &end, 10);
		if (end == at + 1 || number > 255 || n == max)
			return -1;
		bytes[n++] = (u8)number;
		at = end;
	} while (*at == ',');
	return *at == ']' ? n : -1;
}

/* Reads the value @key of eight hex digits in quotes. Returns false without one. */
static bool json_hex32(const char *from, const char *end, const char *key, u8 bytes[4])
{
	const char *at = json_value(from, end, key);
	u8 id[LEASE_ID_MAX];
	char digits[9];

	if (!at || end - at < 10 || *at != '"' || at[9] != '"')
		return false;
	memcpy(digits, at + 1, 8);
	digits[8] = '\0';
	if (lease_id_parse(digits, id) != 4)
		return false;
	memcpy(bytes, id, 4);
	return true;
}

static bool json_addr(const char *from, const char *end, const char *key, struct ibu_addr *a)
{
	u8 bytes[4];

	if (!json_hex32(from, end, key, bytes))
		return false;
	addr_any(a, true);
	memcpy(a->b + ADDR_V4_AT, bytes, sizeof(bytes));
	return true;
}

unsigned int networkd_prefix(const struct ibu_addr *mask)
{
	unsigned int bit = ADDR_V4_AT * 8, len = 0;

	for (; ibu_addr_is_v4(mask) && bit < 128 && mask->b[bit / 8] & 0x80 >> bit % 8; bit++)
		len++;
	return len;
}

/* Reads the message of the server (RFC 2131, RFC 2132): address, mask, lease time, server. */
static void read_ack(const char *from, const char *end, struct networkd_lease *lease)
{
	struct ibu_addr mask;
	u8 time[4];

	json_addr(from, end, "\"yiaddr\":", &lease->ip);
	json_addr(from, end, "{\"tag\":54,\"data\":", &lease->server);
	if (json_addr(from, end, "{\"tag\":1,\"data\":", &mask))
		lease->prefix_len = networkd_prefix(&mask);
	if (json_hex32(from, end, "{\"tag\":51,\"data\":", time))
		lease->seconds = (unsigned int)time[0] << 24 | (unsigned int)time[1] << 16 |
				 (unsigned int)time[2] << 8 | time[3];
}

/* Converts microseconds of CLOCK_BOOTTIME to a second of CLOCK_MONOTONIC. */
static unsigned int monotonic_second(const char *usec)
{
	struct timespec boot;
	int64_t ns = (int64_t)(strtoull(usec, NULL, 10) % (1ULL << 50)) * 1000;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	ns += now_ns() - (boot.tv_sec * 1000000000LL + boot.tv_nsec);
	return ns > 0 ? (unsigned int)(ns / 1000000000) : 0;
}

int networkd_read_description(const char *json, struct networkd_lease *lease)
{
	const char *at = json_value(json, json + strlen(json), "\"DHCPv4Client\":"), *end, *value;
	int len;

	*lease = (struct networkd_lease){ 0 };
	if (!at || *at != '{')
		return -ENOENT;
	end = json_end(at);
	value = json_value(at, end, "\"LeaseTimestampUSec\":");
	if (!value)
		return -ENOENT;
	read_ack(at, end, lease);
	lease->since_s = monotonic_second(value);
	len = json_bytes(json_value(at, end, "\"ClientIdentifier\":"), lease->id, LEASE_ID_MAX);
	lease->id_len = len > 0 ? (unsigned int)len : 0;
	return 0;
}

/* Connects by a relative path: the process may have another root directory than networkd. */
static int connect_networkd(int fd)
{
	const struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	AUTO_ARENA arena = NULL;
	const char *dir = arena_printf(&arena, "%s/run", sysfs_root);
	AUTO_FD run = dir ? preopened_open(dir, O_PATH | O_DIRECTORY) : -1;
	AUTO_FD here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int err = 0;

	if (run < 0 || here < 0 || fchdir(run) < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		err = -errno;
	return fchdir(here) < 0 ? -errno : err;
}

/* Reads an answer, which a NUL ends, to @json. Returns 0 or -errno. */
static int read_answer(int fd, char *json)
{
	const struct deadline until = deadline_in(2);
	size_t len = 0;
	ssize_t got;

	do {
		got = recv(fd, json + len, ANSWER_MAX - 1 - len, 0);
		if (got <= 0)
			return got ? -errno : -EPIPE;
		len += (size_t)got;
	} while (json[len - 1] && len < ANSWER_MAX - 1 && deadline_left_ms(until));
	return json[len - 1] ? -EMSGSIZE : 0;
}

/* Has networkd describe the device: sets @json, in @arena. Returns 0 or -errno. */
static int ask_networkd(void **arena, int ifindex, char **json)
{
	AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct timeval limit = { .tv_sec = 1 };
	const char *ask = arena_printf(arena,
				       "{\"method\":\"%s\",\"parameters\":{\"InterfaceIndex\":%d}}",
				       DESCRIBE, ifindex);
	int r = fd < 0 ? -errno : -ENOMEM;

	*json = arena_alloc(arena, ANSWER_MAX);
	if (fd < 0 || !*json || !ask)
		return r;
	r = connect_networkd(fd);
	if (!r && (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
		   setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
		   send(fd, ask, strlen(ask) + 1, MSG_NOSIGNAL) < 0))
		r = -errno;
	return r ? r : read_answer(fd, *json);
}

int networkd_describe(int ifindex, struct networkd_lease *lease)
{
	AUTO_ARENA arena = NULL;
	char *json;
	int r = ask_networkd(&arena, ifindex, &json);

	return r ? r : networkd_read_description(json, lease);
}

char *networkd_described_root_path(void **arena, const char *json)
{
	const char *at = json_value(json, json + strlen(json), "\"DHCPv4Client\":");
	const char *hex = at ? json_value(at, json_end(at), "{\"tag\":17,\"data\":\"") : NULL;
	const size_t len = hex ? strcspn(hex, "\"") / 2 : 0;
	char *text = len ? arena_alloc(arena, len + 1) : NULL;
	int high, low;
	size_t i;

	for (i = 0; text && i < len; i++) {
		high = ibu_hex_digit(hex[2 * i]);
		low = ibu_hex_digit(hex[2 * i + 1]);
		if (high < 0 || low < 0 || (!(high | low) && i < len - 1)) /* a NUL may end it */
			return NULL;
		text[i] = (char)(high << 4 | low);
	}
	return text;
}

char *networkd_ask_root_path(void **arena, int ifindex)
{
	AUTO_ARENA answer = NULL;
	char *json;

	if (ask_networkd(&answer, ifindex, &json))
		return NULL;
	return networkd_described_root_path(arena, json);
}

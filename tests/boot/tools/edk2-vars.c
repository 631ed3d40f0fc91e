// SPDX-License-Identifier: GPL-2.0-only
/*
 * edk2-vars FILE: adds to a copy of OVMF_VARS the variables by which EDK2's own initiator logs in.
 *
 * Standard input has a line for each, with words KEY=VALUE; the attempts are tried in their order:
 *
 *   initiator name=iqn...
 *   attempt   mac= [mode=mpio] target= ip= [port=3260] [lun=0]
 *             local=ADDRESS/LEN [gateway=], or dhcp=address, or dhcp=target (the target, too)
 *             [user= secret= [rev-user= rev-secret=]] [vlan=ID]
 *   address   mac= [ip=ADDRESS/LEN] [gateway=]    what the NIC has in the firmware by IPv6
 *   vlan      mac= id= [priority=0]               a VLAN that the NIC has in the firmware
 *
 * An IPv6 target has no local=: the firmware takes the NIC's address, or its link-local one if that
 * is ready first: each waits for a random time. The layouts are those of edk2-stable202211:
 * VariableFormat.h, IScsiConfig.h, IScsiMisc.h, IScsiCHAP.h, Ip6ConfigImpl.h, MnpVlan.c.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 8 }; /* PcdMaxIScsiAttemptNumber */
enum { BOOT = 3, RUNTIME = 7 }; /* attributes: not volatile, for boot services, also later */
enum { POLICY = 2, MANUAL = 4, GATEWAY }; /* EFI_IP6_CONFIG_DATA_TYPE */

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

static const struct guid iscsi_guid = { 0x59324945,
					0xec44,
					0x4c0d,
					{ 0xb1, 0xcd, 0x9d, 0xb1, 0x39, 0xdf, 0x07, 0x0c } };
static const struct guid order_guid = { 0x4b47d616,
					0xa8d6,
					0x4552,
					{ 0x9d, 0x44, 0xcc, 0xad, 0x2e, 0x0f, 0x4c, 0xf9 } };
static const struct guid ip6_guid = { 0x937fe521,
				      0x95ae,
				      0x4d1a,
				      { 0x89, 0x29, 0x48, 0xbc, 0xd9, 0x0a, 0xd3, 0x1a } };
static const struct guid vlan_guid = { 0x9e23d768,
				       0xd2f3,
				       0x4366,
				       { 0x9f, 0xc3, 0x3a, 0x7a, 0xba, 0x86, 0x43, 0x74 } };
static const struct guid store_guid = { 0xaaf32c78,
					0x947b,
					0x439a,
					{ 0xa1, 0x80, 0x2e, 0x14, 0x4e, 0xc3, 0x77, 0x92 } };

struct __attribute__((packed)) store { /* VARIABLE_STORE_HEADER */
	struct guid signature;
	uint32_t size;
	uint8_t format, state, reserved[6];
};

struct __attribute__((packed)) variable { /* AUTHENTICATED_VARIABLE_HEADER */
	uint16_t start;
	uint8_t state, reserved;
	uint32_t attributes;
	uint64_t count;
	uint8_t time[16];
	uint32_t key, name_size, data_size;
	struct guid vendor;
};

struct __attribute__((packed)) attempt { /* ISCSI_ATTEMPT_CONFIG_NVDATA */
	uint8_t link[16], nic, number, states[4], tokens[4];
	char name[12], mac[96];
	uint8_t dns1[16], dns2[16], dhcp_server[16];
	/* ISCSI_SESSION_CONFIG_NVDATA */
	uint16_t port;
	uint8_t enabled, ip_mode;
	uint8_t local[16], mask[4], gateway[16];
	uint8_t initiator_by_dhcp, target_by_dhcp;
	char target[224];
	uint8_t ip[16], prefix, lun[8];
	uint16_t timeout;
	uint8_t retries, isid[6];
	uint8_t redirect, original[18], by_name;
	char url[255];
	/* the rest of ISCSI_ATTEMPT_CONFIG_NVDATA */
	uint8_t auth;
	uint8_t chap_type; /* ISCSI_CHAP_AUTH_CONFIG_NVDATA */
	char user[127], secret[17], rev_user[127], rev_secret[17];
	uint8_t auto_success, active;
};

struct __attribute__((packed)) manual_address { /* EFI_IP6_CONFIG_MANUAL_ADDRESS */
	uint8_t ip[16], anycast, prefix;
};

struct ip6_record { /* IP6_CONFIG_DATA_RECORD */
	uint16_t at;
	uint32_t size, type;
};

struct __attribute__((packed)) ip6_config { /* IP6_CONFIG_VARIABLE with its data */
	uint32_t iaid;
	uint16_t checksum, nr_records;
	struct ip6_record records[3];
	uint32_t policy;
	struct manual_address address;
	uint8_t gateway[16];
};

static uint8_t *next, *end; /* free space of the store */
static char *words[32];
static uint8_t nr_attempts;

/* Maps the file and finds the free space of its variable store. */
static void open_store(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct store *store;
	struct stat st;
	uint8_t *map;

	if (fd < 0 || fstat(fd, &st) < 0)
		err(1, "%s", path);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	/* The length of the firmware volume's header is at 0x30. */
	store = (void *)(map + *(uint16_t *)(map + 0x30));
	if (memcmp(&store->signature, &store_guid, sizeof(store_guid)) != 0 ||
	    store->size > st.st_size)
		errx(1, "%s: not an OVMF_VARS file", path);
	next = (void *)(store + 1);
	end = (uint8_t *)store + store->size;
	while (*(uint16_t *)next == 0x55aa) {
		struct variable *v = (void *)next;

		next += (sizeof(*v) + v->name_size + v->data_size + 3) & ~3U;
	}
}

static void add(const char *name, const struct guid *vendor, uint32_t attributes, const void *data,
		size_t size)
{
	struct variable v = { .start = 0x55aa,
			      .state = 0x3f, /* VAR_ADDED */
			      .attributes = attributes,
			      .name_size = (uint32_t)(strlen(name) + 1) * 2,
			      .data_size = (uint32_t)size,
			      .vendor = *vendor };
	size_t len = (sizeof(v) + v.name_size + size + 3) & ~3U;
	uint8_t *at = next + sizeof(v);

	if (len > (size_t)(end - next))
		errx(1, "the file has no room for %s", name);
	memcpy(next, &v, sizeof(v));
	next += len;
	for (; *name; name++) {
		*at++ = (uint8_t)*name;
		*at++ = 0;
	}
	at[0] = at[1] = 0;
	memcpy(at + 2, data, size);
}

/* Returns the value of a word of the line, or @fallback; without a fallback the word must be there. */
static const char *word(const char *key, const char *fallback)
{
	size_t len = strlen(key);
	char **w;

	for (w = words + 1; *w; w++)
		if (strncmp(*w, key, len) == 0 && (*w)[len] == '=')
			return *w + len + 1;
	if (!fallback)
		errx(1, "%s: no %s=", words[0], key);
	return fallback;
}

static void copy(char *field, size_t size, const char *key, const char *fallback)
{
	const char *text = word(key, fallback);

	if (strlen(text) >= size)
		errx(1, "%s=: longer than %zu bytes", key, size - 1);
	memcpy(field, text, strlen(text));
}
#define COPY(field, key, fallback) copy(field, sizeof(field), key, fallback)

static void put_mac(char *out, const char *separator)
{
	unsigned int m[6];
	int i;

	if (sscanf(word("mac", NULL), "%x:%x:%x:%x:%x:%x", m, m + 1, m + 2, m + 3, m + 4, m + 5) !=
	    6)
		errx(1, "%s: not a MAC: %s", words[0], word("mac", NULL));
	for (i = 0; i < 6; i++)
		out += sprintf(out, "%s%02X", i ? separator : "", m[i]);
}

/* Parses ADDRESS or ADDRESS/LEN, which is @key's value. Returns the length. */
static uint8_t put_address(int family, uint8_t *out, const char *key)
{
	char text[64] = "";
	char *slash;

	COPY(text, key, NULL);
	slash = strchr(text, '/');
	if (slash)
		*slash++ = 0;
	if (inet_pton(family, text, out) != 1)
		errx(1, "%s=: not an address: %s", key, text);
	return (uint8_t)(slash ? atoi(slash) : 0);
}

static void put_target(struct attempt *a)
{
	a->port = (uint16_t)atoi(word("port", "3260"));
	a->lun[1] = (uint8_t)atoi(word("lun", "0"));
	a->ip_mode = strchr(word("ip", NULL), ':') != NULL;
	put_address(a->ip_mode ? AF_INET6 : AF_INET, a->ip, "ip");
	COPY(a->target, "target", NULL);
}

static void put_local(struct attempt *a)
{
	uint32_t mask;
	uint8_t len;

	len = put_address(AF_INET, a->local, "local");
	mask = htonl(len ? ~0U << (32 - len) : 0);
	memcpy(a->mask, &mask, sizeof(mask));
	if (*word("gateway", ""))
		put_address(AF_INET, a->gateway, "gateway");
}

static void put_chap(struct attempt *a)
{
	if (!*word("user", ""))
		return;
	a->auth = 1;
	COPY(a->user, "user", NULL);
	COPY(a->secret, "secret", NULL);
	a->chap_type = *word("rev-user", "") != 0;
	COPY(a->rev_user, "rev-user", "");
	COPY(a->rev_secret, "rev-secret", "");
}

static void add_attempt(void)
{
	struct attempt a = { .enabled = 1, .timeout = 10000, .isid = { 0x80 }, .active = 1 };

	if (nr_attempts == ATTEMPTS)
		errx(1, "more than %d attempts", ATTEMPTS);
	a.number = ++nr_attempts;
	a.isid[5] = a.number;
	sprintf(a.name, "Attempt %u", a.number);
	put_mac(a.mac, ":");
	if (*word("vlan", "")) /* IScsiMacAddrToStr() */
		sprintf(a.mac + strlen(a.mac), "\\%04X", (unsigned int)atoi(word("vlan", NULL)));
	if (strcmp(word("mode", ""), "mpio") == 0)
		a.enabled = 2;
	a.initiator_by_dhcp = *word("dhcp", "") != 0;
	a.target_by_dhcp = strcmp(word("dhcp", ""), "target") == 0;
	if (!a.target_by_dhcp)
		put_target(&a);
	if (!a.initiator_by_dhcp && !a.ip_mode)
		put_local(&a);
	put_chap(&a);
	add(a.name, &iscsi_guid, BOOT, &a, sizeof(a));
}

/* Prepares the attempts that are not configured: the firmware wants them all, and their order. */
static void add_orders(void)
{
	static const uint8_t numbers[ATTEMPTS] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct attempt unused = { .number = nr_attempts };

	while (unused.number++ < ATTEMPTS) {
		sprintf(unused.name, "Attempt %u", unused.number);
		add(unused.name, &iscsi_guid, BOOT, &unused, sizeof(unused));
	}
	add("InitialAttemptOrder", &order_guid, BOOT, numbers, ATTEMPTS);
	add("AttemptOrder", &order_guid, BOOT, numbers, nr_attempts);
}

/* The Internet checksum (RFC 1071) of an even number of bytes. */
static uint16_t checksum(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < size; i += 2)
		sum += (uint32_t)(bytes[i] | bytes[i + 1] << 8);
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

static void add_address(void)
{
	struct ip6_config c = {
		.iaid = 1,
		.records = {
			{ offsetof(struct ip6_config, policy), sizeof(c.policy), POLICY },
		},
		.nr_records = 1,
	};
	char name[16] = "";

	put_mac(name, "");
	if (*word("ip", "")) {
		c.address.prefix = put_address(AF_INET6, c.address.ip, "ip");
		c.records[c.nr_records++] =
			(struct ip6_record){ offsetof(struct ip6_config, address),
					     sizeof(c.address), MANUAL };
	}
	if (*word("gateway", "")) {
		put_address(AF_INET6, c.gateway, "gateway");
		c.records[c.nr_records++] =
			(struct ip6_record){ offsetof(struct ip6_config, gateway),
					     sizeof(c.gateway), GATEWAY };
	}
	c.checksum = checksum(&c, sizeof(c));
	add(name, &ip6_guid, BOOT, &c, sizeof(c));
}

/* The variable is an array of tags (VLAN_TCI); the firmware makes an interface for each. */
static void add_vlan(void)
{
	uint16_t tag = (uint16_t)(atoi(word("id", NULL)) | atoi(word("priority", "0")) << 13);
	char name[16] = "";

	put_mac(name, "");
	add(name, &vlan_guid, BOOT, &tag, sizeof(tag));
}

static void add_initiator(void)
{
	char name[224] = "";

	COPY(name, "name", NULL);
	add("I_NAME", &iscsi_guid, RUNTIME, name, strlen(name) + 1);
}

/* Splits a line into words; returns their number. */
static size_t split(char *line)
{
	const size_t most = sizeof(words) / sizeof(words[0]) - 1;
	size_t n = 0;
	char *w;

	for (w = strtok(line, " \t\n"); w && n < most; w = strtok(NULL, " \t\n"))
		words[n++] = w;
	words[n] = NULL;
	return n;
}

int main(int argc, char **argv)
{
	char line[2048];

	if (argc != 2)
		errx(2, "usage: edk2-vars OVMF-VARS-FILE <SETTINGS");
	open_store(argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		if (!split(line))
			continue;
		if (strcmp(words[0], "initiator") == 0)
			add_initiator();
		else if (strcmp(words[0], "attempt") == 0)
			add_attempt();
		else if (strcmp(words[0], "address") == 0)
			add_address();
		else if (strcmp(words[0], "vlan") == 0)
			add_vlan();
		else
			errx(1, "unknown line: %s", words[0]);
	}
	add_orders();
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the files for the real root. The input has numbers and addresses first, then texts, each
 * after a length byte, for every place where a text comes from firmware, command line or DHCP.
 * Whatever they are, each line of each file must be one that its reader expects there.
 */
#include "tests/fuzz/show.h"

#include "tests/unit/handoff/net_files_check.h"

/* The rest of the input. */
static const u8 *rest;
static size_t left;

static void take(void *to, size_t size)
{
	size_t n = left < size ? left : size;

	memset(to, 0, size);
	memcpy(to, rest, n);
	rest += n;
	left -= n;
}

static u8 take_byte(void)
{
	u8 byte;

	take(&byte, 1);
	return byte;
}

/* Random addresses are rarely useful, so half of them are IPv4. */
static struct ibu_addr take_addr(void)
{
	struct ibu_addr a;

	take(&a, sizeof(a));
	if (a.b[0] & 1)
		memcpy(a.b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	return a;
}

static void take_text(char *to, size_t size)
{
	size_t len = take_byte();

	if (len >= size)
		len = size - 1;
	if (len > left)
		len = left;
	take(to, len);
	to[len] = '\0';
}

/* Allocates exactly the needed size. */
static struct ibu_text take_bytes(void)
{
	size_t len = take_byte();
	char *s;

	if (len > left)
		len = left;
	s = malloc(len + !len);
	take(s, len);
	return (struct ibu_text){ s, (u32)len };
}

static void take_nic(struct ibu_nic *nic, struct nic *pn)
{
	struct lease *l = &pn->lease;
	unsigned int i;

	memset(nic, 0, sizeof(*nic));
	memset(pn, 0, sizeof(*pn));
	pn->config = nic;
	pn->ifindex = 2 + take_byte() % 2;
	take(&nic->f.set, sizeof(nic->f.set));
	nic->method = take_byte() % IBU_NR_METHODS;
	nic->prefix_len = take_byte() % 129;
	nic->ip = take_addr();
	nic->gateway = take_addr();
	nic->primary_dns = take_addr();
	nic->secondary_dns = take_addr();
	l->from = take_byte() % (LEASE_IPCONFIG + 1);
	l->prefix_len = take_byte() % 129;
	l->ip = take_addr();
	l->router = take_addr();
	l->server = take_addr();
	l->nr_dns = take_byte() % (LEASE_DNS_MAX + 1);
	for (i = 0; i < l->nr_dns; i++)
		l->dns[i] = take_addr();
	take_text(l->client_id, sizeof(l->client_id));
	take_text(l->hostname, sizeof(l->hostname));
	take_text(l->domain, sizeof(l->domain));
	take_text(l->root_path, sizeof(l->root_path));
	nic->hostname = take_bytes();
	nic->ifname = take_bytes();
}

static void check(const struct handoff_dev *dev)
{
	const char *bad;
	size_t i, len;
	char *text;
	FILE *out;

	for (i = 0; i < NR_HANDOFF_FILES; i++) {
		out = open_memstream(&text, &len);
		handoff_files[i].write(out, dev);
		fclose(out);
		bad = check_handoff(&handoff_files[i], text, len);
		if (bad) {
			fprintf(stderr, "%s has \"%s\"\n", handoff_files[i].name, bad);
			abort();
		}
		free(text);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct link devices[2] = { { .ifindex = 2 },
				   { .ifindex = 3, .is_vlan = true, .parent = 2 } };
	const struct links links = { devices, 2 };
	struct ibu_nic nics[2];
	struct nic pns[2];
	const struct progress progress = { .nics = pns, .nr_nics = 2 };
	unsigned int i, kinds;

	rest = data;
	left = size;
	for (i = 0; i < 2; i++) {
		take_nic(&nics[i], &pns[i]);
		take(devices[i].dev.mac, 6);
		take_text(devices[i].name, sizeof(devices[i].name));
	}
	devices[1].vlan = take_byte();
	kinds = take_byte();
	devices[0].is_bond = kinds & 1;
	take(devices[0].dev.perm_addr, 6);
	for (i = 0; i < 2; i++) {
		const struct handoff_dev dev = { .progress = &progress, .links = &links, .link = &devices[i],
						 .v4 = handoff_find(&progress, &devices[i], false),
						 .v6 = handoff_find(&progress, &devices[i], true),
						 .is_member = !i && kinds & 2,
						 .is_roots = true };

		if (handoff_is_ifname(devices[i].name))
			check(&dev);
	}
	for (i = 0; i < 2; i++) {
		free((char *)nics[i].hostname.s);
		free((char *)nics[i].ifname.s);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the output of a DHCP client and the root path in it. Values that are accepted must keep
 * the promises that plan.h makes to the code that writes them into files. The first byte selects
 * which of both the rest is.
 */
#include "tests/fuzz/show.h"

#include "base/hostname.h"
#include "dhcp/lease.h"
#include "kmod/core/cmdline.h"

static void want(bool so)
{
	if (!so)
		abort();
}

static void check_name(const char *name, size_t size)
{
	struct ibu_text text = { name, (u32)strnlen(name, size) };

	want(text.len < size);
	want(!text.len || hostname_has_valid_chars(text.s, text.len));
}

static void check_lease(const struct lease *lease)
{
	unsigned int i;

	want(!ibu_addr_is_null(&lease->ip));
	want(lease->prefix_len >= 1);
	want(lease->prefix_len <= (ibu_addr_is_v4(&lease->ip) ? 32 : 128));
	want(lease->nr_dns <= LEASE_DNS_MAX);
	for (i = 0; i < lease->nr_dns; i++)
		want(!ibu_addr_is_null(&lease->dns[i]));
	want(!lease->mtu || (lease->mtu >= 576 && lease->mtu <= 65535));
	check_name(lease->hostname, sizeof(lease->hostname));
	check_name(lease->domain, sizeof(lease->domain));
	want(strnlen(lease->root_path, sizeof(lease->root_path)) < sizeof(lease->root_path));
}

static void read_root_path(const char *text, size_t len)
{
	struct ibu_params p = { 0 };
	struct ibu_diag d = { 0 };
	char *copy = copy_of(text, len);

	want(!ibu_root_path_parse(copy, len, &p, &d));
	want(p.nr_targets <= 1);
	if (p.nr_targets && !p.targets[0].unsound) {
		want(ibu_has(&p.targets[0].f, IBU_TARGET_NAME));
		want(ibu_has(&p.targets[0].f, IBU_TARGET_IP_ADDR) ||
		     ibu_has(&p.targets[0].f, IBU_TARGET_HOST));
		want(p.targets[0].name.len <= IBU_ISCSI_NAME_MAX);
	}
	want(!d.lost);
	ibu_params_free(&p);
	ibu_diag_free(&d);
	free(copy);
}

static void read_lease(const char *text, size_t len)
{
	struct ibu_nic nic = { 0 }, leased;
	struct ibu_diag d = { 0 };
	char *copy = copy_of(text, len);
	struct lease lease;
	int r;

	r = lease_parse(copy, len, "nic0", &lease, &d);
	free(copy);
	if (!r) {
		check_lease(&lease);
		lease_apply(&nic, &lease, &leased);
		want(ibu_has(&leased.f, IBU_NIC_IP_ADDR));
		read_root_path(lease.root_path, strlen(lease.root_path));
	}
	want(r || !d.text || !strstr(d.text, "lease has none"));
	ibu_diag_free(&d);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1)
		read_root_path((const char *)data + 1, size - 1);
	else
		read_lease((const char *)data + 1, size - 1);
	return 0;
}

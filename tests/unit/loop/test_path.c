// SPDX-License-Identifier: GPL-2.0-only
/* Tests the progress of the plan's paths and NICs. */
#include "tests/unit/parsed.h"

#include <errno.h>

#include "loop/path.h"

static struct ibu_addr addr(const char *text)
{
	struct ibu_addr a;

	assert_int_equal(ibu_addr_parse(text, strlen(text), &a), 0);
	return a;
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static int left = -1; /* allocations until one fails; -1: none fails */

/* Replaces calloc() (linker option --wrap). */
void *__wrap_calloc(size_t n, size_t size)
{
	return left >= 0 && left-- == 0 ? NULL : __real_calloc(n, size);
}

void __wrap_explicit_bzero(void *data, size_t size);
static const char *secret; /* is wiped or not */
static bool wiped;

/* Replaces explicit_bzero(), likewise. */
void __wrap_explicit_bzero(void *data, size_t size)
{
	const char *start = data;

	wiped |= secret >= start && secret < start + size;
}

static void one_after_the_other(void **state)
{
	const struct ibu_addr addrs[] = { addr("10.0.0.1"), addr("fd00::2"), addr("10.0.0.3") };
	struct path path = { .to.portal = "10.0.0.1", .addrs = addrs, .nr_addrs = 3 };

	assert_true(path_next_address(&path));
	assert_string_equal(path.to.portal, "fd00::2");
	assert_true(path_next_address(&path));
	assert_string_equal(path.to.portal, "10.0.0.3");
	assert_false(path_next_address(&path)); /* all were tried */
	assert_string_equal(path.to.portal, "10.0.0.1");
	assert_true(path_next_address(&path));
	path.nr_addrs = 1;
	assert_false(path_next_address(&path));
	path = (struct path){ .to.portal = "10.0.0.9" };
	assert_false(path_next_address(&path));
	assert_string_equal(path.to.portal, "10.0.0.9");
}

/* At the start all is as planned, and nothing is done yet. */
static void starts_as_planned(void **state)
{
	struct ibu_nic config = { .method = IBU_METHOD_DHCP, .prefix_len = 24 };
	struct plan_nic nics[] = { { .nic = &config },
				   { .nic = &config, .has_firmware_lease = true } };
	struct ibu_target targets[] = { { .name = { "iqn.x:a", 7 } },
					{ .name = { "iqn.x:b", 7 } } };
	struct plan_path paths[] = {
		{ .to = { &targets[0], "10.0.0.1", 3260 } },
		{ .to = { &targets[1], "", 860 }, .nic = &nics[1] },
	};
	const struct plan plan = { .nics = nics, .nr_nics = 2, .paths = paths, .nr_paths = 2 };
	struct progress progress;

	config.ip = addr("10.0.0.15");
	config.primary_dns = addr("10.0.0.3");
	assert_int_equal(progress_make(&progress, &plan), 0);
	assert_null(progress.root);
	assert_null(progress.paths[0].nic);
	assert_ptr_equal(progress.paths[1].nic, &progress.nics[1]);
	assert_string_equal(progress.paths[0].to.portal, "10.0.0.1");
	assert_int_equal(progress.paths[1].to.port, 860);
	assert_int_equal(progress.paths[1].sid, -1);
	assert_int_equal(progress.nics[0].lease.from, LEASE_NONE);
	assert_int_equal(progress.nics[1].lease.from, LEASE_FIRMWARE);
	assert_int_equal(progress.nics[1].lease.nr_dns, 1);
	assert_ptr_equal(progress.nics[1].config, &config);
	assert_ptr_equal(progress_root_in(&progress, PATH_NET), &progress.paths[0]);
	path_fail(&progress, &progress.paths[0], STATUS_NO_LUN, "because");
	assert_string_equal(progress.paths[0].why, "because");
	assert_null(progress_root_in(&progress, PATH_NET));
	secret = progress.nics[1].lease.root_path; /* perhaps with CHAP credentials */
	progress_free(&progress);
	assert_true(wiped);
	progress_free(&progress); /* a second call does no harm */
}

/* The result is reported even then: it must not look at paths that are not there. */
static void no_memory(void **state)
{
	struct ibu_target target = { .name = { "iqn.x:a", 7 } };
	struct plan_path path = { .to = { &target, "10.0.0.1", 3260 } };
	struct ibu_nic config = { .method = IBU_METHOD_NONE };
	struct plan_nic nic = { .nic = &config };
	const struct plan plan = { .nics = &nic, .nr_nics = 1, .paths = &path, .nr_paths = 1 };
	struct progress progress;
	int i;

	for (i = 0; i < 2; i++) {
		left = i;
		assert_int_equal(progress_make(&progress, &plan), -ENOMEM);
		assert_int_equal(progress.nr_paths, 0);
		assert_int_equal(progress.nr_nics, 0);
		assert_ptr_equal(progress.plan, &plan);
		progress_free(&progress);
	}
	left = -1;
}

/* The NICs of a pool: one for each MAC, the first with the pool's number. */
static void pool(void **state)
{
	static const struct ibu_nic any = { .method = IBU_METHOD_DHCP };
	static const struct ibu_nic other = { .f.set = BIT_ULL(IBU_NIC_IFNAME) };
	const struct plan_nic nics[] = { { .nic = &any, .number = 3 },
					 { .nic = &other, .number = 5 } };
	struct ibu_target target = { .name = { "iqn.x:a", 7 } };
	struct plan_path planned[2] = { { .to.target = &target, .nic = &nics[0] },
					{ .to.target = &target, .nic = &nics[0] } };
	const struct plan plan = {
		.nics = (struct plan_nic *)nics, .nr_nics = 2, .paths = planned, .nr_paths = 2
	};
	struct progress progress;
	struct nic *a, *b;
	u8 mac[6] = { 2 };

	assert_int_equal(progress_make(&progress, &plan), 0);
	a = progress_add_nic(&progress, &progress.nics[0], mac);
	assert_ptr_equal(progress_add_nic(&progress, &progress.nics[0], mac), a);
	assert_int_equal(a->plan->number, 3);
	assert_ptr_equal(a->pool, &progress.nics[0]);
	mac[5] = 1;
	b = progress_add_nic(&progress, &progress.nics[0], mac);
	assert_int_equal(b->plan->number, 6);
	assert_memory_equal(b->config->mac, mac, 6);
	assert_true(progress_pool_is_open(&progress, &progress.nics[0]));
	progress_use_nic(&progress, &progress.paths[0], a);
	assert_true(progress_has_several_nics(&progress)); /* eth0 of the plan, and this one */
	assert_true(a->used && a->look_again && !b->used);
	assert_true(path_may_use(&progress.paths[1], b));
	assert_false(path_may_use(&progress.paths[0], b));
	progress_use_nic(&progress, &progress.paths[1], a);
	progress_use_nic(&progress, &progress.paths[0], b);
	assert_true(a->used && !a->left && b->used); /* path 1 still goes by it */
	progress_use_nic(&progress, &progress.paths[1], b);
	assert_true(!a->used && a->left && b->used && !b->left);
	progress.paths[1].state = PATH_DISK;
	assert_true(progress_pool_is_open(&progress, &progress.nics[0]));
	progress.paths[0].state = PATH_FAILED;
	assert_false(progress_pool_is_open(&progress, &progress.nics[0]));
	for (mac[5] = 2; mac[5] < NR_POOL_NICS; mac[5]++)
		assert_non_null(progress_add_nic(&progress, &progress.nics[0], mac));
	assert_null(progress_add_nic(&progress, &progress.nics[0], mac));
	progress_free(&progress);
}

/* A path by the routing table needs each NIC of a pool. */
static void pool_without_a_path(void **state)
{
	static const struct ibu_nic any = { .method = IBU_METHOD_DHCP };
	struct plan_nic nics[] = { { .nic = &any } };
	struct ibu_target target = { .name = { "iqn.x:a", 7 } };
	struct plan_path planned = { .to.target = &target };
	const struct plan plan = { .nics = nics, .nr_nics = 1, .paths = &planned, .nr_paths = 1 };
	struct progress progress;
	u8 mac[6] = { 2 };

	assert_int_equal(progress_make(&progress, &plan), 0);
	assert_true(progress_pool_is_open(&progress, &progress.nics[0]));
	assert_true(progress_add_nic(&progress, &progress.nics[0], mac)->used);
	progress.paths[0].state = PATH_DISK;
	assert_false(progress_pool_is_open(&progress, &progress.nics[0]));
	progress_free(&progress);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other), cmocka_unit_test(starts_as_planned),
		cmocka_unit_test(no_memory),	       cmocka_unit_test(pool),
		cmocka_unit_test(pool_without_a_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

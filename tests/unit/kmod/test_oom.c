// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets each allocation fail in turn: the parsers and the merge return -ENOMEM, or the diagnostics are
 * marked as lost. Nothing leaks and nothing is used.
 */
#include "tests/unit/parsed.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static int left = -1; /* allocations until one fails; -1: none fails */

/* Replaces calloc() in the parsers (linker option --wrap). */
void *__wrap_calloc(size_t n, size_t size)
{
	if (left >= 0 && left-- == 0)
		return NULL;
	return __real_calloc(n, size);
}

static u8 table[1024];

static void put16(size_t at, unsigned int v)
{
	table[at] = (u8)v;
	table[at + 1] = (u8)(v >> 8);
}

static void put_block(size_t at, u8 id, unsigned int len)
{
	table[at] = id;
	table[at + 1] = 1;
	put16(at + 2, len);
	table[at + 5] = 3;
}

/* Five NICs and five targets, so that the arrays grow; each target causes a diagnostic. */
static void make_table(void)
{
	unsigned int i;

	memset(table, 0, sizeof(table));
	memcpy(table, "iBFT", 4);
	put16(4, sizeof(table));
	table[8] = 1;
	put_block(48, 1, 8 + 2 * 11);
	for (i = 0; i < 5; i++) {
		put_block(88 + 104 * i, 3, 102);
		put16(58 + 4 * i, 88 + 104 * i);
		put_block(608 + 56 * i, 4, 54);
		put16(60 + 4 * i, 608 + 56 * i);
	}
	for (i = 0; i < sizeof(table); i++)
		table[9] = (u8)(table[9] - (i == 9 ? 0 : table[i]));
}

static const char words[] =
	"iscsi_boot.target=iscsi://10.0.0.1/iqn.a:1?nic=eth9 netroot=iscsi:10.0.0.1::::iqn.a:2 "
	"iscsi_boot.target=iscsi://10.0.0.1/iqn.a:3?nic=eth8 netroot=iscsi:10.0.0.1::::iqn.a:4 "
	"iscsi_target_name=iqn.a:5 iscsi_target_ip=10.0.0.1 "
	"ip=10.0.0.2:::24::eth0:off ip=dhcp ifname=lan:52:00:00:00:00:02 ip=eth1:dhcp "
	"vlan=eth2.5:eth2 BOOTIF=01-52-00-00-00-00-03 ip=eth5:auto6 ip=::::h:eth/6 ip=nonsense "
	"ip=52-00-00-00-00-04:dhcp";

/*
 * Lets allocation @n fail and expects an error, or success if it is not reached. Returns a number below
 * 0 if it was reached.
 */
static int run(int n, const u8 *from, const char *line)
{
	struct ibu_params p = { 0 }, cl = { 0 };
	struct ibu_diag d = { 0 };
	char *text = strdup(line);
	int err = 0;

	left = n;
	if (from)
		err = ibu_ibft_parse(from, sizeof(table), "acpi", &p, &d);
	if (!err)
		err = ibu_cmdline_parse(text, strlen(text), &cl, &d);
	if (!err)
		err = ibu_merge(&p, &cl, &d);
	n = left;
	left = -1;
	if (n < 0) /* allocation @n was reached and failed */
		assert_true(err == -ENOMEM || d.lost);
	else
		assert_true(!err && !d.lost);
	assert_true(!err || err == -ENOMEM);
	ibu_params_free(&p);
	ibu_params_free(&cl);
	ibu_diag_free(&d);
	free(text);
	return n;
}

static void test_each(void **state)
{
	int n = 0;

	make_table();
	while (run(n, table, words) < 0)
		n++;
	/* Two arrays of each source grow, and so do the diagnostics. */
	assert_true(n > 10);
}

/* The merge adds a NIC that only a target names. */
static void test_hint(void **state)
{
	int n = 0;

	while (run(n, NULL, "iscsi_boot.target=iscsi://10.0.0.1/iqn.a:1?nic=eth9") < 0)
		n++;
	assert_int_equal(n, 3);
}

/* Tests each parameter that adds an entry alone: the first allocation is that of the entry. */
static void test_each_parameter(void **state)
{
	static const char *const lines[] = {
		"iscsi_boot.target=iscsi://10.0.0.1/iqn.a:1",
		"netroot=iscsi:10.0.0.1::::iqn.a:2",
		"iscsi_target_name=iqn.a:5",
		"ip=10.0.0.2:::24::eth0:off",
		"ip=10.0.0.2",
		"ip=dhcp",
		"ip=eth1:dhcp",
		"ip=52-00-00-00-00-04:dhcp",
		"bootdev=eth1",
		"ifname=lan:52:00:00:00:00:02",
		"vlan=eth2.5:eth2",
		"BOOTIF=01-52-00-00-00-00-03",
	};
	struct ibu_params cl = { 0 };
	struct ibu_diag d = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		char *text = strdup(lines[i]);

		left = 0;
		if (ibu_cmdline_parse(text, strlen(text), &cl, &d) != -ENOMEM)
			fail_msg("not -ENOMEM: %s", lines[i]);
		left = -1;
		assert_null(cl.nics);
		assert_null(cl.targets);
		free(text);
	}
}

static void test_root_path(void **state)
{
	static const char text[] = "iscsi:10.0.0.1::::iqn.a:b";
	struct ibu_params p = { 0 };
	struct ibu_diag d = { 0 };

	left = 0;
	assert_int_equal(ibu_root_path_parse(text, strlen(text), &p, &d), -ENOMEM);
	left = -1;
	assert_null(p.targets);
}

/* A target that only a by-path root describes. */
static void test_by_path(void **state)
{
	int n = 0;

	while (run(n, NULL, "root=/dev/disk/by-path/ip-10.0.0.1:3260-iscsi-iqn.a:b-lun-1") < 0)
		n++;
	assert_int_equal(n, 1);
}

/* An allocation for the second table fails; the first one was read. */
static void test_second_table(void **state)
{
	bool reached = true;
	int n, err;

	make_table();
	for (n = 0; reached; n++) {
		struct ibu_params p = { 0 };
		struct ibu_diag d = { 0 };

		assert_int_equal(ibu_ibft_parse(table, sizeof(table), "acpi", &p, &d), 0);
		left = n;
		err = ibu_ibft_parse(table, sizeof(table), "acpi", &p, &d);
		reached = left < 0;
		left = -1;
		if (reached)
			assert_true(err == -ENOMEM || d.lost);
		else
			assert_true(!err && !d.lost);
		ibu_params_free(&p);
		ibu_diag_free(&d);
	}
	assert_true(n > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_each_parameter),
		cmocka_unit_test(test_root_path),
		cmocka_unit_test(test_by_path),
		cmocka_unit_test(test_second_table),
	};

	return cmocka_run_group_tests_name("oom", tests, NULL, NULL);
}

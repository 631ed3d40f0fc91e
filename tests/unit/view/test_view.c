// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that the view is read back from files as it was written, and is the same without the
 * module.
 */
#include "tests/unit/root.h"

#include "base/arena.h"
#include "view/view_fallback.h"
#include "view/view.h"

#define VIEW "/sys/firmware/iscsi_boot_unified/"

static void put_object(enum ibu_class_id id, const void *obj, const char *dir)
{
	const struct ibu_class *class = &ibu_classes[id];
	char path[320], text[IBU_ATTR_SIZE];
	unsigned int i;
	ssize_t len;

	for (i = 0; i < class->nr_attrs; i++) {
		if (!ibu_has(obj, i))
			continue;
		len = ibu_attr_emit(class, i, obj, text, sizeof(text));
		assert_true(len > 0);
		snprintf(path, sizeof(path), VIEW "%s%s", dir, class->attrs[i].name);
		root_put_bytes(path, text, (size_t)len, 0400);
	}
}

/* Writes the view as the module shows it. */
static void put_view(const struct ibu_params *p, const struct ibu_diag *d)
{
	char dir[32];
	unsigned int i;

	put_object(IBU_CLASS_ROOT, &p->root, "");
	put_object(IBU_CLASS_IBFT, &p->ibft, "ibft/");
	for (i = 0; i < p->nr_nics; i++) {
		snprintf(dir, sizeof(dir), "nic%u/", i);
		put_object(IBU_CLASS_NIC, &p->nics[i], dir);
	}
	for (i = 0; i < p->nr_targets; i++) {
		snprintf(dir, sizeof(dir), "target%u/", i);
		put_object(IBU_CLASS_TARGET, &p->targets[i], dir);
	}
	root_put_bytes(VIEW "diagnostics", d->text ? d->text : "", d->len, 0400);
}

static void assert_same_object(enum ibu_class_id id, const void *a, const void *b)
{
	char text[IBU_ATTR_SIZE + 1];
	unsigned int i;

	for (i = 0; i < ibu_classes[id].nr_attrs; i++) {
		snprintf(text, sizeof(text), "%s", shown(id, a, i));
		assert_string_equal(shown(id, b, i), text);
	}
}

static void assert_same(const struct ibu_params *a, const struct ibu_params *b)
{
	unsigned int i;

	assert_same_object(IBU_CLASS_ROOT, &a->root, &b->root);
	assert_same_object(IBU_CLASS_IBFT, &a->ibft, &b->ibft);
	assert_int_equal(a->nr_nics, b->nr_nics);
	for (i = 0; i < a->nr_nics; i++)
		assert_same_object(IBU_CLASS_NIC, &a->nics[i], &b->nics[i]);
	assert_int_equal(a->nr_targets, b->nr_targets);
	for (i = 0; i < a->nr_targets; i++)
		assert_same_object(IBU_CLASS_TARGET, &a->targets[i], &b->targets[i]);
}

#define WORDS                                                                                  \
	"iscsi_boot.target=iscsi://us%40er:se%0A%5Cret%FF@10.0.0.1/iqn.2024-01.example:a/1"    \
	"?rev-user=r,rev-secret=%20blank%20,tpgt=3,nic=52:54:00:12:34:56 "                     \
	"iscsi_boot.target=iscsi://u@[fd00::2]:3261/iqn.2024-01.example:b/300?secret-file=/k " \
	"ip=10.0.0.5::10.0.0.1:255.255.255.0:ho\\st:eth0:off:9000 ip=nonsense rd.iscsi.initiator=iqn.c"

static void view_comes_back(void **state)
{
	struct parsed v;
	struct view view;

	root_put("/proc/cmdline", "a b=\"c d\"\n");
	parsed_make(&v, NULL, 0, WORDS);
	put_view(&v.p, &v.d);
	assert_int_equal(view_read(root, &view), 0);
	assert_false(view.fallback);
	assert_string_equal(view.cmdline, "a b=\"c d\"");
	assert_same(&v.p, &view.params);
	assert_int_equal(view.diag.len, v.d.len);
	assert_memory_equal(view.diag.text, v.d.text, v.d.len);
	assert_int_equal(view.diag.errors, v.d.errors);
	assert_true(v.d.errors);
	view_free(&view);
	parsed_free(&v);
}

/* Every attribute of every object is read back, also those that no parser sets here. */
static void all_attributes_come_back(void **state)
{
	struct parsed v;
	struct view view;
	struct ibu_nic *nic;

	root_put("/proc/cmdline", "\n");
	parsed_make(&v, NULL, 0, WORDS);
	nic = &v.p.nics[0];
	nic->source = IBU_FROM_IBFT | IBU_FROM_CMDLINE;
	nic->firmware_index = 7;
	nic->flags = 3;
	nic->vlan = 4094;
	nic->pci_bdf = 0x1234;
	nic->origin = 3;
	nic->f.from_cmdline = BIT_ULL(IBU_NIC_MTU) | BIT_ULL(IBU_NIC_IFNAME);
	nic->f.set = BIT_ULL(IBU_NR_NIC_FIELDS) - 1;
	v.p.root.f.set = BIT_ULL(IBU_NR_ROOT_FIELDS) - 1;
	memcpy(v.p.root.isid, "\x40\x00\x01\x37\x00\x0a", 6);
	v.p.ibft.f.set = BIT_ULL(IBU_NR_IBFT_FIELDS) - 1;
	v.p.ibft.length = 2048;
	put_view(&v.p, &v.d);
	assert_int_equal(view_read(root, &view), 0);
	assert_same(&v.p, &view.params);
	view_free(&view);
	parsed_free(&v);
}

static void assert_reported(const struct view *view, const char *line)
{
	if (!view->diag.text || !strstr(view->diag.text, line))
		fail_msg("no such diagnostic: \"%s\" in:\n%s", line,
			 view->diag.text ? view->diag.text : "");
}

static void bad_values_are_reported(void **state)
{
	struct view view;

	root_put("/proc/cmdline", "\n");
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "nic0/mac", "not a mac\n");
	root_put(VIEW "nic0/ip-addr", "10.0.0.1\n");
	root_put(VIEW "target0/port", "3260");
	root_put(VIEW "target1/port", "3260\n");
	assert_int_equal(view_read(root, &view), 0);
	assert_reported(&view, "error nic0 mac -: unknown value\n");
	assert_reported(&view, "error target0 port -: unknown value\n");
	assert_false(ibu_has(&view.params.nics[0].f, IBU_NIC_MAC));
	assert_true(ibu_has(&view.params.nics[0].f, IBU_NIC_IP_ADDR));
	assert_int_equal(view.params.nr_targets, 2);
	assert_true(view.params.targets[0].unsound);
	assert_false(view.params.targets[1].unsound);
	assert_int_equal(view.diag.errors, 2);
	view_free(&view);
}

/* A directory replaces the file, because reading it fails for root too. */
static void unreadable_is_reported(void **state)
{
	struct view view;

	root_put("/proc/cmdline", "\n");
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "target0/chap-type/x", "");
	assert_int_equal(view_read(root, &view), 0);
	assert_reported(&view, "warning target0 chap-type -: cannot be read: Is a directory\n");
	assert_true(view.params.targets[0].unsound);
	view_free(&view);
}

static void empty_view_is_not_a_missing_one(void **state)
{
	struct view view;

	root_put("/proc/cmdline", "netroot=iscsi:10.0.0.1::::iqn.a\n");
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "sources", "none\n");
	assert_int_equal(view_read(root, &view), 0);
	assert_false(view.fallback);
	assert_int_equal(view.params.nr_targets, 0);
	view_free(&view);
}

/* The module is still creating the view, or failed to: targets would be missing. */
static void half_a_view_is_not_used(void **state)
{
	struct view view;

	root_put("/proc/cmdline", "netroot=iscsi:10.0.0.1::::iqn.a\n");
	root_put(VIEW "sources", "cmdline\n");
	root_put(VIEW "nic0/mac", "52:54:00:12:34:56\n");
	assert_int_equal(view_read(root, &view), 0);
	assert_true(view.fallback);
	assert_int_equal(view.params.nr_nics, 0);
	assert_int_equal(view.params.nr_targets, 1);
	assert_reported(&view, "warning view abi-version -: missing: ");
	view_free(&view);
}

/* The files of another version may have another meaning. */
static void another_version_is_not_used(void **state)
{
	static const char *const versions[] = { "2\n", "0\n", "11\n", "1x\n", "\n", "" };
	struct view view;
	size_t i;

	root_put("/proc/cmdline", "netroot=iscsi:10.0.0.1::::iqn.a\n");
	root_put(VIEW "nic0/mac", "52:54:00:12:34:56\n");
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		root_put(VIEW "abi-version", versions[i]);
		assert_int_equal(view_read(root, &view), 0);
		assert_true(view.fallback);
		assert_int_equal(view.params.nr_nics, 0);
		assert_int_equal(view.params.nr_targets, 1);
		assert_reported(&view,
				"warning view abi-version -: view not used: the agent supports "
				"only version 1\n");
		view_free(&view);
	}
}

static void nothing_at_all(void **state)
{
	struct view view;

	assert_int_equal(view_read(root, &view), -ENOENT);
}

static void long_files_are_read_whole(void **state)
{
	enum { SIZE = 200000 };
	char *words = malloc(SIZE + 1);
	struct view view;

	memset(words, 'x', SIZE);
	strcpy(words + SIZE - 16, " ip=10.0.0.5::::");
	root_put("/proc/cmdline", words);
	assert_int_equal(view_read(root, &view), 0);
	assert_int_equal(strlen(view.cmdline), SIZE);
	assert_int_equal(view.params.nr_nics, 1);
	view_free(&view);
	free(words);
}

static void intree_is_read(void **state)
{
	const struct ibu_target *t;
	struct view view;

	root_put_intree();
	assert_int_equal(view_read(root, &view), 0);
	assert_true(view.fallback);
	assert_reported(&view, "warning agent fallback -: iscsi_boot_unified not loaded");
	assert_int_equal(view.diag.errors, 0);
	assert_int_equal(view.diag.warnings, 1);
	assert_string_equal(shown(IBU_CLASS_IBFT, &view.params.ibft, IBU_IBFT_OEM_ID), "FENSYS");
	assert_string_equal(shown(IBU_CLASS_IBFT, &view.params.ibft, IBU_IBFT_LOCATION), "memory");
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.2024-01.example:client");
	assert_int_equal(view.params.nr_nics, 1);
	assert_nic((&(struct parsed){ .p = view.params }), 0, IBU_NIC_SUBNET_MASK, "255.255.255.0");
	assert_false(ibu_has(&view.params.nics[0].f, IBU_NIC_HOSTNAME));
	t = &view.params.targets[0];
	assert_int_equal(view.params.nr_targets, 1);
	assert_int_equal(t->selected, 1);
	assert_int_equal(ibu_lun_number(t->lun), 1);
	assert_memory_equal(t->chap_secret.s, "sec\\ret 123456", 14);
	assert_memory_equal(t->chap_name.s, "us\\er", 5);
	view_free(&view);
}

/* The table rebuilt from the files gives the same view as that of ACPI. */
static void acpi_is_read(void **state)
{
	struct view intree, acpi, scratch = { 0 };
	unsigned char *table;
	ssize_t len;

	root_put_intree();
	assert_int_equal(view_read(root, &intree), 0);
	len = ibft_from_sysfs(root, &scratch, &table);
	assert_true(len > IBU_IBFT_MIN);
	root_put_bytes("/sys/firmware/acpi/tables/BIFT1", table, (size_t)len, 0400);
	assert_int_equal(view_read(root, &acpi), 0);
	assert_string_equal(shown(IBU_CLASS_IBFT, &acpi.params.ibft, IBU_IBFT_LOCATION), "acpi");
	acpi.params.ibft.location = intree.params.ibft.location;
	assert_same(&intree.params, &acpi.params);
	view_free(&acpi);
	view_free(&intree);
	view_free(&scratch);
}

/* In a folder that cannot be read no table seems to be absent: the numbers end nevertheless. */
static void unreadable_tables(void **state)
{
	struct view view;

	root_put("/proc/cmdline", "");
	root_put("/sys/firmware/acpi/tables", "not a folder");
	assert_int_equal(view_read(root, &view), 0);
	assert_true(view.unread);
	assert_true(view.diag.errors >= 3);
	view_free(&view);
}

/* A second table is read behind the first, as the module does; a third one is reported. */
static void two_tables(void **state)
{
	struct view view, scratch = { 0 };
	unsigned char *table;
	ssize_t len;

	root_put_intree();
	len = ibft_from_sysfs(root, &scratch, &table);
	root_put_bytes("/sys/firmware/acpi/tables/iBFT1", table, (size_t)len, 0400);
	root_put_bytes("/sys/firmware/acpi/tables/iBFT2", table, (size_t)len, 0400);
	assert_int_equal(view_read(root, &view), 0);
	assert_int_equal(view.params.nr_nics, 1);
	assert_int_equal(view.params.nr_targets, 2);
	assert_int_equal(view.params.targets[0].selected, 1);
	assert_int_equal(view.params.targets[1].selected, 0);
	assert_int_equal(view.params.targets[1].usable, 1);
	assert_reported(&view, "warning ibft2 table -: additional table; its targets are further");
	assert_false(view_table_is_sound(&view));
	view_free(&view);
	root_put_bytes("/sys/firmware/acpi/tables/BIFT", table, (size_t)len, 0400);
	assert_int_equal(view_read(root, &view), 0);
	assert_int_equal(view.params.nr_targets, 2);
	assert_reported(&view, "warning ibft BIFT -: more than two tables; ignored");
	view_free(&view);
	view_free(&scratch);
}

/* A table in a file gives the view that it would give in ACPI, without command line; so does a dump. */
static void table_in_a_file(void **state)
{
	struct view acpi, view, scratch = { 0 };
	char *dump, path[512];
	unsigned char *table;
	ssize_t len, i;
	size_t size;
	FILE *out;

	root_put_intree();
	len = ibft_from_sysfs(root, &scratch, &table);
	root_put_bytes("/sys/firmware/acpi/tables/iBFT", table, (size_t)len, 0400);
	assert_int_equal(view_read(root, &acpi), 0);
	snprintf(path, sizeof(path), "%s", root_path("/sys/firmware/acpi/tables/iBFT"));
	assert_int_equal(view_from_table(path, &view), 0);
	assert_string_equal(shown(IBU_CLASS_IBFT, &view.params.ibft, IBU_IBFT_LOCATION), "file");
	assert_string_equal(view.cmdline, "");
	assert_true(view_table_is_sound(&view));
	view.params.ibft.location = acpi.params.ibft.location;
	acpi.params.root.warnings = 0; /* that the module is not loaded */
	assert_same(&acpi.params, &view.params);
	view_free(&view);

	out = open_memstream(&dump, &size);
	for (i = 0; i < len; i++) {
		if (i % 16 == 0)
			fprintf(out, "\n%08zx:", (size_t)i);
		fprintf(out, " %02x", table[i]);
	}
	fclose(out);
	root_put("/dump", dump);
	free(dump);
	snprintf(path, sizeof(path), "%s", root_path("/dump"));
	assert_int_equal(view_from_table(path, &view), 0);
	assert_string_equal(shown(IBU_CLASS_TARGET, &view.params.targets[0], IBU_TARGET_NAME),
			    "iqn.2024-01.example:disk");
	view_free(&view);

	/* Windows PowerShell writes UTF-16. */
	out = open_memstream(&dump, &size);
	fprintf(out, "\xff\xfe");
	for (i = 0; i < len; i++)
		fprintf(out, "%x%c%x%c %c", table[i] >> 4, 0, table[i] & 15, 0, 0);
	fclose(out);
	root_put_bytes("/dump", dump, size, 0600);
	free(dump);
	assert_int_equal(view_from_table(path, &view), 0);
	assert_string_equal(shown(IBU_CLASS_TARGET, &view.params.targets[0], IBU_TARGET_NAME),
			    "iqn.2024-01.example:disk");
	view_free(&view);

	root_put("/dump", "no table\n");
	assert_false(view_table_is_sound(&(struct view){ 0 }));
	assert_int_equal(view_from_table(path, &view), -ENODATA);
	assert_int_equal(view_from_table("/nonexistent", &view), -ENOENT);
	view_free(&acpi);
	view_free(&scratch);
}

/* A table above 1 MiB is cut, as in the module, and its targets are shown but not used. */
static void huge_table(void **state)
{
	struct view view, scratch = { 0 };
	const size_t size = 3 * IBU_IBFT_MAX;
	unsigned char *table, *huge = calloc(1, size);
	ssize_t len;

	root_put_intree();
	len = ibft_from_sysfs(root, &scratch, &table);
	memcpy(huge, table, (size_t)len);
	huge[4] = huge[5] = 0;
	huge[6] = (u8)(size >> 16);
	root_put_bytes("/sys/firmware/acpi/tables/iBFT", huge, size, 0400);
	assert_int_equal(view_read(root, &view), 0);
	assert_int_equal(view.params.nr_targets, 1);
	assert_int_equal(view.params.targets[0].selected, 0);
	assert_int_equal(view.params.targets[0].usable, 0);
	assert_reported(&view, "error ibft length 4: 3145728 bytes, must be 66 to 1048576");
	view_free(&view);
	view_free(&scratch);
	free(huge);
}

/* The driver's text, and the bytes that it stands for; NULL: ambiguous. */
static void intree_luns(void **state)
{
	static const struct {
		const char *text, *lun;
	} cases[] = {
		{ "00000000\n", "0000000000000000" },
		{ "01000000\n", "0001000000000000" },
		{ "0ff000000\n", "00ff000000000000" },
		{ "010000000\n", "0010000000000000" },
		{ "411000000\n", "4101000000000000" },
		{ "40ff000000\n", "40ff000000000000" },
		{ "110000000\n", NULL },
		{ "0000000\n", NULL },
		{ "0100000g\n", NULL },
		{ "\n", NULL },
		{ "ffffffffffffffff\n", "ffffffffffffffff" },
	};
	struct view view;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		root_put_intree();
		root_put(INTREE "target0/lun", cases[i].text);
		assert_int_equal(view_read(root, &view), 0);
		assert_int_equal(view.params.nr_targets, !!cases[i].lun);
		if (cases[i].lun)
			assert_string_equal(shown(IBU_CLASS_TARGET, &view.params.targets[0],
						  IBU_TARGET_LUN),
					    cases[i].lun);
		else
			assert_reported(&view,
					"error target0 lun -: value is ambiguous or invalid");
		view_free(&view);
	}
}

static void intree_many(void **state)
{
	struct view view;

	root_put_intree();
	root_put(INTREE "ethernet5/index", "5\n");
	root_put(INTREE "ethernet5/flags", "3\n");
	root_put(INTREE "ethernet5/mac", "52:54:00:12:34:57\n");
	root_put(INTREE "target3/index", "3\n");
	root_put(INTREE "target3/flags", "3\n");
	root_put(INTREE "target3/ip-addr", "fd00:0000:0000:0000:0000:0000:0000:0015\n");
	root_put(INTREE "target3/port", "3260\n");
	root_put(INTREE "target3/lun", "02000000\n");
	root_put(INTREE "target3/chap-type", "0\n");
	root_put(INTREE "target3/nic-assoc", "5\n");
	root_put(INTREE "target3/target-name", "iqn.b\n");
	assert_int_equal(view_read(root, &view), 0);
	assert_int_equal(view.diag.errors, 0);
	assert_int_equal(view.params.nr_nics, 2);
	assert_int_equal(view.params.nr_targets, 2);
	assert_int_equal(view.params.targets[1].nic_assoc, 1);
	view_free(&view);
}

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(view_comes_back),
		in_root(all_attributes_come_back),
		in_root(bad_values_are_reported),
		in_root(unreadable_is_reported),
		in_root(empty_view_is_not_a_missing_one),
		in_root(half_a_view_is_not_used),
		in_root(another_version_is_not_used),
		in_root(nothing_at_all),
		in_root(long_files_are_read_whole),
		in_root(intree_is_read),
		in_root(acpi_is_read),
		in_root(unreadable_tables),
		in_root(two_tables),
		in_root(table_in_a_file),
		in_root(huge_table),
		in_root(intree_luns),
		in_root(intree_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

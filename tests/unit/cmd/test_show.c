// SPDX-License-Identifier: GPL-2.0-only
/* Tests the text and the JSON of show, which contain no secrets. */
#include "tests/unit/root.h"

#include "cmd/show.h"

#define VIEW "/sys/firmware/iscsi_boot_unified/"

static char text[16384];

static void show_root(bool json)
{
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct view view;

	assert_non_null(out);
	assert_int_equal(view_read(root, &view), 0);
	show_command(root, &view, json, out);
	fclose(out);
	view_free(&view);
}

static void put_view(void)
{
	root_put("/proc/cmdline", "\n");
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "sources", "ibft\n");
	root_put(VIEW "errors", "0\n");
	root_put(VIEW "warnings", "1\n");
	root_put(VIEW "ibft/signature", "iBFT\n");
	root_put(VIEW "nic0/source", "ibft\n");
	root_put(VIEW "nic0/mac", "52:54:00:12:34:56\n");
	root_put(VIEW "nic0/netdev/status", "up\n");
	root_put(VIEW "nic0/netdev/ifname", "e\x1b\"\n");
	root_put(VIEW "target0/selected", "1\n");
	root_put(VIEW "target0/target-name", "iqn.a\"\\\\\\x0A\n");
	root_put(VIEW "target0/chap-name", "joe\n");
	root_put(VIEW "target0/chap-secret", "hunter2\n");
	root_put(VIEW "target1/selected", "0\n");
	root_put(VIEW "diagnostics", "warning nic0 ip-addr -: odd\n");
	root_put("/run/iscsi-boot/result", "status=0\ndisk=sda\n");
}

static void for_people(void **state)
{
	put_view();
	show_root(false);
	assert_string_equal(text, "view\n"
				  "  made-by               module\n"
				  "  abi-version           1\n"
				  "  sources               ibft\n"
				  "  errors                0\n"
				  "  warnings              1\n"
				  "\n"
				  "ibft\n"
				  "  signature             iBFT\n"
				  "\n"
				  "nic0\n"
				  "  source                ibft\n"
				  "  mac                   52:54:00:12:34:56\n"
				  "  netdev/status         up\n"
				  "  netdev/ifname         e\\x1B\"\n"
				  "\n"
				  "target0\n"
				  "  selected              1\n"
				  "  target-name           iqn.a\"\\\\\\x0A\n"
				  "  chap-name             joe\n"
				  "  chap-secret           (set)\n"
				  "\n"
				  "target1\n"
				  "  selected              0\n"
				  "\n"
				  "diagnostics\n"
				  "  warning: nic0: ip-addr: odd\n"
				  "\n"
				  "last boot\n"
				  "  status                0\n"
				  "  disk                  sda\n");
}

static void for_programs(void **state)
{
	put_view();
	show_root(true);
	assert_string_equal(text, "{\n"
				  "  \"made-by\": \"module\",\n"
				  "  \"abi-version\": \"1\",\n"
				  "  \"sources\": \"ibft\",\n"
				  "  \"errors\": \"0\",\n"
				  "  \"warnings\": \"1\",\n"
				  "  \"ibft\": {\n"
				  "    \"signature\": \"iBFT\"\n"
				  "  },\n"
				  "  \"nics\": [\n"
				  "    {\n"
				  "      \"source\": \"ibft\",\n"
				  "      \"mac\": \"52:54:00:12:34:56\",\n"
				  "      \"netdev\": {\n"
				  "        \"status\": \"up\",\n"
				  "        \"ifname\": \"e\\\\x1B\\\"\"\n"
				  "      }\n"
				  "    }\n"
				  "  ],\n"
				  "  \"targets\": [\n"
				  "    {\n"
				  "      \"selected\": \"1\",\n"
				  "      \"target-name\": \"iqn.a\\\"\\\\\\\\\\\\x0A\",\n"
				  "      \"chap-name\": \"joe\",\n"
				  "      \"chap-secret-set\": true,\n"
				  "      \"rev-chap-name-secret-set\": false\n"
				  "    },\n"
				  "    {\n"
				  "      \"selected\": \"0\",\n"
				  "      \"chap-secret-set\": false,\n"
				  "      \"rev-chap-name-secret-set\": false\n"
				  "    }\n"
				  "  ],\n"
				  "  \"diagnostics\": [\n"
				  "    \"warning nic0 ip-addr -: odd\"\n"
				  "  ],\n"
				  "  \"last-boot\": {\n"
				  "    \"status\": \"0\",\n"
				  "    \"disk\": \"sda\"\n"
				  "  }\n"
				  "}\n");
}

static void empty_view(void **state)
{
	root_put("/proc/cmdline", "\n");
	root_put(VIEW "sources", "none\n");
	root_put(VIEW "abi-version", "1\n");
	show_root(true);
	assert_string_equal(text, "{\n"
				  "  \"made-by\": \"module\",\n"
				  "  \"abi-version\": \"1\",\n"
				  "  \"sources\": \"none\",\n"
				  "  \"nics\": [],\n"
				  "  \"targets\": [],\n"
				  "  \"diagnostics\": []\n"
				  "}\n");
	show_root(false);
	assert_string_equal(text, "view\n"
				  "  made-by               module\n"
				  "  abi-version           1\n"
				  "  sources               none\n");
}

static void no_secret(void **state)
{
	int json;

	root_put("/proc/cmdline", "iscsi_boot.target=iscsi://joe:hunter2@10.0.0.1/iqn.a?rev-user=a,"
				  "rev-secret=hunter3 netroot=iscsi:u:hunter4:x@10.0.0.1::::iqn.b "
				  "iscsi_password=hunter5\n");
	for (json = 0; json < 2; json++) {
		show_root(json);
		assert_non_null(strstr(text, "iqn.a"));
		assert_null(strstr(text, "hunter"));
	}
}

/* The table of another machine: what this one has for lack of an initiator name does not count. */
static void saved_table(void **state)
{
	unsigned char bytes[128] = "iBFT\x80\0\0\0\1";
	unsigned int i, sum = 0;
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct view view;

	assert_non_null(out);
	memcpy(bytes + 48, "\1\1\x12\0\0\0\0\0\0\0\0\0\x42", 13); /* target0 is at 66 */
	memcpy(bytes + 66, "\4\1\x36\0\0\3", 6);
	memcpy(bytes + 82, "\xff\xff\x0a\0\0\2\xbc\x0c", 8);
	memcpy(bytes + 100, "\5\0\x78\0", 4);
	memcpy(bytes + 120, "iqn.a", 5);
	for (i = 0; i < sizeof(bytes); i++)
		sum += bytes[i];
	bytes[9] = (unsigned char)-sum;
	root_put_bytes("/table", bytes, sizeof(bytes), 0600);
	assert_int_equal(view_from_table(root_path("/table"), &view), 0);
	assert_true(view.params.nr_targets == 1 && view.params.targets[0].selected);
	show_command(NULL, &view, false, out);
	fclose(out);
	view_free(&view);
	assert_null(strstr(text, "initiator-used"));
	assert_non_null(strstr(text, "\ntarget0\n"));
}

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(for_people), in_root(for_programs), in_root(empty_view),
		in_root(no_secret),  in_root(saved_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

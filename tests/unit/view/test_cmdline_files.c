// SPDX-License-Identifier: GPL-2.0-only
/* Tests the command line with the parameters that an initramfs has in files. */
#include "tests/unit/root.h"

#include "base/arena.h"
#include "base/diag_text.h"
#include "view/cmdline_files.h"
#include "view/view.h"

#define VIEW "/sys/firmware/iscsi_boot_unified/"
#define IQN "iqn.2024-01.example:"
#define INITRAMFS "/etc/iscsi/iscsi.initramfs"

static struct view view;

static void read_all(const char *kernel)
{
	view_free(&view);
	root_put("/proc/cmdline", kernel);
	assert_int_equal(view_read(root, &view), 0);
}

static int clean(void **state)
{
	view_free(&view);
	return root_remove(state);
}

/* Requires the diagnostic @line, in words for people. */
static void assert_said(const char *line)
{
	void *arena = NULL;
	const char *s = view.diag.text;
	size_t len = view.diag.len;
	bool error, found = false;

	while (len && !found)
		found = !strcmp(diag_next(&arena, &s, &len, &error), line);
	arena_free(&arena);
	if (!found)
		fail_msg("no diagnostic: %s\nin:\n%s", line, view.diag.text ? view.diag.text : "");
}

static void want_target(unsigned int n, enum ibu_target_field field, const char *text)
{
	assert_true(n < view.params.nr_targets);
	assert_string_equal(shown(IBU_CLASS_TARGET, &view.params.targets[n], field), text);
}

/* The order is that of dracut's getcmdline(), and the last value counts. */
static void precedence(void **state)
{
	root_put("/etc/cmdline.d/20-b.conf", "rd.iscsi.initiator=iqn.b\nb\n");
	root_put("/etc/cmdline.d/10-a.conf", "rd.iscsi.initiator=iqn.a   \n\na");
	root_put("/etc/cmdline.d/30.con", "no");
	root_put("/etc/cmdline.d/.40.conf", "no");
	root_put("/etc/cmdline", " etc\n");
	read_all("kernel\n");
	assert_string_equal(view.cmdline, "rd.iscsi.initiator=iqn.a   \n\na\n"
					  "rd.iscsi.initiator=iqn.b\nb\n etc\nkernel\n");
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.b");
	root_put("/etc/cmdline", "rd.iscsi.initiator=iqn.etc");
	read_all("x\n");
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.etc");
	read_all("rd.iscsi.initiator=iqn.kernel\n");
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.kernel");
	root_put("/run/initramfs/cmdline.d/x.conf", "rd.iscsi.initiator=iqn.run");
	read_all("rd.iscsi.initiator=iqn.kernel\n");
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.run");
}

static void place_and_offset(void **state)
{
	root_put("/etc/cmdline.d/95iscsi.conf", "rd.lvm.lv=a\nrd.iscsi.target.port=x\n");
	root_put("/etc/cmdline.d/96 odd:.conf", "quiet\n");
	read_all("quiet iscsi_target_port=y\n");
	assert_said(
		"/etc/cmdline.d/95iscsi.conf, byte 33: rd.iscsi.target.port=: the port must be a number from 1 to 65535");
	assert_said(
		"command line, byte 24: iscsi_target_port=: the port must be a number from 1 to 65535");
}

/* Files without parameters change nothing: the kernel's line and the module's view are used. */
static void no_words(void **state)
{
	root_put("/etc/cmdline.d/a.conf", " \n\t\n");
	root_put("/etc/cmdline", "");
	root_put(INITRAMFS, "# see README.Debian\n");
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "target0/ip-addr", "10.9.9.9\n");
	read_all("a b\n");
	assert_string_equal(view.cmdline, "a b");
	assert_int_equal(view.nr_places, 0);
	assert_false(view.fallback);
	want_target(0, IBU_TARGET_IP_ADDR, "10.9.9.9");
	assert_int_equal(view.diag.len, 0);
}

/* The view is built again, with the firmware's table from the module if ACPI has none. */
static void joins_module(void **state)
{
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "target0/source", "cmdline\n");
	root_put(VIEW "target0/target-name", IQN "kernel\n");
	root_put(VIEW "target0/ip-addr", "10.0.0.1\n");
	root_put(VIEW "ibft/table", "no table");
	root_put("/etc/cmdline", "netroot=iscsi:10.0.0.2::::" IQN "file\n");
	read_all("netroot=iscsi:10.0.0.1::::" IQN "kernel\n");
	assert_int_equal(view.params.nr_targets, 2);
	want_target(0, IBU_TARGET_NAME, IQN "file");
	want_target(1, IBU_TARGET_NAME, IQN "kernel");
	assert_false(view.fallback);
	assert_true(view.nr_places);
	assert_non_null(strstr(view.diag.text, "error ibft "));
}

/* A module that was given its own parameters shows what the kernel's line does not have. */
static void module_has_its_own(void **state)
{
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "target0/source", "cmdline\n");
	root_put(VIEW "target0/target-name", IQN "own\n");
	root_put(VIEW "target0/ip-addr", "10.0.0.1\n");
	root_put("/etc/cmdline", "netroot=iscsi:10.0.0.2::::" IQN "file\n");
	read_all("quiet\n");
	assert_int_equal(view.params.nr_targets, 1);
	want_target(0, IBU_TARGET_NAME, IQN "own");
	assert_string_equal(view.cmdline, "quiet");
	assert_said("cmdline: the module has its own parameters (cmdline=); those in files are "
		    "ignored");
}

/* What cannot be used is reported, and the other files still count. */
static void hostile_files(void **state)
{
	static char huge[1024 * 1024];

	memset(huge, 'x', sizeof(huge));
	root_put("/etc/cmdline.d/e.conf", "good-e\n");
	root_put_bytes("/etc/cmdline.d/binary.conf", "a\0b", 3, 0600);
	root_put("/etc/cmdline.d/dir.conf/file", "");
	assert_int_equal(symlink("loop.conf", root_path("/etc/cmdline.d/loop.conf")), 0);
	assert_int_equal(symlink("absent", root_path("/etc/cmdline.d/gone.conf")), 0);
	assert_int_equal(mkfifo(root_path("/etc/cmdline.d/pipe.conf"), 0600), 0);
	root_put_bytes("/etc/cmdline.d/huge.conf", huge, sizeof(huge), 0600);
	root_put("/etc/cmdline.d/quote.conf", "a=\"open\n");
	root_put("/etc/cmdline.d/z z:.conf", "a=\"");
	read_all("kernel\n");
	assert_string_equal(view.cmdline, "good-e\na=\"open\"\na=\"\"\nkernel\n");
	assert_said("file /etc/cmdline.d/binary.conf: it is no text; the file is ignored");
	assert_said("file /etc/cmdline.d/dir.conf: Is a directory; the file is ignored");
	assert_said("file /etc/cmdline.d/loop.conf: Too many levels of symbolic links; the file is "
		    "ignored");
	assert_said(
		"file /etc/cmdline.d/huge.conf: all parameters together exceed 64 KiB; the file "
		"is ignored");
	assert_said("file /etc/cmdline.d/quote.conf: a quote is not closed; it ends with the file");
	assert_said("file /etc/cmdline.d/z?z?.conf: a quote is not closed; it ends with the file");
	assert_null(strstr(view.diag.text, "gone.conf"));
}

/* Many files: the list of places grows. */
static void many_files(void **state)
{
	char path[64];
	int i;

	for (i = 10; i < 60; i++) {
		snprintf(path, sizeof(path), "/etc/cmdline.d/%d.conf", i);
		root_put(path, i == 59 ? "iscsi_target_port=y" : "word");
	}
	read_all("kernel\n");
	assert_int_equal(view.nr_places, 51);
	assert_said(
		"/etc/cmdline.d/59.conf, byte 18: iscsi_target_port=: the port must be a number from 1 to 65535");
}

/* Debian's file */

static void debian(const char *file, const char *kernel)
{
	root_put(INITRAMFS, file);
	read_all(kernel);
}

/* All keys of README.Debian. */
static void debian_all_keys(void **state)
{
	static const char file[] =
		"ISCSI_INITIATOR=\"iqn.1993-08.org.debian:01:9b3e5634fdb9\"\n"
		"ISCSI_TARGET_NAME=iqn.2008-01.com.example:storage.foo\n"
		"ISCSI_TARGET_IP=192.168.1.1\nISCSI_TARGET_PORT=3261\n"
		"ISCSI_USERNAME=\"username\"\nISCSI_PASSWORD=\"pass word\"\n"
		"ISCSI_IN_USERNAME='in_username'\nISCSI_IN_PASSWORD=in\\ '$x'\"y\\$\"\n"
		"ISCSI_TARGET_GROUP=2\n";

	debian(file, "quiet ip=dhcp\n");
	assert_int_equal(view.params.nr_targets, 1);
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.1993-08.org.debian:01:9b3e5634fdb9");
	want_target(0, IBU_TARGET_NAME, "iqn.2008-01.com.example:storage.foo");
	want_target(0, IBU_TARGET_IP_ADDR, "192.168.1.1");
	want_target(0, IBU_TARGET_PORT, "3261");
	want_target(0, IBU_TARGET_TPGT, "2");
	want_target(0, IBU_TARGET_CHAP_NAME, "username");
	want_target(0, IBU_TARGET_CHAP_SECRET, "pass word");
	want_target(0, IBU_TARGET_REV_CHAP_NAME, "in_username");
	want_target(0, IBU_TARGET_REV_CHAP_SECRET, "in $xy$");
	want_target(0, IBU_TARGET_SELECTED, "1");
	assert_int_equal(view.diag.errors + view.diag.warnings, 1); /* no module */
}

/* The shell's syntax; later assignments win, and an empty one unsets. */
static void debian_syntax(void **state)
{
	debian("#!/bin/sh\n\n  export ISCSI_TARGET_NAME=" IQN "a # comment\r\n"
	       "ISCSI_TARGET_IP=10.0.0.1; ISCSI_TARGET_IP='10.0.'\"0.2\"\n"
	       "ISCSI_TARGET_PORT=\\\n3262\nISCSI_USERNAME=x\nISCSI_USERNAME=\n"
	       "OTHER=1 ISCSI_INITIATOR=iqn.i#n\n",
	       "");
	assert_int_equal(view.params.nr_targets, 1);
	want_target(0, IBU_TARGET_NAME, IQN "a");
	want_target(0, IBU_TARGET_IP_ADDR, "10.0.0.2");
	want_target(0, IBU_TARGET_PORT, "3262");
	assert_false(ibu_has(&view.params.targets[0].f, IBU_TARGET_CHAP_NAME));
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.i#n");
	assert_int_equal(view.diag.errors + view.diag.warnings, 1); /* no module */
}

/* iscsiroot= without "iscsi:" names a target too, which replaces the file's. */
static void debian_beside_iscsiroot(void **state)
{
	debian("ISCSI_TARGET_NAME=" IQN "a\nISCSI_TARGET_IP=10.0.0.1\n",
	       "iscsiroot=10.0.0.9::::" IQN "b\n");
	assert_int_equal(view.params.nr_targets, 1);
	want_target(0, IBU_TARGET_NAME, IQN "b");
}

/* One target with several portals; all have the credentials. */
static void debian_portals(void **state)
{
	unsigned int n;

	debian("ISCSI_TARGET_NAME=" IQN
	       "a\nISCSI_TARGET_IP=\"10.0.0.1  10.0.0.2\n\tfd00::3 [fd00::4] "
	       "portal.example\"\nISCSI_TARGET_PORT=3265\nISCSI_USERNAME=u\nISCSI_PASSWORD=s\n",
	       "");
	assert_int_equal(view.params.nr_targets, 5);
	for (n = 0; n < 5; n++) {
		want_target(n, IBU_TARGET_NAME, IQN "a");
		want_target(n, IBU_TARGET_PORT, "3265");
		want_target(n, IBU_TARGET_CHAP_NAME, "u");
		want_target(n, IBU_TARGET_CHAP_SECRET, "s");
		want_target(n, IBU_TARGET_SELECTED, "1");
	}
	want_target(0, IBU_TARGET_IP_ADDR, "10.0.0.1");
	want_target(1, IBU_TARGET_IP_ADDR, "10.0.0.2");
	want_target(2, IBU_TARGET_IP_ADDR, "fd00:0000:0000:0000:0000:0000:0000:0003");
	want_target(3, IBU_TARGET_IP_ADDR, "fd00:0000:0000:0000:0000:0000:0000:0004");
	want_target(4, IBU_TARGET_HOST, "portal.example");
}

#define TARGET "ISCSI_TARGET_NAME=" IQN "a\nISCSI_TARGET_IP=\"10.0.0.1 10.0.0.2\"\n"

/* The command line overwrites each value; see parse_iscsi_ops() of Debian's script. */
static void debian_is_overwritten(void **state)
{
	debian(TARGET "ISCSI_INITIATOR=iqn.i\n",
	       "iscsi_target_name=" IQN "b iscsi_initiator=iqn.j\n");
	assert_int_equal(view.params.nr_targets, 2);
	want_target(0, IBU_TARGET_NAME, IQN "b");
	want_target(0, IBU_TARGET_IP_ADDR, "10.0.0.1");
	want_target(1, IBU_TARGET_NAME, IQN "b");
	want_target(1, IBU_TARGET_IP_ADDR, "10.0.0.2");
	assert_string_equal(shown(IBU_CLASS_ROOT, &view.params.root, IBU_ROOT_INITIATOR_NAME),
			    "iqn.j");
	assert_int_equal(view.diag.errors + view.diag.warnings, 1); /* no module */

	debian(TARGET, "iscsi_target_ip=10.0.0.9 rd.iscsi.target.port=3269\n");
	assert_int_equal(view.params.nr_targets, 1);
	want_target(0, IBU_TARGET_NAME, IQN "a");
	want_target(0, IBU_TARGET_IP_ADDR, "10.0.0.9");
	want_target(0, IBU_TARGET_PORT, "3269");
}

/* A target of the command line replaces that of the file, and uses its credentials. */
static void debian_target_is_replaced(void **state)
{
	debian(TARGET "ISCSI_USERNAME=u\nISCSI_PASSWORD=s\n", "root=iscsi:10.0.0.9::::" IQN "c\n");
	assert_int_equal(view.params.nr_targets, 1);
	want_target(0, IBU_TARGET_NAME, IQN "c");
	want_target(0, IBU_TARGET_CHAP_SECRET, "s");
	debian(TARGET, "iscsi_boot.target=iscsi://10.0.0.9/" IQN "c/1\n");
	assert_int_equal(view.params.nr_targets, 1);
	debian(TARGET, "root=iscsi: root=/dev/sda1\n");
	assert_int_equal(view.params.nr_targets, 2);
}

/* Without a name or a portal Debian's script does nothing; ISCSI_AUTO asks for the firmware's. */
static void debian_incomplete(void **state)
{
	debian("ISCSI_TARGET_NAME=" IQN "a\nISCSI_USERNAME=u\nISCSI_PASSWORD=s\n", "quiet\n");
	assert_int_equal(view.params.nr_targets, 0);
	assert_int_equal(view.diag.errors + view.diag.warnings, 1); /* no module */
	debian("ISCSI_AUTO=true\n", "quiet\n");
	assert_string_equal(view.cmdline, "iscsi_auto\nquiet\n");
	debian("ISCSI_AUTO=\n", "quiet\n");
	assert_string_equal(view.cmdline, "quiet");
}

/* What only a shell can evaluate has no effect, but never leads to a login with less. */
static void debian_rejected(void **state)
{
	debian(TARGET "ISCSI_TARGET_PORT=$PORT\nif true\nthen x\nISCSI_USERNAME=u\n"
		      "ISCSI_PASSWORD=`cat key`\n",
	       "");
	want_target(0, IBU_TARGET_SELECTED, "0");
	want_target(1, IBU_TARGET_SELECTED, "0");
	assert_said("file " INITRAMFS
		    ", line 3: ISCSI_TARGET_PORT=: only plain text in closed quotes "
		    "is read; the value is not used");
	assert_said("file " INITRAMFS ": line 4: only assignments are read; ignored");
	assert_said("file " INITRAMFS
		    ", line 7: ISCSI_PASSWORD=: only plain text in closed quotes is "
		    "read; the value is not used");
	debian(TARGET "ISCSI_USERNAME=$u\nISCSI_PASSWORD='open\n", "");
	want_target(0, IBU_TARGET_SELECTED, "0");
	debian(TARGET "ISCSI_USERNAME=u\nISCSI_PASSWORD=s\nISCSI_IN_USERNAME=$v\n", "");
	want_target(0, IBU_TARGET_SELECTED, "0");
	debian(TARGET "ISCSI_USERNAME=u\nISCSI_PASSWORD='a\"b'\n", "");
	want_target(0, IBU_TARGET_SELECTED, "0");
	assert_null(strstr(view.diag.text, "a\"b"));
	debian(TARGET "ISCSI_TARGET_PORT=99999\n", "");
	assert_said("file " INITRAMFS
		    ", line 3: ISCSI_TARGET_PORT=: the port must be a number from 1 "
		    "to 65535");
}

static void debian_too_large(void **state)
{
	static char huge[64 * 1024 + 1];

	memset(huge, 'x', sizeof(huge));
	root_put_bytes(INITRAMFS, huge, sizeof(huge), 0600);
	read_all("quiet\n");
	assert_string_equal(view.cmdline, "quiet");
	assert_said("file " INITRAMFS ": larger than 64 KiB; ignored");
}

static void debian_many_portals(void **state)
{
	char file[2048] = "ISCSI_TARGET_NAME=" IQN "a\nISCSI_TARGET_IP='";
	int i;

	for (i = 0; i < 65; i++)
		snprintf(file + strlen(file), sizeof(file) - strlen(file), "10.0.0.%d ", i + 1);
	debian(strcat(file, "'\n"), "");
	assert_int_equal(view.params.nr_targets, 64);
	assert_said("file " INITRAMFS
		    ", line 2: ISCSI_TARGET_IP=: more than 64 portals; the rest is "
		    "ignored");
}

/* Debian's own hook puts it into /etc of the image. */
static void debian_other_path(void **state)
{
	root_put("/etc/iscsi.initramfs", TARGET);
	read_all("quiet\n");
	assert_int_equal(view.params.nr_targets, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(precedence, root_make, clean),
		cmocka_unit_test_setup_teardown(place_and_offset, root_make, clean),
		cmocka_unit_test_setup_teardown(no_words, root_make, clean),
		cmocka_unit_test_setup_teardown(joins_module, root_make, clean),
		cmocka_unit_test_setup_teardown(module_has_its_own, root_make, clean),
		cmocka_unit_test_setup_teardown(hostile_files, root_make, clean),
		cmocka_unit_test_setup_teardown(many_files, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_all_keys, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_syntax, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_beside_iscsiroot, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_portals, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_is_overwritten, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_target_is_replaced, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_incomplete, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_rejected, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_too_large, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_many_portals, root_make, clean),
		cmocka_unit_test_setup_teardown(debian_other_path, root_make, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

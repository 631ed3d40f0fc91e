// SPDX-License-Identifier: GPL-2.0-only
/* Tests node records for iscsid: their contents for any input, and who created them. */
#include "tests/unit/fake.h"

#include "handoff/node_db.h"
#include "handoff/handoff.h"
#include "handoff/record_file.h"

#define NAME "/etc/iscsi/initiatorname.iscsi"
#define NODES "/etc/iscsi/nodes/"
#define OURS NODES "iqn.x:t/10.0.2.2,3260,1/default"
#define MARK "# BEGIN RECORD of iscsi-boot-agent\n"
#define TIMERS                                                                         \
	"recovery-tmo=86400 multipath-recovery-tmo=15 noop-interval=0 noop-timeout=0 " \
	"command-timeout=90 multipath-command-timeout=30 eh-timeout=10 max-retries=5 " \
	"scheduler=none"
#define SESSION "/sys/class/iscsi_session/session1/"
#define CONNECTION "/sys/class/iscsi_connection/connection1:0/"

static struct boot_record wanted;

static const char debian[] = "\0/etc/iscsi/nodes\0x", fedora[] = "\0/var/lib/iscsi/nodes\0x";

static void put_iscsid(const char *text, size_t len)
{
	root_put_bytes("/usr/sbin/iscsid", text, len, 0755);
}

/* Makes one session, and a path without a session. */
static int make(void **state)
{
	if (root_make(state))
		return -1;
	sysfs_root = root;
	root_put(WANTED_FILE, "shutdown-timeout=20\n"
			      "target=iqn.x:t portal=10.0.2.2 port=3260 lun=1 root=1 " TIMERS "\n"
			      "target=iqn.x:t portal=10.0.2.2 port=3260 lun=2 root=0 " TIMERS "\n"
			      "target=iqn.x:t portal=10.0.3.2 port=3260 lun=1 root=1 " TIMERS "\n");
	put_iscsid(debian, sizeof(debian));
	root_put("/etc/iscsi/iscsid.conf",
		 "# node.startup = automatic\nnode.startup = automatic\niscsid.startup = /bin/x\n"
		 "node.session.timeo.replacement_timeout = 120\n"
		 "node.conn[0].timeo.noop_out_interval = 5\nnode.conn[0].timeo.login_timeout=15\n"
		 "node.session.auth.username = all\nnode.session.auth.password = hosts\n");
	fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	root_put(SESSION "tpgt", "1\n");
	root_put(SESSION "ifacename", "default\n");
	root_put(SESSION "initiatorname", "iqn.x:me\n");
	root_put(SESSION "initial_r2t", "1\n");
	root_put(SESSION "first_burst_len", "65536\n");
	root_put(SESSION "username", "(null)\n");
	root_put(CONNECTION "header_digest", "1\n");
	return boot_record_read(&wanted);
}

static int finish(void **state)
{
	boot_record_free(&wanted);
	return root_remove(state);
}

static void assert_file(const char *path, const char *text)
{
	AUTO_ARENA arena = NULL;
	struct stat st;
	char *is;

	if (file_read(&arena, &is, "%s%s", root, path) < 0)
		fail_msg("no %s", path);
	assert_string_equal(is, text);
	assert_int_equal(stat(root_path(path), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static bool is_there(const char *path)
{
	return !access(root_path(path), F_OK);
}

/* Asserts that @path has each of @lines once, and no text like the one after the NULL. */
static void assert_lines(const char *path, const char *const *lines)
{
	AUTO_ARENA arena = NULL;
	char *is, *line;

	assert_true(file_read(&arena, &is, "%s%s", root, path) > 0);
	for (; *lines; lines++) {
		line = arena_printf(&arena, "\n%s\n", *lines);
		if (!strstr(is, line) || strstr(strstr(is, line) + 1, line))
			fail_msg("not once \"%s\" in:\n%s", *lines, is);
	}
	if (lines[1] && strstr(is, lines[1]))
		fail_msg("\"%s\" in:\n%s", lines[1], is);
}

/* Counts directories: without fsync() a power loss removes new files. */
static unsigned int synced;

int __wrap_fsync(int fd);
int __real_fsync(int fd);

int __wrap_fsync(int fd)
{
	struct stat st;

	synced += !fstat(fd, &st) && S_ISDIR(st.st_mode);
	return __real_fsync(fd);
}

static void a_new_record(void **state)
{
	static const char *const lines[] = { "node.name = iqn.x:t",
					     "node.tpgt = 1",
					     "node.startup = onboot",
					     "node.discovery_type = static",
					     "iface.iscsi_ifacename = default",
					     "iface.transport_name = tcp",
					     "node.session.scan = manual",
					     "node.session.timeo.replacement_timeout = 86400",
					     "node.conn[0].timeo.noop_out_interval = 0",
					     "node.conn[0].timeo.noop_out_timeout = 0",
					     "node.conn[0].timeo.login_timeout = 15",
					     "node.conn[0].address = 10.0.2.2",
					     "node.conn[0].port = 3260",
					     "node.session.auth.authmethod = None",
					     "node.session.iscsi.InitialR2T = Yes",
					     "node.session.iscsi.FirstBurstLength = 65536",
					     "node.conn[0].iscsi.HeaderDigest = CRC32C",
					     NULL,
					     "password" };

	synced = 0;
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_int_equal(synced, 3 + 1 + 1); /* nodes, target, portal; the record, the name */
	assert_lines(OURS, lines);
	assert_file(NAME, "# By iscsi-boot-agent: the name that this machine booted by.\n"
			  "InitiatorName=iqn.x:me\n");
}

/* iSER without a binding: the interface "iser" is built into open-iscsi, and has no file. */
static void by_iser(void **state)
{
	static const char *const lines[] = { "iface.iscsi_ifacename = iser",
					     "iface.transport_name = iser", NULL, "hwaddress" };

	root_put(SESSION "ifacename", "iser\n");
	root_put("/sys/devices/host3/scsi_host/host3/proc_name", "iscsi_iser\n");
	root_put("/sys/class/iscsi_host/host3/hwaddress", "52:54:00:12:34:56\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines("/etc/iscsi/nodes/iqn.x:t/10.0.2.2,3260,1/iser", lines);
	assert_false(is_there("/etc/iscsi/ifaces"));
}

/* A second run changes nothing, and leaves no temporary file. */
static void twice(void **state)
{
	struct stat before, after;

	root_put(SESSION "username", "me\n");
	root_put(SESSION "password", "x\n");
	root_put(SESSION "ifacename", "nic\n");
	root_put("/sys/class/iscsi_host/host3/hwaddress", "52:54:00:12:34:56\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_int_equal(stat(root_path(NODES "iqn.x:t/10.0.2.2,3260,1/nic"), &before), 0);
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_int_equal(stat(root_path(NODES "iqn.x:t/10.0.2.2,3260,1/nic"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_false(is_there(NODES "iqn.x:t/.iscsi-boot-new"));
	assert_false(is_there("/etc/iscsi/.iscsi-boot-new"));
}

static void users_record(void **state)
{
	static const char *const lines[] = { "node.startup = onboot",
					     "node.session.timeo.replacement_timeout = 86400",
					     "node.session.queue_depth = 7",
					     "node.of_a_later_version = x y",
					     "node.with-a-dash = 1",
					     "node.empty = ",
					     NULL,
					     MARK };
	static const char *const negotiated[] = { NULL, "FirstBurstLength = 65536" };

	char text[1000];

	snprintf(text, sizeof(text),
		 "# BEGIN RECORD 2.1.8\nnode.startup = automatic\n"
		 "node.session.timeo.replacement_timeout = 5\nnode.session.queue_depth = 7\n"
		 "node.of_a_later_version = x y\nnode.session.iscsi.FirstBurstLength = 4096\n"
		 "node.with-a-dash = 1\nnode.empty =\nnode.long = %0300d\n# END RECORD\n",
		 1);
	root_put(OURS, text);
	snprintf(text, sizeof(text), "node.long = %0300d", 1);
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines(OURS, lines);
	assert_lines(OURS, (const char *const[]){ text, NULL, NULL });
	assert_lines(OURS, negotiated);
	/* The record is not removed either when it is not needed any more. */
	root_put(SESSION "targetname", "iqn.x:u\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_true(is_there(OURS));
}

/* iscsid reads a portal that is a file first. */
static void record_of_old(void **state)
{
	root_put(NODES "iqn.x:t/10.0.2.2,3260", "node.name = iqn.x:t\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_false(is_there(OURS));
	assert_lines(NODES "iqn.x:t/10.0.2.2,3260",
		     (const char *const[]){ "node.startup = onboot", NULL, NULL });
}

static void stale(void **state)
{
	static const char *const gone[] = { NODES "iqn.x:old/10.0.2.9,3260,1/default",
					    NODES "iqn.x:t/10.0.2.2,3260,1/other",
					    NODES "iqn.x:t/10.0.2.2,3260,2/default",
					    NODES "iqn.x:t/10.0.2.2,3261,1/default" };
	static const char *const kept[] = { NODES "iqn.x:t/10.0.3.2,3260,1/default",
					    NODES "iqn.x:t/10.0.3.2,3260,1/eth1" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gone); i++)
		root_put(gone[i], MARK);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		root_put(kept[i], MARK);
	root_put(NODES "iqn.x:old/10.0.2.9,3260,1/hand", "# BEGIN RECORD 2.1.8\n");
	root_put(NODES "iqn.x:alone/10.0.2.9,3260,1/default", MARK);
	root_put("/etc/iscsi/ifaces/nic7", MARK);
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	for (i = 0; i < ARRAY_SIZE(gone); i++)
		if (is_there(gone[i]))
			fail_msg("%s is there", gone[i]);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		assert_true(is_there(kept[i]));
	assert_true(is_there(NODES "iqn.x:old/10.0.2.9,3260,1/hand"));
	assert_int_not_equal(access(root_path(NODES "iqn.x:alone"), F_OK), 0);
	assert_true(is_there(OURS));
	assert_true(
		is_there("/etc/iscsi/ifaces/nic7")); /* the record that is kept may use it */
}

static void bound_to_a_nic(void **state)
{
	static const char record[] = NODES "iqn.x:t/10.0.2.2,3260,1/iscsi-boot-nic0";
	static const char *const lines[] = { "iface.hwaddress = 52:54:00:12:34:56", NULL, NULL };

	root_put(SESSION "ifacename", "iscsi-boot-nic0\n");
	root_put("/sys/class/iscsi_host/host3/hwaddress", "52:54:00:12:34:56\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines(record, lines);
	assert_file("/etc/iscsi/ifaces/iscsi-boot-nic0",
		    MARK "iface.iscsi_ifacename = iscsi-boot-nic0\niface.transport_name = tcp\n"
			 "iface.hwaddress = 52:54:00:12:34:56\n# END RECORD\n");
	/* The session is bound by name, to an interface that a user has defined. */
	root_put("/etc/iscsi/ifaces/iscsi-boot-nic0", "iface.mtu = 9000\n");
	root_put("/sys/class/iscsi_host/host3/hwaddress", "(null)\n");
	root_put("/sys/class/iscsi_host/host3/netdev", "eth0\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines(record,
		     (const char *const[]){ "iface.net_ifacename = eth0", NULL, "hwaddress" });
	assert_file("/etc/iscsi/ifaces/iscsi-boot-nic0", "iface.mtu = 9000\n");
}

static void credentials(void **state)
{
	static const char *const chap[] = { "node.session.auth.authmethod = CHAP",
					    "node.session.auth.username = us er",
					    "node.session.auth.password = a'b\"c#d = \\e$f`g", NULL,
					    "username_in" };
	static const char *const unfit[] = { " blank before", "blank behind ",
					     "new\nnode.startup = x", "tab\tin it", "\x1b[31m",
					     "ends with a line break\n\n" };
	static const char *const none[] = { "node.session.auth.authmethod = CHAP",
					    "node.startup = onboot", NULL, "auth.password" };
	char text[300];
	unsigned int i;

	root_put(SESSION "username", "us er\n");
	root_put(SESSION "password", "a'b\"c#d = \\e$f`g\n");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines(OURS, chap);
	assert_lines(OURS, (const char *const[]){ NULL, "chap_algs" });
	wanted.disks[0].chap_algorithm = 6; /* iscsid by itself would offer MD5 alone */
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines(OURS, (const char *const[]){ "node.session.auth.chap_algs = SHA1,MD5", NULL,
						  NULL });
	wanted.chap_algs = "SHA256,MD5";
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_lines(OURS, (const char *const[]){ "node.session.auth.chap_algs = SHA256,MD5", NULL,
						  NULL });
	for (i = 0; i <= ARRAY_SIZE(unfit); i++) {
		memset(text, 'x', sizeof(text) - 1);
		text[i < ARRAY_SIZE(unfit) ? 0 : 256] = '\0';
		if (i < ARRAY_SIZE(unfit))
			strcpy(text, unfit[i]);
		root_put(SESSION "password", text);
		assert_int_equal(handoff_command(&wanted), STATUS_OK);
		assert_lines(OURS, none);
	}
}

/* Names that lead to another path or contain a newline give no record. */
static void hostile_sessions(void **state)
{
	static const struct {
		const char *file, *text;
	} rows[] = {
		{ SESSION "ifacename", "../../../x\n" },
		{ SESSION "ifacename", "..\n" },
		{ SESSION "ifacename", "" },
		{ SESSION "ifacename", "a\nnode.startup = automatic\n" },
		{ SESSION "ifacename", "a b\n" },
		{ SESSION "tpgt", "-1\n" },
		{ SESSION "tpgt", "1/../..\n" },
		{ SESSION "tpgt", "65536\n" },
		{ CONNECTION "persistent_address", "10.0.2.2/../../x\n" },
		{ CONNECTION "persistent_port", "0\n" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		finish(state);
		assert_int_equal(make(state), 0);
		root_put(rows[i].file, rows[i].text);
		handoff_command(&wanted);
		assert_false(is_there("/etc/iscsi/nodes"));
		assert_false(is_there("/etc/x"));
	}
}

static void initiator_names(void **state)
{
	static const struct {
		const char *was;
		bool changed;
	} rows[] = {
		{ "GenerateName=yes\n", true },
		{ "InitiatorName=iqn.x:other\nGenerateName=yes\n", true },
		{ "", true },
		{ "#InitiatorName=iqn.x:me\n", true },
		{ "InitiatorName=\n", true },
		{ "InitiatorName=iqn.x:other\n", false },
		{ "# GenerateName=yes\nInitiatorName=iqn.x:me\nInitiatorAlias=x\n", false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		root_put(NAME, rows[i].was);
		assert_int_equal(handoff_command(&wanted), STATUS_OK);
		assert_file(NAME, rows[i].changed ?
					  "# By iscsi-boot-agent: the name that this machine "
					  "booted by.\nInitiatorName=iqn.x:me\n" :
					  rows[i].was);
	}
	root_put(NAME, "GenerateName=yes\n");
	root_put(SESSION "initiatorname", "iqn.x:me\nInitiatorAlias=x");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_file(NAME, "GenerateName=yes\n");
}

/* A file that cannot be read may be a user's, and is not changed. */
static void cannot_be_read(void **state)
{
	static const char *const files[] = { NAME, OURS };
	struct stat st;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		root_put(files[i], "# his\n");
		assert_int_equal(truncate(root_path(files[i]), 2 * 1024 * 1024), 0);
		assert_int_equal(handoff_command(&wanted), STATUS_ERROR);
		assert_int_equal(stat(root_path(files[i]), &st), 0);
		assert_int_equal(st.st_size, 2 * 1024 * 1024);
		unlink(root_path(files[i]));
	}
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
}

static void places(void **state)
{
	put_iscsid(fedora, sizeof(fedora));
	root_put("/var/lib/iscsi/x", "");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_true(is_there("/var/lib/iscsi/nodes/iqn.x:t/10.0.2.2,3260,1/default"));
	assert_true(is_there(NAME));
	assert_int_equal(unlink(root_path("/usr/sbin/iscsid")), 0);
	assert_null(node_db_dir());
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	put_iscsid("none", 4);
	assert_string_equal(node_db_dir(), "/var/lib/iscsi");
}

/* A symbolic link may lead anywhere. */
static void links(void **state)
{
	root_put("/precious", "x");
	root_put(NODES "iqn.x:t/10.0.2.2,3260,1/x", "");
	fake_link("/precious", OURS);
	fake_link("/precious", NODES "iqn.x:t/.iscsi-boot-new");
	assert_int_equal(handoff_command(&wanted), STATUS_OK);
	assert_file("/precious", "x");
	assert_lines(OURS, (const char *const[]){ "node.startup = onboot", NULL, NULL });
}

/* If one file cannot be written, the others are. */
static void no_place(void **state)
{
	root_put("/etc/iscsi/nodes", "a file");
	assert_int_equal(handoff_command(&wanted), STATUS_ERROR);
	assert_true(is_there(NAME));
}

static void lines_of_a_record(void **state)
{
	static const char some[] =
		" = x\na=1\n a  =\t2 \nb = \n=\n = x\nc\nd/e = 1\nf = \x7f\ng = ";
	struct record r = { .ours = true }, his = { 0 };
	char text[2000], copy[2000];

	memset(text, 'k', sizeof(text) - 1);
	memcpy(text + 900, some, sizeof(some) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(copy, text, sizeof(text));
	record_file_take(&his, copy, "");
	assert_int_equal(his.nr, 6); /* also fields with invalid keys or values */
	assert_false(his.ours);
	record_file_free(&his);
	record_file_take(&r, text, "");
	assert_int_equal(r.nr, 1);
	assert_string_equal(record_file_text(&r), MARK "a = 2\n# END RECORD\n");
	assert_false(record_set(&r, "a", "%s", "x\ny"));
	assert_int_equal(r.nr, 0);
	record_file_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_record, make, finish),
		cmocka_unit_test_setup_teardown(by_iser, make, finish),
		cmocka_unit_test_setup_teardown(twice, make, finish),
		cmocka_unit_test_setup_teardown(users_record, make, finish),
		cmocka_unit_test_setup_teardown(record_of_old, make, finish),
		cmocka_unit_test_setup_teardown(stale, make, finish),
		cmocka_unit_test_setup_teardown(bound_to_a_nic, make, finish),
		cmocka_unit_test_setup_teardown(credentials, make, finish),
		cmocka_unit_test_setup_teardown(hostile_sessions, make, finish),
		cmocka_unit_test_setup_teardown(initiator_names, make, finish),
		cmocka_unit_test_setup_teardown(cannot_be_read, make, finish),
		cmocka_unit_test_setup_teardown(places, make, finish),
		cmocka_unit_test_setup_teardown(links, make, finish),
		cmocka_unit_test_setup_teardown(no_place, make, finish),
		cmocka_unit_test(lines_of_a_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

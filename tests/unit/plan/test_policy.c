// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that the command line overrides the file, the file the default, and that invalid values are
 * reported.
 */
#include "tests/unit/root.h"

#include "base/cleanup.h"
#include "plan/policy.h"

#define CONF "/etc/iscsi-boot-agent.conf"

static struct policy policy;
static struct ibu_diag diag;

static void read_policy(const char *cmdline)
{
	ibu_diag_free(&diag);
	assert_int_equal(policy_read(root, cmdline, &policy, &diag), 0);
}

static int finish(void **state)
{
	ibu_diag_free(&diag);
	return root_remove(state);
}

static void assert_reported(const char *line)
{
	if (!diag.text || !strstr(diag.text, line))
		fail_msg("no such diagnostic: \"%s\" in:\n%s", line, diag.text ? diag.text : "");
}

static void defaults(void **state)
{
	read_policy("");
	assert_null(diag.text);
	assert_int_equal(policy.deadline_s, 180);
	assert_int_equal(policy.on_failure, ON_FAILURE_RETURN);
	assert_false(policy.multipath);
	assert_int_equal(policy.timers.recovery_tmo, 86400);
	assert_int_equal(policy.timers.noop_interval, 0);
	assert_int_equal(policy.timers.noop_timeout, 0);
	assert_int_equal(policy.timers.command_timeout, 90);
	assert_int_equal(policy.timers.eh_timeout, 10);
	assert_int_equal(policy.timers.max_retries, 5);
	assert_string_equal(policy.timers.scheduler, "none");
	assert_int_equal(policy.timers.multipath_recovery_tmo, 15);
	assert_int_equal(policy.timers.multipath_command_timeout, 30);
	assert_int_equal(policy.shutdown_timeout_s, 20);
}

static const char *param(const char *name)
{
	struct ibu_text text = { name, (u32)strlen(name) };
	enum node_param p = node_param_find(&text);

	assert_int_not_equal(p, NR_NODE_PARAMS);
	assert_string_equal(node_param_name(p), name);
	return policy.params[p];
}

/* Congestion control has a short name, and the one of open-iscsi's node records. */
static void tcp_options(void **state)
{
	root_put(CONF, "tcp.pacing = 950\ntcp.congestion = dctcp\n");
	read_policy("iscsi_boot.tcp.congestion=bbr");
	assert_null(diag.text);
	assert_string_equal(param("node.conn[0].tcp.congestion_control"), "bbr");
	assert_int_equal(policy.pacing_mbit, 950);
	read_policy("iscsi_boot.tcp.congestion=sixteen-or-more-x iscsi_boot.tcp.pacing=x");
	assert_string_equal(param("node.conn[0].tcp.congestion_control"), "dctcp");
	assert_int_equal(policy.pacing_mbit, 950);
	assert_int_equal(diag.warnings, 2);
	root_put(CONF, "");
	read_policy("iscsi_boot.param.node.conn[0].tcp.congestion_control=cubic iscsi_boot.tcp.pacing=off");
	assert_string_equal(param("node.conn[0].tcp.congestion_control"), "cubic");
	assert_int_equal(policy.pacing_mbit, 0);
}

static void guard_stands_by(void **state)
{
	read_policy("");
	assert_int_equal(policy.guard_standby_s, 30);
	read_policy("iscsi_boot.guard-standby=off");
	assert_int_equal(policy.guard_standby_s, 0);
	read_policy("iscsi_boot.guard-standby=4");
	assert_int_equal(policy.guard_standby_s, 30);
	assert_int_equal(diag.warnings, 1);
	read_policy("iscsi_boot.guard-standby=5");
	assert_int_equal(policy.guard_standby_s, 5);
}

/* Each spelling is read; a parameter that is a timer sets the timer. */
static void login_params(void **state)
{
	root_put(CONF, "param.node.session.cmds_max = 64\nparam.node.session.queue_depth=16\n");
	read_policy("rd.iscsi.param=node.session.timeo.replacement_timeout=6000 "
		    "iscsi_param=node.session.iscsi.InitialR2T=Yes "
		    "iscsi_boot.param.node.conn[0].iscsi.HeaderDigest=CRC32C,None "
		    "iscsi_boot.param.node.session.cmds_max=128");
	assert_null(diag.text);
	assert_int_equal(policy.timers.recovery_tmo, 6000);
	assert_string_equal(param("node.session.iscsi.InitialR2T"), "Yes");
	assert_string_equal(param("node.conn[0].iscsi.HeaderDigest"), "CRC32C,None");
	assert_string_equal(param("node.session.cmds_max"), "128");
	assert_string_equal(param("node.session.queue_depth"), "16");
	assert_string_equal(param("node.conn[0].iscsi.DataDigest"), "");
}

static void bad_login_params(void **state)
{
	read_policy("rd.iscsi.param=node.session.auth.password=geheim "
		    "rd.iscsi.param=node.session.scan=auto rd.iscsi.param= rd.iscsi.param "
		    "iscsi_boot.param.node.session.cmds_max=1;2 "
		    "iscsi_boot.param.node.session.queue_depth=1234567890123456789012345 "
		    "iscsi_boot.param.node.session.iscsi.InitialR2T=");
	assert_reported("warning cmdline param 15: \"node.session.auth.password\" is not a known "
			"node.* parameter");
	assert_reported("warning cmdline node.session.scan 64: ignored: set by the agent");
	assert_reported("node.session.cmds_max 118: must be a number, Yes, No or a list");
	assert_reported("node.session.queue_depth 161: must be");
	assert_reported("node.session.iscsi.InitialR2T 229: must be");
	assert_null(strstr(diag.text, "geheim"));
	assert_string_equal(param("node.session.cmds_max"), "");
	assert_string_equal(param("node.session.queue_depth"), "");
}

static void login_timeout(void **state)
{
#define TIMEOUT "iscsi_boot.param.node.conn[0].timeo.login_timeout="
	static const char *const bad[] = { TIMEOUT "0", TIMEOUT "3601", TIMEOUT "Yes", TIMEOUT "4s",
					   TIMEOUT "99999999999999999999" };
	const char *name = "node.conn[0].timeo.login_timeout";
	unsigned int i;

	read_policy("");
	assert_int_equal(node_param_seconds(param(name)), 15);
	read_policy(TIMEOUT "3600");
	assert_int_equal(node_param_seconds(param(name)), 3600);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		read_policy(bad[i]);
		assert_reported("node.conn[0].timeo.login_timeout 0: must be 1 to 3600 s");
		assert_int_equal(node_param_seconds(param(name)), 15);
	}
	/* An ignored value changes nothing. */
	root_put(CONF, "param.node.conn[0].timeo.login_timeout=30\n");
	read_policy(TIMEOUT "0");
	assert_int_equal(node_param_seconds(param(name)), 30);
}

static void all_keys(void **state)
{
	read_policy("quiet iscsi_boot.deadline=0 iscsi_boot.on-failure=retry "
		    "iscsi_boot.recovery-tmo=off iscsi_boot.noop-interval=7 "
		    "iscsi_boot.noop-timeout=8 iscsi_boot.command_timeout=9 "
		    "iscsi_boot.eh-timeout=11 iscsi_boot.max-retries=-1 iscsi_boot.dhcp_client=udhcpc "
		    "\"iscsi_boot.scheduler=mq-deadline\" iscsi_boot.target=iscsi://h/n");
	assert_null(diag.text);
	assert_int_equal(policy.deadline_s, 0);
	assert_int_equal(policy.on_failure, ON_FAILURE_RETRY);
	assert_int_equal(policy.dhcp_client, LEASE_UDHCPC);
	assert_int_equal(policy.timers.recovery_tmo, -1);
	assert_int_equal(policy.timers.noop_interval, 7);
	assert_int_equal(policy.timers.noop_timeout, 8);
	assert_int_equal(policy.timers.command_timeout, 9);
	assert_int_equal(policy.timers.eh_timeout, 11);
	assert_int_equal(policy.timers.max_retries, -1);
	assert_string_equal(policy.timers.scheduler, "mq-deadline");
}

static void cmdline_beats_the_file(void **state)
{
	root_put(CONF, "# a comment\n\n  deadline = 60\non-failure=shell\nrecovery_tmo=100");
	read_policy("iscsi_boot.deadline=30 iscsi_boot.deadline=\"40\"");
	assert_null(diag.text);
	assert_int_equal(policy.deadline_s, 40);
	assert_int_equal(policy.on_failure, ON_FAILURE_SHELL);
	assert_int_equal(policy.timers.recovery_tmo, 100);
}

static void bad_lines_of_the_file(void **state)
{
	root_put(CONF, "deadline=soon\nfrobnicate=1\nno equals sign\neh-timeout=20\n");
	read_policy("");
	assert_reported("warning /etc/iscsi-boot-agent.conf:1 deadline -: "
		    "must be a number from 0 to 86400 or \"off\"\n");
	assert_reported("warning /etc/iscsi-boot-agent.conf:2 key -: "
		    "\"frobnicate\" is not a policy key\n");
	assert_reported("warning /etc/iscsi-boot-agent.conf:3 line -: must be KEY=VALUE\n");
	assert_int_equal(diag.warnings, 3);
	assert_int_equal(policy.deadline_s, 180);
	assert_int_equal(policy.timers.eh_timeout, 20);
}

static void file_decides_if_cmdline_is_invalid(void **state)
{
	root_put(CONF, "deadline=60\n");
	read_policy("iscsi_boot.deadline=never");
	assert_int_equal(policy.deadline_s, 60);
	assert_int_equal(diag.warnings, 1);
}

/* A mistyped target may have its secret anywhere: only the part like a key is reported. */
static void no_secret_is_reported(void **state)
{
	static const struct {
		const char *word, *line, *reported;
	} cases[] = {
		{ "iscsi_boot.taget=iscsi://user:SECRET@host/iqn.a", "",
		  "warning cmdline key 6: \"taget\" is not a policy key\n" },
		{ "iscsi_boot.target:iscsi://user:SECRET@host/iqn.a", "",
		  "warning cmdline key 6: \"target\" is not a policy key\n" },
		{ "iscsi_boot.target:iscsi://user:SECRET@host/iqn.a?tpgt=1", "",
		  "warning cmdline key 6: \"target\" is not a policy key\n" },
		{ "iscsi_boot.deadline=\"30 rd.iscsi.password=SECRET", "",
		  "warning cmdline deadline 6: must be a number from 0 to 86400 or" },
		{ "iscsi_boot.on-failure=\"shell rd.iscsi.password=SECRET", "",
		  "warning cmdline on-failure 6: must be return, shell, retry" },
		{ "iscsi_boot.scheduler=\"none rd.iscsi.password=SECRET", "",
		  "warning cmdline scheduler 6: must be the name of" },
		{ "iscsi_boot.abcdefghijklmnopqrstuvwxyz-01234SECRET=1", "",
		  "key 6: \"abcdefghijklmnopqrstuvwxyz-01234\" is not" },
		{ "iscsi_boot.=SECRET", "", "key 6: \"\" is not a policy key\n" },
		{ "", "target iscsi://u:SECRET@host/iqn.a",
		  "conf:1 line -: must be KEY=VALUE\n" },
		{ "", "target iscsi://u:SECRET@host/iqn.a?tpgt=1",
		  "conf:1 key -: \"target\" is not a policy key\n" },
		{ "", "eh-timeout=SECRET", "conf:1 eh-timeout -: must be a number" },
		{ "iscsi_boot.target0.eh-timeout=SECRET", "",
		  "warning cmdline eh-timeout 6: must be a number" },
		{ "iscsi_boot.target0:u:SECRET@h=1", "", "key 6: \"target0\" is not a policy key" },
		{ "", "[target iscsi://u:SECRET@host/iqn.a?tpgt=1 lan]",
		  "conf:1 line -: must be [target NAME] or [target NAME lun N]" },
	};
	char words[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(words, sizeof(words), "quiet %s", cases[i].word);
		root_put(CONF, cases[i].line);
		read_policy(words);
		assert_reported(cases[i].reported);
		assert_int_equal(diag.warnings, 1);
		assert_null(strstr(diag.text, "SEC"));
	}
}

/* recovery_tmo times HZ must fit the kernel's int, for HZ up to 1000. */
static void bounds(void **state)
{
	static const struct {
		const char *word;
		bool good;
	} cases[] = {
		{ "recovery-tmo=0", true },
		{ "recovery-tmo=2147483", true },
		{ "recovery-tmo=2147484", false },
		{ "recovery-tmo=-1", true },
		{ "recovery-tmo=-2", false },
		{ "recovery-tmo=", false },
		{ "recovery-tmo", false },
		{ "recovery-tmo=9x", false },
		{ "recovery-tmo=99999999999999999999", false },
		{ "command-timeout=0", false },
		{ "command-timeout=off", false },
		{ "eh-timeout=0", false },
		{ "max-retries=5", true },
		{ "max-retries=6", false },
		{ "max-retries=off", true },
		{ "deadline=off", true },
		{ "deadline=86401", false },
		{ "on-failure=explode", false },
		{ "guard=maybe", false },
		{ "failover=maybe", false },
		{ "iscsi-ibft=1", false },
		{ "shutdown-timeout=4", true },
		{ "shutdown-timeout=3", false },
		{ "shutdown-timeout=off", false },
		{ "multipath-recovery-tmo=2147484", false },
		{ "multipath-command-timeout=0", false },
		{ "dhcp-client=ipconfig", true },
		{ "dhcp-client=dhclient", false },
		{ "scheduler=../x", false },
		{ "scheduler=", false },
		{ "scheduler=fifteencharacte", true },
		{ "scheduler=sixteencharacter", false },
	};
	char word[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(word, sizeof(word), "iscsi_boot.%s", cases[i].word);
		read_policy(word);
		if (diag.warnings != !cases[i].good)
			fail_msg("%s: %s", word, diag.text ? diag.text : "nothing reported");
	}
}

static void noops_go_together(void **state)
{
	read_policy("iscsi_boot.noop-interval=5");
	assert_int_equal(policy.timers.noop_timeout, 10);
	assert_reported("warning policy noop-timeout -: set to 10, because noop-interval is 5\n");
	read_policy("iscsi_boot.noop-timeout=5");
	assert_int_equal(policy.timers.noop_interval, 0);
	assert_int_equal(policy.timers.noop_timeout, 0);
}

static struct timers timers_of(const char *cmdline, const char *name, unsigned int number, long lun)
{
	struct ibu_text text = { name, (u32)strlen(name) };
	struct timers_scope scope = { &text, number, lun };
	struct policy_targets targets;
	AUTO_ARENA arena = NULL;
	struct timers timers;

	read_policy(cmdline);
	assert_int_equal(policy_find_targets(&arena, cmdline, &targets), 0);
	assert_int_equal(policy_timers(root, &targets, &policy, &scope, &timers), 0);
	return timers;
}

#define SECTIONS                                                       \
	"command-timeout=10\nmax-retries=1\n"                          \
	"[target iqn.a]\ncommand-timeout=20\neh-timeout=20\n"          \
	"[target iqn.a  lun 300 ]\ncommand-timeout=30\n"              \
	"[ target iqn.b ]\nrecovery-tmo=40\nscheduler=mq-deadline\n"

/* The more specific value wins, in any order; of equally specific ones, the command line. */
static void most_specific_wins(void **state)
{
	struct timers t;

	root_put(CONF, SECTIONS);
	t = timers_of("", "iqn.a", 0, 300);
	assert_null(diag.text);
	assert_int_equal(t.command_timeout, 30);
	assert_int_equal(t.eh_timeout, 20);
	assert_int_equal(t.max_retries, 1);
	t = timers_of("iscsi_boot.command-timeout=11", "iqn.a", 0, 1);
	assert_int_equal(t.command_timeout, 20);
	t = timers_of("iscsi_boot.command-timeout=11", "iqn.c", 0, -1);
	assert_int_equal(t.command_timeout, 11);
	t = timers_of("", "iqn.b", 0, 1);
	assert_int_equal(t.recovery_tmo, 40);
	assert_string_equal(t.scheduler, "mq-deadline");
	t = timers_of("iscsi_boot.target1.command-timeout=12", "iqn.a", 1, 300);
	assert_int_equal(t.command_timeout, 12);
	t = timers_of("iscsi_boot.target1.command-timeout=12", "iqn.a", 0, 300);
	assert_int_equal(t.command_timeout, 30);
	assert_null(diag.text);
	assert_int_equal(policy.timers.command_timeout, 10);
	assert_string_equal(policy.timers.scheduler, "none");
}

static void bad_sections(void **state)
{
	root_put(CONF, "[target iqn.a lun 1]\nrecovery-tmo=5\n[targets]\neh-timeout=1\n"
		       "[target iqn.a lun x]\n[target iqn.a\n[target]\n"
		       "[target iqn.a]\ndeadline=5\neh-timeout=0\n[");
	assert_int_equal(timers_of("iscsi_boot.target0.deadline=4", "iqn.a", 0, 1).recovery_tmo,
			 86400);
	assert_reported("conf:2 recovery-tmo -: ignored: all LUNs of the session share it");
	assert_reported("conf:3 line -: must be [target NAME] or");
	assert_reported("conf:5 line -: must be");
	assert_reported("conf:6 line -: must be");
	assert_reported("conf:7 line -: must be");
	assert_reported("conf:9 deadline -: ignored: applies to the whole machine, not to a target");
	assert_reported("conf:10 eh-timeout -: must be a number");
	assert_reported("conf:11 line -: must be");
	assert_reported("cmdline deadline 0: ignored: applies to the whole machine, not to a target");
	assert_int_equal(diag.warnings, 9);
	assert_int_equal(policy.timers.eh_timeout, 10);
}

/* A timer is also set for multipath, unless the multipath timer has a value. */
static void with_multipath(void **state)
{
	struct timers t = timers_of("iscsi_boot.recovery-tmo=50", "iqn.a", 0, 1);

	assert_int_equal(t.recovery_tmo, 50);
	assert_int_equal(t.multipath_recovery_tmo, 50);
	t = timers_of("iscsi_boot.multipath-recovery-tmo=4 iscsi_boot.recovery-tmo=50 "
		      "iscsi_boot.multipath-command-timeout=8",
		      "iqn.a", 0, 1);
	assert_int_equal(t.recovery_tmo, 50);
	assert_int_equal(t.multipath_recovery_tmo, 4);
	assert_int_equal(t.command_timeout, 90);
	assert_int_equal(t.multipath_command_timeout, 8);
}

static void assert_multipath(const char *cmdline, bool wanted)
{
	read_policy(cmdline);
	assert_int_equal(policy.multipath, wanted);
	assert_int_equal(policy.timers.noop_interval, wanted ? 5 : 0);
	assert_int_equal(policy.timers.noop_timeout, wanted ? 10 : 0);
	assert_int_equal(policy.timers.recovery_tmo, 86400);
}

static void multipath(void **state)
{
	assert_multipath("rd.multipath=default", true);
	assert_multipath("rd.multipath", true);
	assert_multipath("multipath=on", true);
	assert_multipath("rd.multipath=0", false);
	root_put("/etc/multipath.conf", "");
	assert_multipath("", true);
	assert_multipath("multipath=off", false);
	assert_multipath("nompath", false);
	unlink(root_path("/etc/multipath.conf"));
	root_put("/etc/multipath/wwids", "");
	assert_multipath("", true);
}

static void unreadable_file(void **state)
{
	root_put(CONF "/x", "");
	read_policy("iscsi_boot.deadline=9");
	assert_reported("warning /etc/iscsi-boot-agent.conf file -: cannot be read: Is a directory\n");
	assert_int_equal(policy.deadline_s, 9);
}

/* Opening the FIFO for reading would block: it has no writer. */
static void pipe_for_a_file(void **state)
{
	assert_int_equal(mkfifo(root_path(CONF), 0600), 0);
	read_policy("iscsi_boot.deadline=9");
	assert_reported("warning /etc/iscsi-boot-agent.conf file -: cannot be read: Invalid argument\n");
	assert_int_equal(policy.deadline_s, 9);
}

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(defaults),
		in_root(all_keys),
		in_root(login_params),
		in_root(tcp_options),
		in_root(guard_stands_by),
		in_root(bad_login_params),
		in_root(login_timeout),
		in_root(cmdline_beats_the_file),
		in_root(bad_lines_of_the_file),
		in_root(file_decides_if_cmdline_is_invalid),
		in_root(no_secret_is_reported),
		in_root(bounds),
		in_root(noops_go_together),
		in_root(most_specific_wins),
		in_root(bad_sections),
		in_root(with_multipath),
		in_root(multipath),
		in_root(unreadable_file),
		in_root(pipe_for_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

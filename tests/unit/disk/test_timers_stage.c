// SPDX-License-Identifier: GPL-2.0-only
/* Tests that timers that differ are set and read back, and that no other disk is changed. */
#include "tests/unit/fake.h"
#include "tests/unit/stage.h"

#include <fcntl.h>
#include <signal.h>

#define SESSION "/sys/class/iscsi_session/session1/"
#define CONNECTION "/sys/class/iscsi_connection/connection1:0/"
#define DEVICE "/sys/devices/host3/session1/target3:0:0/3:0:0:1/"

/* The tasks of two disks set the timers of their session at the same time. */
static bool shared_session;

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

/*
 * Replaces open() (linker option --wrap): O_TRUNC does not change an attribute in sysfs. Here, the
 * task of another disk would read an empty file.
 */
int __wrap_open(const char *path, int flags, ...)
{
	if (shared_session && strstr(path, "/recovery_tmo"))
		flags &= ~O_TRUNC;
	return __real_open(path, flags, 0600);
}

static void share_session(void)
{
	root_put(SESSION "recovery_tmo", "86400\n");
	shared_session = true;
}

static struct ibu_target target;
static struct plan_path planned[2];
static struct path path;
static struct plan plan;
static struct progress progress;

/* Makes a disk with the timers that iscsistart and the kernel set. */
static int make(void **state)
{
	shared_session = false;
	if (root_make(state))
		return -1;
	sysfs_root = root;
	fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sdb");
	target = (struct ibu_target){ .name = { "iqn.x:t", 7 }, .lun = { 0, 1 } };
	path = (struct path){
		.plan = &planned[0], .to.target = &target, .sid = 1, .host = 3, .disk = "sdb"
	};
	path.timers = (struct timers){ 86400, 0, 0, 90, 10, 5, "none", 15, 30 };
	plan = (struct plan){ .paths = planned, .nr_paths = 2, .root_lun = -1 };
	progress = (struct progress){ .plan = &plan, .paths = &path, .nr_paths = 1 };
	return 0;
}

static void all_are_set(void **state)
{
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
	assert_value(SESSION "recovery_tmo", "86400");
	assert_value(DEVICE "timeout", "90");
	assert_value(DEVICE "eh_timeout", "10");
	assert_value(DEVICE "scsi_disk/3:0:0:1/max_retries", "5");
	assert_value("/sys/class/block/sdb/queue/scheduler", "none");
}

/* The value for no limit is "off" for the session's recovery_tmo, -1 for max_retries. */
static void off(void **state)
{
	path.timers.recovery_tmo = -1;
	path.timers.max_retries = -1;
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
	assert_value(SESSION "recovery_tmo", "off");
	assert_value(DEVICE "scsi_disk/3:0:0:1/max_retries", "-1");
}

static void right_already_is_not_written(void **state)
{
	root_put("/sys/class/block/sdb/queue/scheduler", "[none] mq-deadline\n");
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
	assert_value("/sys/class/block/sdb/queue/scheduler", "[none] mq-deadline");
}

/* All disks of a target without a LUN are set; one line of the record is for all. */
static void all_disks(void **state)
{
	struct path_disk more = { "sdc", 2 };
	AUTO_ARENA arena = NULL;
	char *wanted;

	fake_lun(1, 3, 2, "0\n");
	fake_disk(1, 3, 2, "sdc");
	path.more = &more;
	path.nr_more = 1;
	root_put("/run/iscsi-boot/log", "");
	share_session();
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
	assert_value(DEVICE "timeout", "90");
	assert_value("/sys/devices/host3/session1/target3:0:0/3:0:0:2/timeout", "90");
	assert_value("/sys/class/block/sdc/queue/scheduler", "none");
	assert_true(sysfs_read(&arena, &wanted, "/run/iscsi-boot/wanted") > 0);
	assert_non_null(strstr(wanted, " lun=-1 root=1 "));
	assert_null(strstr(wanted, "root=0"));
	/* The root disk has another line once it is known; here by the by-path name in root=. */
	plan.root_lun = 2;
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
	assert_string_equal(path.disk, "sdc");
	assert_true(sysfs_read(&arena, &wanted, "/run/iscsi-boot/wanted") > 0);
	assert_non_null(strstr(wanted, " lun=-1 root=0 "));
	assert_non_null(strstr(wanted, " lun=2 root=1 "));
	/* A failure of any disk is one of the path. */
	assert_int_equal(unlink(root_path(DEVICE "timeout")), 0);
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
}

/* The path's root disk changes while the timers are set: each disk keeps its name in the log. */
static void log_names_each_disk(void **state)
{
	struct path_disk more = { "sdc", 2 };
	int real = dup(STDERR_FILENO);
	FILE *caught = tmpfile();
	char text[4096] = "";

	fake_lun(1, 3, 2, "0\n");
	fake_disk(1, 3, 2, "sdc");
	assert_int_equal(unlink(root_path(DEVICE "timeout")), 0);
	path.more = &more;
	path.nr_more = 1;
	plan.root_lun = 2;
	share_session();
	assert_non_null(caught);
	dup2(fileno(caught), STDERR_FILENO);
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
	dup2(real, STDERR_FILENO);
	close(real);
	rewind(caught);
	assert_true(fread(text, 1, sizeof(text) - 1, caught) > 0);
	fclose(caught);
	assert_string_equal(path.disk, "sdc");
	assert_non_null(strstr(text, "cannot set the timers of /dev/sdb "));
	assert_null(strstr(text, "cannot set the timers of /dev/sdc "));
}

/* recovery_tmo is written even if it is right: iscsid would change a value that was not written. */
static void recovery_tmo_is_written_always(void **state)
{
	struct stat st;

	root_put(SESSION "recovery_tmo", "86400\n");
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(stat(root_path(SESSION "recovery_tmo"), &st), 0);
	assert_int_equal(st.st_size, strlen("86400")); /* written by the stage, without a newline */
}

static bool second_is_in(const struct loop *loop)
{
	return loop->progress->paths[1].state == PATH_IN;
}

/* The second path, that of the root disk, is attached before the first knows its target's name. */
static void root_is_known_later(void **state)
{
	static const struct stage *const stages[] = { &stage_timers, NULL };
	struct ibu_target unnamed = { .lun = { 0, 1 } };
	struct path both[2] = { path, path };
	struct loop loop;

	both[0].to.target = &unnamed;
	progress = (struct progress){ .plan = &plan, .paths = both, .nr_paths = 2 };
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	path_goto(&both[0], PATH_LOGIN);
	path_goto(&both[1], PATH_TIMERS);
	both[1].sid = path.sid;
	both[1].host = path.host;
	memcpy(both[1].disk, path.disk, sizeof(path.disk));
	assert_int_equal(loop_until(&loop, second_is_in), 0);
	assert_null(progress.root);
	both[0].to.target = &target;
	assert_int_equal(loop_until(&loop, second_is_in), 0);
	assert_ptr_equal(progress_root_in(&progress, PATH_IN), &both[1]);
	assert_ptr_equal(progress.root, &both[1]);
	loop_close(&loop);
	arena_free(&progress.arena);
}

static void no_max_retries_is_no_failure(void **state)
{
	assert_int_equal(unlink(root_path(DEVICE "scsi_disk/3:0:0:1/max_retries")), 0);
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_OK);
}

static void no_timeout_is_a_failure(void **state)
{
	assert_int_equal(unlink(root_path(DEVICE "timeout")), 0);
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
}

/* A value that is not kept is reported; /dev/null keeps none. */
static void read_back_differs(void **state)
{
	assert_int_equal(unlink(root_path(DEVICE "eh_timeout")), 0);
	assert_int_equal(symlink("/dev/null", root_path(DEVICE "eh_timeout")), 0);
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
	assert_value(DEVICE "timeout", "90");
}

/* A wrong value that only a login can set is reported. */
static void noop_differs(void **state)
{
	path.timers.noop_interval = 5;
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
	assert_value(CONNECTION "recv_tmo", "0");
}

static void not_a_disk(void **state)
{
	root_put(DEVICE "type", "12\n");
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
	assert_value(DEVICE "timeout", "30");
}

static void disk_of_another_session(void **state)
{
	path.sid = 11;
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
	assert_value(DEVICE "timeout", "30");
}

static void disk_of_another_name(void **state)
{
	memcpy(path.disk, "sda", 4);
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_TIMERS);
	assert_value(DEVICE "timeout", "30");
}

/* Timers wait up to a second while another path logs in, but those of the root disk do not. */
static void others_go_first(void **state)
{
	const struct stage *const stages[] = { &stage_timers, NULL };
	struct ibu_target other = { .name = { "iqn.x:o", 7 } };
	struct path paths[] = { { .plan = &planned[1], .to.target = &other }, path };
	struct loop loop;

	progress = (struct progress){ .plan = &plan, .paths = paths, .nr_paths = 2 };
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	paths[1].sid = path.sid;
	memcpy(paths[1].disk, path.disk, sizeof(path.disk));
	path_goto(&paths[0], PATH_LOGIN);
	path_goto(&paths[1], PATH_TIMERS);
	assert_int_equal(stage_timers.step(loop.data[0]), 0);
	assert_value(DEVICE "timeout", "30");
	stage_alone = &stage_timers;
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_true(now_ns() - paths[1].since_ns < 5 * 1000000000LL);
	assert_value(DEVICE "timeout", "90");
	loop_close(&loop);
	arena_free(&progress.arena);
}

static void path_that_is_not_in(void **state)
{
	path.result = STATUS_NO_ANSWER;
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(20)), STATUS_NO_ANSWER);
	assert_value(DEVICE "timeout", "30");
}

/*
 * A write to the scheduler blocks until the test releases its lease, as the kernel's does until the
 * disk has completed its requests. The other timers are set, and the deadline holds.
 */
static void scheduler_hangs(void **state)
{
	int fd = open(root_path("/sys/class/block/sdb/queue/scheduler"), O_RDONLY);
	int64_t began = now_ns();

	signal(SIGIO, SIG_IGN);
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		skip();
	assert_int_equal(stage_run(&stage_timers, &progress, deadline_in(1)), STATUS_TIMERS);
	assert_true(now_ns() - began < 5000000000LL);
	assert_value(SESSION "recovery_tmo", "86400");
	assert_value(DEVICE "timeout", "90");
	close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_are_set),
		TEST(all_disks),
		TEST(log_names_each_disk),
		TEST(off),
		TEST(right_already_is_not_written),
		TEST(recovery_tmo_is_written_always),
		TEST(root_is_known_later),
		TEST(no_max_retries_is_no_failure),
		TEST(no_timeout_is_a_failure),
		TEST(read_back_differs),
		TEST(noop_differs),
		TEST(not_a_disk),
		TEST(disk_of_another_session),
		TEST(disk_of_another_name),
		TEST(others_go_first),
		TEST(path_that_is_not_in),
		TEST(scheduler_hangs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

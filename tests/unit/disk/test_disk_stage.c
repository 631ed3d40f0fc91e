// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that only the configured LUN is scanned for, that a missing LUN is looked for again, that a
 * disk is read once, and that the stage waits for late disks.
 */
#include "tests/unit/fake.h"
#include "tests/unit/stage.h"

#include "disk/disk_probe.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

static struct ibu_target targets[2];
static struct plan_path planned[2] = { { .number = 0 }, { .number = 4 } };
static struct path paths[2];
static struct plan plan;
static struct progress progress;

static int make(void **state)
{
	if (root_make(state))
		return -1;
	sysfs_root = root;
	fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	targets[0] = (struct ibu_target){ .name = { "iqn.x:t", 7 }, .lun = { 0, 1 } };
	targets[1] = (struct ibu_target){ .name = { "iqn.x:t", 7 }, .lun = { 0, 2 } };
	ibu_set(&targets[0].f, IBU_TARGET_LUN);
	ibu_set(&targets[1].f, IBU_TARGET_LUN);
	paths[0] =
		(struct path){ .plan = &planned[0], .to.target = &targets[0], .sid = 1, .host = 3 };
	paths[1] =
		(struct path){ .plan = &planned[1], .to.target = &targets[1], .sid = 1, .host = 3 };
	plan = (struct plan){ .paths = planned, .nr_paths = 2, .root_lun = -1 };
	progress = (struct progress){ .plan = &plan, .paths = paths, .nr_paths = 1 };
	return 0;
}

static void assert_link(const char *name, const char *want)
{
	char to[64] = "";

	assert_true(readlink(root_path(name), to, sizeof(to) - 1) > 0);
	assert_string_equal(to, want);
}

static void there_already(void **state)
{
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(5)), STATUS_OK);
	assert_string_equal(paths[0].disk, "sda");
	assert_ptr_equal(progress.root, &paths[0]);
	assert_value("/sys/class/scsi_host/host3/scan", "");
	assert_link("/dev/iscsi-boot/root", "../sda");
	assert_link("/dev/iscsi-boot/target-0-lun-1", "../sda");
	/* A second run changes nothing. */
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(5)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root", "../sda");
}

static void no_such_lun(void **state)
{
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
	assert_value("/sys/class/scsi_host/host3/scan", "0 0 119296");
	assert_string_equal(paths[0].disk, "");
}

/* The target has the LUN only later, and no event reports it: a later scan finds it. */
static void lun_comes_late(void **state)
{
	pid_t task = fork();

	if (!task) {
		poll(NULL, 0, 700);
		fake_disk(1, 3, 1, "sda");
		fake_lun(1, 3, 1, "0\n");
		_exit(0);
	}
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(20)), STATUS_OK);
	assert_string_equal(paths[0].disk, "sda");
	waitpid(task, NULL, 0);
}

/* The target reports the LUN without a disk behind it; the kernel must forget it to look again. */
static void lun_is_placeholder(void **state)
{
	fake_lun(1, 3, 1, "0\n");
	fake_put("\x20 LUNZ", "/sys/class/scsi_device/3:0:0:1/device/inquiry");
	fake_put("", "/sys/class/scsi_device/3:0:0:1/device/delete");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
	assert_value("/sys/class/scsi_device/3:0:0:1/device/delete", "1");
	/* Without a configured LUN too. */
	fake_put("", "/sys/class/scsi_device/3:0:0:1/device/delete");
	targets[0].f.set = 0;
	paths[0].result = STATUS_OK;
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
	assert_value("/sys/class/scsi_device/3:0:0:1/device/delete", "1");
}

/* A disk without sectors: the kernel reads its capacity again, until it has some. */
static void not_ready(void **state)
{
	pid_t task;

	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	root_put("/sys/class/block/sda/size", "0\n");
	root_put("/sys/class/scsi_device/3:0:0:1/device/rescan", "");
	task = fork();
	if (!task) {
		poll(NULL, 0, 700);
		root_put("/sys/class/block/sda/size", "2048\n");
		_exit(0);
	}
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(20)), STATUS_OK);
	assert_value("/sys/class/scsi_device/3:0:0:1/device/rescan", "1");
	assert_string_equal(paths[0].disk, "sda");
	waitpid(task, NULL, 0);
}

/* Each read fails: not success, and no retry until the deadline. */
static void cannot_be_read(void **state)
{
	int64_t began = now_ns();

	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	root_put("/dev/sda", "");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_UNREADABLE);
	assert_null(progress.root);
	assert_true(now_ns() - began < 10000000000LL);
}

/* Sense data as targets send it, in both formats; errno where a disk has none. */
static void reasons(void **state)
{
	static const struct {
		int result;
		const char *text;
		bool heals;
	} cases[] = {
		{ ENOMEDIUM | 2 << 8 | 0x04 << 12 | 0x0b << 20, "standby (sense 02/04/0b)", true },
		{ ENOMEDIUM | 2 << 8 | 0x3a << 12, "no medium (sense 02/3a/00)", true },
		{ EIO | 2 << 8 | 0x04 << 12 | 0x99 << 20, "not ready (sense 02/04/99)", true },
		{ EIO | 6 << 8 | 0x29 << 12, "error (sense 06/29/00)", true },
		{ EIO | 3 << 8 | 0x11 << 12, "medium error (sense 03/11/00)", false },
		{ EIO | 5 << 8 | 0x25 << 12, "illegal request (sense 05/25/00)", false },
		{ EIO | 5 << 8 | 0x94 << 12 | 0x01 << 20,
		  "owned by another controller of the target (sense 05/94/01)", true },
		{ EBADE, "another initiator has reserved it (RESERVATION CONFLICT)", false },
		{ ENOMEDIUM, "it has no sectors", true },
		{ EIO, "Input/output error", false },
		{ ENOENT, "No such file or directory", true },
	};
	AUTO_ARENA arena = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(disk_probe_reason(&arena, cases[i].result), cases[i].text);
		assert_int_equal(disk_probe_may_heal(cases[i].result), cases[i].heals);
	}
}

/* A path on standby is accepted if another path to the same LUN works. */
static void standby_beside_active(void **state)
{
	progress.nr_paths = 2;
	targets[1].lun[1] = 1;
	paths[1].host = 4;
	fake_session(2, 4, "iqn.x:t\n", "10.0.2.3\n", "3260\n");
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	fake_lun(2, 4, 1, "0\n");
	fake_disk(2, 4, 1, "sdb");
	root_put("/sys/class/block/sda/size", "0\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(20)), STATUS_OK);
	assert_ptr_equal(progress.root, &paths[1]);
	assert_string_equal(paths[0].disk, "sda");
	assert_string_equal(paths[1].disk, "sdb");
}

static void scan_is_refused(void **state)
{
	assert_int_equal(unlink(root_path("/sys/class/scsi_host/host3/scan")), 0);
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_NO_LUN);
}

static void not_a_disk(void **state)
{
	fake_lun(1, 3, 1, "12\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_NO_LUN);
}

/* The Linux LUN includes the addressing method; the name of the link has only the number. */
static void flat_lun(void **state)
{
	memcpy(targets[0].lun, "\x41\x2c", 2);
	fake_lun(1, 3, 0x412c, "0\n");
	fake_disk(1, 3, 0x412c, "sda");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/target-0-lun-300", "../sda");
}

/* A LUN that no number encodes is scanned for as configured, in no other form. */
static void two_level_lun(void **state)
{
	memcpy(targets[0].lun, "\x00\x01\x00\x02", 4);
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
	assert_value("/sys/class/scsi_host/host3/scan", "0 0 131073");
	paths[0].result = STATUS_OK;
	fake_lun(1, 3, 0x20001, "0\n");
	fake_disk(1, 3, 0x20001, "sda");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/target-0-lun-0001-0002-0000-0000", "../sda");
}

/* A LUN given by number is found in each form that a target may use. */
static void other_forms(void **state)
{
	static const struct {
		const char *lun;
		int linux_lun;
		const char *link;
	} cases[] = {
		{ "\0\5", 5, "/dev/iscsi-boot/target-0-lun-5" },
		{ "\0\5", 0x4005, "/dev/iscsi-boot/target-0-lun-5" },
		{ "\x40\5", 5, "/dev/iscsi-boot/target-0-lun-5" },
		{ "\0\5", 0x5d200, "/dev/iscsi-boot/target-0-lun-5" },
		{ "\x41\x2c", 300, "/dev/iscsi-boot/target-0-lun-300" },
		{ "\x41\x2c", 0x12cd200, "/dev/iscsi-boot/target-0-lun-300" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memcpy(targets[0].lun, cases[i].lun, 2);
		paths[0].result = STATUS_OK;
		fake_lun(1, 3, cases[i].linux_lun, "0\n");
		fake_disk(1, 3, cases[i].linux_lun, "sda");
		assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
		assert_link(cases[i].link, "../sda");
		assert_int_equal(root_remove(state), 0);
		root_make(state);
		fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	}
}

static void partitions(void **state)
{
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	root_put("/sys/class/block/sda/sda1/partition", "1\n");
	root_put("/sys/class/block/sda/sda12/partition", "12\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(5)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root-part1", "../sda1");
	assert_link("/dev/iscsi-boot/root-part12", "../sda12");
	assert_link("/dev/iscsi-boot/target-0-lun-1-part1", "../sda1");
}

/* Without a configured LUN one scan is for all; each disk is kept, but not a controller. */
static void no_lun_named(void **state)
{
	targets[0].f.set = 0;
	fake_lun(1, 3, 0, "12\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
	assert_value("/sys/class/scsi_host/host3/scan", "0 0 -");
	paths[0].result = STATUS_OK;
	fake_lun(1, 3, 2, "0\n");
	fake_disk(1, 3, 2, "sdb");
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	fake_lun(1, 3, 0x412c, "0\n");
	fake_disk(1, 3, 0x412c, "sdc");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/target-0-lun-1", "../sda");
	assert_link("/dev/iscsi-boot/target-0-lun-2", "../sdb");
	assert_link("/dev/iscsi-boot/target-0-lun-300", "../sdc");
	assert_link("/dev/iscsi-boot/root", "../sda");
	assert_string_equal(paths[0].disk, "sda");
	assert_int_equal(paths[0].nr_more, 2);
	assert_false(paths[0].root_known);
}

/* Makes a target without a LUN that has disks 1 (sda), 2 (sdb) and 0x4101 (sdc). */
static void make_three(void)
{
	targets[0].f.set = 0;
	fake_lun(1, 3, 0, "12\n");
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	fake_lun(1, 3, 2, "0\n");
	fake_disk(1, 3, 2, "sdb");
	fake_lun(1, 3, 0x4101, "0\n");
	fake_disk(1, 3, 0x4101, "sdc");
}

/* The root disk is the one that holds what root= names. */
static void root_among_all(void **state)
{
	make_three();
	plan.root_lun = 2;
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root", "../sdb");
	assert_true(paths[0].root_known);
	assert_int_equal(paths[0].linux_lun, 2);
	assert_string_equal(paths[0].disk, "sdb");
	paths[0].root_known = false;
	plan.root_lun = 0x4101;
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root", "../sdc");
	/* By the link that udev makes for a partition; with it comes later. */
	paths[0].root_known = false;
	plan.root_lun = -1;
	plan.root_dev = "UUID=12-34";
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root", "../sda");
	assert_false(paths[0].root_known);
	root_put("/sys/class/block/sdb/sdb1/partition", "1\n");
	fake_put("", "/dev/sdb1");
	fake_put("", "/dev/disk/by-uuid/x");
	assert_int_equal(symlink("../../sdb1", root_path("/dev/disk/by-uuid/12-34")), 0);
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root", "../sdb");
	assert_link("/dev/iscsi-boot/root-part1", "../sdb1");
	assert_true(paths[0].root_known);
}

/* The second path attaches all disks; the first names the root's LUN. */
static void root_of_the_first_among_all(void **state)
{
	make_three();
	progress.nr_paths = 2;
	targets[0].f.set = BIT_ULL(IBU_TARGET_LUN);
	targets[0].lun[1] = 2;
	targets[1].f.set = 0;
	paths[0].result = STATUS_NO_ANSWER;
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_link("/dev/iscsi-boot/root", "../sdb");
	assert_true(paths[1].root_known);
}

/* What cannot be read and was not named does not hold up the others, nor is it missing. */
static void unusable_among_all(void **state)
{
	int64_t began = now_ns();

	make_three();
	root_put("/sys/class/block/sda/size", "0\n");
	assert_int_equal(unlink(root_path("/dev/sdb")), 0);
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_true(now_ns() - began < 10000000000LL);
	assert_string_equal(paths[0].disk, "sdc");
	assert_int_equal(paths[0].nr_more, 0);
}

/* A disk that never gets its block device is reported at the deadline; the others are used. */
static void late_among_all(void **state)
{
	make_three();
	fake_lun(1, 3, 7, "0\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_OK);
	assert_string_equal(paths[0].disk, "sda");
	assert_int_equal(paths[0].nr_more, 2);
}

/* Removes LUN 1 after some time, before it has a block device, and makes it again with a disk. */
static pid_t come_and_go(void)
{
	pid_t task = fork();

	if (task)
		return task;
	poll(NULL, 0, 1500);
	unlink(root_path("/sys/class/scsi_device/3:0:0:1/device"));
	poll(NULL, 0, 2500);
	fake_disk(1, 3, 1, "sda");
	fake_link("/sys/devices/host3/session1/target3:0:0/3:0:0:1",
		  "/sys/class/scsi_device/3:0:0:1/device");
	_exit(0);
}

/* A LUN that the target removes is looked for again, with pauses. */
static void removed_before_it_is_a_disk(void **state)
{
	int any;

	for (any = 0; any < 2; any++) {
		clock_t began = clock();
		pid_t task;

		targets[0].f.set = any ? 0 : BIT_ULL(IBU_TARGET_LUN);
		paths[0].result = STATUS_OK;
		fake_lun(1, 3, 1, "0\n");
		task = come_and_go();
		assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(20)), STATUS_OK);
		assert_string_equal(paths[0].disk, "sda");
		assert_true(clock() - began < CLOCKS_PER_SEC / 2);
		waitpid(task, NULL, 0);
		assert_int_equal(root_remove(state), 0);
		root_make(state);
		fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	}
}

static void no_block_device(void **state)
{
	fake_lun(1, 3, 1, "0\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
}

static void no_size(void **state)
{
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	root_put("/sys/class/block/sda/size", "0\n");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_UNREADABLE);
	assert_string_equal(paths[0].disk, "");
}

/* Sends a uevent as the kernel does. Returns false if that is not permitted. */
static bool send_uevent(void)
{
	static const char text[] = "add@/block/sda";
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	AUTO_FD fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	return sendto(fd, text, sizeof(text), 0, (struct sockaddr *)&to, sizeof(to)) > 0 ||
	       errno == ESRCH || errno == ECONNREFUSED; /* no listener yet */
}

static void block_device_comes_late(void **state)
{
	int64_t began = now_ns();
	pid_t task;

	if (!send_uevent())
		skip();
	fake_lun(1, 3, 1, "0\n");
	task = fork();
	if (!task) {
		poll(NULL, 0, 300);
		fake_disk(1, 3, 1, "sda");
		_exit(!send_uevent());
	}
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(20)), STATUS_OK);
	assert_string_equal(paths[0].disk, "sda");
	assert_true(now_ns() - began < 10000000000LL);
	waitpid(task, NULL, 0);
}

/* The kernel cannot open a disk before it has sent the disk's event, so it is not read before. */
static void disk_is_not_live_yet(void **state)
{
	pid_t task;

	if (!send_uevent())
		skip();
	task = fork();
	if (!task) {
		struct stat scan = { 0 };

		while (!scan.st_size && !stat(root_path("/sys/class/scsi_host/host3/scan"), &scan))
			poll(NULL, 0, 10);
		fake_disk(1, 3, 1, "sda");
		root_put("/dev/sda", "");
		fake_lun(1, 3, 1, "0\n");
		poll(NULL, 0, 1000);
		root_put("/dev/sda", "boot sector\n");
		_exit(!send_uevent());
	}
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(20)), STATUS_OK);
	assert_string_equal(paths[0].disk, "sda");
	waitpid(task, NULL, 0);
}

/* If the root disk is available, another missing LUN does not fail the boot. */
static void second_is_missing(void **state)
{
	progress.nr_paths = 2;
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_OK);
	assert_value("/sys/class/scsi_host/host3/scan", "0 0 184832");
	assert_string_equal(paths[1].disk, "");
}

static void root_is_missing(void **state)
{
	progress.nr_paths = 2;
	fake_lun(1, 3, 2, "0\n");
	fake_disk(1, 3, 2, "sdb");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(1)), STATUS_NO_LUN);
	assert_null(progress.root);
	assert_link("/dev/iscsi-boot/target-4-lun-2", "../sdb");
	assert_int_equal(access(root_path("/dev/iscsi-boot/root"), F_OK), -1);
}

/* One of two paths to the root disk is enough. */
static void root_by_the_second_path(void **state)
{
	progress.nr_paths = 2;
	targets[1].lun[1] = 1;
	paths[0].result = STATUS_NO_ANSWER;
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sdc");
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(30)), STATUS_OK);
	assert_ptr_equal(progress.root, &paths[1]);
	assert_link("/dev/iscsi-boot/root", "../sdc");
}

/* Replaces the file by a FIFO without a reader: its open blocks. */
static const char *make_scan_hang(void)
{
	static char path[512];

	memcpy(path, root_path("/sys/class/scsi_host/host3/scan"), sizeof(path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	return path;
}

/* A blocked scan does not keep stdout open: its reader waits until all writers have closed it. */
static void stuck_scan_holds_nothing(void **state)
{
	const char *scan = make_scan_hang();
	int stdout_saved = dup(STDOUT_FILENO), fds[2];
	struct pollfd p = { .events = POLLIN };
	int64_t began = now_ns();
	enum status status;

	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDOUT_FILENO);
	status = stage_run(&stage_disks, &progress, deadline_in(1));
	dup2(stdout_saved, STDOUT_FILENO);
	close(stdout_saved);
	close(fds[1]);
	p.fd = fds[0];
	assert_int_equal(poll(&p, 1, 0), 1);
	assert_int_equal(p.revents, POLLHUP);
	close(fds[0]);
	assert_int_equal(status, STATUS_NO_LUN);
	assert_true(now_ns() - began < 5000000000LL);
	close(open(scan, O_RDONLY | O_NONBLOCK)); /* unblocks the thread */
}

/* A scan ends after its disk was found. The stage still waits for another disk, without polling. */
static void nothing_is_done_while_waiting(void **state)
{
	const char *scan = make_scan_hang();
	clock_t began = clock();
	pid_t task;

	if (!send_uevent())
		skip();
	progress.nr_paths = 2;
	fake_lun(1, 3, 1, "0\n"); /* the root disk's block device never appears */
	task = fork();
	if (!task) {
		poll(NULL, 0, 300);
		fake_lun(1, 3, 2, "0\n");
		fake_disk(1, 3, 2, "sdb");
		send_uevent();
		poll(NULL, 0, 300);
		close(open(scan, O_RDONLY));
		_exit(0);
	}
	assert_int_equal(stage_run(&stage_disks, &progress, deadline_in(2)), STATUS_NO_LUN);
	assert_string_equal(paths[1].disk, "sdb");
	assert_true(clock() - began < CLOCKS_PER_SEC / 2);
	waitpid(task, NULL, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(there_already),
		TEST(no_such_lun),
		TEST(scan_is_refused),
		TEST(not_a_disk),
		TEST(two_level_lun),
		TEST(other_forms),
		TEST(partitions),
		TEST(flat_lun),
		TEST(no_lun_named),
		TEST(no_block_device),
		TEST(root_among_all),
		TEST(root_of_the_first_among_all),
		TEST(unusable_among_all),
		TEST(late_among_all),
		TEST(removed_before_it_is_a_disk),
		TEST(no_size),
		TEST(block_device_comes_late),
		TEST(disk_is_not_live_yet),
		TEST(lun_comes_late),
		TEST(lun_is_placeholder),
		TEST(not_ready),
		TEST(cannot_be_read),
		TEST(reasons),
		TEST(standby_beside_active),
		TEST(second_is_missing),
		TEST(root_is_missing),
		TEST(root_by_the_second_path),
		TEST(stuck_scan_holds_nothing),
		TEST(nothing_is_done_while_waiting),
	};

	signal(SIGPIPE, SIG_IGN); /* as boot does: a thread may write to a closed pipe */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Tests the main loop of the guard: when it exits, and what the file says that status reads. */
#include "tests/unit/fake.h"

#include "guard/guard.h"
#include "session/iscsi_netlink.h"

#include <errno.h>
#include <poll.h>

/* How often the guard waited for events; after the last time iscsid serves. */
static unsigned int waits, serves_after;

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid);
int __wrap_iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event);
int __wrap_poll(struct pollfd *fds, nfds_t nr, int ms);
int __real_poll(struct pollfd *fds, nfds_t nr, int ms);

/* The kernel has a socket that iscsid, process 5, listens with. */
static void iscsid_serves(void)
{
	fake_put("sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n"
		 "00000000793e42c0 8 4711 00000001 0 0 0 2 0 77\n",
		 "/proc/net/netlink");
	fake_put("Name:\tiscsid\nState:\tS (x)\nPPid:\t1\nVmLck:\t   4096 kB\n", "/proc/5/status");
	fake_put("", "/proc/5/fd/0");
	assert_int_equal(symlink("socket:[77]", root_path("/proc/5/fd/3")), 0);
}

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid)
{
	*t = (struct iscsi_nl){ .fd = -1, .requests = -1, .port = 99 };
	return 0;
}

int __wrap_iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event)
{
	return -EAGAIN;
}

/* The wait of the main loop, which has room for many sockets, ends at once: iscsid has come. */
int __wrap_poll(struct pollfd *fds, nfds_t nr, int ms)
{
	if (nr < 2)
		return __real_poll(fds, nr, ms);
	assert_true(waits < serves_after);
	if (++waits == serves_after)
		iscsid_serves();
	fds[1].revents = POLLIN;
	return 1;
}

static int make(void **state)
{
	sysfs_root = root;
	waits = 0;
	return root_make(state);
}

/* Runs a guard that shall not stand by. */
static void run_off(struct guard_past *past)
{
	int file = open(root_path("/status"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	assert_true(file >= 0);
	fake_put("target=iqn.x:t portal=127.0.0.1 port=3260 lun=0 guard-standby=0\n",
		 "/run/iscsi-boot/wanted");
	assert_int_equal(guard_run(file, past), 0);
	close(file);
}

static void assert_status(const char *part)
{
	AUTO_ARENA arena = NULL;
	char *text;

	assert_true(sysfs_read(&arena, &text, "/status") > 0);
	assert_non_null(strstr(text, part));
}

/* It does not wait for another event, which may come late, before it exits. */
static void exits_at_once(void **state)
{
	struct guard_past past = { 0 };

	serves_after = 0;
	iscsid_serves();
	run_off(&past);
	assert_int_equal(past.served, 5);
	assert_status("iscsid=5\nstandby=off\n");
}

static void exits_once_iscsid_serves(void **state)
{
	struct guard_past past = { 0 };

	serves_after = 3;
	run_off(&past);
	assert_int_equal(waits, 3);
	assert_status("iscsid=5\nstandby=off\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exits_at_once),
		TEST(exits_once_iscsid_serves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a filtered process gets EPERM for what it never needs, and can do all else. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/syscall_filter.h"

/* These fail without the filter too, but with another error than EPERM, or succeed. */
static const struct {
	const char *name;
	long number, args[3];
} harmless[] = {
	{ "unshare", SYS_unshare, { 0 } },
	{ "keyctl", SYS_keyctl, { 9999 } },
	{ "add_key", SYS_add_key, { 0 } },
	{ "request_key", SYS_request_key, { 0 } },
	{ "setns", SYS_setns, { -1 } },
	{ "kcmp", SYS_kcmp, { -1, -1, 99 } },
	{ "process_vm_readv", SYS_process_vm_readv, { -1 } },
	{ "process_vm_writev", SYS_process_vm_writev, { -1 } },
	{ "mknodat", SYS_mknodat, { -1 } },
	{ "execve", SYS_execve, { 0 } },
};

#define NR_HARMLESS (sizeof(harmless) / sizeof(*harmless))

static int error_of(long number, const long args[3])
{
	errno = 0;
	syscall(number, args[0], args[1], args[2], 0, 0, 0);
	return errno;
}

/* Runs @f in a child, so that the filter ends with it. Returns its result, or 100 + signal. */
static int in_child(int (*f)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(f());
	assert_true(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int harmless_is_refused(void)
{
	unsigned int i;

	for (i = 0; i < NR_HARMLESS; i++)
		if (error_of(harmless[i].number, harmless[i].args) == EPERM)
			return 1; /* then this test would prove nothing */
	if (syscall_filter(false))
		return 2;
	for (i = 0; i < NR_HARMLESS; i++)
		if (error_of(harmless[i].number, harmless[i].args) != EPERM)
			return 10 + (int)i;
	return 0;
}

/* These may be refused without the filter, to a process that is not root. */
static int privileged_is_refused(void)
{
	static const long numbers[] = {
		SYS_ptrace, SYS_bpf,	    SYS_init_module,	   SYS_finit_module, SYS_mount,
		SYS_reboot, SYS_kexec_load, SYS_open_by_handle_at, SYS_swapon,	     SYS_umount2
	};
	static const long none[3] = { -1, 0, 0 };
	unsigned int i;

	if (syscall_filter(false))
		return 2;
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (error_of(numbers[i], none) != EPERM)
			return 10 + (int)i;
	return prctl(PR_GET_SECCOMP) == 2 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 3;
}

static void refused_calls_fail(void **state)
{
	assert_int_equal(in_child(harmless_is_refused), 0);
	assert_int_equal(in_child(privileged_is_refused), 0);
}

/* What guard and lease program do: files, sockets, processes, memory, signals. */
static int uses_the_rest(void)
{
	int fds[2], status;
	pid_t pid;

	if (syscall_filter(false))
		return 2;
	if (open("/proc/self/stat", O_RDONLY) < 0 || pipe(fds))
		return 3;
	if (socket(AF_INET, SOCK_STREAM, 0) < 0 || socket(AF_INET6, SOCK_DGRAM, 0) < 0 ||
	    socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) < 0)
		return 4;
	if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return 5;
	pid = fork();
	if (!pid)
		_exit(write(fds[1], "x", 1) == 1 ? 0 : 1);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		return 6;
	if (kill(getpid(), 0) || syscall(SYS_pidfd_open, getpid(), 0) < 0)
		return 7;
	return 0;
}

/* As a DHCP client, which runs scripts. They inherit the filter. */
static int executes(void)
{
	if (syscall_filter(true))
		return 2;
	execl("/bin/sh", "sh", "-c", "grep -q '^Seccomp:.2' /proc/self/status", NULL);
	return 3;
}

static void other_calls_work(void **state)
{
	assert_int_equal(in_child(uses_the_rest), 0);
	assert_int_equal(in_child(executes), 0);
}

#if defined(__x86_64__)
/* Call 20 is getpid() of i386, and 0x40000000 + 39 that of x32. Both would evade the numbers. */
static int calls_otherwise(void)
{
	long r;

	if (syscall_filter(false))
		return 2;
	if (error_of(0x40000000L + SYS_getpid, (const long[3]){ 0 }) != EPERM)
		return 3;
	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return (int)r == -EPERM ? 0 : 4;
}

static void other_ways_are_refused(void **state)
{
	int r = in_child(calls_otherwise);

	/* A kernel without calls of i386 answers with SIGSEGV. */
	assert_true(!r || r == 100 + SIGSEGV);
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_calls_fail),
		cmocka_unit_test(other_calls_work),
#if defined(__x86_64__)
		cmocka_unit_test(other_ways_are_refused),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Program iscsi-boot-guard [--stay]: daemonizes, and keeps a worker running (guard.h). It starts in
 * the initramfs and keeps running across the switch to the real root. All of it and of libc is in
 * memory then, and it opens only files of the kernel: it works while the root disk is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/preopened.h"
#include "base/process_detach.h"
#include "base/process_harden.h"
#include "base/run_dir.h"
#include "guard/guard.h"

/* A running guard holds a lock on this file. The command status reads its content. */
#define RUN_FILE BOOT_RUN_DIR "/guard"
#define UNIT "iscsi-boot-guard.service"
/* Pause before a crashed worker is restarted. */
#define RESTART_MS 200
#define HEAP (1024 * 1024)
#define STACK (128 * 1024)

/* Allocates heap and stack in advance: no memory may be free while the root disk is lost. */
static void reserve_memory(void)
{
	char stack[STACK];
	char *heap;

	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, 64 * HEAP);
	heap = malloc(HEAP);
	if (heap)
		explicit_bzero(heap, HEAP);
	free(heap);
	explicit_bzero(stack, sizeof(stack));
}

/* The worker process. It reads secrets, so it is not dumpable. */
__attribute__((noreturn)) static void run_worker(int lock, struct guard_past *past)
{
	int r;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	process_harden("guard");
	reserve_memory();
	r = guard_run(lock, past);
	if (r)
		log_warning("guard", "cannot receive the kernel's iSCSI events: %s", strerror(-r));
	log_close();
	_exit(r ? STATUS_ERROR : STATUS_OK);
}

/* Returns true if the worker exited, or was stopped by SIGTERM or SIGINT. */
static bool is_stopped(int status)
{
	return WIFEXITED(status) || WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT;
}

/* Restarts a killed worker by fork(), which reads no file. */
static int supervise(int lock)
{
	const struct timespec pause = { 0, RESTART_MS * 1000000L };
	struct guard_past *past = mmap(NULL, sizeof(*past), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	if (past == MAP_FAILED) {
		log_warning("guard", "cannot map shared memory: %s", strerror(errno));
		return STATUS_ERROR;
	}
	past->since_ns = now_ns();
	process_harden("guard");
	for (;;) {
		pid = fork();
		if (!pid)
			run_worker(lock, past);
		while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (pid > 0 && is_stopped(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_OK;
		log_warning("guard", "worker killed by signal %d, restarting it",
			    pid < 0 ? 0 : WTERMSIG(status));
		nanosleep(&pause, NULL); /* a worker that crashes at once must not take the CPU */
	}
}

/* Daemonizes. Needed files of the initramfs are open already. Returns 0 or -errno. */
static int daemonize(void)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid)
		exit(STATUS_OK);
	process_detach();
	if (fork() > 0)
		_exit(STATUS_OK);
	return 0;
}

/* Returns the locked file; -EWOULDBLOCK: another guard runs; or another -errno. */
static int lock_run_file(void)
{
	int fd, r;

	if (mkdir(BOOT_RUN_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(RUN_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	r = -errno;
	close(fd);
	return r;
}

/*
 * Copies the unit file to /run, which initramfs and real root share. Without it, systemd of the
 * real root would stop the guard.
 */
static void copy_unit(void)
{
	AUTO_ARENA arena = NULL;
	AUTO_FD fd = -1;
	ssize_t len;
	char *text;

	if (access("/etc/initrd-release", F_OK) || access("/run/systemd/system", F_OK))
		return;
	len = file_read(&arena, &text, "/usr/lib/systemd/system/" UNIT);
	if (len < 0)
		len = file_read(&arena, &text, "/etc/systemd/system/" UNIT);
	if (len < 0)
		return;
	fd = open("/run/systemd/system/" UNIT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0 && write(fd, text, (size_t)len) != len)
		log_warning("guard", "cannot write /run/systemd/system/" UNIT ": %s",
			    strerror(errno));
}

int main(int argc, char **argv)
{
	bool stay = argc == 2 && !strcmp(argv[1], "--stay");
	int lock;

	if (argc > 1 && !stay) {
		fputs("Usage: iscsi-boot-guard [--stay]\n", stderr);
		return STATUS_USAGE;
	}
	/* When systemd shuts down, it kills all processes whose name does not begin with @. */
	argv[0][0] = '@';
	prctl(PR_SET_NAME, "iscsi-boot-guard"); /* the command status looks for it */
	log_to_kmsg();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	lock = lock_run_file();
	if (lock == -EWOULDBLOCK)
		return STATUS_OK;
	if (lock < 0 || preopen_dirs(preopen_default) || log_open(BOOT_RUN_DIR) || chdir("/") < 0) {
		log_warning("guard", "cannot start with " RUN_FILE ": %s",
			    strerror(lock < 0 ? -lock : errno));
		return STATUS_ERROR;
	}
	if (stay)
		copy_unit();
	else if (daemonize())
		log_warning("guard", "cannot daemonize: %s", strerror(errno));
	return supervise(lock);
}

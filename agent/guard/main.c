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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/daemon.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/preopened.h"
#include "base/process_harden.h"
#include "base/run_dir.h"
#include "base/syscall_filter.h"
#include "guard/guard.h"

/* The command status reads this file, as any user, so the lock is on another one. */
#define RUN_FILE BOOT_RUN_DIR "/guard"
/* A running guard holds a lock on this file, which only root can open. */
#define LOCK_FILE BOOT_RUN_DIR "/guard.lock"
/* Bytes reserved for RUN_FILE: writing it later needs no memory. */
#define RUN_FILE_ROOM 4096
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
__attribute__((noreturn)) static void run_worker(int file, struct guard_past *past)
{
	int r;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	process_harden("guard");
	reserve_memory();
	r = guard_run(file, past);
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
static int supervise(int file)
{
	const struct timespec pause = { 0, RESTART_MS * 1000000L };
	struct guard_past *past = mmap(NULL, sizeof(*past), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0, error = 0;
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
			run_worker(file, past);
		if (pid < 0 && errno != error)
			log_warning("guard", "cannot start the worker, trying again: %s",
				    strerror(errno));
		error = pid < 0 ? errno : 0;
		while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (pid > 0 && is_stopped(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_OK;
		if (pid > 0)
			log_warning("guard", "worker killed by signal %d, restarting it",
				    WTERMSIG(status));
		nanosleep(&pause, NULL); /* a worker that crashes at once must not take the CPU */
	}
}

/* Returns the file of guard_run(), or -errno. Some file systems cannot reserve room. */
static int open_run_file(void)
{
	int fd = open(RUN_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644), r = 0;

	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0644) || /* whatever the umask */
	    (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, RUN_FILE_ROOM) && errno != EOPNOTSUPP))
		r = -errno;
	if (!r)
		return fd;
	close(fd);
	return r;
}

/* @stay: systemd has put the process into the background. */
static void guard_to_background(bool stay)
{
	int r = stay ? daemon_copy_unit(UNIT) : daemon_detach();

	if (r)
		log_warning("guard", "cannot %s: %s", stay ? "copy " UNIT " to /run" : "daemonize",
			    strerror(-r));
}

int main(int argc, char **argv)
{
	bool stay = argc == 2 && !strcmp(argv[1], "--stay");
	int lock, file, r;

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
	if (mkdir(BOOT_RUN_DIR, 0755) < 0 && errno != EEXIST)
		log_warning("guard", "cannot make " BOOT_RUN_DIR ": %s", strerror(errno));
	lock = daemon_lock(LOCK_FILE); /* until the last process of the guard has exited */
	if (lock == -EWOULDBLOCK)
		return STATUS_OK;
	file = lock < 0 ? lock : open_run_file();
	if (file < 0)
		return log_failure("guard", STATUS_ERROR,
				   lock < 0 ? "cannot start with " LOCK_FILE :
					      "cannot start with " RUN_FILE,
				   strerror(-file), "make room in /run, or remove that file");
	if (preopen_dirs(preopen_default) || log_open(BOOT_RUN_DIR) || chdir("/") < 0)
		return log_failure("guard", STATUS_ERROR, "cannot open " BOOT_RUN_DIR "/log",
				   strerror(errno), "make room in /run");
	guard_to_background(stay);
	(void)setpriority(PRIO_PROCESS, 0, -20); /* its unit has set it */
	r = syscall_filter(false);
	if (r)
		log_warning("guard", "cannot filter system calls: %s", strerror(-r));
	return supervise(file);
}

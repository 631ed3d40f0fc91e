// SPDX-License-Identifier: GPL-2.0-only
/*
 * iscsi-boot-guard [--stay]: see guard.h. A program of its own that is started in the initramfs
 * and lives on across the switch to the real root. Once it has started it has all of itself and of
 * libc in memory, and needs no file but those of the kernel: it runs when nothing can be read from
 * the root.
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

/* Who runs has it locked; what is in it is for status. */
#define RUN_FILE BOOT_RUN_DIR "/guard"
#define UNIT "iscsi-boot-guard.service"
/* A crash is followed by another start, but not in a circle that takes the machine's time. */
#define AGAIN_MS 200
#define HEAP (1024 * 1024)
#define STACK (128 * 1024)

/* Memory that is had now is not asked for when there is none. */
static void fill_memory(void)
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

/* In the process that does it. It reads secrets, which its memory then has and no dump. */
__attribute__((noreturn)) static void work(int lock, struct guard_past *past)
{
	int r;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	process_harden("guard");
	fill_memory();
	r = guard_run(lock, past);
	if (r)
		log_warning("guard", "to listen to the kernel's iSCSI events: %s", strerror(-r));
	log_close();
	_exit(r ? STATUS_ERROR : STATUS_OK);
}

/* It ended as it should, or somebody wants it to. */
static bool is_end(int status)
{
	return WIFEXITED(status) || WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT;
}

/* Sees to it that one works: where it is killed, nothing is read for the next one. */
static int supervise(int lock)
{
	const struct timespec again = { 0, AGAIN_MS * 1000000L };
	struct guard_past *past = mmap(NULL, sizeof(*past), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	if (past == MAP_FAILED) {
		log_warning("guard", "no memory to share: %s", strerror(errno));
		return STATUS_ERROR;
	}
	past->since_ns = now_ns();
	process_harden("guard");
	for (;;) {
		pid = fork();
		if (!pid)
			work(lock, past);
		while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (pid > 0 && is_end(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_OK;
		log_warning("guard", "the one that works was ended by signal %d: another one",
			    pid < 0 ? 0 : WTERMSIG(status));
		nanosleep(&again, NULL); /* there is no event: it is a pause, see AGAIN_MS */
	}
}

/* A process that nobody waits for; what it needs of the initramfs is open. */
static int detach(void)
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

/* One at a time. The file, -EWOULDBLOCK: another one is there, or another -errno. */
static int take_lock(void)
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
 * The real root may not have our unit, and systemd stops there what it has no unit for that says
 * otherwise. /run is what both have.
 */
static void keep_unit(void)
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
		log_warning("guard", "/run/systemd/system/" UNIT ": %s", strerror(errno));
}

int main(int argc, char **argv)
{
	bool stay = argc == 2 && !strcmp(argv[1], "--stay");
	int lock;

	if (argc > 1 && !stay) {
		fputs("Usage: iscsi-boot-guard [--stay]\n", stderr);
		return STATUS_USAGE;
	}
	/* systemd ends at last all but those whose name begins so. */
	argv[0][0] = '@';
	prctl(PR_SET_NAME, "iscsi-boot-guard"); /* for status, whatever its file is called */
	log_to_kmsg();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	lock = take_lock();
	if (lock == -EWOULDBLOCK)
		return STATUS_OK;
	if (lock < 0 || preopen_dirs(preopen_default) || log_open(BOOT_RUN_DIR) || chdir("/") < 0) {
		log_warning("guard", RUN_FILE ": %s", strerror(lock < 0 ? -lock : errno));
		return STATUS_ERROR;
	}
	if (stay)
		keep_unit();
	else if (detach())
		log_warning("guard", "no process of its own: %s", strerror(errno));
	return supervise(lock);
}

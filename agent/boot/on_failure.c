// SPDX-License-Identifier: GPL-2.0-only
/* Carries out iscsi_boot.on-failure= when boot has failed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/task_backend.h"
#include "boot/boot_private.h"

__attribute__((noreturn)) static void become_shell(void)
{
	static char *const args[] = { (char *)"sh", (char *)"-i", NULL };
	int fd = open("/dev/console", O_RDWR | O_CLOEXEC);

	signal(SIGPIPE, SIG_DFL);
	setsid();
	if (fd >= 0) {
		ioctl(fd, TIOCSCTTY, 0);
		dup2(fd, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	task_close_from(STDERR_FILENO + 1);
	execv("/bin/sh", args);
	_exit(127);
}

/*
 * Returns when the user leaves the shell. It is no task of task_start(), whose standard streams are
 * /dev/null: without a console, the shell has those of boot.
 */
static void run_shell(enum status status)
{
	struct task task;
	pid_t pid;
	int r;

	log_info("boot", "starting a shell on the console; boot ends with status %d when it exits",
		 status);
	pid = fork();
	if (!pid)
		become_shell();
	r = task_watch(&task, pid);
	if (r)
		log_warning("boot", "cannot start a shell: %s", strerror(-r));
	else
		task_reap(&task);
}

void on_failure_act(enum on_failure what, enum status status)
{
	if (what == ON_FAILURE_SHELL)
		run_shell(status);
	if (what != ON_FAILURE_REBOOT)
		return;
	log_info("boot", "rebooting (on-failure=reboot)");
	sync();
	if (reboot(RB_AUTOBOOT) < 0)
		log_warning("boot", "cannot reboot: %s", strerror(errno));
}

// SPDX-License-Identifier: GPL-2.0-only
/* iscsi_boot.on-failure= */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "boot/boot_private.h"

__attribute__((noreturn)) static void become_shell(void)
{
	static char *const args[] = { (char *)"sh", (char *)"-i", NULL };
	int fd = open("/dev/console", O_RDWR);

	signal(SIGPIPE, SIG_DFL);
	setsid();
	if (fd >= 0) {
		ioctl(fd, TIOCSCTTY, 0);
		dup2(fd, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	execv("/bin/sh", args);
	_exit(127);
}

/* Until it is left; standard output, on which a caller awaits a device, stays empty. */
static void run_shell(enum status status)
{
	pid_t pid;

	log_info("boot", "a shell on the console; once it is left, boot ends with status %d",
		 status);
	pid = fork();
	if (!pid)
		become_shell();
	if (pid < 0)
		log_warning("boot", "no shell: %s", strerror(errno));
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void on_failure_act(enum on_failure what, enum status status)
{
	if (what == ON_FAILURE_SHELL)
		run_shell(status);
	if (what != ON_FAILURE_REBOOT)
		return;
	log_info("boot", "reboot, as iscsi_boot.on-failure asks");
	sync();
	if (reboot(RB_AUTOBOOT) < 0)
		log_warning("boot", "no reboot: %s", strerror(errno));
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Program iscsi-boot-lease [--stay]: keeps the DHCP leases of the root disk's NICs. It starts in
 * the initramfs and keeps running across the switch to the real root, in locked memory: it renews
 * leases while the root disk is lost, whichever network manager the real root has.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/log.h"
#include "base/preopened.h"
#include "base/process_harden.h"
#include "base/syscall_filter.h"
#include "lease/lease_keeper.h"
#include "lease/lease_record.h"

#define LOCK_FILE BOOT_RUN_DIR "/lease.lock"
#define UNIT "iscsi-boot-lease.service"

static int cannot_start(const char *what, int err)
{
	log_warning("lease", "cannot start: %s: %s", what, strerror(-err));
	return STATUS_ERROR;
}

/* @stay: systemd has put the process into the background. */
static void go_to_background(bool stay)
{
	int err = stay ? daemon_copy_unit(UNIT) : daemon_detach();

	if (err)
		log_warning("lease", "cannot %s: %s", stay ? "copy " UNIT " to /run" : "daemonize",
			    strerror(-err));
}

int main(int argc, char **argv)
{
	bool stay = argc == 2 && !strcmp(argv[1], "--stay");
	int lock, file, err;

	if (argc > 1 && !stay) {
		fputs("Usage: iscsi-boot-lease [--stay]\n", stderr);
		return STATUS_USAGE;
	}
	/* When systemd shuts down, it kills all processes whose name does not begin with @. */
	argv[0][0] = '@';
	prctl(PR_SET_NAME, "iscsi-boot-lease"); /* the command status looks for it */
	log_to_kmsg();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	lock = daemon_lock(LOCK_FILE);
	if (lock == -EWOULDBLOCK)
		return STATUS_OK;
	if (lock < 0)
		return cannot_start(LOCK_FILE, lock);
	file = open(LEASE_STATE, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (file < 0 || fchmod(file, 0644)) /* whatever the umask */
		return cannot_start(LEASE_STATE, -errno);
	if (preopen_dirs(preopen_default) || log_open(BOOT_RUN_DIR) || chdir("/") < 0)
		return cannot_start(BOOT_RUN_DIR, -errno);
	go_to_background(stay);
	err = syscall_filter(false);
	if (err)
		log_warning("lease", "cannot filter system calls: %s", strerror(-err));
	process_harden("lease");
	return cannot_start(LEASE_DIR, lease_keeper_run(file));
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes sysfs files of sessions and disks below the root directory of a test. */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include "tests/unit/root.h"

#include "base/cleanup.h"
#include "base/sysfs.h"

#include <stdarg.h>

/* Writes @text to a file. */
__attribute__((format(printf, 2, 3))) static inline void fake_put(const char *text, const char *fmt,
								   ...)
{
	char path[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	root_put(path, text);
}

/* Makes the symbolic link @from that leads to @to, both below the root directory. */
static inline void fake_link(const char *to, const char *from)
{
	char full[512];

	memcpy(full, root_path(from), sizeof(full));
	assert_int_equal(symlink(root_path(to), full), 0);
}

/* Makes session<sid> of host<host>, logged in. */
static inline void fake_session(int sid, int host, const char *target, const char *portal,
				const char *port)
{
	char real[128], link[128];

	snprintf(real, sizeof(real), "/sys/devices/host%d/session%d", host, sid);
	snprintf(link, sizeof(link), "/sys/class/iscsi_session/session%d/device", sid);
	fake_put("", "%s/uevent", real);
	fake_link(real, link);
	fake_put(target, "/sys/class/iscsi_session/session%d/targetname", sid);
	fake_put("LOGGED_IN\n", "/sys/class/iscsi_session/session%d/state", sid);
	fake_put("120\n", "/sys/class/iscsi_session/session%d/recovery_tmo", sid);
	fake_put(portal, "/sys/class/iscsi_connection/connection%d:0/persistent_address", sid);
	fake_put(port, "/sys/class/iscsi_connection/connection%d:0/persistent_port", sid);
	fake_put("0\n", "/sys/class/iscsi_connection/connection%d:0/recv_tmo", sid);
	fake_put("0\n", "/sys/class/iscsi_connection/connection%d:0/ping_tmo", sid);
	fake_put("", "/sys/class/scsi_host/host%d/scan", host);
	fake_put("iscsi_tcp\n", "/sys/devices/host%d/scsi_host/host%d/proc_name", host, host);
}

/* Makes a LUN of the session, without its block device. */
static inline void fake_lun(int sid, int host, int lun, const char *type)
{
	char real[128], link[128];

	snprintf(real, sizeof(real), "/sys/devices/host%d/session%d/target%d:0:0/%d:0:0:%d", host,
		 sid, host, host, lun);
	snprintf(link, sizeof(link), "/sys/class/scsi_device/%d:0:0:%d/device", host, lun);
	fake_put("30\n", "%s/timeout", real);
	fake_put("10\n", "%s/eh_timeout", real);
	fake_put("5\n", "%s/scsi_disk/%d:0:0:%d/max_retries", real, host, lun);
	fake_link(real, link);
	fake_put(type, "%s/type", real);
}

/* Makes the block device @name of the LUN. */
static inline void fake_disk(int sid, int host, int lun, const char *name)
{
	char real[128], link[128];

	snprintf(real, sizeof(real), "/sys/devices/host%d/session%d/target%d:0:0/%d:0:0:%d", host,
		 sid, host, host, lun);
	snprintf(link, sizeof(link), "/sys/class/block/%s/device", name);
	fake_put("boot sector\n", "/dev/%s", name);
	fake_put("[mq-deadline] none\n", "/sys/class/block/%s/queue/scheduler", name);
	fake_put("2048\n", "/sys/class/block/%s/size", name);
	fake_link(real, link);
	fake_put("2048\n", "%s/block/%s/size", real, name);
}

static inline void assert_value(const char *file, const char *want)
{
	AUTO_ARENA arena = NULL;
	char *text;

	assert_true(sysfs_read(&arena, &text, "%s", file) >= 0);
	assert_string_equal(text, want);
}

#endif

// SPDX-License-Identifier: GPL-2.0-only
/* Has systemd wait for the root device at least as long as boot may take. */
#include "cmd/systemd_generator.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "plan/policy.h"
#include "view/view.h"

#define MARGIN_S 30 /* for what lies between the disk and the root device: RAID, LVM, LUKS */
#define SYSTEMD_DEFAULT_S 90

/* Returns 0 or -errno. */
static int read_deadline(const char *root, unsigned int *deadline_s)
{
	struct ibu_diag diag = { 0 };
	struct policy policy;
	struct view view;
	int r = view_read(root, &view);

	if (r)
		return r;
	r = policy_read(root, view.cmdline, &policy, &diag);
	*deadline_s = policy.deadline_s;
	ibu_diag_free(&diag);
	view_free(&view);
	return r;
}

static int write_drop_in(const char *dir, unsigned int deadline_s)
{
	unsigned int limit_s = deadline_s + MARGIN_S;
	AUTO_ARENA arena = NULL;
	char *folder, *path, *text, number[16] = "infinity";

	if (deadline_s)
		snprintf(number, sizeof(number), "%u",
			 limit_s > SYSTEMD_DEFAULT_S ? limit_s : SYSTEMD_DEFAULT_S);
	folder = arena_printf(&arena, "%s/device.d", dir);
	path = arena_printf(&arena, "%s/device.d/10-iscsi-boot.conf", dir);
	text = arena_printf(&arena, "[Unit]\nJobRunningTimeoutSec=%s\n", number);
	if (!folder || !path || !text)
		return -ENOMEM;
	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return -errno;
	return atomic_file_write_path(path, text, strlen(text), 0644);
}

int systemd_generator(const char *root, const char *dir)
{
	unsigned int deadline_s;
	int r = read_deadline(root, &deadline_s);

	if (!r)
		r = write_drop_in(dir, deadline_s);
	if (r)
		log_failure("agent", STATUS_ERROR, "cannot set systemd's limit for devices",
			    strerror(-r), "set rootflags=x-systemd.device-timeout=");
	return r ? 1 : 0;
}

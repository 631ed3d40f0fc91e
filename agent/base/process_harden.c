// SPDX-License-Identifier: GPL-2.0-only
/* Protects a process against memory shortage and disk I/O. */
#include "base/process_harden.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/preopened.h"

void process_harden(const char *step)
{
	AUTO_FD fd = preopened_open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd >= 0 && write(fd, "-1000", 5) < 0)
		log_warning(step, "cannot set oom_score_adj: %s", strerror(errno));
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		log_warning(step, "cannot lock memory: %s", strerror(errno));
	prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0);
}

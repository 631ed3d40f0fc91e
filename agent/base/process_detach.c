// SPDX-License-Identifier: GPL-2.0-only
/* Detaches a process from its terminal and from the standard streams of its parent. */
#include "base/process_detach.h"

#include <fcntl.h>
#include <unistd.h>

void process_redirect_stdio(int out)
{
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fd == STDOUT_FILENO && out >= 0)
			dup2(out, fd);
		else if (null < 0)
			close(fd);
		else
			dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}

void process_detach(void)
{
	setsid();
	process_redirect_stdio(-1);
}

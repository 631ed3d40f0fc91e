// SPDX-License-Identifier: GPL-2.0-only
/*
 * wait-change FILE WANTED SECONDS COMMAND...: runs COMMAND and waits until the sysfs attribute FILE
 * reads WANTED. It reads only when poll() wakes it. Prints each value that it read, or "gone" if
 * the module has been unloaded.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool reads(int fd, const char *wanted)
{
	char text[256];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len < 0 && errno == ENODEV)
		len = (ssize_t)strlen(strcpy(text, "gone ")); /* the last byte is replaced below */
	if (len < 1)
		err(1, "read");
	text[len - 1] = '\0';
	printf("%s ", text);
	return !strcmp(text, wanted);
}

static int run(char **command)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		err(1, "%s", command[0]);
	return status;
}

int main(int argc, char **argv)
{
	struct pollfd p = { .events = POLLPRI };
	time_t until, left;

	if (argc < 5)
		errx(2, "usage: wait-change FILE WANTED SECONDS COMMAND...");
	p.fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (p.fd < 0)
		err(1, "%s", argv[1]);
	if (reads(p.fd, argv[2])) /* reading also arms the poll */
		errx(1, "%s is already %s", argv[1], argv[2]);
	fflush(stdout);
	if (run(argv + 4))
		errx(1, "%s failed", argv[4]);
	until = time(NULL) + atoi(argv[3]);
	while ((left = until - time(NULL)) > 0)
		if (poll(&p, 1, (int)left * 1000) > 0 && reads(p.fd, argv[2]))
			return 0;
	errx(1, "%s: no wake-up with value %s", argv[1], argv[2]);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The shell of on-failure=shell where /dev/console cannot be opened. */
#include "tests/unit/parsed.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "boot/boot_private.h"

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

/* Replaces open() (linker option --wrap): this machine has no console. */
int __wrap_open(const char *path, int flags, ...)
{
	if (!strcmp(path, "/dev/console")) {
		errno = ENODEV;
		return -1;
	}
	return __real_open(path, flags, 0600);
}

/* In a child: acts with the pipe @in as standard input and @out as standard output and error. */
static void act_with(int in, int out)
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	dup2(out, 7); /* a file that an earlier program left open */
	on_failure_act(ON_FAILURE_SHELL, STATUS_NO_TARGET);
	_exit(0);
}

static void shell_has_the_streams_of_boot(void **state)
{
	static const char commands[] =
		"echo sum $((20 + 3))\n"
		"for f in 3 4 5 6 7 8 9; do { : >&$f; } 2>&- && echo open $f; done\n"
		"exit\n";
	int in[2], out[2], status;
	char text[4096] = "";
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(write(in[1], commands, strlen(commands)), (ssize_t)strlen(commands));
	close(in[1]);
	pid = fork();
	if (!pid)
		act_with(in[0], out[1]);
	close(out[1]);
	while ((n = read(out[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0); /* the agent waited for the shell and went on */
	assert_non_null(strstr(text, "sum 23"));
	assert_null(strstr(text, "\nopen"));
	close(in[0]);
	close(out[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shell_has_the_streams_of_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

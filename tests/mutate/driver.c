// SPDX-License-Identifier: GPL-2.0-only
/*
 * driver FROM TO STEP TABLE-DIR: runs the golden comparison and the unit tests once for each mutant
 * FROM, FROM + STEP, ... below TO, each in a child process; -1 means no mutant. Prints a line for
 * each: "number result", where result is the test that failed, or "survived". A mutant that loops
 * is killed by a timeout.
 */
#include <err.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutant.h"

int ibu_mutant = -1;

int dumpview_main(int argc, char **argv);
int test_text_main(void);
int test_portal_main(void);
int test_ibft_main(void);
int test_cmdline_main(void);
int test_bond_main(void);
int test_merge_main(void);
int test_attrs_main(void);
int test_oom_main(void);

static const char *tables;

static const struct {
	const char *name;
	int (*main)(void);
} units[] = {
	{ "text", test_text_main },   { "portal", test_portal_main },
	{ "bond", test_bond_main },   { "cmdline", test_cmdline_main },
	{ "merge", test_merge_main }, { "attrs", test_attrs_main },
	{ "oom", test_oom_main },     { "ibft", test_ibft_main },
};

static int same_content(int a, int b)
{
	char x[65536], y[65536];
	ssize_t n = pread(a, x, sizeof(x), 0), m = pread(b, y, sizeof(y), 0);

	return n == m && n > 0 && n < (ssize_t)sizeof(x) && !memcmp(x, y, (size_t)n);
}

/* Compares one golden view, made from its table and command line. */
static int golden_fails(const char *tree)
{
	char table[256], words[256], *argv[6] = { "dumpview" };
	const char *name = strrchr(tree, '/') + 1;
	int argc = 1, len = (int)strlen(tree) - 5, want = open(tree, O_RDONLY), status;

	snprintf(table, sizeof(table), "%s/%.*s.bin", tables, (int)strlen(name) - 5, name);
	snprintf(words, sizeof(words), "%.*s.cmdline", len, tree);
	if (!access(table, R_OK)) {
		argv[argc++] = "-t";
		argv[argc++] = table;
	}
	if (!access(words, R_OK)) {
		argv[argc++] = "-c";
		argv[argc++] = words;
	}
	optind = 1;
	rewind(stdout);
	if (ftruncate(STDOUT_FILENO, 0))
		err(1, "memfd");
	status = dumpview_main(argc, argv);
	fflush(stdout);
	status |= !same_content(STDOUT_FILENO, want);
	close(want);
	return status;
}

/* Exit status of a child: 0 all passed, 1 + i unit test i failed, 100 a golden view differs. */
static int run_all(void)
{
	size_t i, n;
	glob_t g;

	if (glob("tests/data/*.tree", 0, NULL, &g))
		errx(1, "no golden views");
	for (i = 0; i < g.gl_pathc; i++)
		if (golden_fails(g.gl_pathv[i]))
			return 100;
	for (n = 0; n < sizeof(units) / sizeof(*units); n++)
		if (units[n].main())
			return (int)n + 1;
	return 0;
}

static const char *killer(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM ? "time" : "signal";
	if (!WEXITSTATUS(status))
		return "survived";
	return WEXITSTATUS(status) == 100 ? "golden" : "unit";
}

static void child(int mutant)
{
	struct rlimit no_core = { 0, 0 };
	int quiet = open("/dev/null", O_WRONLY);

	setrlimit(RLIMIT_CORE, &no_core);
	if (mutant >= 0 || !getenv("MUTANT_VERBOSE"))
		dup2(quiet, STDERR_FILENO);
	dup2(memfd_create("view", 0), STDOUT_FILENO);
	ibu_mutant = mutant;
	alarm(20);
	_exit(run_all());
}

int main(int argc, char **argv)
{
	int from, to, step, i, status;

	if (argc != 5)
		errx(2, "usage: driver FROM TO STEP TABLE-DIR");
	from = atoi(argv[1]);
	to = atoi(argv[2]);
	step = atoi(argv[3]);
	tables = argv[4];
	/* A child exits at the first test that fails; the other tests need not run. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	for (i = from; i < to; i += step) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid)
			child(i);
		waitpid(pid, &status, 0);
		printf("%d %s\n", i, killer(status));
		fflush(stdout);
	}
	return 0;
}

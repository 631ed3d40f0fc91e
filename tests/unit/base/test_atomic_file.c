// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a file is replaced as a whole or not at all, and that no temporary file remains. */
#include "tests/unit/root.h"

#include "base/atomic_file.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static int make(void **state)
{
	int r = root_make(state);

	if (!r)
		root_put("/file", "old");
	return r;
}

static void assert_content(const char *name, const char *content)
{
	char text[64] = "";
	FILE *file = fopen(root_path(name), "r");

	assert_non_null(file);
	(void)!fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	assert_string_equal(text, content);
}

static void replaces(void **state)
{
	struct stat st;
	mode_t mask = umask(0077);

	assert_int_equal(atomic_file_write_path(root_path("/file"), "new", 3, 0644), 0);
	umask(mask);
	assert_content("/file", "new");
	assert_int_equal(stat(root_path("/file"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(access(root_path("/file.new"), F_OK), -1);
}

/* A link at the temporary name is removed, not followed. */
static void follows_no_link(void **state)
{
	root_put("/other", "other");
	assert_int_equal(symlink("other", root_path("/file.new")), 0);
	assert_int_equal(atomic_file_write_path(root_path("/file"), "new", 3, 0600), 0);
	assert_content("/other", "other");
	assert_content("/file", "new");
}

static void leaves_nothing_on_failure(void **state)
{
	root_put("/dir/x", "x");
	assert_int_equal(atomic_file_write_path(root_path("/dir"), "new", 3, 0644), -EISDIR);
	assert_int_equal(access(root_path("/dir.new"), F_OK), -1);
}

static void short_write(void **state)
{
	const struct rlimit two_bytes = { 2, RLIM_INFINITY };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	int r;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &two_bytes), 0);
	r = atomic_file_write_path(root_path("/file"), "new", 3, 0644);
	setrlimit(RLIMIT_FSIZE, &none);
	assert_int_equal(r, -ENOSPC);
	assert_content("/file", "old");
	assert_int_equal(access(root_path("/file.new"), F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(replaces, make, root_remove),
		cmocka_unit_test_setup_teardown(follows_no_link, make, root_remove),
		cmocka_unit_test_setup_teardown(leaves_nothing_on_failure, make, root_remove),
		cmocka_unit_test_setup_teardown(short_write, make, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

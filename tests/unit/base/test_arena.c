// SPDX-License-Identifier: GPL-2.0-only
/* Tests that secrets in an arena are readable here, and in a child only if it inherits them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"

#define SECRET "not for children"

/* Returns what a child reads at @s: 0 the secret, 1 zeros, 2 anything else. */
static int child_sees(const char *s)
{
	static const char nothing[sizeof(SECRET)];
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(!memcmp(s, SECRET, sizeof(SECRET))   ? 0 :
		      !memcmp(s, nothing, sizeof(nothing)) ? 1 :
							     2);
	assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void secret_is_not_for_children(void **state)
{
	void *arena = NULL;
	char *text = arena_text(&arena, SECRET, strlen(SECRET));
	char *secret = arena_secret(&arena, SECRET, strlen(SECRET));

	assert_non_null(arena_printf(&arena, "%s", "one behind it"));
	assert_string_equal(secret, SECRET);
	assert_int_equal(child_sees(text), 0);
	assert_int_equal(child_sees(secret), 1);
	arena_inherit(&arena, true);
	assert_int_equal(child_sees(secret), 0);
	arena_inherit(&arena, false);
	assert_int_equal(child_sees(secret), 1);
	assert_string_equal(secret, SECRET);
	arena_free(&arena);
	assert_null(arena);
}

/* As the name of a target that a DHCP lease has not named yet. */
static void text_may_be_missing(void **state)
{
	void *arena = NULL;
	char *text = arena_text(&arena, NULL, 0);

	assert_non_null(text);
	assert_string_equal(text, "");
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(secret_is_not_for_children),
		cmocka_unit_test(text_may_be_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

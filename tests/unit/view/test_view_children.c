// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a child process finds no secret in its memory that the view was built from. */
#include "tests/unit/root.h"

#include <inttypes.h>
#include <sys/wait.h>

#include "view/view.h"

/* In read-only memory. Text that only decoding gives, so that /proc/cmdline is no place of it. */
#define HIDDEN "hidden-from-children"
#define ENCODED "hidden%2Dfrom%2Dchildren"

/* Larger ones are reservations of sanitizers. */
#define MAPPING_MAX (1ULL << 28)

/* Returns true if the mapping has the secret. Reads by /proc: some of its pages may be guarded. */
static bool mapping_has_secret(int mem, uint64_t start, uint64_t end)
{
	static char buf[1 << 16];
	uint64_t at;
	ssize_t len;

	for (at = start; at < end; at += sizeof(buf) / 2) {
		len = pread(mem, buf, sizeof(buf), (off_t)at);
		if (len > 0 && memmem(buf, (size_t)len, HIDDEN, strlen(HIDDEN)))
			return true;
	}
	return false;
}

/* Returns true if a writable mapping of this process has the secret. */
static bool memory_has_secret(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int mem = open("/proc/self/mem", O_RDONLY);
	uint64_t start, end;
	char line[1024], mode;
	bool found = !maps || mem < 0;

	while (!found && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " r%c", &start, &end, &mode) == 3 &&
		    mode == 'w' && end - start < MAPPING_MAX)
			found = mapping_has_secret(mem, start, end);
	return found;
}

static bool child_has_secret(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(memory_has_secret());
	assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void assert_hidden(void)
{
	struct view view;

	assert_int_equal(view_read(root, &view), 0);
	assert_true(view.fallback);
	assert_false(child_has_secret());
	view_free(&view);
}

/* The search finds a secret that is in ordinary memory. */
static void search_finds(void **state)
{
	char *copy = strdup(HIDDEN);

	assert_true(child_has_secret());
	explicit_bzero(copy, strlen(copy));
	assert_false(child_has_secret());
	free(copy);
}

static void secret_of_a_used_target(void **state)
{
	root_put("/proc/cmdline",
		 "iscsi_boot.target=iscsi://u:" ENCODED "@10.0.0.1/iqn.2024-01.example:a/1\n");
	assert_hidden();
}

/* Its secret was decoded, but no target refers to it. */
static void secret_of_a_refused_target(void **state)
{
	root_put("/proc/cmdline", "iscsi_boot.target=iscsi://u:" ENCODED
				  "@10.0.0.1/iqn.2024-01.example:a/1?tpgt=x\n");
	assert_hidden();
}

/* No structure of the table refers to it, as if the firmware left it from an earlier boot. */
static void secret_in_the_table(void **state)
{
	root_put("/proc/cmdline", "\n");
	root_put("/sys/firmware/acpi/tables/iBFT", HIDDEN);
	assert_hidden();
}

static void secret_in_the_modules_table(void **state)
{
	root_put("/proc/cmdline", "\n");
	root_put("/sys/firmware/iscsi_boot_unified/ibft/table", HIDDEN);
	assert_hidden();
}

static void secret_of_the_kernels_driver(void **state)
{
	root_put_intree();
	root_put("/sys/firmware/ibft/target0/chap-secret", HIDDEN "\n");
	assert_hidden();
}

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, root_remove)

/*
 * Lazy binding of a library's call saves the registers on the stack, and memcpy() may have left a
 * secret in them. So the test runs itself with all calls bound.
 */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_finds),	      in_root(secret_of_a_used_target),
		in_root(secret_of_a_refused_target),  in_root(secret_in_the_table),
		in_root(secret_in_the_modules_table), in_root(secret_of_the_kernels_driver),
	};

	if (!getenv("LD_BIND_NOW") && !setenv("LD_BIND_NOW", "1", 1)) {
		execv("/proc/self/exe", argv);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

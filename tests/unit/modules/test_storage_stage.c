// SPDX-License-Identifier: GPL-2.0-only
/* Tests which modules the paths need, and what happens to the paths if one cannot be loaded. */
#include <libgen.h>
#include <string.h>

#include "tests/unit/fake.h"
#include "tests/unit/stage.h"

#include "modules/modules.h"

static unsigned int attempts;

struct module_batch *__wrap_module_batch_new(void);

/* Replaces module_batch_new() (linker option --wrap): counts the attempts to load a module. */
struct module_batch *__wrap_module_batch_new(void)
{
	attempts++;
	return NULL;
}

static struct ibu_target targets[2];
static struct plan_path planned[2];
static struct path paths[2];
static struct plan plan;
static struct progress progress;

static int make(void **state)
{
	unsigned int i;

	if (root_make(state))
		return -1;
	sysfs_root = root;
	attempts = 0;
	memset(targets, 0, sizeof(targets));
	plan = (struct plan){ .paths = planned, .nr_paths = 2 };
	progress = (struct progress){ .plan = &plan, .paths = paths, .nr_paths = 2 };
	for (i = 0; i < 2; i++) {
		planned[i].to.target = &targets[i];
		paths[i] = (struct path){ .plan = &planned[i], .to.target = &targets[i] };
	}
	targets[1].transport = (struct ibu_text){ "iser", 4 };
	ibu_set(&targets[1].f, IBU_TARGET_TRANSPORT);
	return 0;
}

static void put_all(void)
{
	root_put("/proc/crypto", "name         : crc32c\ndriver       : crc32c-intel\n");
	root_put("/sys/bus/scsi/drivers/sd/uevent", "");
	root_put("/sys/class/iscsi_transport/iser/handle", "1\n");
	root_put("/sys/class/iscsi_transport/tcp/handle", "1\n");
}

static enum status run(void)
{
	return stage_run(&stage_storage, &progress, deadline_in(20));
}

static void all_is_there(void **state)
{
	put_all();
	assert_int_equal(run(), STATUS_OK);
	assert_int_equal(attempts, 0);
	assert_int_equal(paths[0].state, PATH_LOGIN);
	assert_int_equal(paths[1].state, PATH_LOGIN);
}

static void assert_fails_without(const char *entry)
{
	unsigned int i;

	put_all();
	assert_int_equal(remove(root_path(entry)), 0);
	assert_int_equal(remove(dirname(strdupa(root_path(entry)))), 0);
	assert_int_equal(run(), STATUS_MODULE);
	for (i = 0; i < 2; i++) {
		assert_int_equal(paths[i].state, PATH_FAILED);
		assert_int_equal(paths[i].result, STATUS_MODULE);
		paths[i].result = STATUS_OK;
	}
}

/* Without its modules, no path can log in. */
static void one_is_missing(void **state)
{
	assert_fails_without("/sys/class/iscsi_transport/tcp/handle");
}

/* Linux 6.18 has no module crc32c. */
static void crc32c_may_be_missing(void **state)
{
	put_all();
	root_put("/proc/crypto", "name         : sha256\n");
	assert_int_equal(run(), STATUS_OK);
	assert_int_equal(attempts, 1);
}

/* With its module loaded, the list of ciphers is not read. */
static void crc32c_is_a_module(void **state)
{
	put_all();
	root_put("/proc/crypto", "");
	root_put("/sys/module/crc32c_generic/initstate", "live\n");
	assert_int_equal(run(), STATUS_OK);
	assert_int_equal(attempts, 0);
}

/* A path that is retried has the modules loaded again. Nothing is loaded for a path that stands by. */
static void retried(void **state)
{
	static const struct stage *const stages[] = { &stage_storage, NULL };
	struct loop loop;

	path_goto(&paths[0], PATH_NET);
	path_goto(&paths[1], PATH_STANDBY);
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	stage_alone = &stage_net;
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_int_equal(paths[0].state, PATH_FAILED);
	assert_string_equal(paths[0].why, "the kernel module sd_mod is missing");
	assert_int_equal(paths[1].state, PATH_STANDBY);
	assert_int_equal(attempts, 4);
	path_goto(&paths[0], PATH_NET);
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_int_equal(paths[0].state, PATH_FAILED);
	assert_int_equal(attempts, 8);
	put_all();
	path_goto(&paths[0], PATH_MODULES);
	stage_alone = &stage_storage;
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_int_equal(paths[0].state, PATH_LOGIN);
	loop_close(&loop);
	arena_free(&progress.arena);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_there),	  TEST(one_is_missing), TEST(crc32c_may_be_missing),
		TEST(crc32c_is_a_module), TEST(retried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

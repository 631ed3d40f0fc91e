// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the planner: the input is the command line of a machine with two NICs and no table. */
#include "tests/fuzz/show.h"
#include "tests/fuzz/words.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/path.h"
#include "plan/outlook.h"
#include "plan/plan.h"
#include "view/view_fallback.h"

/* Removed at exit; the script that set FUZZ_DIR removes it even after a crash. */
static char root[128];

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);

/* The linker redirects write() to this function (--wrap): the log is not wanted. */
ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	return fd == STDERR_FILENO ? (ssize_t)size : __real_write(fd, data, size);
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	return mutate_words(data, size, max, seed);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void remove_root(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text)
{
	char full[256], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdir(full, 0700);
	}
	f = fopen(full, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

static void make_root(void)
{
	snprintf(root, sizeof(root), "%s/fuzz-plan.XXXXXX",
		 getenv("FUZZ_DIR") ? getenv("FUZZ_DIR") : "/dev/shm");
	if (!mkdtemp(root))
		abort();
	atexit(remove_root);
	put("/sys/class/net/eth0/address", "52:54:00:aa:00:01\n");
	put("/sys/class/net/eth0/device/uevent", "");
	put("/sys/class/net/eth1/address", "52:54:00:aa:00:02\n");
	put("/sys/class/net/eth1/device/uevent", "");
	put("/sys/class/dmi/id/product_serial", "4711\n");
}

/* The plan keeps to its own rules, whatever the command line is. */
static void check_plan(const struct plan *plan)
{
	unsigned int i;

	if (!plan->nr_paths || plan->nr_bonds > IBU_MAX_BONDS)
		abort();
	for (i = 0; i < plan->nr_paths; i++) {
		const struct plan_nic *nic = plan->paths[i].nic;

		if (nic && (nic < plan->nics || nic >= plan->nics + plan->nr_nics))
			abort();
		if (!plan->paths[i].by_root_path && plan->paths[i].to.target->unsound)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct progress progress;
	struct view view = { 0 };
	struct plan plan;
	FILE *out;

	if (!*root)
		make_root();
	view.cmdline = arena_text(&view.arena, (const char *)data, size);
	view.cmdline[strcspn(view.cmdline, "\n")] = '\0';
	if (view_build(root, &view))
		abort();
	if (plan_make(root, &view, &plan) == STATUS_OK) {
		check_plan(&plan);
		out = fopen("/dev/null", "w");
		plan_print(&view, &plan, out);
		fclose(out);
		plan_outlook(&plan);
		if (progress_make(&progress, &plan))
			abort();
		progress_free(&progress);
		plan_free(&plan);
	}
	ibu_params_free(&view.params);
	ibu_diag_free(&view.diag);
	arena_free(&view.arena);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stage "modules": loads the modules that logins and disks need while the network comes up. No
 * module waits for another one. A path waits here until all of them are loaded.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "loop/loop.h"
#include "modules/modules.h"
#include "plan/transport.h"

/* A module, and the directory and entry in sysfs that show that it works; no @dir: it may fail. */
struct need {
	const char *module, *dir, *name;
	struct module_batch *batch; /* NULL: not being loaded */
	int error; /* of loading it: 0 or -errno */
};

struct storage {
	struct loop *loop;
	struct need *needs; /* the last one has no @module */
	bool started, loaded;
	void *arena;
};

static bool need_is_met(const struct need *need)
{
	return need->dir && sysfs_exists("%s/%s", need->dir, need->name);
}

static void add_need(struct storage *s, const char *module, const char *dir, const char *name)
{
	struct need *need;

	for (need = s->needs; need->module; need++)
		if (!strcmp(need->module, module))
			return;
	*need = (struct need){ .module = module, .dir = dir, .name = name };
}

/* The driver of the transport. That of an offload card has the name of its transport. */
static void add_transport(struct storage *s, const struct ibu_target *t)
{
	const char *name = plan_transport(t), *module = plan_wants_card(t) ? name : "ib_iser";

	add_need(s, name ? module : "iscsi_tcp", "/sys/class/iscsi_transport", name ? name : "tcp");
}

/*
 * iscsi_tcp of Linux 6.12 and earlier gets crc32c from the crypto API when it connects, so no
 * dependency loads it. In later kernels crc32c is a library, and no module has that alias.
 */
static void add_crc32c(struct storage *s)
{
	AUTO_ARENA arena = NULL;
	char *crypto;

	if (sysfs_exists("/sys/module/crc32c_generic"))
		return; /* the list is long */
	if (sysfs_read(&arena, &crypto, "/proc/crypto") <= 0 || !strstr(crypto, ": crc32c\n"))
		add_need(s, "crc32c", NULL, NULL);
}

/* The kernel would run modprobe, which an initramfs need not have. A failure shows at the login. */
static void add_congestion(struct storage *s, const char *algorithm)
{
	const char *name = arena_printf(&s->arena, "tcp_%s", algorithm);

	if (*algorithm && name)
		add_need(s, name, NULL, NULL);
}

static int storage_open(struct loop *loop, void *data)
{
	const struct plan *plan = loop->plan;
	struct storage *s = data;
	unsigned int i;

	s->loop = loop;
	/* crc32c, sd_mod, congestion control, and the end of the list */
	s->needs = calloc(plan->nr_paths + 4, sizeof(*s->needs));
	if (!s->needs)
		return -ENOMEM;
	add_crc32c(s);
	add_need(s, "sd_mod", "/sys/bus/scsi/drivers", "sd");
	for (i = 0; i < plan->nr_paths; i++)
		add_transport(s, plan->paths[i].to.target);
	add_congestion(s, plan->policy.params[LOGIN_PARAM_CONGESTION]);
	return 0;
}

static void start_loading(struct need *need)
{
	need->error = 0;
	if (need_is_met(need))
		return;
	need->batch = module_batch_new();
	need->error = need->batch ? module_batch_add(need->batch, need->module, NULL, NULL) :
				    -ENOMEM;
	if (!need->error)
		need->error = -ENOENT;
	if (need->error > 0)
		need->error = module_batch_start(need->batch);
	if (!need->error)
		return;
	module_batch_free(need->batch);
	need->batch = NULL;
}

/* Returns true if the module is still being loaded. */
static bool is_loading(struct need *need)
{
	int error;

	if (!need->batch || !module_batch_ended(need->batch, &error))
		return need->batch;
	need->error = -error;
	module_batch_free(need->batch);
	need->batch = NULL;
	return false;
}

/* Returns true if the module works or is not necessary; logs a failure. */
static bool need_is_loaded(const struct need *need)
{
	AUTO_ARENA arena = NULL;
	const char *failed;

	if (!need->dir && need->error && !strcmp(need->module, "crc32c"))
		log_info("modules", "cannot load crc32c: %s; Linux 6.12 and earlier need it",
			 strerror(-need->error));
	if (!need->dir || need_is_met(need))
		return true;
	failed = arena_printf(&arena, "cannot load the kernel module %s", need->module);
	log_failure("modules", STATUS_MODULE, failed ? failed : need->module,
		    need->error ? strerror(-need->error) : "it is loaded but does not work",
		    "check that the initramfs has this module for the running kernel");
	return false;
}

/* Without its modules no path can log in. A path that is retried has them loaded again. */
static void fail_paths(struct storage *s, const char *module)
{
	struct progress *progress = s->loop->progress;
	struct path *path = progress->paths;
	AUTO_ARENA arena = NULL;
	const char *why = arena_printf(&arena, "the kernel module %s is missing", module);

	s->started = false;
	for (; path < progress->paths + progress->nr_paths; path++)
		if (path->state <= PATH_MODULES)
			path_fail(progress, path, STATUS_MODULE, why ? why : module);
}

static bool any_path_wants(const struct storage *s)
{
	const struct path *path = s->loop->progress->paths;
	const struct path *end = path + s->loop->progress->nr_paths;

	for (; path < end; path++)
		if (path->state <= PATH_MODULES)
			return true;
	return false;
}

static void load_all(struct storage *s)
{
	struct need *need;
	bool loading = false;

	for (need = s->needs; need->module && !s->started; need++)
		start_loading(need);
	s->started = true;
	for (need = s->needs; need->module; need++)
		loading |= is_loading(need);
	if (loading)
		return;
	for (need = s->needs; need->module && need_is_loaded(need); need++)
		;
	s->loaded = !need->module;
	if (!s->loaded)
		fail_paths(s, need->module);
}

static int storage_step(void *data)
{
	struct storage *s = data;
	struct progress *progress = s->loop->progress;
	unsigned int i;

	if (!s->loaded && any_path_wants(s))
		load_all(s);
	for (i = 0; i < progress->nr_paths && s->loaded; i++)
		if (progress->paths[i].state == PATH_MODULES)
			path_goto(&progress->paths[i], PATH_LOGIN);
	return 0;
}

static void storage_waits(void *data, struct waits *waits)
{
	const struct storage *s = data;
	const struct need *need;

	for (need = s->needs; need->module; need++)
		if (need->batch)
			waits_fd(waits, module_batch_fd(need->batch), POLLIN);
}

static void storage_give_up(void *data, struct path *path)
{
	struct storage *s = data;
	const struct need *need = s->needs;
	AUTO_ARENA arena = NULL;
	const char *failed;

	while (need->module && !need->batch)
		need++;
	failed = arena_printf(&arena, "cannot load the kernel module %s",
			      need->module ? need->module : "?");
	log_failure("modules", STATUS_MODULE, failed ? failed : "cannot load kernel modules",
		    "it is still being loaded", "read the kernel log");
	path_fail(s->loop->progress, path, STATUS_MODULE, "kernel modules are still being loaded");
}

static void storage_close(void *data)
{
	struct storage *s = data;
	struct need *need;

	for (need = s->needs; need && need->module; need++)
		module_batch_free(need->batch);
	free(s->needs);
	arena_free(&s->arena);
}

const struct stage stage_storage = {
	.name = "modules",
	.size = sizeof(struct storage),
	.open = storage_open,
	.step = storage_step,
	.waits = storage_waits,
	.give_up = storage_give_up,
	.state = PATH_MODULES,
	.close = storage_close,
};

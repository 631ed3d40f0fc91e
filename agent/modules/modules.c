// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads kernel modules with libkmod, unless they are built in or loaded already.
 * Loading a module runs the driver's probe, which may block for any time, so a child does it.
 */
#include "modules/modules.h"

#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"

/* Ignores commands of modprobe.d; applies its blacklist only to modules found by an alias. */
#define PROBE_FLAGS (KMOD_PROBE_APPLY_BLACKLIST_ALIAS_ONLY | KMOD_PROBE_IGNORE_COMMAND)

#define VIEW_PROOF "/sys/firmware/iscsi_boot_unified/abi-version"

#define AUTO_KMOD_LIST __attribute__((cleanup(cleanup_kmod_list))) struct kmod_list *

static void cleanup_kmod_list(struct kmod_list **list)
{
	kmod_module_unref_list(*list);
}

struct batch_entry {
	struct kmod_module *module;
	const char *why;
	struct batch_entry *next;
};

struct module_batch {
	void *arena;
	struct kmod_ctx *ctx;
	struct batch_entry *first, **end;
	struct task task;
};

static bool module_is_loaded(struct kmod_module *module)
{
	int state = kmod_module_get_initstate(module);

	return state == KMOD_MODULE_BUILTIN || state == KMOD_MODULE_LIVE;
}

struct module_batch *module_batch_new(void)
{
	struct module_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return NULL;
	batch->end = &batch->first;
	batch->task = TASK_NONE;
	batch->ctx = kmod_new(NULL, NULL);
	if (!batch->ctx) {
		free(batch);
		return NULL;
	}
	kmod_set_log_fn(batch->ctx, NULL, NULL); /* the agent logs failures itself */
	return batch;
}

void module_batch_free(struct module_batch *batch)
{
	struct batch_entry *e;

	if (!batch)
		return;
	task_abandon(&batch->task);
	for (e = batch->first; e; e = e->next)
		kmod_module_unref(e->module);
	kmod_unref(batch->ctx);
	arena_free(&batch->arena);
	free(batch);
}

static int batch_add_module(struct module_batch *batch, struct kmod_module *module, const char *why)
{
	struct batch_entry *e = arena_alloc(&batch->arena, sizeof(*e));

	if (e)
		e->why = arena_printf(&batch->arena, "%s", why);
	if (!e || !e->why)
		return -ENOMEM;
	e->module = kmod_module_ref(module);
	*batch->end = e;
	batch->end = &e->next;
	return 0;
}

int module_batch_add(struct module_batch *batch, const char *name,
		     bool (*filter)(void *data, const char *module, const char *path), void *data)
{
	AUTO_KMOD_LIST list = NULL;
	struct kmod_list *l;
	int r = kmod_module_new_from_lookup(batch->ctx, name, &list), nr = 0;

	for (l = list; l && r >= 0; l = kmod_list_next(list, l)) {
		struct kmod_module *module = kmod_module_get_module(l);

		if (!filter ||
		    (!module_is_loaded(module) &&
		     filter(data, kmod_module_get_name(module), kmod_module_get_path(module)))) {
			r = batch_add_module(batch, module, name);
			nr++;
		}
		kmod_module_unref(module);
	}
	return r < 0 ? r : nr;
}

struct module_batch *module_batch_split(struct module_batch *from)
{
	struct batch_entry *e = from->first;
	struct module_batch *batch = e ? calloc(1, sizeof(*batch)) : NULL;

	if (!batch)
		return NULL;
	batch->end = &batch->first;
	batch->task = TASK_NONE;
	batch->ctx = kmod_ref(from->ctx);
	if (batch_add_module(batch, e->module, e->why)) {
		module_batch_free(batch);
		return NULL;
	}
	from->first = e->next;
	kmod_module_unref(e->module);
	return batch;
}

/* Without an option, the module would create a bond0 that no parameter names. */
static const char *module_options(struct kmod_module *module)
{
	return strcmp(kmod_module_get_name(module), "bonding") ? NULL : "max_bonds=0";
}

/*
 * Inserts all modules of the batch. One success is enough: crc32c-intel, for example, refuses a
 * processor without SSE 4.2.
 */
static int insert_all(const void *data)
{
	const struct module_batch *batch = data;
	const struct batch_entry *e;
	int r, best = ENOENT;

	for (e = batch->first; e; e = e->next) {
		r = kmod_module_probe_insert_module(e->module, PROBE_FLAGS,
						    module_options(e->module), NULL, NULL, NULL);
		if (best)
			best = r > 0 ? EPERM : -r; /* above 0: blacklisted */
	}
	return best;
}

int module_batch_start(struct module_batch *batch)
{
	struct batch_entry *e;

	for (e = batch->first; e; e = e->next)
		if (module_is_loaded(e->module))
			e->why = NULL; /* loaded already: do not log it */
	return task_start(&batch->task, insert_all, batch);
}

int module_batch_fd(const struct module_batch *batch)
{
	return batch->task.pidfd;
}

static void log_loaded(const struct module_batch *batch)
{
	const struct batch_entry *e;

	for (e = batch->first; e; e = e->next)
		if (e->why && module_is_loaded(e->module))
			log_info("modules", "%s is loaded, for %s", kmod_module_get_name(e->module),
				 e->why);
}

bool module_batch_ended(struct module_batch *batch, int *error)
{
	if (!task_has_ended(&batch->task, error))
		return false;
	log_loaded(batch);
	return true;
}

static bool batch_is_loaded(const struct module_batch *batch)
{
	const struct batch_entry *e;

	for (e = batch->first; e; e = e->next)
		if (!module_is_loaded(e->module))
			return false;
	return true;
}

static int batch_load(struct module_batch *batch, struct deadline deadline)
{
	int r;

	if (batch_is_loaded(batch))
		return 0;
	r = module_batch_start(batch);
	if (r)
		return r;
	r = -task_wait(&batch->task, deadline);
	log_loaded(batch);
	return r;
}

int module_load(const char *name, struct deadline deadline)
{
	struct module_batch *batch = module_batch_new();
	int r;

	if (!batch)
		return -ENOMEM;
	r = module_batch_add(batch, name, NULL, NULL);
	if (!r)
		r = -ENOENT;
	if (r > 0)
		r = batch_load(batch, deadline);
	module_batch_free(batch);
	return r;
}

/*
 * The module creates abi-version last. If another process is loading the module, loading it again
 * waits until that is done.
 */
int modules_load_view(struct deadline deadline)
{
	int r = 0;

	if (!sysfs_exists(VIEW_PROOF))
		r = module_load("iscsi_boot_unified", deadline);
	return r || sysfs_exists(VIEW_PROOF) ? r : -ENODATA;
}

static bool plan_has_vlan(const struct plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_nics; i++)
		if (ibu_has(&plan->nics[i].nic->f, IBU_NIC_VLAN) && plan->nics[i].nic->vlan)
			return true;
	return false;
}

void modules_load_for_nics(const struct plan *plan, struct deadline deadline)
{
	if (plan_has_vlan(plan))
		module_load("8021q", deadline);
	if (plan->nr_bonds)
		module_load("bonding", deadline);
}

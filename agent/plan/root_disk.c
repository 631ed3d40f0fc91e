// SPDX-License-Identifier: GPL-2.0-only
/* Reads root=: which path leads to the root disk, and whether other disks may be needed too. */
#include <string.h>

#include "base/arena.h"
#include "plan/planner.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/text.h"

/* Does @root name no other disk than that of the first target? */
static bool root_is_first_target(const struct ibu_text *root)
{
	static const char *const names[] = { "/dev/root", "iscsi", "dhcp", "dhcp6", "on" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (ibu_is(root, names[i]))
			return true;
	return !root->len || ibu_starts(root, "iscsi:") || ibu_starts(root, "/dev/iscsi-boot/");
}

/* Does @value name a block device? */
static bool names_block_device(const struct ibu_text *value)
{
	static const char *const kinds[] = { "/dev/",
					     "UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (ibu_starts(value, kinds[i]))
			return true;
	return false;
}

/*
 * Makes the path with the target of @root the first, and notes its LUN. Returns false without one.
 */
static bool put_first(struct plan *plan, const struct endpoint *root)
{
	const long number = ibu_lun_number(root->target->lun);
	struct plan_path *path = plan->paths, *end = path + plan->nr_paths, first;

	for (; path < end; path++) {
		const struct ibu_target *t = path->to.target;

		if (!ibu_text_eq(&t->name, &root->target->name) || path->to.port != root->port ||
		    (*path->to.portal && strcmp(path->to.portal, root->portal) != 0))
			continue;
		if (!endpoint_attaches(&path->to, root) &&
		    (number < 0 || ibu_lun_number(t->lun) != number))
			continue;
		first = *path;
		memmove(plan->paths + 1, plan->paths, (size_t)(path - plan->paths) * sizeof(*path));
		plan->paths[0] = first;
		plan->root_lun = (long)ibu_lun_linux(root->target->lun);
		return true;
	}
	return false;
}

bool planner_put_root_first(const struct planner *p)
{
	struct ibu_params params = { 0 };
	struct endpoint root;

	ibu_by_path_parse(planner_last_value(p, WORD_ROOT), &params);
	if (params.root_disk.unsound || !params.root_disk.source)
		return false;
	endpoint_set(&root, &params.root_disk);
	return put_first(p->plan, &root);
}

static void find_bypass(struct planner *p)
{
	struct ibu_text value = planner_last_value(p, WORD_BYPASS);

	p->plan->bypass = value.s && !ibu_is_off(&value);
	if (!p->plan->bypass || p->plan->root_dev)
		return;
	ibu_diag_add(&p->diag, IBU_WARNING, "cmdline", "rd.iscsi.bypass", IBU_NO_OFFSET,
		     "ignored: root= names no block device");
	p->plan->bypass = false;
}

enum status planner_find_root_disk(struct planner *p)
{
	struct ibu_text value = planner_last_value(p, WORD_ROOT);
	struct plan *plan = p->plan;
	bool first;

	if (ibu_starts(&value, "block:")) /* dracut's own form of a device */
		value = (struct ibu_text){ value.s + 6, value.len - 6 };
	first = root_is_first_target(&value);
	if (!first && names_block_device(&value)) {
		plan->root_dev = arena_text(&plan->arena, value.s, value.len);
		if (!plan->root_dev)
			return planner_no_memory(p);
	}
	find_bypass(p);
	plan->awaits_all = !first && !planner_put_root_first(p);
	return STATUS_OK;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Finds out from root= which of several disks is the root disk, and whether all are needed. */
#include <string.h>

#include "plan/planner.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/text.h"

/* True for a root= that names no disk but that of the first target, or none at all. */
static bool root_is_first_target(const struct ibu_text *root)
{
	static const char *const names[] = { "/dev/root", "iscsi", "dhcp", "dhcp6", "on" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (ibu_is(root, names[i]))
			return true;
	return !root->len || ibu_starts(root, "iscsi:") || ibu_starts(root, "/dev/iscsi-boot/");
}

/* Reads the last root=, without "block:". Returns false if there is none. */
static bool root_of_cmdline(const char *cmdline, struct ibu_text *root)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct ibu_text name, value;
	bool found = false;

	while (ibu_next_word(&s, end, &name, &value)) {
		if (!ibu_is(&name, "root"))
			continue;
		*root = value;
		found = true;
		if (ibu_starts(&value, "block:")) { /* dracut's own form of a device */
			root->s += strlen("block:");
			root->len -= (u32)strlen("block:");
		}
	}
	return found;
}

/* Cuts @text before the last @mark, and returns what follows it; a NULL text: there is no @mark. */
static struct ibu_text cut_last(struct ibu_text *text, const char *mark)
{
	const u32 len = (u32)strlen(mark);
	struct ibu_text rest = { NULL, 0 };
	u32 at = text->len < len ? 0 : text->len - len + 1;

	while (at-- > 0) {
		if (memcmp(text->s + at, mark, len) != 0)
			continue;
		rest = (struct ibu_text){ text->s + at + len, text->len - at - len };
		text->len = at;
		break;
	}
	return rest;
}

/*
 * Reads the target's name and LUN from udev's link (60-persistent-storage.rules, path_id):
 * /dev/disk/by-path/ip-ADDRESS:PORT-iscsi-NAME-lun-LUN[-partN], perhaps with pci-... before "ip-".
 */
static bool read_by_path(struct ibu_text root, struct ibu_text *name, u32 *lun)
{
	struct ibu_text number, part;
	const char *at;
	u32 n;

	if (!ibu_starts(&root, "/dev/disk/by-path/"))
		return false;
	part = root;
	number = cut_last(&part, "-part");
	if (number.s && !ibu_number(&number, 9999, &n))
		root = part;
	number = cut_last(&root, "-lun-");
	at = number.s ? memmem(root.s, root.len, "-iscsi-", strlen("-iscsi-")) : NULL;
	if (!at || ibu_number(&number, 65535, lun))
		return false;
	name->s = at + strlen("-iscsi-");
	name->len = (u32)(root.s + root.len - name->s);
	return true;
}

/* Moves the first path to that disk to the front. Returns false if there is none. */
static bool put_first(struct plan *plan, const struct ibu_text *name, u32 lun)
{
	struct plan_path path;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++) {
		const struct ibu_target *t = plan->paths[i].to.target;

		if (!ibu_text_eq(&t->name, name) ||
		    (ibu_has(&t->f, IBU_TARGET_LUN) && ibu_lun_number(t->lun) != (long)lun))
			continue;
		path = plan->paths[i];
		memmove(&plan->paths[1], &plan->paths[0], i * sizeof(path));
		plan->paths[0] = path;
		return true;
	}
	return false;
}

enum status planner_find_root_disk(struct planner *p)
{
	struct ibu_text root, name;
	u32 lun;

	if (!p->view->cmdline || !root_of_cmdline(p->view->cmdline, &root) ||
	    root_is_first_target(&root))
		return STATUS_OK;
	if (read_by_path(root, &name, &lun) && put_first(p->plan, &name, lun))
		return STATUS_OK;
	p->plan->root_is_elsewhere = true;
	return STATUS_OK;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* The view: the boot parameters as the module shows them, or built without the module. */
#ifndef AGENT_VIEW_VIEW_H
#define AGENT_VIEW_VIEW_H

#include <stdbool.h>

#include "kmod/core/attrs.h"

struct view {
	struct ibu_params params;
	struct ibu_diag diag;
	bool fallback; /* without the module: built from the table and /proc/cmdline */
	bool unread; /* a firmware table exists that could not be read */
	char *cmdline; /* /proc/cmdline without its newline; the policy is read from it */
	/* Private: memory that params point into. */
	void *arena;
};

/*
 * Reads ROOT/sys/firmware/iscsi_boot_unified. If it is absent, incomplete (abi-version is created
 * last) or of another version, builds the same from ROOT/sys/firmware/acpi/tables/{iBFT,IBFT,BIFT}*
 * or ROOT/sys/firmware/ibft, and ROOT/proc/cmdline (docs/user/sysfs-abi.md). @root: "" except in
 * tests. A file that is unreadable or invalid is reported in @view->diag and left out. Returns 0,
 * -ENOMEM, or another -errno if nothing can be read. Free it with view_free().
 */
int view_read(const char *root, struct view *view);
/* Wipes and frees @view, which is then empty. */
void view_free(struct view *view);

/*
 * Returns the text of attribute @i of @obj as in its file, without the newline, in @arena. Returns
 * NULL if the attribute is absent, or without memory.
 */
char *view_attr(void **arena, enum ibu_class_id class, unsigned int i, const void *obj);

#endif

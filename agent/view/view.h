/* SPDX-License-Identifier: GPL-2.0-only */
/* The view, read into the params that the module showed; or made here without the module. */
#ifndef AGENT_VIEW_VIEW_H
#define AGENT_VIEW_VIEW_H

#include <stdbool.h>

#include "kmod/core/attrs.h"

struct view {
	struct ibu_params params;
	struct ibu_diag diag;
	bool fallback; /* without the module: built from the table and /proc/cmdline */
	bool unread; /* something is there that could not be read: there may be more */
	char *cmdline; /* /proc/cmdline as it stands, without its newline; for the policy words */
	/* Private: memory that params point into. */
	void *arena;
};

/*
 * Reads ROOT/sys/firmware/iscsi_boot_unified, or, if it is not there, not whole (abi-version is
 * made last) or of another version, builds the same from
 * ROOT/sys/firmware/acpi/tables/{iBFT,IBFT,BIFT}* or ROOT/sys/firmware/ibft, and ROOT/proc/cmdline
 * (docs/user/sysfs-abi.md). @root: "" but in tests. A file that cannot be read or understood is
 * reported in diag and left out. 0, -ENOMEM, or another -errno when nothing at all can be read.
 */
int view_read(const char *root, struct view *view);
/* Frees and wipes. */
void view_free(struct view *view);

/* The text of attribute @i of @obj, as its file has it; NULL if it has none, or without memory. */
char *view_attr(void **arena, enum ibu_class_id class, unsigned int i, const void *obj);

#endif

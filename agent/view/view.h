/* SPDX-License-Identifier: GPL-2.0-only */
/* The view: the boot parameters as the module shows them, or built without the module. */
#ifndef AGENT_VIEW_VIEW_H
#define AGENT_VIEW_VIEW_H

#include <stdbool.h>

#include "kmod/core/attrs.h"

/* A part of the command line: where it begins, and the place that diagnostics name. */
struct view_place {
	size_t start;
	const char *name; /* "cmdline" (the kernel's), "/etc/cmdline", or "FILE:LINE" */
};

struct view {
	struct ibu_diag diag;
	bool fallback; /* without the module: built from the table and /proc/cmdline */
	bool from_file; /* of a table in a file, without a command line */
	bool unread; /* a firmware table exists that could not be read */
	/*
	 * The whole command line: /proc/cmdline without its newline, and the parameters in files of
	 * an initramfs. Policy and network are read from it. Child processes get it as they get
	 * secrets (arena_inherit()).
	 */
	char *cmdline;
	/* The parts of @cmdline by their offset. 0: it is that of the kernel alone. */
	struct view_place *places;
	unsigned int nr_places;
	/* Private: memory that params point into. */
	void *arena;
	struct ibu_params params;
};

/*
 * Reads ROOT/sys/firmware/iscsi_boot_unified. If it is absent, incomplete (abi-version is created
 * last) or of another version, builds the same from ROOT/sys/firmware/acpi/tables/{iBFT,IBFT,BIFT}*
 * or ROOT/sys/firmware/ibft, and ROOT/proc/cmdline (docs/user/sysfs-abi.md). If files of the
 * initramfs have parameters too (cmdline_files.h), builds it from the table and all parameters: the
 * module knows only the kernel's. A module that was given other ones (cmdline=) is right: then the
 * files do not count. @root: "" except in tests and for "check". A file that is unreadable or
 * invalid is reported in @view->diag and left out. Returns 0, -ENOMEM, or another -errno if nothing
 * can be read. Free it with view_free().
 */
int view_read(const char *root, struct view *view);
/*
 * Replaces the place "cmdline" in the lines of @d by the part of the command line that has the
 * offset, and the offset by that in the part.
 */
void view_name_places(const struct view *view, struct ibu_diag *d);
/*
 * Makes the view of the table in the regular file @path alone, which has its bytes or a hex dump of
 * them (view/hex_dump.h). The view is fallback and from_file, and its command line is empty.
 * Returns 0, -ENOMEM, -ENODATA if the file has no table, -EBADMSG if lines of a dump are missing,
 * or another -errno. Free it with view_free().
 */
int view_from_table(const char *path, struct view *view);
/*
 * Returns true if there is a firmware table without any diagnostic. The kernel's own driver can
 * crash or warn on others (docs/results/comparison-with-iscsi_ibft.md).
 */
bool view_table_is_sound(const struct view *view);
/* Wipes and frees @view, which is then empty. */
void view_free(struct view *view);

/*
 * Returns the text of attribute @i of @obj as in its file, without the newline, in @arena. Returns
 * NULL if the attribute is absent, or without memory.
 */
char *view_attr(void **arena, enum ibu_class_id class, unsigned int i, const void *obj);

#endif

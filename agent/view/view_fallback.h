/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds the view without the module. */
#ifndef AGENT_VIEW_VIEW_FALLBACK_H
#define AGENT_VIEW_VIEW_FALLBACK_H

#include "view/view.h"

/*
 * Fills @view->params from the firmware table, as the kernel or the module shows it below @root,
 * and from @view->cmdline, as the module does. Returns 0 or -ENOMEM.
 */
int view_build(const char *root, struct view *view);
/* Does the same where the module is missing, and adds a diagnostic that says so. */
int view_fallback_read(const char *root, struct view *view);

/*
 * Finds the initiator name in the firmware table alone, below @root: a view shows that of the
 * command line in its place. Copies it to @arena. Returns 0, -ENOENT without one, or -ENOMEM.
 */
int view_firmware_initiator(const char *root, void **arena, const char **name);

/*
 * Rebuilds the table that the kernel's own driver shows in ROOT/sys/firmware/ibft, in the arena of
 * @view, so that ibu_ibft_parse() is the only reader of tables. Returns its size, 0 if the driver
 * shows nothing, or -ENOMEM.
 */
ssize_t ibft_from_sysfs(const char *root, struct view *view, unsigned char **table);

#endif

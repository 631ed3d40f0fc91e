/* SPDX-License-Identifier: GPL-2.0-only */
/* The view without the module that makes it. */
#ifndef AGENT_VIEW_VIEW_FALLBACK_H
#define AGENT_VIEW_VIEW_FALLBACK_H

#include "view/view.h"

/*
 * Fills @tree->params from the firmware's table, as the kernel itself shows it below @root, and
 * @tree->cmdline, as the module would have. 0 or -ENOMEM.
 */
int view_fallback_read(const char *root, struct view *view);

/*
 * ROOT/sys/firmware/ibft, the view of the kernel's own driver, turned back into the table that it
 * shows (in @tree's arena), so that ibu_ibft_parse() is the only reader of tables. Its size, 0 if
 * the driver shows nothing, or -ENOMEM.
 */
ssize_t ibft_from_sysfs(const char *root, struct view *view, unsigned char **table);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of an initramfs: that of the kernel, and parameters in files of the image. */
#ifndef AGENT_VIEW_CMDLINE_FILES_H
#define AGENT_VIEW_CMDLINE_FILES_H

#include "view/view.h"

/* Where boot keeps the whole command line for the real root, which does not have these files. */
#define KEPT_CMDLINE "/run/iscsi-boot/cmdline"

/*
 * Extends @view->cmdline, which is that of the kernel, by the parameters of files. The last value
 * of a parameter counts, so the text has them in this order:
 *
 *   /etc/iscsi/iscsi.initramfs   Debian's, see debian_words.h
 *   /etc/cmdline.d/NAME.conf     sorted by name, as in dracut's getcmdline() (dracut-lib.sh)
 *   /etc/cmdline
 *   /proc/cmdline
 *   /run/initramfs/cmdline.d/NAME.conf
 *
 * Files are read only in an initramfs, and below a @root that is not "". Otherwise the text is that
 * of KEPT_CMDLINE, if boot made it. Adds a diagnostic for each file that cannot be used; the others
 * still count. Without a parameter in files, changes nothing. Otherwise sets @view->places. Returns
 * 0 or -ENOMEM.
 */
int cmdline_files_read(const char *root, struct view *view);

/*
 * Keeps the whole command line for the commands in the real root, readable by root alone. Does
 * nothing if no file had parameters. Returns 0 or -errno.
 */
int cmdline_files_keep(const struct view *view);

#endif

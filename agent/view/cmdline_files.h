/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of an initramfs: that of the kernel, and parameters in files of the image. */
#ifndef AGENT_VIEW_CMDLINE_FILES_H
#define AGENT_VIEW_CMDLINE_FILES_H

#include "view/view.h"

/* Where boot keeps the whole command line for the real root, which does not have these files. */
#define KEPT_CMDLINE "/run/iscsi-boot/cmdline"

/*
 * Extends @view->cmdline, which is that of the kernel, by the parameters of files. The last value of
 * a parameter counts, so the text has them in this order:
 *
 *   /etc/iscsi/iscsi.initramfs   Debian's, see debian_words_add()
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

/* A text under construction; its memory is in @arena. */
struct cmdline_text {
	void *arena;
	char *text;
	size_t len, size;
	size_t max; /* bytes that all parameters may have */
	struct view_place *places;
	unsigned int nr_places;
	struct ibu_diag *diag;
};

/*
 * Appends the @len bytes of @s, and a newline. Diagnostics about them name @place, which must live
 * as long as the view, and the offset in @s; "FILE:LINE" has no offset. Returns 0, -EFBIG above
 * @t->max, or -ENOMEM.
 */
int cmdline_text_add(struct cmdline_text *t, const char *place, const char *s, size_t len);

/*
 * debian_words.c: appends the parameters of Debian's iscsi.initramfs, @file with the @len bytes of
 * @s, which the shell of Debian's open-iscsi reads, as parameters of the command line. @later are
 * the texts with precedence: what they set is left out. @arena: for places. Returns as above.
 */
int debian_words_add(struct cmdline_text *t, void **arena, const char *file, const char *s,
		     size_t len, const char *later);

#endif

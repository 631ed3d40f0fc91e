// SPDX-License-Identifier: GPL-2.0-only
/* Makes a view of a table in a file, from this machine or another, as it is or as a hex dump. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "view/hex_dump.h"
#include "view/view.h"
#include "kmod/core/ibft.h"
#include "kmod/core/merge.h"

/* Makes ASCII of UTF-16, as PowerShell writes it. Returns the new length. */
static size_t without_utf16(char *text, size_t size)
{
	size_t n;

	if (size < 2 || memcmp(text, "\xff\xfe", 2))
		return size;
	for (n = 0; 2 * n + 2 < size; n++)
		text[n] = text[2 * n + 2];
	return n;
}

/* Reads the bytes of the table to @table. Returns their number or -errno. */
static ssize_t table_file_read(struct view *view, const char *path, unsigned char **table)
{
	char *text;
	ssize_t size = file_read_cut(&view->arena, &text, path), len;

	if (size < 0)
		return size;
	size = (ssize_t)without_utf16(text, (size_t)size);
	*table = arena_alloc(&view->arena, IBU_IBFT_MAX);
	if (!*table)
		return -ENOMEM;
	/* A dump may begin with the name of the table, too, as that of acpidump. */
	len = hex_dump_read(text, (size_t)size, *table, IBU_IBFT_MAX);
	if (len != -ENOENT)
		return len;
	*table = (unsigned char *)text;
	return is_ibft(*table, (size_t)size) ? size : -ENODATA;
}

int view_from_table(const char *path, struct view *view)
{
	struct ibu_params cl = { 0 };
	unsigned char *table = NULL;
	ssize_t len;
	int err;

	*view = (struct view){ .fallback = true, .from_file = true };
	view->cmdline = arena_text(&view->arena, "", 0);
	len = view->cmdline ? table_file_read(view, path, &table) : -ENOMEM;
	err = len < 0 ? (int)len : 0;
	if (!err)
		err = ibu_ibft_parse(table, (size_t)len, "file", &view->params, &view->diag);
	if (!err)
		err = ibu_merge(&view->params, &cl, &view->diag);
	if (!err && view->diag.lost)
		err = -ENOMEM;
	if (err)
		view_free(view);
	return err;
}

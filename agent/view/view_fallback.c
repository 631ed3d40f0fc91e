// SPDX-License-Identifier: GPL-2.0-only
/* Builds the view without the module: from firmware table and command line. */
#include "view/view_fallback.h"

#include <unistd.h>

#include "base/arena.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/ibft.h"
#include "kmod/core/merge.h"

#define TABLES "/sys/firmware/acpi/tables"

/*
 * Reads an ACPI table by its file name. If a signature occurs more than once, the names have a
 * number, and the first is used, as in the kernel. Returns its size, 0 if it is absent, or -ENOMEM.
 */
static ssize_t acpi_table(const char *root, struct view *view, const char *name,
			  unsigned char **table)
{
	char *text;
	ssize_t len;

	len = file_read(&view->arena, &text, "%s" TABLES "/%s", root, name);
	if (len == -ENOENT || len == -ENOMEM)
		return len == -ENOMEM ? -ENOMEM : 0;
	if (len < 0) {
		ibu_diag_add(&view->diag, IBU_ERROR, "agent", name, IBU_NO_OFFSET,
			     "ACPI table cannot be read: %s", strerror((int)-len));
		view->unread = true;
		return 0;
	}
	*table = (unsigned char *)text;
	return len;
}

static ssize_t find_acpi_table(const char *root, struct view *view, unsigned char **table)
{
	static const char *const names[] = { "iBFT", "iBFT1", "IBFT", "IBFT1", "BIFT", "BIFT1" };
	ssize_t len = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) && !len; i++)
		len = acpi_table(root, view, names[i], table);
	return len;
}

static int fallback_read_firmware(const char *root, struct view *view)
{
	const char *location = "acpi";
	unsigned char *table;
	ssize_t len;

	len = find_acpi_table(root, view, &table);
	if (!len) {
		location = "memory";
		len = ibft_from_sysfs(root, view, &table);
	}
	if (len <= 0)
		return (int)len;
	return ibu_ibft_parse(table, (size_t)len, location, &view->params, &view->diag);
}

static int read_cmdline_params(struct view *view, struct ibu_params *cl)
{
	size_t len = strlen(view->cmdline);
	char *copy = arena_text(&view->arena, view->cmdline, len);

	return copy ? ibu_cmdline_parse(copy, len, cl, &view->diag) : -ENOMEM;
}

int view_fallback_read(const char *root, struct view *view)
{
	struct ibu_params cl = { 0 };
	int err;

	ibu_diag_add(&view->diag, IBU_WARNING, "agent", "fallback", IBU_NO_OFFSET,
		     "%s not loaded; %s", "iscsi_boot_unified",
		     "the agent reads table and command line itself");
	err = fallback_read_firmware(root, view);
	if (!err)
		err = read_cmdline_params(view, &cl);
	if (!err)
		err = ibu_merge(&view->params, &cl, &view->diag);
	ibu_params_free(&cl);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Builds the view without the module: from firmware table and command line. */
#include "view/view_fallback.h"

#include <errno.h>
#include <unistd.h>

#include "base/arena.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/ibft.h"
#include "kmod/core/merge.h"

#define TABLES "/sys/firmware/acpi/tables"

/* The tables of ACPI. */
struct tables {
	unsigned char *table[2];
	size_t size[2];
	unsigned int nr;
};

/*
 * Reads an ACPI table by its file name. Returns 0, -ENOENT if it is absent, or -ENOMEM. As in the
 * module, a table above the limit is cut, and only two are used.
 */
static int read_acpi_table(const char *root, struct view *view, const char *signature,
			   const char *name, struct tables *t)
{
	char *path = arena_printf(&view->arena, "%s" TABLES "/%s", root, name), *text;
	ssize_t len = path ? file_read_cut(&view->arena, &text, path) : -ENOMEM;

	if (len == -ENOENT || len == -ENOMEM)
		return (int)len;
	if (len < 0) {
		ibu_diag_add(&view->diag, IBU_ERROR, "agent", name, IBU_NO_OFFSET,
			     "ACPI table cannot be read: %s", strerror((int)-len));
		view->unread = true;
		return -ENOENT; /* no more numbers: of an unreadable folder, each seems to exist */
	} else if (t->nr == ARRAY_SIZE(t->table)) {
		ibu_diag_add(&view->diag, IBU_WARNING, "ibft", signature, IBU_NO_OFFSET,
			     IBU_IBFT_SURPLUS);
	} else {
		t->table[t->nr] = (unsigned char *)text;
		t->size[t->nr++] = (size_t)len;
	}
	return 0;
}

/*
 * Reads the tables in the order of the module. If a signature occurs more than once, the kernel
 * numbers their files from 1.
 */
static int read_acpi_tables(const char *root, struct view *view, struct tables *t)
{
	static const char *const signatures[] = { "iBFT", "IBFT", "BIFT" };
	char name[16];
	unsigned int n;
	size_t i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(signatures) && err != -ENOMEM; i++) {
		err = read_acpi_table(root, view, signatures[i], signatures[i], t);
		for (n = 1; err != -ENOMEM && (!err || n == 1); n++) {
			snprintf(name, sizeof(name), "%s%u", signatures[i], n);
			err = read_acpi_table(root, view, signatures[i], name, t);
		}
	}
	return err == -ENOMEM ? err : 0;
}

/* Reads the table that our module found, also in low memory. Returns its size, 0 or -ENOMEM. */
static ssize_t module_table(const char *root, struct view *view, unsigned char **table)
{
	char *path = arena_printf(&view->arena, "%s/sys/firmware/iscsi_boot_unified/ibft/table",
				  root),
	     *text;
	ssize_t len = path ? file_read_cut(&view->arena, &text, path) : -ENOMEM;

	if (len > 0)
		*table = (unsigned char *)text;
	return len > 0 || len == -ENOMEM ? len : 0;
}

static int fallback_read_firmware(const char *root, struct view *view)
{
	struct tables t = { .nr = 0 };
	const char *location = "acpi";
	ssize_t len;
	unsigned int i;
	int err;

	err = read_acpi_tables(root, view, &t);
	if (!err && !t.nr) {
		location = "memory";
		len = module_table(root, view, &t.table[0]);
		if (!len)
			len = ibft_from_sysfs(root, view, &t.table[0]);
		err = len < 0 ? (int)len : 0;
		t.size[0] = len > 0 ? (size_t)len : 0;
		t.nr = len > 0;
	}
	for (i = 0; i < t.nr && !err; i++)
		err = ibu_ibft_parse(t.table[i], t.size[i], location, &view->params, &view->diag);
	return err;
}

static int read_cmdline_params(struct view *view, struct ibu_params *cl)
{
	size_t len = strlen(view->cmdline);
	char *copy = arena_secret(&view->arena, view->cmdline, len);

	return copy ? ibu_cmdline_parse(copy, len, cl, &view->diag) : -ENOMEM;
}

int view_build(const char *root, struct view *view)
{
	struct ibu_params cl = { 0 };
	int err;

	err = fallback_read_firmware(root, view);
	if (!err)
		err = read_cmdline_params(view, &cl);
	if (!err)
		err = ibu_merge(&view->params, &cl, &view->diag);
	ibu_params_free(&cl);
	return err;
}

int view_firmware_initiator(const char *root, void **arena, const char **name)
{
	struct view firmware = { .cmdline = "" };
	const struct ibu_root *found = &firmware.params.root;
	int err = fallback_read_firmware(root, &firmware);

	if (!err && !ibu_has(&found->f, IBU_ROOT_INITIATOR_NAME))
		err = -ENOENT;
	if (!err)
		*name = arena_text(arena, found->initiator_name.s, found->initiator_name.len);
	ibu_params_free(&firmware.params);
	ibu_diag_free(&firmware.diag);
	arena_free(&firmware.arena);
	return err ? err : *name ? 0 : -ENOMEM;
}

int view_fallback_read(const char *root, struct view *view)
{
	ibu_diag_add(&view->diag, IBU_WARNING, "agent", "fallback", IBU_NO_OFFSET,
		     "%s not loaded; %s", "iscsi_boot_unified",
		     "the agent reads table and command line itself");
	return view_build(root, view);
}

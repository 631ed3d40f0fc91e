// SPDX-License-Identifier: GPL-2.0-only
/* Copies the firmware table (ACPI or low memory) and the kernel command line. */
#include <linux/acpi.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/iscsi_ibft.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>

#include "core/ibft.h"
#include "source.h"

/* The module parameter `cmdline`, until ibu_source_read() takes it over. */
static char *ibu_override;
static size_t ibu_override_size;
static bool ibu_override_lost;

static void ibu_override_free(void *arg)
{
	ibu_free(ibu_override, ibu_override_size);
	ibu_override = NULL;
}

/*
 * Sets the parameter; the type charp is limited to 1024 bytes. Never fails, because parse_args()
 * prints the value with its secrets when a setter fails. ibu_source_read() reports a lack of memory
 * instead. @val lies in the module's own copy of its arguments. The kernel keeps that until unload
 * and does not wipe it, so it is wiped here.
 */
static int ibu_override_set(const char *val, const struct kernel_param *kp)
{
	size_t size = strlen(val) + 1;

	ibu_override_free(NULL);
	ibu_override = ibu_zalloc(size);
	ibu_override_lost = !ibu_override;
	if (ibu_override) {
		memcpy(ibu_override, val, size);
		ibu_override_size = size;
	}
	memzero_explicit(THIS_MODULE->args + (val - THIS_MODULE->args), size);
	return 0;
}

static const struct kernel_param_ops ibu_override_ops = {
	.set = ibu_override_set,
	.free = ibu_override_free,
};
module_param_cb(cmdline, &ibu_override_ops, NULL, 0);
MODULE_PARM_DESC(cmdline, "boot parameters to read instead of /proc/cmdline");

static int ibu_take_override(struct ibu_source *s)
{
	if (ibu_override_lost)
		return -ENOMEM;
	s->cmdline = ibu_override;
	s->cmdline_size = ibu_override_size;
	s->cmdline_len = ibu_override_size - 1;
	ibu_override = NULL;
	return 0;
}

static int ibu_cmdline_grow(struct ibu_source *s)
{
	size_t size = s->cmdline_size ? 2 * s->cmdline_size : SZ_4K;
	char *text = ibu_zalloc(size);

	if (!text)
		return -ENOMEM;
	if (s->cmdline)
		memcpy(text, s->cmdline, s->cmdline_len);
	ibu_free(s->cmdline, s->cmdline_size);
	s->cmdline = text;
	s->cmdline_size = size;
	return 0;
}

/*
 * Appends all of @file to s->cmdline. Its length is unknown in advance: with bootconfig it can
 * exceed COMMAND_LINE_SIZE. Returns 0 or -errno.
 */
static int ibu_cmdline_read(struct ibu_source *s, struct file *file)
{
	loff_t pos = 0;
	ssize_t got;

	do {
		if (s->cmdline_len + 1 >= s->cmdline_size && ibu_cmdline_grow(s))
			return -ENOMEM;
		got = kernel_read(file, s->cmdline + s->cmdline_len,
				  s->cmdline_size - s->cmdline_len - 1, &pos);
		if (got > 0)
			s->cmdline_len += got;
	} while (got > 0);
	if (s->cmdline_len && s->cmdline[s->cmdline_len - 1] == '\n')
		s->cmdline[--s->cmdline_len] = '\0';
	return got;
}

/*
 * Is @file /proc/cmdline itself? A container can have another file there, bound over it, and a
 * process that loads modules may run in its mount namespace.
 */
static bool ibu_is_proc_cmdline(const struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;

	return dentry->d_sb->s_magic == PROC_SUPER_MAGIC &&
	       dentry->d_parent == dentry->d_sb->s_root && !strcmp(dentry->d_name.name, "cmdline");
}

/*
 * Reads /proc/cmdline, because saved_command_line is not exported to modules. /proc must be mounted
 * for the process that loads the module.
 */
static int ibu_proc_cmdline(struct ibu_source *s, struct ibu_diag *d)
{
	struct file *file;
	int err = ibu_cmdline_grow(s);

	if (err)
		return err;
	file = filp_open("/proc/cmdline", O_RDONLY, 0);
	err = PTR_ERR_OR_ZERO(file);
	if (!err) {
		err = ibu_is_proc_cmdline(file) ? ibu_cmdline_read(s, file) : -EXDEV;
		filp_close(file, NULL);
	}
	if (err && err != -ENOMEM) {
		/* Part of a command line could have another meaning than all of it. */
		s->cmdline_len = 0;
		ibu_diag_add(d, IBU_ERROR, "cmdline", "/proc/cmdline", IBU_NO_OFFSET,
			     "cannot be read: error %d%s", -err,
			     err == -EXDEV ? ": another file is mounted over it" : "");
		err = 0;
	}
	return err;
}

/* Copies a table to where @to points. A table above the limit is cut, which the parser reports. */
static int ibu_table_copy(u8 **to, size_t *to_size, const void *table, size_t size)
{
	size = min_t(size_t, size, IBU_IBFT_MAX);
	*to = ibu_zalloc(size);
	if (!*to)
		return -ENOMEM;
	memcpy(*to, table, size);
	*to_size = size;
	return 0;
}

static int ibu_acpi_copy(struct ibu_source *s, char *signature, struct ibu_diag *d)
{
	struct acpi_table_header *table;
	unsigned int i; /* acpi_get_table() counts from 1 */
	int err = 0;

	for (i = 1; !err && ACPI_SUCCESS(acpi_get_table(signature, i, &table)); i++) {
		if (!s->table)
			err = ibu_table_copy(&s->table, &s->table_size, table, table->length);
		else if (!s->second)
			err = ibu_table_copy(&s->second, &s->second_size, table, table->length);
		else
			ibu_diag_add(d, IBU_WARNING, "ibft", signature, IBU_NO_OFFSET,
				     IBU_IBFT_SURPLUS);
		acpi_put_table(table);
	}
	return err;
}

static int ibu_acpi_tables(struct ibu_source *s, struct ibu_diag *d)
{
	static char signatures[][ACPI_NAMESEG_SIZE + 1] = { "iBFT", "IBFT", "BIFT" };
	unsigned int i;
	int err = 0;

	/* If ACPI is disabled, its locks do not exist and acpi_get_table() warns. */
	for (i = 0; !acpi_disabled && !err && i < ARRAY_SIZE(signatures); i++)
		err = ibu_acpi_copy(s, signatures[i], d);
	return err;
}

/*
 * Copies the table that the kernel's finder reserved. The finder looks only below 1 MiB, and
 * reserves the table only if it also ends there. On x86, the only architecture with a finder, that
 * range is always in the direct map, by which the finder itself has read the table, also in a guest
 * with encrypted memory (SEV, TDX). memremap() would be wrong there, as it maps reserved memory as
 * unencrypted; and it warns about a range that is partly RAM, which the firmware's memory map
 * (e820) decides.
 */
static int ibu_memory_table(struct ibu_source *s, struct ibu_diag *d)
{
	phys_addr_t phys = ibu_reserved_ibft();
	const u8 *table;
	size_t size;

	if (!phys)
		return 0;
	if (phys > SZ_1M - IBU_IBFT_MIN) {
		ibu_diag_add(d, IBU_ERROR, "ibft", "address", IBU_NO_OFFSET,
			     "the reserved table is not below 1 MiB; ignored");
		return 0;
	}
	table = phys_to_virt(phys);
	if (!virt_addr_valid(table)) {
		ibu_diag_add(d, IBU_ERROR, "ibft", "address", IBU_NO_OFFSET,
			     "the reserved table is not mapped; ignored");
		return 0;
	}
	size = ibu_le32(table + 4); /* iBFT 1.03, 3.3: length follows the signature */
	if (size < IBU_IBFT_MIN || size > SZ_1M - phys) {
		ibu_diag_add(d, IBU_ERROR, "ibft", "length", 4,
			     "%zu is too small or extends beyond 1 MiB; the table is ignored",
			     size);
		return 0;
	}
	s->location = "memory";
	return ibu_table_copy(&s->table, &s->table_size, table, size);
}

int ibu_source_read(struct ibu_source *s, struct ibu_diag *d)
{
	int err;

	s->location = "acpi";
	err = ibu_acpi_tables(s, d);
	if (!err && !s->table)
		err = ibu_memory_table(s, d);
	if (err)
		return err;
	return ibu_override || ibu_override_lost ? ibu_take_override(s) : ibu_proc_cmdline(s, d);
}

void ibu_source_free(struct ibu_source *s)
{
	ibu_free(s->table, s->table_size);
	ibu_free(s->second, s->second_size);
	ibu_free(s->cmdline, s->cmdline_size);
	*s = (struct ibu_source){};
}

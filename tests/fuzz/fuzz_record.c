// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the records that outlive boot, and other texts. Byte 0 selects: the boot record, a node
 * record of open-iscsi, a response to SendTargets, a hex dump of a table. A record that was read is
 * written, read again and written: both texts must be equal.
 */
#include "tests/fuzz/files.h"

#include "handoff/record_file.h"
#include "iscsi/iscsi_name.h"
#include "iscsi/sendtargets.h"
#include "session/boot_record.h"
#include "view/hex_dump.h"

static const char *const paths[] = { WANTED_FILE };

static char *written;
static size_t written_len;

int __wrap_atomic_file_write_path(const char *path, const char *text, size_t len, mode_t mode);

int __wrap_atomic_file_write_path(const char *path, const char *text, size_t len, mode_t mode)
{
	free(written);
	written = copy_of(text, len);
	written_len = len;
	return 0;
}

/* Returns the text that the record has when it is written, or NULL. */
static char *boot_record_again(const void *data, size_t size)
{
	struct boot_record record;
	char *text;

	file_paths = paths;
	nr_file_paths = 1;
	files[0].data = data;
	files[0].len = size;
	if (boot_record_read(&record))
		return NULL;
	if (boot_record_write(&record))
		abort();
	boot_record_free(&record);
	text = written;
	written = NULL;
	return text;
}

static void fuzz_boot_record(const u8 *data, size_t size)
{
	char *first = boot_record_again(data, size), *second;
	size_t len = written_len;

	if (!first)
		return;
	second = boot_record_again(first, len);
	if (!second || written_len != len || memcmp(first, second, len) != 0)
		abort();
	free(first);
	free(second);
}

static void fuzz_node_record(const u8 *data, size_t size)
{
	struct record a = { 0 }, b = { 0 };
	char *text = calloc(size + 1, 1), *copy;
	const char *first, *second;

	memcpy(text, data, size);
	record_file_take(&a, text, "");
	first = record_file_text(&a);
	if (!first)
		abort();
	copy = strdup(first);
	record_file_take(&b, copy, "");
	second = record_file_text(&b);
	if (!second || strcmp(first, second) != 0)
		abort();
	record_file_free(&a);
	record_file_free(&b);
	free(text);
	free(copy);
}

static void fuzz_discovery(const u8 *data, size_t size)
{
	struct discovered found;
	char *text = copy_of(data, size);
	struct ibu_text name;

	if (discovery_choose(text, size, "10.0.0.1", 3260, &found)) {
		name = (struct ibu_text){ found.name, (u32)strlen(found.name) };
		if (!iscsi_name_is_valid(&name) || found.tpgt < -1 || found.tpgt > 65535)
			abort();
		if (found.nr_elsewhere > ARRAY_SIZE(found.elsewhere) ||
		    (found.nr_elsewhere && found.tpgt >= 0))
			abort();
	}
	free(text);
}

static void fuzz_hex_dump(const u8 *data, size_t size)
{
	char *text = copy_of(data, size);
	u8 *table = malloc(2048);
	ssize_t len = hex_dump_read(text, size, table, 2048);

	if (len > 2048 || (len > 0 && !is_ibft(table, (size_t)len)))
		abort();
	free(table);
	free(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static void (*const readers[])(const u8 *data, size_t size) = {
		fuzz_boot_record,
		fuzz_node_record,
		fuzz_discovery,
		fuzz_hex_dump,
	};

	if (size)
		readers[data[0] % ARRAY_SIZE(readers)](data + 1, size - 1);
	return 0;
}

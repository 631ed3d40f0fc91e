// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table and a command line together: byte 0 says which allocation fails (0: none), bytes 1 and 2 how
 * long the table is, the rest is the command line.
 */
#include "tests/fuzz/show.h"

#include "kmod/cmdline.h"
#include "kmod/ibft.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static unsigned int fail_at;

/* The linker sends every calloc here (--wrap). */
void *__wrap_calloc(size_t n, size_t size)
{
	if (fail_at && --fail_at == 0)
		return NULL;
	return __real_calloc(n, size);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ibu_params p = { 0 }, cl = { 0 };
	struct ibu_diag d = { 0 };
	size_t table_size;
	char *words;
	u8 *table;
	int err = 0;

	if (size < 3)
		return 0;
	table_size = (size_t)(data[1] | data[2] << 8);
	if (table_size > size - 3)
		table_size = size - 3;
	table = copy_of(data + 3, table_size);
	words = copy_of(data + 3 + table_size, size - 3 - table_size);
	fail_at = data[0];
	repair_checksum(table, table_size);
	if (table_size)
		err = ibu_ibft_parse(table, table_size, "acpi", &p, &d);
	if (!err)
		err = ibu_cmdline_parse(words, size - 3 - table_size, &cl, &d);
	if (!err)
		err = ibu_merge(&p, &cl, &d);
	/* Memory may have ended before any of it was used up. */
	if (err && (err != -ENOMEM || !data[0] || fail_at))
		abort();
	fail_at = 0;
	if (err)
		ibu_params_free(&cl);
	show_all(&p, &d);
	free(table);
	free(words);
	return 0;
}

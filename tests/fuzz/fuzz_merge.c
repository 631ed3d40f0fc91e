// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes a table and a command line together. Byte 0 selects which allocation fails (0: none),
 * bytes 1 and 2 are the length of the table, the rest is the command line.
 */
#include "tests/fuzz/show.h"
#include "tests/fuzz/words.h"

#include "kmod/core/cmdline.h"
#include "kmod/core/ibft.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static unsigned int fail_at;

/* The linker redirects every calloc() to this function (--wrap). */
void *__wrap_calloc(size_t n, size_t size)
{
	if (fail_at && --fail_at == 0)
		return NULL;
	return __real_calloc(n, size);
}

/* Mutates either the table as a table or the command line as parameters; the other one stays. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	size_t table_size, words_size;
	u8 *words;

	if (size < 3 || max > 65536 || next_random(&seed, 8) == 0)
		return LLVMFuzzerMutate(data, size, max);
	if (!next_random(&seed, 4))
		data[0] = (u8)next_random(&seed, 16);
	table_size = (size_t)(data[1] | data[2] << 8);
	if (table_size > size - 3)
		table_size = size - 3;
	words_size = size - 3 - table_size;
	if (next_random(&seed, 2))
		return 3 + table_size +
		       mutate_words(data + 3 + table_size, words_size, max - 3 - table_size, seed);
	words = copy_of(data + 3 + table_size, words_size);
	table_size = mutate_table(data + 3, table_size, max - 3 - words_size, seed);
	put_le16(data + 1, table_size);
	memcpy(data + 3 + table_size, words, words_size);
	free(words);
	return 3 + table_size + words_size;
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
	/* Memory may have run out before all of the input was used. */
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

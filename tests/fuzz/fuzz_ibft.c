// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the parser of the table: the input is the table; its checksum is repaired, so that parsing
 * goes on. An input of odd size is a second table too, of which one byte differs.
 */
#include "tests/fuzz/show.h"
#include "tests/fuzz/table.h"

#include "kmod/core/ibft.h"

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	return mutate_table(data, size, max, seed);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ibu_params p = { 0 }, none = { 0 };
	struct ibu_diag d = { 0 };
	u8 *table = copy_of(data, size), *second = copy_of(data, size);

	repair_checksum(table, size);
	ibu_ibft_parse(table, size, "acpi", &p, &d);
	if (size % 2) {
		second[data[0] * size / 256] ^= 1;
		repair_checksum(second, size);
		ibu_ibft_parse(second, size, "acpi", &p, &d);
	}
	ibu_merge(&p, &none, &d);
	show_all(&p, &d);
	free(table);
	free(second);
	return 0;
}

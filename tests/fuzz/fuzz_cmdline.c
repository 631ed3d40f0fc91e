// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the parser of the kernel command line: the input is the command line. */
#include "tests/fuzz/show.h"
#include "tests/fuzz/words.h"

#include "kmod/core/cmdline.h"

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	return mutate_words(data, size, max, seed);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ibu_params p = { 0 }, cl = { 0 };
	struct ibu_diag d = { 0 };
	char *text = copy_of(data, size);

	ibu_cmdline_parse(text, size, &cl, &d);
	ibu_merge(&p, &cl, &d);
	show_all(&p, &d);
	free(text);
	return 0;
}

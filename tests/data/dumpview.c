// SPDX-License-Identifier: GPL-2.0-only
/*
 * dumpview [-t TABLE] [-c CMDLINE-FILE] [-o ROOT]: prints the view that the module would show, one
 * line per file: "path mode content"; the content of diagnostics has a line each. It omits what
 * changes while a machine runs (generation, nicN/netdev). With -o it also makes the files, below
 * ROOT as they would be below "/".
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmod/core/cmdline.h"
#include "kmod/core/ibft.h"
#include "kmod/core/merge.h"
#include "tests/data/dump.h"

/* Allocates exactly the file's size, so that a sanitizer detects access to any byte after it. */
static char *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *data;

	if (!f || fseek(f, 0, SEEK_END))
		err(1, "%s", path);
	*size = (size_t)ftell(f);
	rewind(f);
	data = malloc(*size ? *size : 1);
	if (!data || fread(data, 1, *size, f) != *size)
		err(1, "%s", path);
	fclose(f);
	return data;
}

int main(int argc, char **argv)
{
	struct ibu_params p = { 0 }, cl = { 0 };
	char *table = NULL, *cmdline = NULL;
	struct ibu_diag d = { 0 };
	size_t size;
	int opt;

	while ((opt = getopt(argc, argv, "t:c:o:")) != -1) {
		if (opt == 't') {
			table = read_file(optarg, &size);
			ibu_ibft_parse((const u8 *)table, size, "acpi", &p, &d);
		} else if (opt == 'c') {
			cmdline = read_file(optarg, &size);
			ibu_cmdline_parse(cmdline, size, &cl, &d);
		} else if (opt == 'o') {
			make_view(optarg);
		} else {
			return 2;
		}
	}
	if (ibu_merge(&p, &cl, &d))
		errx(1, "out of memory");
	dump(&p, &d);
	ibu_params_free(&p);
	ibu_diag_free(&d);
	free(table);
	free(cmdline);
	free(view);
	return 0;
}

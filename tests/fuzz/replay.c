// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay FILE...: runs a fuzzer's harness without libFuzzer, for any compiler; each file is one
 * input.
 */
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/fuzz/show.h"

size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

/* The harnesses' own mutators need this function, but are not called here. */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max)
{
	return size;
}

static void one(const char *path)
{
	FILE *f = fopen(path, "rb");
	static u8 data[1 << 20];
	size_t size;

	if (!f)
		err(1, "%s", path);
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
}

static void all_below(const char *path)
{
	struct dirent *e;
	struct stat st;
	char name[4096];
	DIR *dir;

	if (stat(path, &st))
		err(1, "%s", path);
	if (!S_ISDIR(st.st_mode)) {
		one(path);
		return;
	}
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (e->d_name[0] != '.')
			all_below(name);
	}
	closedir(dir);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		all_below(argv[i]);
	return 0;
}

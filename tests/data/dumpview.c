// SPDX-License-Identifier: GPL-2.0-only
/*
 * dumpview [-t TABLE] [-c CMDLINE-FILE]: the view that the module would show, one line per file:
 * "path mode content", where the content of diagnostics has a line each. What changes while a
 * machine runs (generation, nicN/netdev) is not in it.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmod/attrs.h"
#include "kmod/cmdline.h"
#include "kmod/ibft.h"
#include "kmod/merge.h"

/* An allocation of exactly the file's size, so that a sanitizer sees every byte too far. */
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

static void dump_object(enum ibu_class_id id, const char *dir, const void *obj)
{
	const struct ibu_class *class = &ibu_classes[id];
	char buf[IBU_ATTR_SIZE];

	for (unsigned int i = 0; i < class->nr_attrs; i++) {
		ssize_t len;

		if (!ibu_has(obj, i))
			continue;
		len = ibu_attr_emit(class, i, obj, buf, sizeof(buf));
		if (len < 0)
			errx(1, "%s%s does not fit", dir, class->attrs[i].name);
		printf("%s%s %04o %.*s", dir, class->attrs[i].name, class->attrs[i].mode, (int)len,
		       buf);
	}
}

static void dump(const struct ibu_params *p, const struct ibu_diag *d)
{
	char dir[32];

	dump_object(IBU_CLASS_ROOT, "", &p->root);
	dump_object(IBU_CLASS_IBFT, "ibft/", &p->ibft);
	for (unsigned int i = 0; i < p->nr_nics; i++) {
		snprintf(dir, sizeof(dir), "nic%u/", i);
		dump_object(IBU_CLASS_NIC, dir, &p->nics[i]);
	}
	for (unsigned int i = 0; i < p->nr_targets; i++) {
		snprintf(dir, sizeof(dir), "target%u/", i);
		dump_object(IBU_CLASS_TARGET, dir, &p->targets[i]);
	}
	if (d->len)
		printf("diagnostics 0400\n%s", d->text);
}

int main(int argc, char **argv)
{
	struct ibu_params p = { 0 }, cl = { 0 };
	char *table = NULL, *cmdline = NULL;
	struct ibu_diag d = { 0 };
	size_t size;
	int opt;

	while ((opt = getopt(argc, argv, "t:c:")) != -1) {
		if (opt == 't') {
			table = read_file(optarg, &size);
			ibu_ibft_parse((const u8 *)table, size, "acpi", &p, &d);
		} else if (opt == 'c') {
			cmdline = read_file(optarg, &size);
			ibu_cmdline_parse(cmdline, size, &cl, &d);
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
	return 0;
}

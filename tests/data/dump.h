/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints a view as text; also makes its files if make_view() was called before. */
#ifndef TESTS_DUMP_H
#define TESTS_DUMP_H

#include <err.h>
#include <stdio.h>
#include <sys/stat.h>

#include "kmod/core/attrs.h"

/* The directory of the view if its files are to be made, else NULL. */
static char *view;

static inline void make_view(const char *root)
{
	char *slash;

	if (asprintf(&view, "%s/sys/firmware/iscsi_boot_unified/", root) < 0)
		err(1, "-o");
	for (slash = view + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(view, 0755);
		*slash = '/';
	}
}

static inline void make_file(const char *dir, const char *name, const char *content, size_t len)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s%s", view, dir) < 0)
		err(1, "-o");
	mkdir(path, 0755);
	free(path);
	if (asprintf(&path, "%s%s%s", view, dir, name) < 0)
		err(1, "-o");
	f = fopen(path, "wb");
	if (!f || fwrite(content, 1, len, f) != len || fclose(f))
		err(1, "%s", path);
	free(path);
}

static inline void dump_object(enum ibu_class_id id, const char *dir, const void *obj)
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
		printf("%s%s %04o ", dir, class->attrs[i].name, class->attrs[i].mode);
		fwrite(buf, 1, (size_t)len, stdout);
		if (view)
			make_file(dir, class->attrs[i].name, buf, (size_t)len);
	}
}

static inline void dump(const struct ibu_params *p, const struct ibu_diag *d)
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
	if (view && d->len)
		make_file("", "diagnostics", d->text, d->len);
}

#endif

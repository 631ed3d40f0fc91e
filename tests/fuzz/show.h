/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last step of every fuzzer: each attribute of the view is written; it must fit and be one
 * line.
 */
#ifndef TESTS_FUZZ_SHOW_H
#define TESTS_FUZZ_SHOW_H

#include "kmod/core/attrs.h"
#include "kmod/core/merge.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Allocates exactly that size, so that a sanitizer detects access to the first byte after it. */
static inline void *copy_of(const void *data, size_t size)
{
	void *copy = calloc(size, 1);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

/* Repairs the checksum; otherwise no code behind its check would be reached. */
static inline void repair_checksum(u8 *table, size_t size)
{
	u8 sum = 0;
	size_t i;

	for (i = 0; i < size; i++)
		sum = (u8)(sum + table[i]);
	if (size > 9)
		table[9] = (u8)(table[9] - sum);
}

/*
 * Returns the last @len bytes of one allocation, so that a sanitizer detects access behind them. It
 * is never freed: an allocation for each attribute would take most of the time of an input.
 */
static inline char *show_room(size_t len)
{
	static char *room;

	if (!room)
		room = malloc(IBU_ATTR_SIZE);
	return room + IBU_ATTR_SIZE - len;
}

/* A buffer one byte too small must be refused, and no byte behind it touched. */
static inline void show_tight(const struct ibu_class *class, unsigned int i, const void *obj,
			      size_t len)
{
	if (ibu_attr_emit(class, i, obj, show_room(len - 1), len - 1) != -ENOSPC)
		abort();
}

static inline void show_object(enum ibu_class_id id, const void *obj)
{
	const struct ibu_class *class = &ibu_classes[id];
	char *buf = show_room(IBU_ATTR_SIZE);
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++) {
		ssize_t len;

		if (!ibu_has(obj, i))
			continue;
		len = ibu_attr_emit(class, i, obj, buf, IBU_ATTR_SIZE);
		/* Only a secret may contain a newline. */
		if (len < 1 || (!strstr(class->attrs[i].name, "secret") &&
				memchr(buf, '\n', (size_t)len) != buf + len - 1))
			abort();
		show_tight(class, i, obj, (size_t)len);
	}
}

static inline void show_all(struct ibu_params *p, struct ibu_diag *d)
{
	u32 i, lines = 0;

	show_object(IBU_CLASS_ROOT, &p->root);
	show_object(IBU_CLASS_IBFT, &p->ibft);
	for (i = 0; i < p->nr_nics; i++)
		show_object(IBU_CLASS_NIC, &p->nics[i]);
	for (i = 0; i < p->nr_targets; i++)
		show_object(IBU_CLASS_TARGET, &p->targets[i]);
	for (i = 0; i < d->len; i++)
		lines += d->text[i] == '\n';
	if (!d->lost && lines != d->errors + d->warnings)
		abort();
	ibu_params_free(p);
	ibu_diag_free(d);
}

#endif

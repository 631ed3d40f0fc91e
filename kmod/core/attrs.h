/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of the view, one table row each: what a file is called, who may read it, how the
 * value is written as text and read back. sysfs.c makes files of the rows, the agent reads them.
 */
#ifndef IBU_ATTRS_H
#define IBU_ATTRS_H

#include "params.h"

struct ibu_attr;
struct ibu_class;

/* Text being written. @len counts past @size too, so that an overflow is seen. */
struct ibu_out {
	char *buf;
	size_t size;
	size_t len;
};

struct ibu_kind {
	/* Writes the value of @obj at @member, without the newline. */
	void (*emit)(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		     const void *member);
	/*
	 * Reads it from the @len bytes of @text, which it may change and which must live as long as
	 * the params. 0 or -EINVAL. NULL for what is made from other fields.
	 */
	int (*scan)(const struct ibu_class *class, void *obj, void *member, char *text, size_t len);
	u16 size; /* of the value in the object */
};

struct ibu_attr {
	const char *name;
	const struct ibu_kind *kind;
	u16 offset; /* of the value in the object */
	u16 mode; /* 0444, or 0400 for what needs CAP_SYS_ADMIN as well */
};

/* The objects of a view: directories, each with attributes. */
enum ibu_class_id {
	IBU_CLASS_ROOT,
	IBU_CLASS_IBFT,
	IBU_CLASS_NIC,
	IBU_CLASS_TARGET,
	IBU_NR_CLASSES
};

struct ibu_class {
	const char *dir; /* "", "ibft", "nic", "target": the last two take a number */
	const struct ibu_attr *attrs;
	unsigned int nr_attrs; /* bit i of ibu_fields belongs to attrs[i] */
};

extern const struct ibu_class ibu_classes[IBU_NR_CLASSES];

/*
 * Writes attribute @i of @obj, which has it, with its newline. Returns the bytes written, at most
 * IBU_ATTR_SIZE for what the parsers let in, or -ENOSPC if @size is too small.
 */
#define IBU_ATTR_SIZE 4096
ssize_t ibu_attr_emit(const struct ibu_class *class, unsigned int i, const void *obj, char *buf,
		      size_t size);

/* Do @a and @b, objects of @class that both have attribute @i, agree in it? */
bool ibu_attr_equal(const struct ibu_class *class, unsigned int i, const void *a, const void *b);

/* Copies attribute @i from @src to @dst, objects of @class, where it is then present. */
void ibu_attr_copy(const struct ibu_class *class, unsigned int i, void *dst, const void *src);

/*
 * The reverse of emit: reads the content of a file, newline included, and marks the attribute
 * present. @text is changed in place and kept. 0, or -EINVAL with @obj untouched.
 */
int ibu_attr_scan(const struct ibu_class *class, unsigned int i, void *obj, char *text, size_t len);

/*
 * Escapes for one line of text: '\' is "\\", a control or non-ASCII byte "\xHH". Writes at most
 * @size bytes with a NUL and returns the length that is needed without it.
 */
size_t ibu_escape(const struct ibu_text *t, char *buf, size_t size);

#endif

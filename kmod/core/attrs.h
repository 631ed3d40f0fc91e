/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of the view, one table row each: name and mode of the file, and how its value is
 * written as text and read back. sysfs.c creates a file for each row; the agent reads the files.
 */
#ifndef IBU_ATTRS_H
#define IBU_ATTRS_H

#include "params.h"

struct ibu_attr;
struct ibu_class;

/* A buffer for text. @len also counts bytes beyond @size, so that an overflow is seen. */
struct ibu_out {
	char *buf;
	size_t size;
	size_t len;
};

/* A type of attribute values. */
struct ibu_kind {
	/* Writes the value at @member of @obj, without the newline. */
	void (*emit)(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		     const void *member);
	/*
	 * Reads the value from the @len bytes of @text, which it may change and which must live as
	 * long as @obj. Returns 0 or -EINVAL. NULL if the value is derived from other members.
	 */
	int (*scan)(const struct ibu_class *class, void *obj, void *member, char *text, size_t len);
	u16 size; /* of the value in the object */
};

extern const struct ibu_kind ibu_kinds[];

struct ibu_attr {
	const char *name;
	u8 kind; /* its number in ibu_kinds */
	u16 offset; /* of the value in the object */
	u16 mode; /* 0444, or 0400 if reading also requires CAP_SYS_ADMIN */
};

/* The kinds of objects in a view. Each object is a directory of attributes. */
enum ibu_class_id {
	IBU_CLASS_ROOT,
	IBU_CLASS_IBFT,
	IBU_CLASS_NIC,
	IBU_CLASS_TARGET,
	IBU_NR_CLASSES
};

struct ibu_class {
	const char *dir; /* "", "ibft", "nic", "target"; a number follows the last two */
	const struct ibu_attr *attrs;
	unsigned int nr_attrs; /* bit i of ibu_fields belongs to attrs[i] */
};

extern const struct ibu_class ibu_classes[IBU_NR_CLASSES];

/*
 * Writes attribute @i of @obj, which must be present, and a newline to the @size bytes of @buf.
 * Returns the number of bytes, or -ENOSPC if @size is too small. IBU_ATTR_SIZE is enough for all
 * values that the parsers accept.
 */
#define IBU_ATTR_SIZE 4096
ssize_t ibu_attr_emit(const struct ibu_class *class, unsigned int i, const void *obj, char *buf,
		      size_t size);

/* Are the values of attribute @i equal in @a and @b, which are of @class and both have it? */
bool ibu_attr_equal(const struct ibu_class *class, unsigned int i, const void *a, const void *b);

/* Copies attribute @i from @src to @dst, both of @class, and marks it present in @dst. */
void ibu_attr_copy(const struct ibu_class *class, unsigned int i, void *dst, const void *src);

/*
 * Reads attribute @i of @obj from @text, the content of its file with the newline, and marks it
 * present. Changes @text in place and keeps pointers to it. Returns 0, or -EINVAL with @obj
 * unchanged.
 */
int ibu_attr_scan(const struct ibu_class *class, unsigned int i, void *obj, char *text, size_t len);

/*
 * Escapes @t for one line of text: '\' becomes "\\", a control or non-ASCII byte "\xHH". Writes at
 * most @size bytes including a NUL. Returns the full length without the NUL.
 */
size_t ibu_escape(const struct ibu_text *t, char *buf, size_t size);

#endif

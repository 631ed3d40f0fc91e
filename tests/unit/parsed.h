/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes a view of a table and a command line for tests. Includes cmocka and the headers it needs. */
#ifndef TESTS_PARSED_H
#define TESTS_PARSED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/ibft.h"
#include "kmod/core/merge.h"

struct parsed {
	struct ibu_params p;
	struct ibu_diag d;
	char *cmdline;
};

/* Parses and merges. @table and @cmdline may be NULL. */
static inline void parsed_make(struct parsed *v, const u8 *table, size_t size, const char *cmdline)
{
	struct ibu_params cl = { 0 };

	memset(v, 0, sizeof(*v));
	if (table)
		assert_int_equal(ibu_ibft_parse(table, size, "acpi", &v->p, &v->d), 0);
	if (cmdline) {
		/* Exact size without a NUL, so that the sanitizer sees an overrun. */
		v->cmdline = malloc(strlen(cmdline) + !*cmdline);
		memcpy(v->cmdline, cmdline, strlen(cmdline));
		assert_int_equal(ibu_cmdline_parse(v->cmdline, strlen(cmdline), &cl, &v->d), 0);
	}
	assert_int_equal(ibu_merge(&v->p, &cl, &v->d), 0);
	assert_false(v->d.lost);
}

static inline void parsed_free(struct parsed *v)
{
	ibu_params_free(&v->p);
	ibu_diag_free(&v->d);
	free(v->cmdline);
}

/* Returns the text of one attribute without its newline; "-" if it is absent. */
static inline const char *shown(enum ibu_class_id id, const void *obj, unsigned int field)
{
	static char buf[IBU_ATTR_SIZE + 1];
	ssize_t len;

	if (!ibu_has(obj, field))
		return "-";
	len = ibu_attr_emit(&ibu_classes[id], field, obj, buf, IBU_ATTR_SIZE);
	assert_true(len > 0);
	buf[len - 1] = '\0';
	return buf;
}

#define assert_nic(v, n, field, text)                                                              \
	assert_string_equal(shown(IBU_CLASS_NIC, &(v)->p.nics[n], field), text)
#define assert_target(v, n, field, text)                                                           \
	assert_string_equal(shown(IBU_CLASS_TARGET, &(v)->p.targets[n], field), text)

static inline void assert_diag(const struct parsed *v, const char *line)
{
	if (!v->d.text || !strstr(v->d.text, line))
		fail_msg("no such diagnostic: \"%s\" in:\n%s", line, v->d.text ? v->d.text : "");
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Between policy.c, the readers of its two sources, and the table of keys. */
#ifndef AGENT_PLAN_POLICY_PRIVATE_H
#define AGENT_PLAN_POLICY_PRIVATE_H

#include <limits.h>

#include "plan/policy.h"
#include "kmod/core/params.h"

/* Not configured yet: the default depends on other values. */
#define POLICY_UNSET INT_MIN

/* What a value is for, from the least to the most particular; it beats those before it. */
enum policy_level { LEVEL_ALL, LEVEL_TARGET, LEVEL_LUN, LEVEL_OTHER };

/* A source being read: where its values go, and how to report what is invalid. */
struct policy_source {
	struct policy *policy;
	struct ibu_diag *diag;
	const char *place; /* "cmdline", "/etc/iscsi-boot-agent.conf:3" */
	size_t offset; /* of the parameter in the command line */
	enum policy_level level; /* values of other levels are checked, but not kept */
	const struct timers_scope *scope; /* NULL at LEVEL_ALL */
};

/* policy_file.c: reads ROOT/etc/iscsi-boot-agent.conf. 0 or -ENOMEM. */
int policy_read_file(struct policy_source *src, const char *root);
/* policy_cmdline.c: reads the kernel command line. */
void policy_read_cmdline(struct policy_source *src, const char *cmdline);

/*
 * policy_keys.c: sets a key at @level. It is kept if that is the level of @src. @session_too: at
 * LEVEL_LUN also the timers of the session may be set.
 */
void policy_set_key(struct policy_source *src, enum policy_level level, bool session_too,
		    const struct ibu_text *key, const struct ibu_text *value);
/* policy_keys.c: sets a node.* parameter, which may be one of our timers; at LEVEL_ALL alone. */
void policy_set_param(struct policy_source *src, const struct ibu_text *name,
		      const struct ibu_text *value);
/* policy_keys.c: compares a key; '_' is the same as '-', as in names of kernel parameters. */
bool policy_key_is(const struct ibu_text *key, const char *name);
/* policy_keys.c: all of @value as a decimal number. 0 or -EINVAL. */
int policy_number(const struct ibu_text *value, long *number);

#endif

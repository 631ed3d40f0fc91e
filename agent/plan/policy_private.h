/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by policy.c, the readers of the two sources, and the table of keys. */
#ifndef AGENT_PLAN_POLICY_PRIVATE_H
#define AGENT_PLAN_POLICY_PRIVATE_H

#include <limits.h>

#include "plan/policy.h"
#include "kmod/core/params.h"

/* Not configured yet: the default depends on other values. */
#define POLICY_UNSET INT_MIN

/* The scope of a value, from general to specific. A more specific value overrides the others. */
enum policy_level { LEVEL_ALL, LEVEL_TARGET, LEVEL_LUN, LEVEL_OTHER };

/* The source that is being read: where its values are stored, and how invalid ones are reported. */
struct policy_source {
	struct policy *policy;
	struct ibu_diag *diag;
	const char *place; /* "cmdline", "/etc/iscsi-boot-agent.conf:3" */
	size_t offset; /* of the parameter in the command line */
	enum policy_level level; /* values of other levels are checked, but not kept */
	const struct timers_scope *scope; /* NULL at LEVEL_ALL */
};

/* policy_file.c: reads ROOT/etc/iscsi-boot-agent.conf. Returns 0 or -ENOMEM. */
int policy_read_file(struct policy_source *src, const char *root);
/* policy_cmdline.c: reads the kernel command line, at LEVEL_ALL. */
void policy_read_cmdline(struct policy_source *src, const char *cmdline);
/* policy_cmdline.c: reads the parameters of the target of @src, at LEVEL_LUN. */
void policy_read_target(struct policy_source *src, const struct policy_targets *targets);

/*
 * policy_keys.c: sets a key at @level. The value is kept only if the level of @src is the same.
 * @session_too: at LEVEL_LUN the timers of the session may be set too.
 */
void policy_set_key(struct policy_source *src, enum policy_level level, bool session_too,
		    const struct ibu_text *key, const struct ibu_text *value);
/* policy_keys.c: sets a node.* parameter, which may be one of the timers, at LEVEL_ALL. */
void policy_set_param(struct policy_source *src, const struct ibu_text *name,
		      const struct ibu_text *value);
/* policy_keys.c: compares a key; '_' is the same as '-', as in names of kernel parameters. */
bool policy_key_is(const struct ibu_text *key, const char *name);
/* policy_keys.c: reads all of @value as a decimal number. Returns 0 or -EINVAL. */
int policy_number(const struct ibu_text *value, long *number);

#endif

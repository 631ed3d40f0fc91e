// SPDX-License-Identifier: GPL-2.0-only
/* Reads the policy from the kernel command line: iscsi_boot.KEY=VALUE. */
#include "plan/policy_private.h"

#include <errno.h>
#include <string.h>

#include "plan/planner.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"

#define PREFIX "iscsi_boot."

/* Reads NAME=VALUE, the value of dracut's rd.iscsi.param=. */
static void read_dracut_param(struct policy_source *src, const struct ibu_text *both)
{
	const char *equals = memchr(both->s, '=', both->len);
	struct ibu_text name = { both->s, equals ? (u32)(equals - both->s) : both->len };
	struct ibu_text value = { name.s + name.len, both->len - name.len };

	if (equals) {
		value.s++;
		value.len--;
	}
	policy_set_param(src, &name, &value);
}

/* Cuts the prefix "iscsi_boot." off. */
static bool cut_prefix(struct ibu_text *name)
{
	const u32 len = strlen(PREFIX);

	if (name->len < len || memcmp(name->s, PREFIX, len))
		return false;
	name->s += len;
	name->len -= len;
	return true;
}

/* Cuts "target3." off "target3.KEY"; @n is 3. */
static bool cut_target(struct ibu_text *name, long *n)
{
	static const char prefix[] = "target";
	const u32 len = (u32)strlen(prefix);
	struct ibu_text digits = { name->s + len, 0 };
	const char *dot;

	dot = name->len > len && !memcmp(name->s, prefix, len) ? memchr(name->s, '.', name->len) :
								 NULL;
	if (!dot)
		return false;
	digits.len = (u32)(dot - digits.s);
	if (policy_number(&digits, n))
		return false;
	name->len -= (u32)(dot + 1 - name->s);
	name->s = dot + 1;
	return true;
}

/* Cuts the prefix off "target3.KEY", a key for target3 only. Returns the level of the key. */
static enum policy_level read_target_prefix(const struct policy_source *src, struct ibu_text *name)
{
	long n;

	if (!cut_target(name, &n))
		return LEVEL_ALL;
	return src->scope && n != (long)src->scope->number ? LEVEL_OTHER : LEVEL_LUN;
}

static void read_param(struct policy_source *src, struct ibu_text name,
		       const struct ibu_text *value)
{
	enum policy_level level;

	if (ibu_is(&name, "rd.iscsi.param") || ibu_is(&name, "iscsi_param"))
		read_dracut_param(src, value);
	if (!cut_prefix(&name) || policy_key_is(&name, "target") ||
	    policy_key_is(&name, "initiator")) /* the module reads these */
		return;
	level = read_target_prefix(src, &name);
	policy_set_key(src, level, true, &name, value);
}

void policy_read_cmdline(struct policy_source *src, const char *cmdline)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct ibu_text name, value;

	src->place = "cmdline";
	while (ibu_next_word(&s, end, &name, &value)) {
		src->offset = (size_t)(name.s - cmdline);
		if (ibu_is(&name, "rd.iscsi.param") || ibu_is(&name, "iscsi_param"))
			src->offset = (size_t)(value.s - cmdline);
		read_param(src, name, &value);
	}
}

/* True if the view or the plan has target@number. */
static bool is_target(const struct plan *plan, long number)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (number == (long)plan->paths[i].number)
			return true;
	return number < (long)plan->view->params.nr_targets;
}

enum status planner_check_policy_targets(struct planner *p)
{
	const char *cmdline = p->view->cmdline, *s = cmdline, *end = s + strlen(s), *param;
	struct ibu_text name, value;
	long n;

	while (ibu_next_word(&s, end, &name, &value)) {
		param = name.s;
		if (cut_prefix(&name) && cut_target(&name, &n) && !is_target(p->plan, n))
			ibu_diag_add(&p->diag, IBU_WARNING, "cmdline", "key",
				     (size_t)(param - cmdline), "there is no target%ld", n);
	}
	return STATUS_OK;
}

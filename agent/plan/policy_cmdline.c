// SPDX-License-Identifier: GPL-2.0-only
/* Reads the policy from the kernel command line: iscsi_boot.KEY=VALUE. */
#include "plan/policy_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
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

static void read_param(struct policy_source *src, struct ibu_text name,
		       const struct ibu_text *value)
{
	long n;

	if (ibu_is(&name, "rd.iscsi.param") || ibu_is(&name, "iscsi_param"))
		read_dracut_param(src, value);
	if (!cut_prefix(&name) || policy_key_is(&name, "target") ||
	    policy_key_is(&name, "initiator")) /* the module reads these */
		return;
	policy_set_key(src, cut_target(&name, &n) ? LEVEL_LUN : LEVEL_ALL, true, &name, value);
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

static int by_number(const void *a, const void *b)
{
	const struct policy_target *left = a, *right = b;

	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	return left->param < right->param ? -1 : left->param > right->param;
}

/* Counts the parameters; stores them too, if @targets has room. */
static void take_targets(const char *cmdline, struct policy_targets *targets)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct policy_target t;

	targets->nr = 0;
	while (ibu_next_word(&s, end, &t.key, &t.value)) {
		t.param = t.key.s;
		if (!cut_prefix(&t.key) || !cut_target(&t.key, &t.number))
			continue;
		if (targets->list)
			targets->list[targets->nr] = t;
		targets->nr++;
	}
}

int policy_find_targets(void **arena, const char *cmdline, struct policy_targets *targets)
{
	*targets = (struct policy_targets){ .list = NULL };
	take_targets(cmdline, targets);
	targets->list = arena_alloc(arena, targets->nr * sizeof(*targets->list));
	if (!targets->list)
		return -ENOMEM;
	take_targets(cmdline, targets);
	qsort(targets->list, targets->nr, sizeof(*targets->list), by_number);
	return 0;
}

/* Returns the position of the first parameter of target@number or of a higher one. */
static unsigned int first_of_target(const struct policy_targets *targets, long number)
{
	unsigned int low = 0, high = targets->nr;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (targets->list[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void policy_read_target(struct policy_source *src, const struct policy_targets *targets)
{
	const long number = (long)src->scope->number;
	unsigned int i = first_of_target(targets, number);

	src->place = "cmdline";
	for (; i < targets->nr && targets->list[i].number == number; i++)
		policy_set_key(src, LEVEL_LUN, true, &targets->list[i].key,
			       &targets->list[i].value);
}

enum status planner_check_policy_targets(struct planner *p)
{
	const struct policy_targets *targets = &p->plan->policy_targets;
	long last = (long)p->view->params.nr_targets - 1;
	unsigned int i;

	for (i = 0; i < p->plan->nr_paths; i++)
		if (last < (long)p->plan->paths[i].number)
			last = (long)p->plan->paths[i].number;
	for (i = first_of_target(targets, last + 1); i < targets->nr; i++)
		ibu_diag_add(&p->diag, IBU_WARNING, "cmdline", "key",
			     (size_t)(targets->list[i].param - p->view->cmdline),
			     "there is no target%ld", targets->list[i].number);
	return STATUS_OK;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Collects the values of the parameters that the planner reads, so that it reads them once. */
#include <string.h>

#include "base/arena.h"
#include "plan/planner.h"
#include "kmod/core/cmdline.h"

static const char *const planner_words[NR_PLANNER_WORDS] = {
	[WORD_BOND] = "bond",
	[WORD_BRIDGE] = "bridge",
	[WORD_BYPASS] = "rd.iscsi.bypass",
	[WORD_GK_IFACE] = "gk.net.iface",
	[WORD_GK_ROUTES] = "gk.net.routes",
	[WORD_IFNAME] = "ifname",
	[WORD_IP] = "ip",
	[WORD_ISCSIROOT] = "iscsiroot",
	[WORD_NETROOT] = "netroot",
	[WORD_NOIBFT] = "iscsi_noibft",
	[WORD_ROOT] = "root",
	[WORD_ROUTE] = "rd.route",
	[WORD_TEAM] = "team",
	[WORD_VLAN] = "vlan",
};

/* Counts the values; stores them too, where p->values has room for them. */
static void scan_words(struct planner *p)
{
	const char *s = p->view->cmdline, *end = s ? s + strlen(s) : NULL;
	struct ibu_text name, value;
	unsigned int i;

	while (s && ibu_next_word(&s, end, &name, &value)) {
		for (i = 0; i < NR_PLANNER_WORDS; i++)
			if (ibu_is(&name, planner_words[i]))
				break;
		if (i == NR_PLANNER_WORDS)
			continue;
		if (p->values[i])
			p->values[i][p->nr_values[i]] = value;
		p->nr_values[i]++;
	}
}

enum status planner_collect_words(struct planner *p)
{
	unsigned int i;

	scan_words(p);
	for (i = 0; i < NR_PLANNER_WORDS; i++) {
		p->values[i] =
			arena_alloc(&p->plan->arena, p->nr_values[i] * sizeof(*p->values[i]));
		if (!p->values[i])
			return planner_no_memory(p);
		p->nr_values[i] = 0;
	}
	scan_words(p);
	return STATUS_OK;
}

struct ibu_text planner_last_value(const struct planner *p, enum planner_word word)
{
	const unsigned int nr = p->nr_values[word];

	return nr ? p->values[word][nr - 1] : (struct ibu_text){ NULL, 0 };
}

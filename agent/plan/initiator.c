// SPDX-License-Identifier: GPL-2.0-only
/* Finds the initiator name, in the view or in the file of the image. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "iscsi/iscsi_name.h"
#include "plan/planner.h"

#define INITIATOR_FILE "/etc/iscsi/initiatorname.iscsi"

static const char *skip_space(const char *s, const char *end)
{
	while (s < end && isspace((unsigned char)*s))
		s++;
	return s;
}

/* Finds InitiatorName=... at the start of a line, as open-iscsi reads its file. */
static bool find_name_line(const char *text, size_t len, struct ibu_text *name)
{
	static const char key[] = "InitiatorName=";
	const char *end = text + len, *eol, *s;

	for (; text < end; text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		s = skip_space(text, eol);
		if ((size_t)(eol - s) < strlen(key) || memcmp(s, key, strlen(key)))
			continue;
		s = skip_space(s + strlen(key), eol);
		while (eol > s && isspace((unsigned char)eol[-1]))
			eol--;
		*name = (struct ibu_text){ s, (u32)(eol - s) };
		return true;
	}
	return false;
}

/* Returns 0, -ENOENT if neither the view nor the image has a name, or -ENOMEM. */
static int find_name(struct planner *p, struct ibu_text *name)
{
	const struct ibu_root *root = &p->view->params.root;
	ssize_t len;
	char *text;

	if (ibu_has(&root->f, IBU_ROOT_INITIATOR_NAME)) {
		*name = root->initiator_name;
		p->plan->initiator_from =
			root->initiator_source & IBU_FROM_CMDLINE ? "command line" : "firmware";
		return 0;
	}
	p->plan->initiator_from = INITIATOR_FILE;
	len = file_read(&p->plan->arena, &text, "%s" INITIATOR_FILE, p->root);
	if (len == -ENOMEM)
		return -ENOMEM;
	return len > 0 && find_name_line(text, (size_t)len, name) ? 0 : -ENOENT;
}

/* Logs the notes, which tell why each target was ignored, and the failure. */
static enum status fail_no_target(struct planner *p)
{
	unsigned int n, selected = 0, nr = p->view->params.nr_targets;
	char reason[64];

	for (n = 0; n < nr; n++)
		selected += p->view->params.targets[n].selected;
	snprintf(reason, sizeof(reason), "%u configured, %s", nr,
		 selected ? "0 valid" : "none selected");
	return planner_fail(p, STATUS_CONFIG, "cannot find a usable boot target", reason,
			    "iscsi-boot-agent show");
}

enum status planner_find_initiator(struct planner *p)
{
	struct ibu_text name;
	int err;

	if (!p->plan->nr_paths)
		return fail_no_target(p);
	err = find_name(p, &name);
	if (err == -ENOENT && p->plan->only_maybe)
		return planner_nothing(p);
	if (err == -ENOENT)
		return planner_fail(p, STATUS_CONFIG, "cannot find the initiator name",
				    "not in firmware table, command line or image",
				    "rd.iscsi.initiator=, or " INITIATOR_FILE " in the image");
	if (!err)
		p->plan->initiator_name = arena_text(&p->plan->arena, name.s, name.len);
	if (err || !p->plan->initiator_name)
		return planner_no_memory(p);
	if (iscsi_name_check(&name) == ISCSI_NAME_INVALID)
		return planner_fail(p, STATUS_CONFIG, "cannot use the initiator name",
				    "not " ISCSI_NAME_RULE, p->plan->initiator_from);
	if (iscsi_name_check(&name) == ISCSI_NAME_TOLERATED)
		ibu_diag_add(&p->diag, IBU_WARNING, "initiator", "initiator-name", IBU_NO_OFFSET,
			     "used unchanged, but not %s", ISCSI_NAME_RULE);
	return STATUS_OK;
}

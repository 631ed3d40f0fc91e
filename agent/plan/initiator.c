// SPDX-License-Identifier: GPL-2.0-only
/* Finds the initiator name, in the view or in the file of the image. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "iscsi/iscsi_name.h"
#include "plan/planner.h"
#include "view/view_fallback.h"

#define INITIATOR_FILE "/etc/iscsi/initiatorname.iscsi"

static const char by_rule[] = "the rule of the command line";

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

/* Returns 0, -ENOENT if the image has no name, or -ENOMEM. */
static int find_in_image(struct planner *p, const char **name)
{
	struct ibu_text found;
	ssize_t len;
	char *text;

	p->plan->initiator_from = INITIATOR_FILE;
	len = file_read(&p->plan->arena, &text, "%s" INITIATOR_FILE, p->root);
	if (len == -ENOMEM)
		return -ENOMEM;
	if (len <= 0 || !find_name_line(text, (size_t)len, &found))
		return -ENOENT;
	*name = arena_text(&p->plan->arena, found.s, found.len);
	return *name ? 0 : -ENOMEM;
}

static bool has_rule(const struct planner *p)
{
	const struct ibu_root *root = &p->view->params.root;
	const struct ibu_text *given = &root->initiator_name;

	return ibu_has(&root->f, IBU_ROOT_INITIATOR_NAME) &&
	       root->initiator_source & IBU_FROM_CMDLINE && memchr(given->s, '$', given->len);
}

/* Returns 0, -ENOENT if the view has no name, or as planner_expand_initiator(). */
static int find_in_view(struct planner *p, const char **name)
{
	const struct ibu_root *root = &p->view->params.root;
	const struct ibu_text *given = &root->initiator_name;

	if (!ibu_has(&root->f, IBU_ROOT_INITIATOR_NAME))
		return -ENOENT;
	p->plan->initiator_from = "firmware";
	if (root->initiator_source & IBU_FROM_CMDLINE)
		p->plan->initiator_from = "command line";
	if (has_rule(p)) {
		p->plan->initiator_from = by_rule;
		return planner_expand_initiator(p, given, name);
	}
	*name = arena_text(&p->plan->arena, given->s, given->len);
	return *name ? 0 : -ENOMEM;
}

/* Finds the name in the firmware's table, for a rule that the view shows in its place. */
static int find_in_firmware(struct planner *p, const char **name)
{
	p->plan->initiator_from = "firmware";
	return view_firmware_initiator(p->root, &p->plan->arena, name);
}

/* If no NIC exists yet, the name stays empty and the plan unsettled. */
static int find_name(struct planner *p, const char **name)
{
	int err = find_in_view(p, name);

	if (has_rule(p) && (err == -ENOENT || err == -EACCES))
		err = find_in_firmware(p, name);
	if (err == -ENOENT || err == -EACCES)
		err = find_in_image(p, name);
	if (err == -ENOENT && !p->plan->only_maybe)
		err = planner_make_initiator(p, name);
	if (err != -ENODEV)
		return err;
	*name = "";
	return 0;
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

/* Checks the name and notes what is unusual. */
static enum status check_name(struct planner *p, const char *text)
{
	const struct ibu_text name = { text, (u32)strlen(text) };
	const char *why = NULL;

	if (iscsi_name_check(&name) == ISCSI_NAME_INVALID)
		return planner_fail(p, STATUS_CONFIG, "cannot use the initiator name",
				    "not " ISCSI_NAME_RULE, p->plan->initiator_from);
	if (iscsi_name_check(&name) == ISCSI_NAME_TOLERATED)
		why = "used unchanged, but not " ISCSI_NAME_RULE;
	else if (strchr(":.-", text[name.len - 1]))
		why = "its end is missing: did the boot loader replace a variable such as ${mac}?";
	if (why)
		ibu_diag_add(&p->diag, IBU_WARNING, "initiator", "initiator-name", IBU_NO_OFFSET,
			     "%s", why);
	return STATUS_OK;
}

/* Tells which name a refused rule leaves. */
static void note_instead(struct planner *p, const char *name)
{
	if (has_rule(p) && p->plan->initiator_from != by_rule)
		ibu_diag_add(&p->diag, IBU_WARNING, "initiator", "initiator-name", IBU_NO_OFFSET,
			     "instead of the rule: %s, from %s", *name ? name : "a name made later",
			     p->plan->initiator_from);
}

enum status planner_find_initiator(struct planner *p)
{
	const char *name = NULL;
	enum status status;
	int err;

	if (!p->plan->nr_paths)
		return fail_no_target(p);
	err = find_name(p, &name);
	if (err == -ENOENT && p->plan->only_maybe)
		return planner_nothing(p);
	if (err == -ENOENT || err == -EACCES)
		return planner_fail(p, STATUS_CONFIG, "cannot find the initiator name",
				    err == -EACCES ?
					    "none is configured; only root can read the DMI UUID" :
					    "not in firmware table, command line or image",
				    "rd.iscsi.initiator=, or " INITIATOR_FILE " in the image");
	if (err)
		return planner_no_memory(p);
	p->plan->initiator_name = name;
	status = *name ? check_name(p, name) : STATUS_OK;
	if (status == STATUS_OK)
		note_instead(p, name);
	return status;
}

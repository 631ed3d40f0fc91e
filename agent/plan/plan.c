// SPDX-License-Identifier: GPL-2.0-only
#include "plan/plan.h"

#include <ctype.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "iscsi/iscsi_name.h"
#include "plan/planner.h"
#include "plan/policy.h"
#include "plan/transport.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"

#define INITIATOR_FILE "/etc/iscsi/initiatorname.iscsi"

/* The initiator's name */

static const char *skip_space(const char *s, const char *end)
{
	while (s < end && isspace((unsigned char)*s))
		s++;
	return s;
}

/* InitiatorName=... at the start of a line, as open-iscsi reads its file. */
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

/* 0, -ENOENT if neither the view nor the image gives a name, or -ENOMEM. */
static int find_initiator(struct planner *p, struct ibu_text *name)
{
	const struct ibu_root *root = &p->view->params.root;
	ssize_t len;
	char *text;

	if (ibu_has(&root->f, IBU_ROOT_INITIATOR_NAME)) {
		*name = root->initiator_name;
		p->plan->initiator_from = root->initiator_source & IBU_FROM_CMDLINE ?
						  "the command line" :
						  "the firmware";
		return 0;
	}
	p->plan->initiator_from = INITIATOR_FILE;
	len = file_read(&p->plan->arena, &text, "%s" INITIATOR_FILE, p->root);
	if (len == -ENOMEM)
		return -ENOMEM;
	return len > 0 && find_name_line(text, (size_t)len, name) ? 0 : -ENOENT;
}

static enum status no_memory(void)
{
	return log_failure("plan", STATUS_ERROR, "to plan the boot", strerror(ENOMEM),
			   "give the machine more memory");
}

static enum status set_initiator(struct planner *p)
{
	struct ibu_text name;
	int err = find_initiator(p, &name);

	if (err == -ENOENT && p->plan->only_maybe)
		return STATUS_NOTHING;
	if (err == -ENOENT)
		return log_failure("plan", STATUS_CONFIG, "to find this machine's initiator name",
				   "no firmware, no word and no file of the image gives one",
				   "rd.iscsi.initiator=, or " INITIATOR_FILE " in the image");
	if (!err)
		p->plan->initiator_name = arena_text(&p->plan->arena, name.s, name.len);
	if (err || !p->plan->initiator_name)
		return no_memory();
	if (iscsi_name_check(&name) == ISCSI_NAME_INVALID)
		return log_failure("plan", STATUS_CONFIG, "to use this machine's initiator name",
				   "it is not " ISCSI_NAME_RULE, p->plan->initiator_from);
	if (iscsi_name_check(&name) == ISCSI_NAME_TOLERATED)
		ibu_diag_add(&p->diag, IBU_WARNING, "initiator", "initiator-name", IBU_NO_OFFSET,
			     "not quite %s, used as it stands", ISCSI_NAME_RULE);
	return STATUS_OK;
}

/* Targets and their paths */

/* Nobody logs in with less than was configured. NULL, or what is missing. */
static const char *chap_fault(const struct ibu_target *t)
{
	bool user = ibu_has(&t->f, IBU_TARGET_CHAP_NAME);
	bool reverse = ibu_has(&t->f, IBU_TARGET_REV_CHAP_NAME);

	if (t->unsound)
		return "something of it cannot be read";
	if (t->chap_type > 2)
		return "it is of an unknown kind";
	if (!t->chap_type && (user || ibu_has(&t->f, IBU_TARGET_CHAP_SECRET)))
		return "there are credentials, but it says to use none";
	if (t->chap_type && !(user && ibu_has(&t->f, IBU_TARGET_CHAP_SECRET)))
		return "the name or the secret is missing";
	if (t->chap_type == 2 && !(reverse && ibu_has(&t->f, IBU_TARGET_REV_CHAP_SECRET)))
		return "the name or the secret of the reverse direction is missing";
	return NULL;
}

static bool check_portal(struct planner *p, unsigned int n, const struct ibu_target *t)
{
	if (ibu_has(&t->f, IBU_TARGET_IP_ADDR) && !ibu_addr_is_null(&t->ip))
		return true;
	if (ibu_has(&t->f, IBU_TARGET_HOST)) /* looked up in time */
		return true;
	planner_note(p, "target", n, "ip-addr", "not used: no portal");
	return false;
}

/* Over another transport than is wanted nobody logs in. */
static bool check_transport(struct planner *p, unsigned int n, const struct ibu_target *t)
{
	if (plan_transport_is_known(t))
		return true;
	planner_note(p, "target", n, "transport", "not used: there is none of that name");
	return false;
}

/* RFC 7143 9.2.1; shorter ones are used all the same, as by others. */
#define SECRET_MIN 12

static void note_short_secrets(struct planner *p, unsigned int n, const struct ibu_target *t)
{
	if ((t->chap_type && t->chap_secret.len < SECRET_MIN) ||
	    (t->chap_type > 1 && t->rev_chap_secret.len < SECRET_MIN))
		planner_note(p, "target", n, "chap-type",
			     "a secret is shorter than the %d bytes that RFC 7143 asks for",
			     SECRET_MIN);
}

/* Whether @t can be used, told if not. */
bool planner_check_target(struct planner *p, unsigned int n, const struct ibu_target *t)
{
	/* Without a name: the portal will be asked for it. */
	enum iscsi_name_syntax verdict = t->name.len ? iscsi_name_check(&t->name) :
						       ISCSI_NAME_STRICT;
	const char *fault = chap_fault(t);

	if (verdict == ISCSI_NAME_INVALID) {
		planner_note(p, "target", n, "target-name", "not used: it is not %s",
			     ISCSI_NAME_RULE);
		return false;
	}
	if (!check_portal(p, n, t) || !check_transport(p, n, t))
		return false;
	if (fault) {
		planner_note(p, "target", n, "chap-type", "not used: %s", fault);
		return false;
	}
	if (verdict == ISCSI_NAME_TOLERATED)
		planner_note(p, "target", n, "target-name", "not quite %s, used as it stands",
			     ISCSI_NAME_RULE);
	note_short_secrets(p, n, t);
	return true;
}

/* One session, one set of credentials: those that ask for more, of equals the first. */
static void agree_on_chap(struct planner *p, const struct plan_path *a, const struct plan_path *b)
{
	struct ibu_target *from = &p->targets[a->number], *to = &p->targets[b->number];

	if (endpoint_same_chap(&a->to, &b->to))
		return;
	if (to->chap_type > from->chap_type) {
		struct ibu_target *stricter = to;

		to = from;
		from = stricter;
	}
	planner_note(p, "target", (unsigned int)(to - p->targets), "chap-type",
		     "not its own credentials are used but those of target%u, %s",
		     (unsigned int)(from - p->targets),
		     from->chap_type == to->chap_type ? "which comes first" : "which are stricter");
	endpoint_copy_chap(to, from);
}

static void agree_with_all(struct planner *p, const struct plan_path *path)
{
	const struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (endpoint_same_session(&plan->paths[i].to, &path->to))
			agree_on_chap(p, &plan->paths[i], path);
}

static bool same_path(const struct plan_path *a, const struct plan_path *b)
{
	return endpoint_same_session(&a->to, &b->to) && a->nic == b->nic &&
	       endpoint_same_lun(&a->to, &b->to);
}

static bool is_repeated(struct planner *p, const struct plan_path *path)
{
	const struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++) {
		const struct plan_path *other = &plan->paths[i];

		if (same_path(other, path)) {
			planner_note(p, "target", path->number, "target-name",
				     "not used: the same as target%u", other->number);
			return true;
		}
		if (endpoint_same_session(&other->to, &path->to) &&
		    plan_transport(other->to.target) != plan_transport(path->to.target)) {
			planner_note(p, "target", path->number, "transport",
				     "not used: target%u goes there by another", other->number);
			return true;
		}
	}
	return false;
}

/* What the owner says of this path's. */
int planner_set_timers(struct planner *p, unsigned int number, const struct ibu_target *t,
		       struct timers *timers)
{
	struct timers_scope scope = { &t->name, number, -1 };

	if (ibu_has(&t->f, IBU_TARGET_LUN))
		scope.lun = ibu_lun_number(t->lun);
	return policy_timers(p->root, p->view->cmdline, &p->plan->policy, &scope, timers);
}

/* One session has one set of the timers that its LUNs share: those of its first path. */
static void agree_on_timers(struct planner *p, struct plan_path *path)
{
	const struct plan_path *first = p->plan->paths;

	while (first < path && !endpoint_same_session(&first->to, &path->to))
		first++;
	if (first < path && endpoint_share_timers(&path->timers, &first->timers))
		planner_note(p, "target", path->number, "timers",
			     "the session's timers are those of target%u, which shares it",
			     first->number);
}

static int add_path(struct planner *p, unsigned int n, const struct ibu_target *t)
{
	struct plan_path *path = &p->plan->paths[p->plan->nr_paths];
	int err;

	*path = (struct plan_path){ .number = n };
	endpoint_set(&path->to, t);
	planner_choose_nic(p, path);
	agree_with_all(p, path);
	if (is_repeated(p, path))
		return 0;
	err = planner_set_timers(p, n, t, &path->timers);
	if (!err)
		agree_on_timers(p, path);
	p->plan->nr_paths++;
	return err;
}

/* The plan has targets of its own, completed by what is in files. 0 or -ENOMEM. */
static int plan_target(struct planner *p, unsigned int n)
{
	struct ibu_target *t = &p->targets[n];
	int err;

	*t = p->view->params.targets[n];
	if (!t->selected)
		return 0;
	err = planner_read_secret(p, n, t);
	if (!err && planner_check_target(p, n, t))
		err = add_path(p, n, t);
	return err == -ENOMEM ? err : 0;
}

static int plan_targets(struct planner *p)
{
	enum root_path wanted = planner_wants_root_path(p->view);
	unsigned int n, nr = p->view->params.nr_targets, room = nr + p->nr_nics + 1;
	int err = 0;

	p->plan->paths = arena_alloc(&p->plan->arena, room * sizeof(*p->plan->paths));
	p->targets = arena_alloc(&p->plan->arena, room * sizeof(*p->targets));
	if (!p->plan->paths || !p->targets)
		return -ENOMEM;
	for (n = 0; n < nr && !err; n++)
		err = plan_target(p, n);
	if (!err && wanted != ROOT_PATH_UNWANTED)
		err = planner_add_root_paths(p, wanted);
	return err;
}

static enum status no_path(const struct planner *p)
{
	AUTO_ARENA arena = NULL;
	unsigned int n, selected = 0, nr = p->view->params.nr_targets;
	char *answer;

	for (n = 0; n < nr; n++)
		selected += p->view->params.targets[n].selected;
	answer =
		arena_printf(&arena, "targets %u, selected %u, and none can be used", nr, selected);
	return log_failure("plan", STATUS_CONFIG, "to find a target to boot from",
			   answer ? answer : "none",
			   "the lines above, and what iscsi-boot-agent show says");
}

/* One engine serves all logins, and our own has TCP alone. */
static void choose_engine(struct planner *p)
{
	struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_paths && !plan->by_transport; i++)
		plan->by_transport = plan_transport(plan->paths[i].to.target);
	if (!plan->by_transport)
		return;
	if (plan->policy.engine == ENGINE_NATIVE)
		ibu_diag_add(&p->diag, IBU_WARNING, "policy", "engine", IBU_NO_OFFSET,
			     "open-iscsi is used: native has no %s", plan->by_transport);
	plan->policy.engine = ENGINE_OPENISCSI;
}

static enum status decide(struct planner *p)
{
	int err;

	err = policy_read(p->root, p->view->cmdline, &p->plan->policy, &p->diag);
	if (!err)
		err = planner_join_nics(p);
	if (!err)
		err = planner_read_ifnames(p);
	if (!err)
		err = planner_read_routes(p);
	if (!err)
		err = plan_targets(p);
	if (err)
		return no_memory();
	planner_finish_nics(p);
	choose_engine(p);
	policy_check_targets(p->plan, &p->diag);
	return p->plan->nr_paths ? set_initiator(p) : STATUS_OK;
}

/* The notes, for whoever wants them later; at a failure they say why, so they are said at once. */
static enum status finish(struct planner *p, enum status status)
{
	struct plan *plan = p->plan;

	plan->notes = arena_text(&plan->arena, p->diag.text ? p->diag.text : "", p->diag.len);
	if (p->diag.lost || !plan->notes)
		return no_memory();
	if (status == STATUS_OK && plan->nr_paths)
		return STATUS_OK;
	log_diag("plan", p->diag.text, p->diag.len);
	return status == STATUS_OK ? no_path(p) : status;
}

static bool has_word(const char *cmdline, const char *word)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct ibu_text name, value;

	while (ibu_next_word(&s, end, &name, &value))
		if (name.len == strlen(word) && !memcmp(name.s, word, name.len))
			return true;
	return false;
}

/* Targets of a firmware that the command line refuses are none. */
static bool wants_nothing(const struct view *view)
{
	unsigned int n;

	if (planner_wants_root_path(view) != ROOT_PATH_UNWANTED)
		return false;

	for (n = 0; n < view->params.nr_targets; n++)
		if (view->params.targets[n].selected ||
		    view->params.targets[n].source & IBU_FROM_CMDLINE)
			return false;
	return !n || has_word(view->cmdline, "iscsi_noibft");
}

/* A local boot; or a word of ours that is misspelled, or a table that could not be read. */
static enum status nothing(struct planner *p)
{
	if (policy_read(p->root, p->view->cmdline, &p->plan->policy, &p->diag))
		return no_memory();
	log_diag("plan", p->diag.text, p->diag.len);
	if (!p->view->unread || has_word(p->view->cmdline, "iscsi_noibft"))
		return STATUS_NOTHING;
	return log_failure("plan", STATUS_ERROR, "to find what this machine boots from",
			   "there is a table of the firmware that cannot be read",
			   "that this runs as root; what iscsi-boot-agent show says of it");
}

enum status plan_make(const char *root, const struct view *view, struct plan *plan)
{
	struct planner p = { .root = root, .view = view, .plan = plan };
	enum status status;

	*plan = (struct plan){ .root_dir = root, .view = view };
	status = wants_nothing(view) ? nothing(&p) : finish(&p, decide(&p));
	ibu_diag_free(&p.diag);
	if (status != STATUS_OK)
		plan_free(plan);
	return status;
}

bool plan_path_is_roots(const struct plan *plan, const struct endpoint *to)
{
	const struct endpoint *first = &plan->paths[0].to;

	return ibu_text_eq(&first->target->name, &to->target->name) && endpoint_same_lun(first, to);
}

void plan_free(struct plan *plan)
{
	struct policy policy = plan->policy;

	arena_free(&plan->arena);
	*plan = (struct plan){ .policy = policy };
}

// SPDX-License-Identifier: GPL-2.0-only
/* The paths of the plan and what became of them; how a login is done is the engine's work. */
#include "login.h"

#include <string.h>

#include "cleanup.h"
#include "describe.h"
#include "log.h"
#include "session.h"
#include "steps.h"

bool path_same_lun(const struct plan_path *a, const struct plan_path *b)
{
	bool given = ibu_has(&a->target->f, IBU_TARGET_LUN);

	if (given != ibu_has(&b->target->f, IBU_TARGET_LUN))
		return false;
	return !given || !memcmp(a->target->lun, b->target->lun, sizeof(a->target->lun));
}

bool path_is_roots(const struct plan *plan, const struct plan_path *path)
{
	return ibu_text_eq(&plan->paths[0].target->name, &path->target->name) &&
	       path_same_lun(&plan->paths[0], path);
}

bool login_root_is_in(const struct plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (path_is_roots(plan, &plan->paths[i]) && plan->paths[i].result == STATUS_OK)
			return true;
	return false;
}

static const char *by_nic(void **arena, const struct plan_path *path)
{
	const char *name;

	if (!path->nic)
		return "any NIC";
	name = path->nic->ifname[0] ? path->nic->ifname : describe_nic(arena, path->nic);
	return name ? name : "?";
}

static enum status take_session(struct plan_path *path)
{
	struct session session;

	if (session_find(path, &session) || !session.logged_in)
		return STATUS_ERROR;
	path->sid = session.sid;
	path->host = session.host;
	return STATUS_OK;
}

void login_succeeded(struct plan_path *path, int64_t began_ns)
{
	AUTO_ARENA arena = NULL;
	const char *what = describe_path(&arena, path);

	path->result = take_session(path);
	if (path->result == STATUS_OK)
		log_info("login", "%s by %s: session%d after %.3f s", what, by_nic(&arena, path),
			 path->sid, (double)(now_ns() - began_ns) / 1e9);
	else
		log_failure("login", path->result, what,
			    "the login worked, but its session is gone again", "the kernel's log");
}

static const char *what_to_check(enum status status, const struct plan_path *path)
{
	const struct ibu_target *t = path->target;

	switch (status) {
	case STATUS_AUTH:
		if (!ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) || !t->chap_type)
			return "the target seems to want CHAP: user and secret are not given";
		return t->chap_type > 1 ? "CHAP user and secret, and those of the target itself" :
					  "CHAP user and secret, here and at the target";
	case STATUS_NO_TARGET:
		return "the target's name; at the target, that it lets this initiator in";
	case STATUS_NO_ANSWER:
		return "address and port, route, VLAN and firewall; that the target runs";
	case STATUS_REFUSED:
		return "at the target: its log, its list of initiators, its limits";
	case STATUS_NO_LINK:
		return "what is said above about its NIC";
	case STATUS_MODULE:
		return "that the image holds iscsistart and the modules iscsi_tcp and crc32c";
	default:
		return "the kernel's log";
	}
}

void login_failed(const struct plan *plan, struct plan_path *path, enum status status,
		  const char *answer)
{
	AUTO_ARENA arena = NULL;
	const char *what = describe_path(&arena, path);
	const char *tried = arena_printf(&arena, "to log in to %s by %s as %s", what ? what : "?",
					 by_nic(&arena, path), plan->initiator_name);

	path->result = status;
	log_failure("login", status, tried ? tried : "to log in", answer,
		    what_to_check(status, path));
}

static bool same_session(const struct plan_path *a, const struct plan_path *b)
{
	return ibu_text_eq(&a->target->name, &b->target->name) && a->port == b->port &&
	       !strcmp(a->portal, b->portal);
}

/* An earlier path that brings the session of this one: two LUNs of one target. */
static const struct plan_path *same_before(const struct plan *plan, unsigned int i)
{
	unsigned int j;

	for (j = 0; j < i; j++)
		if (same_session(&plan->paths[j], &plan->paths[i]))
			return &plan->paths[j];
	return NULL;
}

static void begin(const struct plan *plan, unsigned int i)
{
	struct plan_path *path = &plan->paths[i];
	AUTO_ARENA arena = NULL;

	path->sid = -1;
	path->host = -1;
	path->result = STATUS_NOTHING;
	if (same_before(plan, i)) {
		path->result = STATUS_ERROR; /* for now: what becomes of the other counts */
	} else if (take_session(path) == STATUS_OK) {
		path->result = STATUS_OK;
		log_info("login", "%s: logged in already, session%d", describe_path(&arena, path),
			 path->sid);
	} else if (path->nic && !path->nic->ifindex) {
		login_failed(plan, path, STATUS_NO_LINK, "not tried: its NIC is not up");
	}
}

static void end(const struct plan *plan, unsigned int i)
{
	const struct plan_path *same = same_before(plan, i);

	if (!same)
		return;
	plan->paths[i].result = same->result;
	plan->paths[i].sid = same->sid;
	plan->paths[i].host = same->host;
}

enum status login_all(struct plan *plan, struct deadline deadline)
{
	const struct engine *engine = &engine_openiscsi;
	unsigned int i, wanted = 0;

	for (i = 0; i < plan->nr_paths; i++) {
		begin(plan, i);
		wanted += plan->paths[i].result == STATUS_NOTHING;
	}
	if (wanted)
		engine->login(plan, deadline);
	for (i = 0; i < plan->nr_paths; i++)
		end(plan, i);
	if (!plan->nr_paths)
		return STATUS_NOTHING;
	return login_root_is_in(plan) ? STATUS_OK : plan->paths[0].result;
}

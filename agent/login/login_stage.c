// SPDX-License-Identifier: GPL-2.0-only
/* The login stage: decides which path logs in when, and retries failed attempts of the engine. */
#include "login/login.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/backoff.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "iscsi/chap.h"
#include "login/discovery.h"
#include "login/path_session.h"
#include "plan/describe.h"
#include "plan/transport.h"
#include "session/session_params.h"
#include "session/stale_sessions.h"

/* Time limit of a discovery. */
#define DISCOVERY_S 10

static const char *const failures[NR_FAILURES] = {
	[FAILURE_NETWORK] = "network: ",
	[FAILURE_PORTAL] = "portal refuses: ",
	[FAILURE_BUSY] = "busy: ",
	[FAILURE_REDIRECT] = "redirect: ",
	[FAILURE_TARGET] = "unknown target: ",
	[FAILURE_AUTH] = "authentication: ",
	[FAILURE_ALGORITHM] = "CHAP algorithms: ",
	[FAILURE_DENIED] = "target refuses: ",
	[FAILURE_OTHER] = "",
};

enum phase {
	IDLE, /* the path is not in this stage */
	FOLLOWS, /* another path logs in to the session of this one */
	WAITING, /* for the next attempt */
	TRYING, /* an attempt or a discovery is active */
};

struct login_attempt {
	enum phase phase;
	struct deadline until; /* of WAITING */
	unsigned int tries; /* failed attempts */
	struct verdict last; /* of the last attempt */
	struct discovery *discovery; /* in TRYING, if the path has no target name; else NULL */
};

struct login {
	struct loop *loop;
	const struct engine *engine;
	void *engine_data;
	struct login_attempt *attempts; /* one for each path */
	struct task entropy; /* waits until the kernel has random numbers */
	bool has_random; /* it has them */
	bool is_open; /* the engine; it needs the transport's module */
	bool warned; /* that secrets are in arguments */
	bool any_session; /* the kernel had a session, of any owner, when this turn began */
};

static struct login_attempt *login_attempt_of(const struct login *login, const struct path *path)
{
	return &login->attempts[path - login->loop->progress->paths];
}

bool login_iface(const struct progress *progress, const struct path *path,
		 struct login_iface *iface)
{
	const struct nic *nic = path->nic;

	if (!nic || !(nic->mac_is_unique || path->plan->shares_portal) ||
	    !(progress_has_several_nics(progress) || plan_wants_card(path->to.target) ||
	      endpoint_is_link_local(&path->to)))
		return false;
	snprintf(iface->name, sizeof(iface->name), SESSION_IFACE, nic->plan->number);
	iface->mac_text = mac_text(nic->mac);
	iface->mac = nic->mac_is_unique ? iface->mac_text.s : NULL;
	iface->netdev = nic->mac_is_unique ? NULL : nic->ifname;
	return true;
}

/* Returns the device name or a description of the path's NIC. */
static const char *by_nic(void **arena, const struct path *path)
{
	const char *name;

	if (!path->nic)
		return "any NIC";
	name = path->nic->ifname[0] ?
		       path->nic->ifname :
		       describe_nic(arena, path->nic->plan->number, path->nic->config);
	return name ? name : "?";
}

/* Sets sid and host of @path from its session in sysfs, if that is logged in. */
static enum status login_adopt_session(struct path *path)
{
	struct session session;

	if (path_session_find(path, &session) || !session.logged_in)
		return STATUS_ERROR;
	path->sid = session.sid;
	path->host = session.host;
	return STATUS_OK;
}

static const char *advice_for(enum status status, enum failure failure, const struct path *path)
{
	const struct ibu_target *t = path->to.target;

	if (failure == FAILURE_ALGORITHM)
		return "check node.session.auth.chap_algs: the target may support none of them";
	switch (status) {
	case STATUS_AUTH:
		if (!ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) || !t->chap_type)
			return "give CHAP user and secret: the target seems to require them";
		return t->chap_type > 1 ?
			       "check CHAP user and secret, and those of the target itself" :
			       "check CHAP user and secret, here and at the target";
	case STATUS_NO_TARGET:
		return "check the target's name, and that the target admits this initiator";
	case STATUS_NO_ANSWER:
		return "check address, port, route, VLAN and firewall, and that the target runs";
	case STATUS_REFUSED:
		return "check at the target: its log, its list of initiators, its limits";
	case STATUS_MODULE:
		return "check that the initramfs has crc32c, the transport's module, iscsistart";
	default:
		return "read the kernel log";
	}
}

static void login_fail(struct login *login, struct path *path, enum status status,
		       enum failure failure, const char *answer)
{
	const struct progress *progress = login->loop->progress;
	AUTO_ARENA arena = NULL;
	const char *what = describe_path(&arena, path->plan, &path->to);
	const char *tried = arena_printf(&arena, "cannot log in to %s by %s as %s",
					 what ? what : "?", by_nic(&arena, path),
					 progress->plan->initiator_name);

	login_attempt_of(login, path)->phase = IDLE;
	log_failure("login", status, tried ? tried : "cannot log in", answer,
		    advice_for(status, failure, path));
	path_fail(login->loop->progress, path, status, answer);
}

static void login_succeed(struct login *login, struct path *path)
{
	AUTO_ARENA arena = NULL;
	const char *what = describe_path(&arena, path->plan, &path->to);

	if (path->sid < 0 && login_adopt_session(path) != STATUS_OK) {
		login_fail(login, path, STATUS_ERROR, FAILURE_OTHER,
			   "logged in, but the session has disappeared");
		return;
	}
	login_attempt_of(login, path)->phase = IDLE;
	log_info("login", "%s by %s: session%d after %.3f s", what, by_nic(&arena, path), path->sid,
		 seconds_since(path->since_ns));
	path_goto(path, PATH_DISK);
}

/*
 * Returns the pause before the next attempt, in ms. It is less than a third of the time waited so
 * far: a target that starts within 6 s is found within 2 s.
 */
static unsigned int login_pause_ms(const struct path *path, struct verdict verdict,
				   unsigned int tries)
{
	struct backoff b = verdict.failure == FAILURE_BUSY ? backoff_busy : backoff_silent;
	unsigned int most = (unsigned int)(seconds_since(path->since_ns) * 1000 / 3);

	if (most < b.most_ms)
		b.most_ms = most > b.first_ms ? most : b.first_ms;
	return backoff_ms(&b, tries, random_number());
}

static void login_retry(struct login *login, struct path *path, struct verdict verdict,
			const char *answer)
{
	struct login_attempt *a = login_attempt_of(login, path);

	if (!path->why || strcmp(path->why, answer))
		log_info("login", "target%u at %s: %s; retrying", path->plan->number,
			 path->to.portal, answer);
	path_set_why(login->loop->progress, path, answer);
	a->last = verdict;
	a->phase = WAITING;
	a->until = (struct deadline){ 0 };
	if (verdict.failure == FAILURE_BUSY || !path_next_address(path))
		a->until = deadline_in_ms(login_pause_ms(path, verdict, ++a->tries));
}

void login_ended(struct login *login, struct path *path, struct verdict verdict, const char *answer)
{
	AUTO_ARENA arena = NULL;
	const char *text = arena_printf(&arena, "%s%s", failures[verdict.failure], answer);
	struct session session;

	answer = text ? text : answer;
	if (verdict.next == NEXT_LOOK && !path_session_find(path, &session) && session.logged_in)
		verdict = (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER };
	if (verdict.status == STATUS_OK) {
		login_succeed(login, path);
	} else if (verdict.next == NEXT_NONE) {
		login_fail(login, path, verdict.status, verdict.failure, answer);
	} else if (verdict.next == NEXT_TRY) {
		login_retry(login, path, verdict, answer);
	} else {
		stale_sessions_remove();
		login_retry(login, path, verdict,
			    "the kernel has a session to this target that is not logged in");
	}
}

static bool shares_session(const struct path *a, const struct path *b)
{
	return endpoint_same_session(&a->to, &b->to) &&
	       (!a->plan->shares_portal || !b->plan->shares_portal || a->nic == b->nic);
}

/* Returns the first path before @path with the same session, for another LUN, or NULL. */
static const struct path *session_owner(const struct progress *progress, const struct path *path)
{
	const struct path *other;

	for (other = progress->paths; other < path; other++)
		if (other->state != PATH_STANDBY && shares_session(other, path))
			return other;
	return NULL;
}

static void warn_about_secrets(struct login *login, const struct path *path)
{
	if (login->warned || login->engine != &engine_openiscsi ||
	    !ibu_has(&path->to.target->f, IBU_TARGET_CHAP_TYPE) || !path->to.target->chap_type)
		return;
	log_info("login",
		 "CHAP secrets are in iscsistart's arguments, which /proc shows to all users");
	login->warned = true;
}

static void login_begin(struct login *login, struct path *path)
{
	const struct progress *progress = login->loop->progress;
	struct login_attempt *a = login_attempt_of(login, path);
	AUTO_ARENA arena = NULL;

	*a = (struct login_attempt){ .last.status = STATUS_NO_ANSWER };
	path->sid = -1;
	if (session_owner(progress, path)) {
		a->phase = FOLLOWS;
	} else if (login->any_session && login_adopt_session(path) == STATUS_OK) {
		log_info("login", "%s: logged in already, session%d",
			 describe_path(&arena, path->plan, &path->to), path->sid);
		path_goto(path, PATH_DISK);
	} else {
		warn_about_secrets(login, path);
		a->phase = WAITING;
	}
}

/* Gives @path the result of the path whose session it shares. */
static void login_follow(struct login *login, struct path *path)
{
	const struct progress *progress = login->loop->progress;
	const struct path *owner = session_owner(progress, path);
	struct login_attempt *a = login_attempt_of(login, path);

	if (!owner) { /* the other path changed its address or its target's name */
		a->phase = WAITING;
		a->until = (struct deadline){ 0 };
		return;
	}
	if (owner->sid >= 0) {
		path->sid = owner->sid;
		path->host = owner->host;
		path_goto(path, PATH_DISK);
	} else if (owner->state == PATH_FAILED) {
		path_fail(login->loop->progress, path, owner->result, owner->why);
	} else {
		return;
	}
	a->phase = IDLE;
}

static void login_start(struct login *login, struct path *path)
{
	const struct progress *progress = login->loop->progress;
	struct login_attempt *a = login_attempt_of(login, path);

	if (session_owner(progress, path)) { /* the endpoint of @path has changed to its session */
		a->phase = FOLLOWS;
		return;
	}
	a->phase = TRYING;
	if (path->to.target->name.len) {
		login->engine->start(login->engine_data, path);
		return;
	}
	a->discovery = discovery_start(progress, path,
				       deadline_sooner(login->loop->deadline, DISCOVERY_S));
	if (!a->discovery)
		login_fail(login, path, STATUS_ERROR, FAILURE_OTHER, "no memory");
}

static void stop_discovery(struct login_attempt *a)
{
	discovery_free(a->discovery);
	a->discovery = NULL;
}

/*
 * Adds the other addresses of the target to those that are tried in turn: the portal may serve
 * discovery alone. It comes first, because it may be the way through an address translation.
 */
static void login_add_addresses(struct login *login, struct path *path,
				const struct discovered *found)
{
	unsigned int had = path->nr_addrs ? path->nr_addrs : 1;
	struct ibu_addr *addrs;

	addrs = arena_alloc(&login->loop->progress->arena,
			    (had + found->nr_elsewhere) * sizeof(*addrs));
	if (!addrs || !found->nr_elsewhere)
		return;
	if (path->nr_addrs)
		memcpy(addrs, path->addrs, had * sizeof(*addrs));
	else if (ibu_addr_parse(path->to.portal, strlen(path->to.portal), addrs))
		return;
	memcpy(addrs + had, found->elsewhere, found->nr_elsewhere * sizeof(*addrs));
	path->addrs = addrs;
	path->nr_addrs = had + found->nr_elsewhere;
}

/* Sets the target of @path to the discovered one. */
static void login_name_target(struct login *login, struct path *path,
			      const struct discovered *found)
{
	struct progress *progress = login->loop->progress;
	struct ibu_target *named = arena_alloc(&progress->arena, sizeof(*named));
	char *name = arena_printf(&progress->arena, "%s", found->name);

	if (!named || !name) {
		login_fail(login, path, STATUS_ERROR, FAILURE_OTHER, "no memory");
		return;
	}
	*named = *path->to.target;
	named->name = (struct ibu_text){ name, (u32)strlen(name) };
	ibu_set(&named->f, IBU_TARGET_NAME);
	if (found->tpgt >= 0 && !ibu_has(&named->f, IBU_TARGET_TPGT)) {
		named->tpgt = (u32)found->tpgt;
		ibu_set(&named->f, IBU_TARGET_TPGT);
	}
	path->to.target = named;
	login_add_addresses(login, path, found);
	log_info("login", "target%u: the portal %s has the target %s%s", path->plan->number,
		 path->to.portal, name, found->others ? ", the first of several" : "");
	login_attempt_of(login, path)->phase = IDLE;
}

static void login_step_discovery(struct login *login, struct path *path)
{
	struct login_attempt *a = login_attempt_of(login, path);
	struct discovered found;
	struct verdict verdict;
	const char *answer;

	if (!discovery_step(a->discovery, &verdict, &answer, &found))
		return;
	if (verdict.status == STATUS_OK)
		login_name_target(login, path, &found);
	else
		login_ended(login, path, verdict, answer);
	stop_discovery(a);
}

/* Ends the attempt of a path that goes by another NIC from now on. */
static void login_reroute(struct login *login, struct path *path)
{
	struct login_attempt *a = login_attempt_of(login, path);

	if (a->discovery)
		stop_discovery(a);
	else if (a->phase == TRYING)
		login->engine->stop(login->engine_data, path);
	a->phase = IDLE;
	path_goto(path, PATH_NET);
}

/* Only a process that waits for random numbers makes the kernel collect them. */
static int wait_for_random(const void *unused)
{
	char byte;

	return getrandom(&byte, 1, 0) == 1 ? 0 : errno;
}

/*
 * Returns true if the login needs no random numbers (only mutual CHAP does), or if the kernel has
 * them. Else waits for them in a child process, because getrandom() may block for long.
 */
static bool login_has_random(struct login *login, struct path *path)
{
	const struct ibu_target *t = path->to.target;
	int error;
	char byte;

	if (login->has_random || !ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) || t->chap_type < 2)
		return true;
	if (getrandom(&byte, 1, GRND_NONBLOCK) == 1) {
		task_abandon(&login->entropy);
		return login->has_random = true;
	}
	if (!task_is_running(&login->entropy) || task_has_ended(&login->entropy, &error))
		login->has_random = task_start(&login->entropy, wait_for_random, NULL);
	path_set_why(login->loop->progress, path, chap_no_random);
	return login->has_random; /* true if there is no child: then the login fails */
}

static void login_step_path(struct login *login, struct path *path)
{
	const struct login_attempt *a = login_attempt_of(login, path);

	if (path->reroute) {
		login_reroute(login, path);
		return;
	}

	if (a->phase == TRYING && a->discovery)
		login_step_discovery(login, path);
	if (path->state != PATH_LOGIN)
		return;
	if (a->phase == WAITING && !deadline_left_ms(a->until) && login_has_random(login, path))
		login_start(login, path);
	if (a->phase == FOLLOWS)
		login_follow(login, path);
}

/* Returns true if the kernel has any session. */
static bool sessions_exist(void)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");

	return sysfs_next(dir);
}

/* Opens the engine for the first path that logs in. Returns 0 or -errno. */
static int login_open_engine(struct login *login)
{
	const struct path *path = login->loop->progress->paths;
	const struct path *end = path + login->loop->progress->nr_paths;

	for (; path < end && !login->is_open; path++) {
		if (path->state != PATH_LOGIN)
			continue;
		login->is_open = true;
		stale_sessions_remove();
		session_mark_challenges();
		return login->engine->open(login, login->loop, login->engine_data);
	}
	return 0;
}

static int login_step(void *data)
{
	struct login *login = data;
	const struct progress *progress = login->loop->progress;
	unsigned int i;
	int r = login_open_engine(login);

	if (r || !login->is_open)
		return r;
	login->engine->step(login->engine_data);
	/* Read before new sessions appear: if the kernel has none yet, no path needs a search. */
	login->any_session = sessions_exist();
	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == PATH_LOGIN && login->attempts[i].phase == IDLE)
			login_begin(login, &progress->paths[i]);
	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == PATH_LOGIN)
			login_step_path(login, &progress->paths[i]);
	return 0;
}

static void login_waits(void *data, struct waits *waits)
{
	struct login *login = data;
	unsigned int i;

	for (i = 0; i < login->loop->progress->nr_paths; i++) {
		if (login->loop->progress->paths[i].state == PATH_LOGIN &&
		    login->attempts[i].phase == IDLE) /* its target has got a name */
			waits_until(waits, (struct deadline){ 0 });
		if (login->attempts[i].phase == WAITING &&
		    (deadline_left_ms(login->attempts[i].until) ||
		     !task_is_running(&login->entropy)))
			waits_until(waits, login->attempts[i].until);
		if (login->attempts[i].discovery)
			discovery_waits(login->attempts[i].discovery, waits);
	}
	if (task_is_running(&login->entropy))
		waits_fd(waits, login->entropy.pidfd, POLLIN);
	if (login->is_open)
		login->engine->waits(login->engine_data, waits);
}

static void login_give_up(void *data, struct path *path)
{
	struct login *login = data;
	struct login_attempt *a = login_attempt_of(login, path);
	AUTO_ARENA arena = NULL;
	const char *answer;

	if (a->discovery)
		stop_discovery(a);
	else if (a->phase == TRYING)
		login->engine->stop(login->engine_data, path);
	answer = arena_printf(&arena, "%s; %u tries in %.1f s",
			      path->why ? path->why : "no response before the deadline",
			      a->tries + (a->phase == TRYING), seconds_since(path->since_ns));
	login_fail(login, path, a->last.status, a->last.failure, answer ? answer : "no response");
}

static int login_open(struct loop *loop, void *data)
{
	struct login *login = data;

	login->loop = loop;
	login->entropy = TASK_NONE;
	login->engine = loop->plan->policy.engine == ENGINE_OPENISCSI ? &engine_openiscsi :
									&engine_native;
	login->attempts = calloc(loop->progress->nr_paths + 1, sizeof(*login->attempts));
	login->engine_data = login->attempts ? calloc(1, login->engine->size) : NULL;
	return login->engine_data ? 0 : -ENOMEM;
}

static void login_close(void *data)
{
	struct login *login = data;
	unsigned int i;

	if (login->is_open)
		login->engine->close(login->engine_data);
	free(login->engine_data);
	task_abandon(&login->entropy);
	for (i = 0; login->attempts && i < login->loop->progress->nr_paths; i++)
		stop_discovery(&login->attempts[i]);
	free(login->attempts);
}

const struct stage stage_login = {
	.name = "login",
	.size = sizeof(struct login),
	.open = login_open,
	.step = login_step,
	.waits = login_waits,
	.give_up = login_give_up,
	.state = PATH_LOGIN,
	.close = login_close,
};

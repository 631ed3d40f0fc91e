// SPDX-License-Identifier: GPL-2.0-only
/* Decides whether guard or iscsid may act on sessions, and terminates an iscsid that is stuck. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "guard/exec_watch.h"
#include "guard/guard.h"
#include "guard/guard_private.h"
#include "session/boot_record.h"

/*
 * The kernel reports a lost connection only if it has memory for the event, and never reports a
 * login. So sysfs is read at this interval too.
 */
#define RESCAN_MS 2000
/*
 * The same while iscsid starts, is being terminated, or has to reconnect a session, and while the
 * guard reconnects one.
 */
#define RESCAN_SOON_MS 250
/* If the boot record has no limit: it is of an earlier version. */
#define LIMIT_S 30

static bool any_session(const struct guard *g, bool (*is)(const struct guard_session *s))
{
	const struct guard_session *s = g->list;

	while (s && !is(s))
		s = s->next;
	return s;
}

static bool is_down(const struct guard_session *s)
{
	return s->down;
}

static bool is_reconnecting(const struct guard_session *s)
{
	return s->fsm.state != GUARD_LOGGED_IN;
}

static bool is_hung(const struct guard_session *s)
{
	return s->watch.hung;
}

unsigned int standby_rescan_ms(const struct guard *g)
{
	bool soon = g->standby.state == STANDBY_WAIT || g->standby.state == STANDBY_KILL ||
		    (g->standby.state == STANDBY_ACT && any_session(g, is_reconnecting)) ||
		    (g->standby.state == STANDBY_YIELD && any_session(g, is_down));

	return soon ? RESCAN_SOON_MS : RESCAN_MS;
}

/* The policy that boot recorded; a later boot may have replaced it. */
static void read_limit(struct guard *g)
{
	struct boot_record record;

	g->limit_s = LIMIT_S;
	if (boot_record_read(&record))
		return;
	if (record.guard_standby)
		g->limit_s = (unsigned int)strtoul(record.guard_standby, NULL, 10);
	boot_record_free(&record);
}

/* The descriptor only wakes the guard early; without it, sysfs and /proc are read in time. */
static void watch_process(struct guard *g)
{
	cleanup_fd(&g->pidfd);
	g->pidfd = -1;
	if (!g->standby.pid)
		return;
	g->pidfd = (int)syscall(SYS_pidfd_open, g->standby.pid, 0);
}

static bool iscsid_has_ended(const struct guard *g)
{
	struct pollfd p = { .fd = g->pidfd, .events = POLLIN };

	return g->pidfd >= 0 && poll(&p, 1, 0) > 0;
}

/* Without these events, /proc is searched for an iscsid that starts, before each request. */
static void open_execs(struct guard *g)
{
	int fd = exec_watch_open();

	g->execs = fd < 0 ? -1 : fd;
	g->exec_seen = false;
	/* It may have begun before. */
	g->starts_until_ns = 0;
	if (iscsid_starting(true).is != ISCSID_NONE)
		g->starts_until_ns = now_ns() + ISCSID_START_MS * 1000000LL;
	if (fd < 0 && !g->execs_fail)
		log_warning("guard",
			    "cannot receive process events: %s; looking for iscsid instead",
			    strerror(-fd));
	g->execs_fail = fd < 0;
}

static void watch_execs(struct guard *g)
{
	bool wanted = g->standby.state == STANDBY_ACT && any_session(g, is_reconnecting);

	if (wanted && g->execs < 0)
		open_execs(g);
	else if (!wanted && g->execs >= 0)
		exec_watch_close(&g->execs);
	if (g->execs < 0 || !exec_watch_receive(g->execs))
		return;
	g->exec_seen = true;
	g->starts_until_ns = now_ns() + ISCSID_START_MS * 1000000LL;
}

static struct iscsid find_start(const struct guard *g)
{
	if (g->execs >= 0 && now_ns() >= g->starts_until_ns)
		return (struct iscsid){ .is = ISCSID_NONE };
	return iscsid_starting(!g->exec_seen || g->execs < 0);
}

/* Once iscsid has the sessions, its own state is enough: other processes need not be searched. */
static struct iscsid find_iscsid(const struct guard *g)
{
	struct iscsid found = { .is = ISCSID_NONE };

	if (g->standby.state != STANDBY_YIELD && g->standby.state != STANDBY_KILL)
		found = iscsid_probe(g->nl.port);
	else if (!iscsid_has_ended(g))
		found = iscsid_check(g->standby.pid);
	if (found.is == ISCSID_NONE &&
	    (g->standby.state != STANDBY_ACT || any_session(g, is_reconnecting)))
		found = find_start(g);
	return found;
}

static void kill_iscsid(struct guard *g, const char *reason)
{
	int r = g->pidfd >= 0 ? (int)syscall(SYS_pidfd_send_signal, g->pidfd, SIGKILL, NULL, 0) :
				kill(g->standby.pid, SIGKILL);

	log_warning("guard", "iscsid (process %d) %s: terminating it%s%s", (int)g->standby.pid,
		    reason, r && errno != ESRCH ? ": " : "",
		    r && errno != ESRCH ? strerror(errno) : "");
	g->past->terminated++;
}

static void hand_over(struct guard *g)
{
	struct guard_session *s;

	g->past->served = g->standby.pid;
	for (s = g->list; s; s = s->next)
		s->stale = true;
	log_info("guard", "iscsid (process %d) is running: it takes over the sessions%s",
		 (int)g->standby.pid, g->limit_s ? ", the guard stands by" : "");
}

/* @before: iscsid until now. */
static void do_act(struct guard *g, enum standby_act act, pid_t before)
{
	g->changed |= act != STANDBY_NOTHING;
	switch (act) {
	case STANDBY_NOTHING:
		break;
	case STANDBY_HAND_OVER:
		hand_over(g);
		break;
	case STANDBY_TAKE_OVER:
		g->rescan = true;
		g->past->served = 0; /* another process may get its number */
		log_warning("guard", "iscsid (process %d) has ended: the guard reconnects",
			    (int)before);
		break;
	case STANDBY_SEND_KILL:
		kill_iscsid(g, "is blocked on disk I/O");
		break;
	case STANDBY_SEND_KILL_HUNG:
		kill_iscsid(g, "does not reconnect a session whose portal answers");
		break;
	}
}

bool guard_may_act(struct guard *g)
{
	pid_t before = g->standby.pid;
	struct standby_view view = { .lost = any_session(g, is_down),
				     .hung = g->limit_s && any_session(g, is_hung) };
	enum standby_act act;
	bool serves;

	watch_execs(g);
	view.iscsid = find_iscsid(g);
	serves = view.iscsid.is != ISCSID_NONE && view.iscsid.is != ISCSID_STARTS;
	if (serves && g->standby.state == STANDBY_ACT)
		read_limit(g);
	g->touched &= serves;
	view.off = !g->limit_s;
	view.served = view.iscsid.pid && view.iscsid.pid == g->past->served;
	view.touched = g->touched;
	act = standby_fsm_step(&g->standby, &view, now_ns());
	if (g->standby.pid != before)
		watch_process(g);
	do_act(g, act, before);
	return standby_fsm_may_act(&g->standby);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Main loop of the guard: adds and removes sessions, and writes the file that status reads. */
#include "guard/guard.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/text_stream.h"
#include "guard/exec_watch.h"
#include "guard/guard_private.h"
#include "iscsi/portal_addr.h"
#include "session/session_params.h"
#include "session/session_sysfs.h"

static struct guard_session *find_session(const struct guard *g, int sid)
{
	struct guard_session *s = g->list;

	while (s && s->snapshot.session.sid != sid)
		s = s->next;
	return s;
}

/* The guard can only make TCP connections. */
static bool is_tcp(struct guard *g, int sid)
{
	AUTO_ARENA arena = NULL;
	const char *name = session_transport(&arena, sid);

	if (name && !strcmp(name, "tcp"))
		return true;
	if (!g->transport_logged)
		log_warning("guard", "session%d: not guarded: its transport is %s, not tcp", sid,
			    name ? name : "?");
	g->transport_logged = true;
	return false;
}

/* Logs a failure; the same one only once, because each rescan tries again. */
static void log_unread(struct guard *g, int sid, int r)
{
	if (g->failed_sid != sid || g->failed_error != r)
		log_warning("guard", "session%d: not guarded: %s", sid, strerror(-r));
	g->failed_sid = sid;
	g->failed_error = r;
}

static void log_added(const struct session_snapshot *k, bool lost)
{
	AUTO_ARENA arena = NULL;
	const char *portal = portal_text(&arena, k->portal, k->port);

	log_info("guard", "session%d to %s at %s%s", k->session.sid, k->login.target_name,
		 portal ? portal : "?", lost ? ", connection lost" : "");
}

static void add_session(struct guard *g, int sid, bool lost)
{
	struct guard_session *s = calloc(1, sizeof(*s));
	int r = s ? session_snapshot_read(&s->snapshot, sid) : -ENOMEM;

	if (!r)
		r = iscsi_nl_select_transport(&g->nl, sid);
	if (r) {
		log_unread(g, sid, r);
		if (s)
			session_snapshot_wipe(&s->snapshot);
		free(s);
		return;
	}
	s->fd = -1;
	s->lost = lost && g->acts;
	s->down = lost;
	s->held = !g->acts;
	moved_portal_read(s);
	reconnect_fsm_init(&s->fsm, now_ns());
	s->next = g->list;
	g->list = s;
	g->changed = true;
	log_added(&s->snapshot, lost);
}

static void read_session(struct guard *g, int sid)
{
	enum session_snapshot_state state = session_snapshot_state(sid);
	struct guard_session *s = find_session(g, sid);

	if (s) {
		s->gone = state == SESSION_GONE;
		s->down = state == SESSION_LOST;
		s->lost |= s->down && g->acts && s->fsm.state == GUARD_LOGGED_IN;
	} else if ((state == SESSION_LOGGED_IN || state == SESSION_LOST) &&
		   session_snapshot_is_recorded(sid) && is_tcp(g, sid)) {
		add_session(g, sid, state == SESSION_LOST);
	}
}

static void read_sessions(struct guard *g)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	struct guard_session *s;
	const char *name;
	int sid;

	g->rescan = false;
	guard_may_act(g);
	for (s = g->list; s; s = s->next)
		s->gone = !!dir;
	while ((name = sysfs_next(dir)))
		if (sscanf(name, "session%d", &sid) == 1)
			read_session(g, sid);
}

static void remove_gone(struct guard *g)
{
	struct guard_session **at = &g->list, *s;

	while ((s = *at)) {
		if (!s->gone) {
			at = &s->next;
			continue;
		}
		log_info("guard", "session%d: no longer exists", s->snapshot.session.sid);
		*at = s->next;
		g->changed = true;
		guard_session_free(s);
	}
}

static long process_locked_kib(pid_t pid)
{
	static const char key[] = "\nVmLck:\t";
	AUTO_ARENA arena = NULL;
	char *status, *at;

	if (sysfs_read(&arena, &status, "/proc/%d/status", (int)pid) < 0)
		return 0;
	at = strstr(status, key);
	return at ? strtol(at + strlen(key), NULL, 10) : 0;
}

/* Returns the memory that worker and parent process have locked, in KiB. */
static long locked_kib(void)
{
	return process_locked_kib(getpid()) + process_locked_kib(getppid());
}

static void print_status(const struct guard *g, FILE *out)
{
	const struct guard_session *s;

	fprintf(out, "%d\nsince=%.3f\nremade=%u\n", (int)getpid(), (double)g->past->since_ns / 1e9,
		g->past->remade);
	if (g->standby.state == STANDBY_YIELD || g->standby.state == STANDBY_EXIT)
		fprintf(out, "iscsid=%d\n", (int)g->standby.pid);
	if (g->standby.state == STANDBY_EXIT)
		fputs("standby=off\n", out);
	fprintf(out, "terminated=%u\nlocked=%ld\nsessions=", g->past->terminated, locked_kib());
	for (s = g->list; s; s = s->next)
		fprintf(out, "%s%d", s == g->list ? "" : " ", s->snapshot.session.sid);
	fputc('\n', out);
}

/* The file is overwritten, because a new one would need memory while the root disk is lost. */
static void write_status(struct guard *g)
{
	struct text_stream text;
	FILE *out = text_stream_open(&text);

	g->changed = false;
	if (!out)
		return;
	print_status(g, out);
	errno = ENOSPC; /* for a short write */
	if (text_stream_close(&text) ||
	    pwrite(g->file, text.text, text.len, 0) != (ssize_t)text.len ||
	    ftruncate(g->file, (off_t)text.len))
		log_warning("guard", "cannot write /run/iscsi-boot/guard: %s", strerror(errno));
	free(text.text);
}

static void free_sessions(struct guard *g)
{
	struct guard_session *s, *next;

	for (s = g->list; s; s = next) {
		next = s->next;
		guard_session_free(s);
	}
}

static short guard_events(const struct guard *g, const struct guard_session *s)
{
	return !g->acts || s->fsm.state == GUARD_CONNECT ? POLLOUT : 0;
}

/* Waits for events until @until. A socket without room in @fds is checked then. */
static void guard_wait(struct guard *g, struct deadline until)
{
	struct pollfd fds[64] = { { .fd = g->nl.fd, .events = POLLIN },
				  { .fd = g->pidfd, .events = POLLIN },
				  { .fd = g->execs, .events = POLLIN } };
	const struct guard_session *s;
	nfds_t nr = 3;

	for (s = g->list; s; s = s->next) {
		int64_t at = g->acts ? s->fsm.until_ns : portal_watch_until(&s->watch);

		if (at < until.at_ns)
			until.at_ns = at;
		if (s->fd >= 0 && nr < ARRAY_SIZE(fds)) /* errors are reported in any case */
			fds[nr++] = (struct pollfd){ .fd = s->fd, .events = guard_events(g, s) };
	}
	(void)poll(fds, nr, deadline_left_ms(until));
	g->rescan |= !!fds[1].revents;
	if (fds[2].revents)
		guard_may_act(g);
}

static void guard_turn(struct guard *g, struct deadline *rescan_at)
{
	struct guard_session *s;

	guard_receive_events(g);
	if (g->rescan || !deadline_left_ms(*rescan_at)) {
		read_sessions(g);
		*rescan_at = deadline_in_ms(standby_rescan_ms(g));
	}
	standby_switch(g);
	remove_gone(g);
	for (s = g->list; s; s = s->next) {
		if (g->acts)
			guard_session_step(g, s);
		else
			standby_session_step(g, s);
	}
	if (g->changed)
		write_status(g);
}

int guard_run(int file, struct guard_past *past)
{
	struct guard g = { .rescan = true,
			   .changed = true,
			   .acts = true,
			   .file = file,
			   .past = past,
			   .pidfd = -1,
			   .execs = -1 };
	struct deadline rescan_at = { 0 };
	int r = iscsi_nl_open(&g.nl, -1);

	if (r && r != -ENOENT) /* iscsi_tcp may be loaded later */
		return r;
	session_mark_challenges();
	log_info("guard", "%ld KiB of memory locked", locked_kib());
	while (g.standby.state != STANDBY_EXIT) {
		guard_turn(&g, &rescan_at);
		if (!g.rescan && g.standby.state != STANDBY_EXIT)
			guard_wait(&g, rescan_at);
	}
	standby_switch(&g);
	write_status(&g);
	exec_watch_close(&g.execs);
	free_sessions(&g);
	iscsi_nl_close(&g.nl);
	return 0;
}

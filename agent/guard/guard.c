// SPDX-License-Identifier: GPL-2.0-only
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
#include "guard/guard_private.h"
#include "guard/iscsid_probe.h"
#include "session/session_sysfs.h"

/*
 * The kernel tells of a lost connection where it has memory for that at this moment, and tells
 * nobody of a login; so it is looked at, too.
 */
#define LOOK_MS 2000
/* What waits for its own disk for so long waits for us. */
#define STUCK_NS 1000000000LL

static struct guard_session *find(const struct guard *g, int sid)
{
	struct guard_session *s = g->list;

	while (s && s->snapshot.session.sid != sid)
		s = s->next;
	return s;
}

static void hear_one(struct guard *g, const struct iscsi_nl_event *event)
{
	struct guard_session *s = find(g, event->sid);

	switch (event->type) {
	case ISCSI_NL_CONN_ERROR:
		if (s)
			s->lost = true;
		else
			g->look = true;
		break;
	case ISCSI_NL_PDU:
		if (s && s->bound) {
			s->answer = event->pdu;
			s->answered = true;
			break;
		}
		g->look = true; /* somebody else's login */
		break;
	case ISCSI_NL_LOST:
	case ISCSI_NL_CREATED:
	case ISCSI_NL_DESTROYED:
		g->look = true;
		break;
	case ISCSI_NL_OTHER:
		break;
	}
}

void guard_hear(struct guard *g)
{
	static struct iscsi_nl_event event;

	while (!iscsi_nl_recv_event(&g->transport, &event))
		hear_one(g, &event);
}

bool guard_may_act(struct guard *g)
{
	struct iscsid iscsid = iscsid_probe(g->transport.port);

	if (iscsid.is == ISCSID_WORKS && !g->done) {
		g->done = true;
		g->iscsid = iscsid.pid;
	}
	if (iscsid.is != ISCSID_STUCK)
		g->stuck_ns = 0;
	else if (!g->stuck_ns)
		g->stuck_ns = now_ns();
	return iscsid.is == ISCSID_NONE || (g->stuck_ns && now_ns() - g->stuck_ns >= STUCK_NS);
}

/* Connections of TCP are all that can be made here. */
static bool is_by_tcp(struct guard *g, int sid)
{
	AUTO_ARENA arena = NULL;
	const char *name = session_transport(&arena, sid);

	if (name && !strcmp(name, "tcp"))
		return true;
	if (!g->told)
		log_warning("guard", "session%d: by %s, which is not guarded: TCP alone is", sid,
			    name ? name : "?");
	g->told = true;
	return false;
}

static void adopt(struct guard *g, int sid, bool lost)
{
	struct guard_session *s = calloc(1, sizeof(*s));
	int r = s ? session_snapshot_read(&s->snapshot, sid) : -ENOMEM;

	if (!r)
		r = iscsi_nl_select_transport(&g->transport, sid);
	if (r) {
		if (g->refused_sid != sid || g->refused != r) /* each look tries again */
			log_warning("guard", "session%d is not guarded: %s", sid, strerror(-r));
		g->refused_sid = sid;
		g->refused = r;
		if (s)
			session_snapshot_wipe(&s->snapshot);
		free(s);
		return;
	}
	s->fd = -1;
	s->lost = lost;
	reconnect_fsm_init(&s->machine, now_ns());
	s->next = g->list;
	g->list = s;
	g->news = true;
	log_info("guard", "session%d to %s at %s port %u%s", sid, s->snapshot.login.target_name,
		 s->snapshot.portal, s->snapshot.port, lost ? ", which is lost" : "");
}

static void look_at_session(struct guard *g, int sid)
{
	enum session_snapshot_state state = session_snapshot_state(sid);
	struct guard_session *s = find(g, sid);

	if (s) {
		s->gone = state == SESSION_GONE;
		s->lost |= state == SESSION_LOST && s->machine.state == GUARD_LOGGED_IN;
	} else if ((state == SESSION_LOGGED_IN || state == SESSION_LOST) &&
		   session_snapshot_is_recorded(sid) && is_by_tcp(g, sid)) {
		adopt(g, sid, state == SESSION_LOST);
	}
}

static void look(struct guard *g)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	struct guard_session *s;
	const char *name;
	int sid;

	g->look = false;
	guard_may_act(g);
	for (s = g->list; s; s = s->next)
		s->gone = !!dir;
	while (!g->done && (name = sysfs_next(dir)))
		if (sscanf(name, "session%d", &sid) == 1)
			look_at_session(g, sid);
}

static void bury(struct guard *g)
{
	struct guard_session **at = &g->list, *s;

	while ((s = *at)) {
		if (!s->gone) {
			at = &s->next;
			continue;
		}
		log_info("guard", "session%d is gone", s->snapshot.session.sid);
		*at = s->next;
		g->news = true;
		guard_session_free(s);
	}
}

/* For status. The file keeps its room, so that none is asked for when the root is lost. */
static void tell(struct guard *g)
{
	const struct guard_session *s;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	g->news = false;
	if (!out)
		return;
	fprintf(out, "%d\nsince=%.3f\nremade=%u\n", (int)getpid(), (double)g->past->since_ns / 1e9,
		g->past->remade);
	if (g->done)
		fprintf(out, "iscsid=%d\n", (int)g->iscsid);
	fputs("sessions=", out);
	for (s = g->list; s; s = s->next)
		fprintf(out, "%s%d", s == g->list ? "" : " ", s->snapshot.session.sid);
	fputc('\n', out);
	if (fclose(out) || pwrite(g->file, text, len, 0) != (ssize_t)len ||
	    ftruncate(g->file, (off_t)len))
		log_warning("guard", "what status reads: %s", strerror(errno));
	free(text);
}

static void free_all(struct guard *g)
{
	struct guard_session *s, *next;

	for (s = g->list; s; s = next) {
		next = s->next;
		guard_session_free(s);
	}
}

/* Until something is to be done; what there is no room to wait for is looked at in time. */
static void wait_for(const struct guard *g, struct deadline until)
{
	struct pollfd fds[64] = { { .fd = g->transport.fd, .events = POLLIN } };
	const struct guard_session *s;
	nfds_t nr = 1;

	for (s = g->list; s; s = s->next) {
		if (s->machine.until_ns < until.at_ns)
			until.at_ns = s->machine.until_ns;
		if (s->machine.state == GUARD_CONNECT && nr < ARRAY_SIZE(fds))
			fds[nr++] = (struct pollfd){ .fd = s->fd, .events = POLLOUT };
	}
	(void)poll(fds, nr, deadline_left_ms(until));
}

static void turn(struct guard *g, struct deadline *look_at)
{
	struct guard_session *s;

	guard_hear(g);
	if (g->look || !deadline_left_ms(*look_at)) {
		look(g);
		*look_at = deadline_in_ms(LOOK_MS);
	}
	if (!g->done)
		bury(g);
	for (s = g->list; s && !g->done; s = s->next)
		guard_session_step(g, s);
	if (g->news)
		tell(g);
}

int guard_run(int file, struct guard_past *past)
{
	struct guard g = { .look = true, .news = true, .file = file, .past = past };
	struct deadline look_at = { 0 };
	int r = iscsi_nl_open(&g.transport, -1);

	if (r && r != -ENOENT) /* TCP may come yet */
		return r;
	while (!g.done) {
		turn(&g, &look_at);
		if (!g.done && !g.look)
			wait_for(&g, look_at);
	}
	tell(&g);
	log_info("guard", "iscsid (process %d) works: the sessions are its own now", (int)g.iscsid);
	free_all(&g);
	iscsi_nl_close(&g.transport);
	return 0;
}

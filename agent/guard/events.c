// SPDX-License-Identifier: GPL-2.0-only
/* Receives the kernel's iSCSI events. */
#include "base/deadline.h"
#include "guard/guard_private.h"

/* iscsid waits as the target asked; a later message does not end that. */
static void mark_quiet(struct guard_session *s, const struct async_message *m)
{
	int64_t until = now_ns() + async_wait_s(m) * 1000000000LL;

	if (until > s->quiet_ns)
		s->quiet_ns = until;
}

/*
 * Returns true if @pdu is an Async Message or a Logout Response. While iscsid has the session, it
 * acts on them.
 */
static bool mark_async(const struct guard *g, struct guard_session *s, const struct pdu *pdu)
{
	struct async_message m;

	if (is_logout_response(pdu))
		s->logged_out = g->acts;
	else if (!async_message_read(pdu, &m))
		return false;
	else if (!g->acts)
		mark_quiet(s, &m);
	else if (m.event >= ASYNC_LOGOUT && m.event <= ASYNC_NEGOTIATE)
		s->message = m;
	return true;
}

static void mark_session(struct guard *g, const struct iscsi_nl_event *event)
{
	struct guard_session *s = g->list;

	while (s && s->snapshot.session.sid != event->sid)
		s = s->next;
	switch (event->type) {
	case ISCSI_NL_CONN_ERROR:
		if (s)
			s->lost = true;
		else
			g->rescan = true;
		break;
	case ISCSI_NL_PDU:
		if (s && mark_async(g, s, &event->pdu))
			break;
		if (s && s->bound) {
			s->response = event->pdu;
			s->has_response = true;
			break;
		}
		if (s)
			s->stale = true;
		g->touched |= g->standby.state == STANDBY_WAIT;
		g->rescan = true; /* another process logs in */
		break;
	case ISCSI_NL_LOST:
	case ISCSI_NL_CREATED:
	case ISCSI_NL_DESTROYED:
		g->rescan = true;
		break;
	case ISCSI_NL_OTHER:
		break;
	}
}

void guard_receive_events(struct guard *g)
{
	static struct iscsi_nl_event event;

	while (!iscsi_nl_recv_event(&g->nl, &event))
		mark_session(g, &event);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Receives the kernel's iSCSI events, and watches whether iscsid runs. */
#include "base/deadline.h"
#include "guard/guard_private.h"
#include "guard/iscsid_probe.h"

/* An iscsid blocked on disk I/O for this long cannot recover by itself. */
#define STUCK_NS 1000000000LL

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
		if (s && s->bound) {
			s->response = event->pdu;
			s->has_response = true;
			break;
		}
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

bool guard_may_act(struct guard *g)
{
	struct iscsid iscsid = iscsid_probe(g->nl.port);

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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remembers the portal at which a session was logged in last, if a redirection led there. The
 * configured portal may go away after a target has moved for good (login status 0102).
 */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "guard/guard_private.h"
#include "session/session_sysfs.h"

/* A redirection of boot: the kernel knows the portal while the session is connected. */
void moved_portal_read(struct guard_session *s)
{
	const struct session_snapshot *k = &s->snapshot;
	AUTO_ARENA arena = NULL;
	char *address = session_attr(&arena, CONNECTION_DIR "address", k->session.sid);
	long port;

	if (!address || sysfs_read_long(&port, CONNECTION_DIR "port", k->session.sid) || port < 1 ||
	    port > UINT16_MAX || session_is_portal(k->session.sid, address, (unsigned int)port))
		return;
	s->moved.port = (unsigned int)port;
	snprintf(s->moved.host, sizeof(s->moved.host), "%s", address);
}

void moved_portal_keep(struct guard_session *s)
{
	if (!s->redirect.host[0])
		return;
	if (s->redirect.permanent && !s->moved.permanent)
		log_warning("guard", "session%d: the target has moved for good to %s:%u; %s",
			    s->snapshot.session.sid, s->redirect.host, s->redirect.port,
			    "configure that portal for the next boot");
	s->redirect.permanent |= s->moved.permanent;
	s->moved = s->redirect;
}

const struct login_redirect *moved_portal_next(const struct guard_session *s)
{
	if (s->redirect.host[0])
		return &s->redirect;
	if (s->moved.host[0] && s->attempts % 2 != s->moved.permanent)
		return &s->moved;
	return NULL;
}

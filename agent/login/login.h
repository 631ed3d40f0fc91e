/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Login: whose turn it is, what to make of an answer and when to try again is login.c's; how one
 * attempt is made is the engine's: ours in engine_native.c, open-iscsi's in engine_openiscsi.c.
 */
#ifndef AGENT_LOGIN_LOGIN_H
#define AGENT_LOGIN_LOGIN_H

#include "base/ip_addr.h"
#include "iscsi/verdict.h"
#include "loop/loop.h"
#include "session/session_sysfs.h"

struct login;

struct engine {
	const char *name;
	size_t size; /* of the engine's data, which the login stage allocates, zeroed, and frees */
	/* Opens what the engine needs. close() is called even if this fails. 0 or -errno. */
	int (*open)(struct login *login, struct loop *loop, void *data);
	/*
	 * Begins one attempt, which ends by login_ended(), perhaps at once. There is one for each
	 * path at most. It may set sid and host of a path that is in.
	 */
	void (*start)(void *data, struct path *path);
	void (*step)(void *data);
	void (*waits)(void *data, struct waits *waits);
	/* Ends the attempt under way, without login_ended() and without a trace in the kernel. */
	void (*stop)(void *data, struct path *path);
	/* Ends all attempts likewise. */
	void (*close)(void *data);
};

extern const struct engine engine_native, engine_openiscsi;

/* What a session is bound to, as open-iscsi calls it. */
struct login_iface {
	char name[sizeof(SESSION_IFACE) + 10];
	const char *mac, *netdev; /* one of them, the other is NULL */
	struct mac_text mac_text; /* private */
};

/*
 * False: to nothing. Where there are several NICs, or a card logs in, to the path's by its MAC,
 * since iscsid in the real root reads that back from the kernel and binds to it again, whatever the
 * device is called then. A MAC that a VLAN shares with the device below would be the latter's;
 * routes have to do then, or the name. Points into @iface and @path.
 */
bool login_iface(const struct progress *progress, const struct path *path,
		 struct login_iface *iface);
/* For engines. @answer: what came back, escaped. */
void login_ended(struct login *login, struct path *path, struct verdict verdict,
		 const char *answer);

#endif

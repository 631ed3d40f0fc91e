/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface between the login stage and its engines. The stage (login_stage.c) decides which path
 * logs in when, and whether a failed attempt is retried. An engine makes one attempt:
 * engine_native.c logs in itself, engine_openiscsi.c runs open-iscsi's iscsistart.
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
	/*
	 * Opens files and sockets of the engine. Returns 0 or -errno; close() is called in both
	 * cases.
	 */
	int (*open)(struct login *login, struct loop *loop, void *data);
	/*
	 * Starts an attempt; at most one of each path is active. The engine reports its end by
	 * login_ended(), perhaps before start() returns. After a success it may have set sid and
	 * host of the path.
	 */
	void (*start)(void *data, struct path *path);
	/* Continues all attempts without blocking. */
	void (*step)(void *data);
	/* Adds to @waits what the attempts wait for. */
	void (*waits)(void *data, struct waits *waits);
	/* Aborts the attempt without login_ended(), and removes its session from the kernel. */
	void (*stop)(void *data, struct path *path);
	/* Aborts all attempts likewise, and closes the engine. */
	void (*close)(void *data);
};

extern const struct engine engine_native, engine_openiscsi;

/* The interface that a session is bound to, in open-iscsi's terms (iface records). */
struct login_iface {
	char name[sizeof(SESSION_IFACE) + 10]; /* iface.iscsi_ifacename */
	const char *mac, *netdev; /* iface.hwaddress, iface.net_ifacename; one of them is NULL */
	struct mac_text mac_text; /* memory of @mac */
};

/*
 * Fills @iface, which then points into itself and into @path. Returns false if the session is bound
 * to no interface.
 *
 * A session is bound to the NIC of its path if there are several NICs, if an offload card logs in,
 * or if the portal is link-local. It is bound by MAC: iscsid in the real root reads the MAC from
 * the kernel and binds to it again, even if the device was renamed. A VLAN may share its MAC with
 * the device below, and binding by it would select that device. Such a path is bound by device
 * name if it shares its portal with another path, else not at all: then routes decide.
 */
bool login_iface(const struct progress *progress, const struct path *path,
		 struct login_iface *iface);
/*
 * Called by an engine when an attempt has ended. @answer: the reason of a failure, escaped; the
 * stage copies it.
 */
void login_ended(struct login *login, struct path *path, struct verdict verdict,
		 const char *answer);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Login: whose turn it is, what to make of an answer and when to try again is login.c's; how one
 * attempt is made is the engine's. open-iscsi's is in engine_openiscsi.c.
 */
#ifndef AGENT_LOGIN_H
#define AGENT_LOGIN_H

#include "run.h"

struct login;

/* What one attempt came to. */
struct verdict {
	enum status status;
	enum next {
		NEXT_NONE, /* no other attempt will do better */
		NEXT_TRY, /* another one may */
		NEXT_LOOK, /* there is such a session already */
	} next;
};

struct engine {
	const char *name;
	/* Makes what is the engine's own, which close frees also where open failed. 0 or -errno. */
	int (*open)(struct login *login, struct run *run, void **data);
	/*
	 * Begins one attempt, which ends by login_ended() before @until, perhaps at once. There is
	 * one for each path at most.
	 */
	void (*start)(void *data, struct plan_path *path, struct deadline until);
	void (*step)(void *data);
	void (*waits)(void *data, struct waits *waits);
	/* Ends the attempt under way, without login_ended() and without a trace in the kernel. */
	void (*stop)(void *data, struct plan_path *path);
	/* Ends all, so. @data may be NULL. */
	void (*close)(void *data);
};

extern const struct engine engine_openiscsi;

/* For engines. @answer: what came back, escaped. */
void login_ended(struct login *login, struct plan_path *path, struct verdict verdict,
		 const char *answer);

#endif

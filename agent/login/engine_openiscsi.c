// SPDX-License-Identifier: GPL-2.0-only
/*
 * Login by iscsistart, a process for each path, all at once. Before each one by TCP a connection is
 * tried: it costs one round trip, while iscsistart takes a second to say that nobody listens.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "login/iscsistart.h"
#include "login/login.h"
#include "login/portal.h"
#include "plan/transport.h"
#include "session/stale_sessions.h"

/* The kernel asks again after 1 s and 3 s; then a new socket, in case the machine was down. */
#define PROBE_S 5
/* For an iscsistart, beside the login itself. */
#define SPARE_S 5
/* For each processor. */
#define RUN_FOR_EACH 8
/* It sleeps for a second itself. */
#define LOGIN_SPARE_S 2
/* More than it ever says in one attempt. */
#define SAID_MAX 16384

enum phase { IDLE, PROBING, QUEUED, RUNNING };

struct attempt {
	enum phase phase;
	struct deadline until; /* of this phase */
	int probe;
	struct process process;
	char *said; /* by iscsistart, NUL at the end */
	size_t said_len;
};

struct openiscsi {
	struct login *login;
	struct loop *loop;
	struct progress *progress;
	struct attempt *attempts; /* one for each path */
	unsigned int login_s; /* for one attempt */
	unsigned int running, most; /* iscsistarts */
};

static struct attempt *attempt_of(const struct openiscsi *o, const struct path *path)
{
	return &o->attempts[path - o->progress->paths];
}

static bool is_ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0;
}

static bool is_over(struct deadline d)
{
	return !deadline_left_ms(d);
}

/* Ends what is under way. */
static void stop(struct openiscsi *o, struct attempt *a)
{
	o->running -= a->phase == RUNNING;
	if (a->phase == PROBING)
		cleanup_fd(&a->probe);
	if (a->phase == RUNNING) {
		iscsistart_kill(&a->process);
		stale_sessions_remove();
	}
	/* The analyzer takes login_ended() to bring back what the line after this one clears. */
	free(a->said); /* NOLINT(clang-analyzer-unix.Malloc) */
	*a = (struct attempt){ .probe = -1 };
}

static void end(struct openiscsi *o, struct path *path, struct verdict verdict, const char *answer)
{
	stop(o, attempt_of(o, path));
	login_ended(o->login, path, verdict, answer ? answer : "?");
}

static void end_for_good(struct openiscsi *o, struct path *path, enum status status,
			 const char *answer)
{
	end(o, path, (struct verdict){ status, NEXT_NONE, FAILURE_OTHER }, answer);
}

static void end_for_now(struct openiscsi *o, struct path *path, enum failure failure,
			const char *answer)
{
	end(o, path, (struct verdict){ STATUS_NO_ANSWER, NEXT_TRY, failure }, answer);
}

static unsigned int login_timeout(const struct openiscsi *o, struct deadline deadline)
{
	int left = deadline_left_ms(deadline) / 1000 - LOGIN_SPARE_S;

	if (left < 1)
		return deadline_left_ms(deadline) < 0 ? o->login_s : 1;
	return (unsigned int)left < o->login_s ? (unsigned int)left : o->login_s;
}

static void run_start(struct openiscsi *o, struct path *path)
{
	struct attempt *a = attempt_of(o, path);
	AUTO_ARENA arena = NULL;
	char **args = iscsistart_args(&arena, o->progress, path, login_timeout(o, a->until));
	int r;

	if (!args) {
		end_for_good(o, path, STATUS_CONFIG,
			     "not tried: a name or secret holds a NUL, iscsistart can't take it");
		return;
	}
	r = iscsistart_run(args, &a->process);
	if (r < 0) {
		end_for_good(o, path, r == -ENOENT ? STATUS_MODULE : STATUS_ERROR,
			     r == -ENOENT ? "there is no iscsistart in this image" : strerror(-r));
		return;
	}
	a->phase = RUNNING;
	o->running++;
}

/*
 * iscsistarts spend their time in walks of sysfs: more of them at once than the processors can take
 * only make all of them late. The root's never wait.
 */
static void run_queued(struct openiscsi *o)
{
	unsigned int i;

	for (i = 0; i < o->progress->nr_paths; i++) {
		struct attempt *a = &o->attempts[i];

		if (a->phase != QUEUED ||
		    (o->running >= o->most && !path_is_roots(o->progress, &o->progress->paths[i])))
			continue;
		a->phase = IDLE;
		a->until = deadline_sooner(o->loop->deadline, o->login_s + SPARE_S);
		run_start(o, &o->progress->paths[i]);
	}
}

static void probe_ended(struct openiscsi *o, struct path *path, int error)
{
	struct attempt *a = attempt_of(o, path);
	AUTO_ARENA arena = NULL;

	cleanup_fd(&a->probe);
	a->phase = IDLE;
	if (!error)
		a->phase = QUEUED;
	else
		end_for_now(o, path, error == ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK,
			    arena_printf(&arena, "no TCP connection to port %u: %s", path->to.port,
					 strerror(error)));
}

static void openiscsi_start(void *data, struct path *path)
{
	struct openiscsi *o = data;
	struct attempt *a = attempt_of(o, path);
	struct sockaddr_in6 addr;
	socklen_t len = portal_address(path, &addr);

	if (!len) {
		end_for_good(o, path, STATUS_CONFIG, "not tried: its address is not understood");
		return;
	}
	if (plan_transport(path->to.target)) {
		a->phase = QUEUED;
		run_queued(o);
		return;
	}
	a->phase = PROBING;
	a->until = deadline_sooner(o->loop->deadline, PROBE_S);
	a->probe = portal_socket(o->progress, path, addr.sin6_family);
	if (a->probe < 0)
		probe_ended(o, path, errno);
	else if (!connect(a->probe, (struct sockaddr *)&addr, len))
		probe_ended(o, path, 0);
	else if (errno != EINPROGRESS)
		probe_ended(o, path, errno);
	run_queued(o);
}

static void probe_step(struct openiscsi *o, struct path *path)
{
	const struct attempt *a = attempt_of(o, path);
	socklen_t len = sizeof(int);
	int error = 0;

	if (is_ready(a->probe, POLLOUT)) {
		if (getsockopt(a->probe, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			error = errno;
		probe_ended(o, path, error);
	} else if (is_over(a->until)) {
		probe_ended(o, path, ETIMEDOUT);
	}
}

/* Reads what there is. Of what is too long the beginning is dropped: the last line counts. */
static void listen_to(struct attempt *a)
{
	ssize_t n;

	if (!a->said)
		a->said = calloc(1, SAID_MAX);
	if (!a->said)
		return;
	do {
		if (a->said_len == SAID_MAX - 1) {
			a->said_len /= 2;
			memmove(a->said, a->said + SAID_MAX - 1 - a->said_len, a->said_len);
		}
		n = read(a->process.out, a->said + a->said_len, SAID_MAX - 1 - a->said_len);
		if (n > 0)
			a->said_len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	a->said[a->said_len] = '\0';
}

static void run_step(struct openiscsi *o, struct path *path)
{
	struct attempt *a = attempt_of(o, path);
	AUTO_ARENA arena = NULL;
	struct verdict verdict;
	const char *answer;
	int status;

	listen_to(a);
	if (!is_ready(a->process.task.pidfd, POLLIN)) {
		if (is_over(a->until))
			end_for_now(o, path, FAILURE_NETWORK, "iscsistart did not end in time");
		return;
	}
	listen_to(a);
	status = iscsistart_reap(&a->process);
	a->phase = IDLE;
	o->running--;
	verdict = iscsistart_verdict(status, a->said ? a->said : "");
	answer = iscsistart_answer(&arena, status, a->said ? a->said : "");
	end(o, path, verdict, answer);
}

static void openiscsi_step(void *data)
{
	struct openiscsi *o = data;
	unsigned int i;

	for (i = 0; i < o->progress->nr_paths; i++)
		if (o->attempts[i].phase == PROBING)
			probe_step(o, &o->progress->paths[i]);
		else if (o->attempts[i].phase == RUNNING)
			run_step(o, &o->progress->paths[i]);
	run_queued(o);
}

static void openiscsi_waits(void *data, struct waits *waits)
{
	struct openiscsi *o = data;
	unsigned int i;

	for (i = 0; i < o->progress->nr_paths; i++) {
		const struct attempt *a = &o->attempts[i];

		if (a->phase == PROBING)
			waits_fd(waits, a->probe, POLLOUT);
		if (a->phase == RUNNING) {
			waits_fd(waits, a->process.out, POLLIN);
			waits_fd(waits, a->process.task.pidfd, POLLIN);
		}
		if (a->phase == PROBING || a->phase == RUNNING)
			waits_until(waits, a->until);
	}
}

static void openiscsi_stop(void *data, struct path *path)
{
	stop(data, attempt_of(data, path));
}

static int openiscsi_open(struct login *login, struct loop *loop, void *data)
{
	struct openiscsi *o = data;

	*o = (struct openiscsi){ .login = login, .loop = loop, .progress = loop->progress };
	o->login_s = node_param_seconds(loop->plan->policy.params[LOGIN_PARAM_LOGIN_TIMEOUT]);
	o->most = RUN_FOR_EACH * (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	o->attempts = calloc(loop->progress->nr_paths + 1, sizeof(*o->attempts));
	return o->attempts ? 0 : -ENOMEM;
}

static void openiscsi_close(void *data)
{
	struct openiscsi *o = data;
	unsigned int i;

	for (i = 0; o->attempts && i < o->progress->nr_paths; i++)
		stop(o, &o->attempts[i]);
	free(o->attempts);
}

const struct engine engine_openiscsi = {
	.name = "open-iscsi",
	.size = sizeof(struct openiscsi),
	.open = openiscsi_open,
	.start = openiscsi_start,
	.step = openiscsi_step,
	.waits = openiscsi_waits,
	.stop = openiscsi_stop,
	.close = openiscsi_close,
};

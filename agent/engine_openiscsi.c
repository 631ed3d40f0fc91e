// SPDX-License-Identifier: GPL-2.0-only
/*
 * Login by iscsistart, a process for each path, all at once. Before each one a plain TCP connection
 * is tried: it costs one round trip, while iscsistart takes a second to say that nobody listens.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "iscsistart.h"
#include "login.h"

/* The kernel asks again after 1 s and 3 s; then a new socket, in case the machine was down. */
#define PROBE_S 5
/* What iscsistart may take for one attempt. */
#define LOGIN_S 15U
/* It sleeps for a second itself. */
#define LOGIN_SPARE_S 2
/* More than it ever says in one attempt. */
#define SAID_MAX 16384

enum phase { IDLE, PROBING, RUNNING };

struct attempt {
	enum phase phase;
	struct deadline until; /* of the attempt, while PROBING of that */
	struct deadline end; /* of the attempt */
	int probe;
	struct process process;
	char *said; /* by iscsistart, NUL at the end */
	size_t said_len;
};

struct openiscsi {
	struct login *login;
	struct plan *plan;
	struct attempt *attempts; /* one for each path */
};

static struct attempt *attempt_of(const struct openiscsi *o, const struct plan_path *path)
{
	return &o->attempts[path - o->plan->paths];
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
static void stop(struct attempt *a)
{
	if (a->phase == PROBING)
		cleanup_fd(&a->probe);
	if (a->phase == RUNNING)
		iscsistart_kill(&a->process);
	free(a->said);
	*a = (struct attempt){ .probe = -1 };
}

static void end(struct openiscsi *o, struct plan_path *path, enum status status, enum next next,
		const char *answer)
{
	stop(attempt_of(o, path));
	login_ended(o->login, path, (struct verdict){ status, next }, answer ? answer : "?");
}

static socklen_t portal_address(const struct plan_path *path, struct sockaddr_in6 *v6)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)v6;
	struct ibu_addr addr;

	if (ibu_addr_parse(path->portal, strlen(path->portal), &addr))
		return 0;
	*v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	if (!ibu_addr_is_v4(&addr)) {
		v6->sin6_port = htons((uint16_t)path->port);
		memcpy(&v6->sin6_addr, addr.b, sizeof(addr.b));
		/* A link-local address means something on one link only. */
		v6->sin6_scope_id = path->nic ? (uint32_t)path->nic->ifindex : 0;
		return sizeof(*v6);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons((uint16_t)path->port);
	memcpy(&v4->sin_addr, addr.b + 12, 4);
	return sizeof(*v4);
}

static unsigned int login_timeout(struct deadline deadline)
{
	int left = deadline_left_ms(deadline) / 1000 - LOGIN_SPARE_S;

	if (left < 1)
		return deadline_left_ms(deadline) < 0 ? LOGIN_S : 1;
	return (unsigned int)left < LOGIN_S ? (unsigned int)left : LOGIN_S;
}

static void run_start(struct openiscsi *o, struct plan_path *path)
{
	struct attempt *a = attempt_of(o, path);
	AUTO_ARENA arena = NULL;
	char **args = iscsistart_args(&arena, o->plan, path, login_timeout(a->end));
	int r;

	if (!args) {
		end(o, path, STATUS_CONFIG, NEXT_NONE,
		    "not tried: a name or secret holds a NUL, iscsistart can't take it");
		return;
	}
	r = iscsistart_run(args, &a->process);
	if (r < 0) {
		end(o, path, r == -ENOENT ? STATUS_MODULE : STATUS_ERROR, NEXT_NONE,
		    r == -ENOENT ? "there is no iscsistart in this image" : strerror(-r));
		return;
	}
	a->phase = RUNNING;
	a->until = a->end;
}

static void probe_ended(struct openiscsi *o, struct plan_path *path, int error)
{
	struct attempt *a = attempt_of(o, path);
	AUTO_ARENA arena = NULL;

	cleanup_fd(&a->probe);
	a->phase = IDLE;
	if (!error)
		run_start(o, path);
	else
		end(o, path, STATUS_NO_ANSWER, NEXT_TRY,
		    arena_printf(&arena, "no TCP connection to port %u: %s", path->port,
				 strerror(error)));
}

/* A socket that goes the way that the session will. -1 and errno without. */
static int open_probe(const struct plan *plan, const struct plan_path *path, int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || !plan->several_nics || !path->nic ||
	    !setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &path->nic->ifindex, sizeof(int)))
		return fd;
	close(fd);
	return -1;
}

static void openiscsi_start(void *data, struct plan_path *path, struct deadline until)
{
	struct openiscsi *o = data;
	struct attempt *a = attempt_of(o, path);
	struct sockaddr_in6 addr;
	socklen_t len = portal_address(path, &addr);

	if (!len) {
		end(o, path, STATUS_CONFIG, NEXT_NONE, "not tried: its address is not understood");
		return;
	}
	a->phase = PROBING;
	a->until = deadline_sooner(until, PROBE_S);
	a->end = until;
	a->probe = open_probe(o->plan, path, addr.sin6_family);
	if (a->probe < 0)
		probe_ended(o, path, errno);
	else if (!connect(a->probe, (struct sockaddr *)&addr, len))
		probe_ended(o, path, 0);
	else if (errno != EINPROGRESS)
		probe_ended(o, path, errno);
}

static void probe_step(struct openiscsi *o, struct plan_path *path)
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

static void run_step(struct openiscsi *o, struct plan_path *path)
{
	struct attempt *a = attempt_of(o, path);
	AUTO_ARENA arena = NULL;
	struct verdict verdict;
	const char *answer;
	int status;

	listen_to(a);
	if (!is_ready(a->process.pidfd, POLLIN)) {
		if (is_over(a->until))
			end(o, path, STATUS_NO_ANSWER, NEXT_TRY, "iscsistart did not end in time");
		return;
	}
	listen_to(a);
	status = iscsistart_reap(&a->process);
	a->phase = IDLE;
	verdict = iscsistart_verdict(status, a->said ? a->said : "");
	answer = iscsistart_answer(&arena, status, a->said ? a->said : "");
	end(o, path, verdict.status, verdict.next, answer);
}

static void openiscsi_step(void *data)
{
	struct openiscsi *o = data;
	unsigned int i;

	for (i = 0; i < o->plan->nr_paths; i++)
		if (o->attempts[i].phase == PROBING)
			probe_step(o, &o->plan->paths[i]);
		else if (o->attempts[i].phase == RUNNING)
			run_step(o, &o->plan->paths[i]);
}

static void openiscsi_waits(void *data, struct waits *waits)
{
	struct openiscsi *o = data;
	unsigned int i;

	for (i = 0; i < o->plan->nr_paths; i++) {
		const struct attempt *a = &o->attempts[i];

		if (a->phase == PROBING)
			waits_fd(waits, a->probe, POLLOUT);
		if (a->phase == RUNNING) {
			waits_fd(waits, a->process.out, POLLIN);
			waits_fd(waits, a->process.pidfd, POLLIN);
		}
		if (a->phase != IDLE)
			waits_until(waits, a->until);
	}
}

static void openiscsi_stop(void *data, struct plan_path *path)
{
	stop(attempt_of(data, path));
}

static int openiscsi_open(struct login *login, struct run *run, void **data)
{
	struct openiscsi *o = *data = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	*o = (struct openiscsi){ .login = login, .plan = run->plan };
	o->attempts = calloc(run->plan->nr_paths + 1, sizeof(*o->attempts));
	return o->attempts ? 0 : -ENOMEM;
}

static void openiscsi_close(void *data)
{
	struct openiscsi *o = data;
	unsigned int i;

	if (!o)
		return;
	for (i = 0; o->attempts && i < o->plan->nr_paths; i++)
		stop(&o->attempts[i]);
	free(o->attempts);
	free(o);
}

const struct engine engine_openiscsi = {
	.name = "open-iscsi",
	.open = openiscsi_open,
	.start = openiscsi_start,
	.step = openiscsi_step,
	.waits = openiscsi_waits,
	.stop = openiscsi_stop,
	.close = openiscsi_close,
};

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
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "iscsistart.h"
#include "log.h"
#include "login.h"
#include "session.h"
#include "steps.h"

/* The kernel asks again after 1 s and 3 s; then a new socket, in case the machine was down. */
#define PROBE_S 5
/* What iscsistart may take for one attempt. */
#define LOGIN_S 15
/* It sleeps for a second itself, and must end before we kill it: that leaves a dead session. */
#define LOGIN_SPARE_S 2
#define BACKOFF_FIRST_MS 250U
#define BACKOFF_MOST_MS 8000U
/* More than it ever says in one attempt. */
#define SAID_MAX 16384

enum phase { WAITING, PROBING, RUNNING, DONE };

struct attempt {
	struct plan_path *path;
	enum phase phase;
	struct deadline until; /* of this phase */
	int64_t began_ns;
	unsigned int tries;
	int probe;
	struct process process;
	char *said; /* by iscsistart, NUL at the end */
	size_t said_len;
	enum status status; /* of the last try */
	char *answer; /* to the last try */
};

struct run {
	struct plan *plan;
	struct deadline deadline;
	struct attempt *attempts;
	struct pollfd *fds; /* two for each attempt */
	unsigned int nr;
};

static bool is_ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0;
}

static bool is_over(struct deadline d)
{
	return !deadline_left_ms(d);
}

static void finish(struct attempt *a)
{
	a->phase = DONE;
	free(a->answer);
	free(a->said);
	a->answer = NULL;
	a->said = NULL;
}

static void give_up(struct run *run, struct attempt *a, enum status why, const char *answer)
{
	login_failed(run->plan, a->path, why, answer);
	finish(a);
}

/* Full jitter: machines that were powered on together come back at different times. */
static struct deadline backoff(unsigned int tries)
{
	unsigned int most = BACKOFF_FIRST_MS, value = 0;

	while (tries-- && most < BACKOFF_MOST_MS)
		most *= 2;
	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value))
		value = (unsigned int)now_ns();
	return (struct deadline){ now_ns() + (int64_t)(value % most + 1) * 1000000 };
}

static void try_again(struct run *run, struct attempt *a, enum status why, const char *answer)
{
	char *copy = strdup(answer);

	if (!copy) {
		give_up(run, a, STATUS_ERROR, "no memory");
		return;
	}
	if (!a->answer || strcmp(a->answer, copy))
		log_info("login", "target%u at %s: %s; trying again", a->path->number,
			 a->path->portal, copy);
	free(a->answer);
	a->answer = copy;
	a->status = why;
	a->until = backoff(a->tries++);
	a->phase = WAITING;
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

static void probe_ended(struct run *run, struct attempt *a, int error);

static void probe_start(struct run *run, struct attempt *a)
{
	struct sockaddr_in6 addr;
	socklen_t len = portal_address(a->path, &addr);

	if (!len) {
		give_up(run, a, STATUS_CONFIG, "not tried: its address is not understood");
		return;
	}
	a->phase = PROBING;
	a->until = deadline_sooner(run->deadline, PROBE_S);
	a->probe = socket(addr.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (a->probe < 0)
		probe_ended(run, a, errno);
	else if (!connect(a->probe, (struct sockaddr *)&addr, len))
		probe_ended(run, a, 0);
	else if (errno != EINPROGRESS)
		probe_ended(run, a, errno);
}

static unsigned int login_timeout(struct deadline deadline)
{
	int left = deadline_left_ms(deadline) / 1000 - LOGIN_SPARE_S;

	if (deadline_left_ms(deadline) < 0 || left > LOGIN_S)
		return LOGIN_S;
	return left > 1 ? (unsigned int)left : 1;
}

/* Another attempt would not end in time by itself. */
static bool is_too_late(const struct run *run, const struct attempt *a)
{
	int left = deadline_left_ms(run->deadline);

	return a->tries && left >= 0 && left < (LOGIN_SPARE_S + 1) * 1000;
}

static void stop(struct run *run, struct attempt *a);

static void run_start(struct run *run, struct attempt *a)
{
	AUTO_ARENA arena = NULL;
	char **args = iscsistart_args(&arena, run->plan, a->path, login_timeout(run->deadline));
	int r;

	if (is_too_late(run, a)) {
		stop(run, a);
		return;
	}
	if (!args) {
		give_up(run, a, STATUS_CONFIG,
			"not tried: a name or secret holds a NUL, iscsistart can't take it");
		return;
	}
	r = iscsistart_run(args, &a->process);
	if (r < 0) {
		give_up(run, a, r == -ENOENT ? STATUS_MODULE : STATUS_ERROR,
			r == -ENOENT ? "there is no iscsistart in this image" : strerror(-r));
		return;
	}
	a->phase = RUNNING;
	a->until = run->deadline;
	a->said_len = 0;
}

static void probe_ended(struct run *run, struct attempt *a, int error)
{
	AUTO_ARENA arena = NULL;
	const char *answer;

	cleanup_fd(&a->probe);
	a->probe = -1;
	a->phase = WAITING;
	if (!error) {
		run_start(run, a);
		return;
	}
	answer = arena_printf(&arena, "no TCP connection to port %u: %s", a->path->port,
			      strerror(error));
	try_again(run, a, STATUS_NO_ANSWER, answer ? answer : strerror(error));
}

static void probe_step(struct run *run, struct attempt *a)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (is_ready(a->probe, POLLOUT)) {
		if (getsockopt(a->probe, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			error = errno;
		probe_ended(run, a, error);
	} else if (is_over(a->until)) {
		probe_ended(run, a, ETIMEDOUT);
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

/* It says that such a session exists; one that isn't logged in helps nobody. */
static void look(struct run *run, struct attempt *a)
{
	struct session session;

	if (!session_find(a->path, &session) && session.logged_in) {
		login_succeeded(a->path, a->began_ns);
		finish(a);
	} else {
		try_again(run, a, STATUS_REFUSED,
			  "the kernel has a session to this target that is not logged in");
	}
}

static void run_step(struct run *run, struct attempt *a)
{
	AUTO_ARENA arena = NULL;
	struct verdict verdict;
	const char *answer;
	int status;

	listen_to(a);
	if (!is_ready(a->process.pidfd, POLLIN))
		return;
	listen_to(a);
	status = iscsistart_reap(&a->process);
	verdict = iscsistart_verdict(status, a->said ? a->said : "");
	answer = iscsistart_answer(&arena, status, a->said ? a->said : "");
	if (verdict.status == STATUS_OK) {
		login_succeeded(a->path, a->began_ns);
		finish(a);
	} else if (verdict.next == NEXT_LOOK) {
		look(run, a);
	} else if (verdict.next == NEXT_TRY) {
		try_again(run, a, verdict.status, answer ? answer : "?");
	} else {
		give_up(run, a, verdict.status, answer ? answer : "?");
	}
}

static void step(struct run *run, struct attempt *a)
{
	if (a->phase == WAITING && is_over(a->until))
		probe_start(run, a);
	else if (a->phase == PROBING)
		probe_step(run, a);
	else if (a->phase == RUNNING)
		run_step(run, a);
}

static void stop(struct run *run, struct attempt *a)
{
	AUTO_ARENA arena = NULL;
	const char *answer;

	if (a->phase == DONE)
		return;
	cleanup_fd(&a->probe);
	if (a->phase == RUNNING)
		iscsistart_kill(&a->process);
	answer = arena_printf(&arena, "%s; %u tries in %.1f s",
			      a->answer ? a->answer : "no answer before the deadline",
			      a->phase == WAITING ? a->tries : a->tries + 1,
			      (double)(now_ns() - a->began_ns) / 1e9);
	give_up(run, a, a->answer ? a->status : STATUS_NO_ANSWER, answer ? answer : "no answer");
}

/* False when nothing is left to wait for. */
static bool wait_for_any(struct run *run, struct deadline grace)
{
	struct deadline until = is_over(grace) ? run->deadline : grace;
	bool busy = false;
	unsigned int i;

	for (i = 0; i < run->nr; i++) {
		const struct attempt *a = &run->attempts[i];
		struct pollfd *fds = &run->fds[2 * i];

		fds[0] = (struct pollfd){ .fd = -1, .events = POLLIN };
		fds[1] = fds[0];
		if (a->phase == PROBING)
			fds[0] = (struct pollfd){ .fd = a->probe, .events = POLLOUT };
		if (a->phase == RUNNING) {
			fds[0].fd = a->process.out;
			fds[1].fd = a->process.pidfd;
		}
		if (a->phase != DONE && a->until.at_ns < until.at_ns)
			until = a->until;
		busy |= a->phase != DONE;
	}
	if (busy && poll(run->fds, 2 * run->nr, deadline_left_ms(until)) < 0 && errno != EINTR)
		return false;
	return busy;
}

static void warn_of_secrets(const struct run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr; i++) {
		const struct ibu_target *t = run->attempts[i].path->target;

		if (!ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) || !t->chap_type)
			continue;
		log_info("login",
			 "iscsistart has CHAP secrets in its arguments: /proc shows them to all");
		return;
	}
}

static int run_open(struct run *run, struct plan *plan, struct deadline deadline)
{
	unsigned int i;

	*run = (struct run){ .plan = plan, .deadline = deadline };
	run->attempts = calloc(plan->nr_paths, sizeof(*run->attempts));
	run->fds = calloc(plan->nr_paths, 2 * sizeof(*run->fds));
	if (!run->attempts || !run->fds)
		return -ENOMEM;
	for (i = 0; i < plan->nr_paths; i++) {
		if (plan->paths[i].result != STATUS_NOTHING)
			continue;
		run->attempts[run->nr++] = (struct attempt){ .path = &plan->paths[i],
							     .began_ns = now_ns(),
							     .probe = -1 };
	}
	return 0;
}

/* An iscsistart under way is left to end by itself: killed, it leaves a dead session behind. */
static void stop_idle(struct run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr; i++)
		if (run->attempts[i].phase != RUNNING)
			stop(run, &run->attempts[i]);
}

static void run_all(struct run *run)
{
	struct deadline grace = run->deadline;
	bool hurry = false;
	unsigned int i;

	do {
		for (i = 0; i < run->nr; i++)
			step(run, &run->attempts[i]);
		if (!hurry && login_root_is_in(run->plan)) {
			grace = deadline_sooner(run->deadline, OTHERS_GRACE_S);
			hurry = true;
		}
		if (is_over(grace))
			stop_idle(run);
	} while (!is_over(run->deadline) && wait_for_any(run, grace));
}

static void openiscsi_login(struct plan *plan, struct deadline deadline)
{
	struct run run;
	unsigned int i;

	if (run_open(&run, plan, deadline)) {
		for (i = 0; i < plan->nr_paths; i++)
			if (plan->paths[i].result == STATUS_NOTHING)
				login_failed(plan, &plan->paths[i], STATUS_ERROR, "no memory");
	}
	warn_of_secrets(&run);
	run_all(&run);
	for (i = 0; i < run.nr; i++)
		stop(&run, &run.attempts[i]);
	free(run.attempts);
	free(run.fds);
}

const struct engine engine_openiscsi = {
	.name = "open-iscsi",
	.login = openiscsi_login,
};

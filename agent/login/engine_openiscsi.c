// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open-iscsi engine: runs one iscsistart process for each path, all at once. For TCP it first
 * probes the portal with a separate connection: a probe costs one round trip, while iscsistart
 * takes a second to report a refused connection.
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

/*
 * The kernel repeats a SYN after 1 s and 3 s. If the target was down, a new socket is then faster.
 */
#define PROBE_S 5
/* Seconds that iscsistart may take in addition to the login. */
#define SPARE_S 5
/* Limit of iscsistart processes for each processor. */
#define RUNNING_PER_CPU 8
/* Seconds to keep free before the deadline: iscsistart sleeps for one second. */
#define LOGIN_SPARE_S 2
/* Limit of the output that is kept, in bytes: more than iscsistart prints in one attempt. */
#define OUTPUT_MAX 16384

enum phase { IDLE, PROBING, QUEUED, RUNNING };

struct openiscsi_attempt {
	enum phase phase;
	struct deadline until; /* of this phase */
	int probe; /* socket, in PROBING */
	struct iscsistart_process process;
	char *output; /* of iscsistart, ends with a NUL; NULL: none yet */
	size_t output_len;
};

struct openiscsi {
	struct login *login;
	struct loop *loop;
	struct progress *progress;
	struct openiscsi_attempt *attempts; /* one for each path */
	unsigned int login_s; /* time limit of one login */
	unsigned int running, running_max; /* iscsistart processes */
};

static struct openiscsi_attempt *openiscsi_attempt_of(const struct openiscsi *o,
						      const struct path *path)
{
	return &o->attempts[path - o->progress->paths];
}

static bool is_ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0;
}

static bool deadline_has_passed(struct deadline d)
{
	return !deadline_left_ms(d);
}

/* Aborts the probe or the process of the attempt, if any. */
static void openiscsi_end_attempt(struct openiscsi *o, struct openiscsi_attempt *a)
{
	o->running -= a->phase == RUNNING;
	if (a->phase == PROBING)
		cleanup_fd(&a->probe);
	if (a->phase == RUNNING) {
		iscsistart_kill(&a->process);
		stale_sessions_remove();
	}
	/* The analyzer assumes that login_ended() restores what the line after this one clears. */
	free(a->output); /* NOLINT(clang-analyzer-unix.Malloc) */
	*a = (struct openiscsi_attempt){ .probe = -1 };
}

static void openiscsi_end(struct openiscsi *o, struct path *path, struct verdict verdict,
			  const char *answer)
{
	openiscsi_end_attempt(o, openiscsi_attempt_of(o, path));
	login_ended(o->login, path, verdict, answer ? answer : "?");
}

static void openiscsi_fail_permanent(struct openiscsi *o, struct path *path, enum status status,
				     const char *answer)
{
	openiscsi_end(o, path, (struct verdict){ status, NEXT_NONE, FAILURE_OTHER }, answer);
}

static void openiscsi_fail_transient(struct openiscsi *o, struct path *path, enum failure failure,
				     const char *answer)
{
	openiscsi_end(o, path, (struct verdict){ STATUS_NO_ANSWER, NEXT_TRY, failure }, answer);
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
	struct openiscsi_attempt *a = openiscsi_attempt_of(o, path);
	AUTO_ARENA arena = NULL;
	char **args = iscsistart_args(&arena, o->progress, path, login_timeout(o, a->until));
	int r;

	if (!args) {
		openiscsi_fail_permanent(o, path, STATUS_CONFIG,
					 "iscsistart takes no name or secret with a NUL");
		return;
	}
	r = iscsistart_run(args, &a->process);
	if (r < 0) {
		openiscsi_fail_permanent(o, path, r == -ENOENT ? STATUS_MODULE : STATUS_ERROR,
					 r == -ENOENT ? "no iscsistart in the initramfs" :
							strerror(-r));
		return;
	}
	a->phase = RUNNING;
	o->running++;
}

/*
 * Starts queued attempts up to the limit. iscsistart spends its time reading sysfs, so too many
 * processes at once delay each other. Paths to the root disk are not limited.
 */
static void run_queued(struct openiscsi *o)
{
	unsigned int i;

	for (i = 0; i < o->progress->nr_paths; i++) {
		struct openiscsi_attempt *a = &o->attempts[i];

		if (a->phase != QUEUED || (o->running >= o->running_max &&
					   !path_is_roots(o->progress, &o->progress->paths[i])))
			continue;
		a->phase = IDLE;
		a->until = deadline_sooner(o->loop->deadline, o->login_s + SPARE_S);
		run_start(o, &o->progress->paths[i]);
	}
}

static void probe_ended(struct openiscsi *o, struct path *path, int error)
{
	struct openiscsi_attempt *a = openiscsi_attempt_of(o, path);
	AUTO_ARENA arena = NULL;

	cleanup_fd(&a->probe);
	a->phase = IDLE;
	if (!error)
		a->phase = QUEUED;
	else
		openiscsi_fail_transient(o, path,
					 error == ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK,
					 arena_printf(&arena, "no TCP connection to port %u: %s",
						      path->to.port, strerror(error)));
}

static void openiscsi_start(void *data, struct path *path)
{
	struct openiscsi *o = data;
	struct openiscsi_attempt *a = openiscsi_attempt_of(o, path);
	struct sockaddr_in6 addr;
	socklen_t len = portal_address(path, &addr);

	if (!len) {
		openiscsi_fail_permanent(o, path, STATUS_CONFIG,
					 "not tried: invalid portal address");
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
	const struct openiscsi_attempt *a = openiscsi_attempt_of(o, path);
	socklen_t len = sizeof(int);
	int error = 0;

	if (is_ready(a->probe, POLLOUT)) {
		if (getsockopt(a->probe, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			error = errno;
		probe_ended(o, path, error);
	} else if (deadline_has_passed(a->until)) {
		probe_ended(o, path, ETIMEDOUT);
	}
}

/* Reads available output. Drops its beginning if it is too long: the last line has the error. */
static void read_iscsistart_output(struct openiscsi_attempt *a)
{
	ssize_t n;

	if (!a->output)
		a->output = calloc(1, OUTPUT_MAX);
	if (!a->output)
		return;
	do {
		if (a->output_len == OUTPUT_MAX - 1) {
			a->output_len /= 2;
			memmove(a->output, a->output + OUTPUT_MAX - 1 - a->output_len,
				a->output_len);
		}
		n = read(a->process.output, a->output + a->output_len,
			 OUTPUT_MAX - 1 - a->output_len);
		if (n > 0)
			a->output_len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	a->output[a->output_len] = '\0';
}

static void run_step(struct openiscsi *o, struct path *path)
{
	struct openiscsi_attempt *a = openiscsi_attempt_of(o, path);
	AUTO_ARENA arena = NULL;
	struct verdict verdict;
	const char *answer;
	int status;

	read_iscsistart_output(a);
	if (!is_ready(a->process.task.pidfd, POLLIN)) {
		if (deadline_has_passed(a->until))
			openiscsi_fail_transient(o, path, FAILURE_NETWORK,
						 "iscsistart did not exit in time");
		return;
	}
	read_iscsistart_output(a);
	status = iscsistart_reap(&a->process);
	a->phase = IDLE;
	o->running--;
	verdict = iscsistart_verdict(status, a->output ? a->output : "");
	answer = iscsistart_answer(&arena, status, a->output ? a->output : "");
	openiscsi_end(o, path, verdict, answer);
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
		const struct openiscsi_attempt *a = &o->attempts[i];

		if (a->phase == PROBING)
			waits_fd(waits, a->probe, POLLOUT);
		if (a->phase == RUNNING) {
			waits_fd(waits, a->process.output, POLLIN);
			waits_fd(waits, a->process.task.pidfd, POLLIN);
		}
		if (a->phase == PROBING || a->phase == RUNNING)
			waits_until(waits, a->until);
	}
}

static void openiscsi_stop(void *data, struct path *path)
{
	openiscsi_end_attempt(data, openiscsi_attempt_of(data, path));
}

static int openiscsi_open(struct login *login, struct loop *loop, void *data)
{
	struct openiscsi *o = data;

	*o = (struct openiscsi){ .login = login, .loop = loop, .progress = loop->progress };
	o->login_s = node_param_seconds(loop->plan->policy.params[LOGIN_PARAM_LOGIN_TIMEOUT]);
	o->running_max = RUNNING_PER_CPU * (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	o->attempts = calloc(loop->progress->nr_paths + 1, sizeof(*o->attempts));
	return o->attempts ? 0 : -ENOMEM;
}

static void openiscsi_close(void *data)
{
	struct openiscsi *o = data;
	unsigned int i;

	for (i = 0; o->attempts && i < o->progress->nr_paths; i++)
		openiscsi_end_attempt(o, &o->attempts[i]);
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

// SPDX-License-Identifier: GPL-2.0-only
/* Makes the arguments of iscsistart, starts the process and ends it. */
#include "login/iscsistart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "plan/describe.h"
#include "plan/transport.h"

const char *iscsistart_program;

#define MAX_ARGS 96
/* Wait for a killed process to exit; it may be blocked in the kernel for longer. */
#define KILL_MS 1000

struct args {
	void **arena;
	char **list;
	unsigned int nr;
	bool failed; /* out of memory, too many, or an invalid argument */
};

__attribute__((format(printf, 3, 4))) static void add_arg(struct args *a, const char *option,
							  const char *fmt, ...)
{
	char *value = NULL;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vasprintf(&value, fmt, ap);
	va_end(ap);
	if (r < 0 || a->nr + 3 > MAX_ARGS) {
		a->failed = true;
	} else {
		a->list[a->nr++] = arena_printf(a->arena, "%s", option);
		a->list[a->nr] = arena_printf(a->arena, "%s", value);
		a->failed |= !a->list[a->nr - 1] || !a->list[a->nr];
		a->nr++;
	}
	if (r >= 0)
		explicit_bzero(value, (size_t)r);
	free(value);
}

/* Fails if @text holds a NUL byte, at which an argument would end. */
static void add_text_arg(struct args *a, const char *option, const struct ibu_text *text)
{
	if (memchr(text->s, '\0', text->len))
		a->failed = true;
	else
		add_arg(a, option, "%.*s", (int)text->len, text->s);
}

static void add_chap(struct args *a, const struct ibu_target *t)
{
	if (!ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) || !t->chap_type)
		return;
	add_text_arg(a, "-u", &t->chap_name);
	add_text_arg(a, "-w", &t->chap_secret);
	if (t->chap_type < 2)
		return;
	add_text_arg(a, "-U", &t->rev_chap_name);
	add_text_arg(a, "-W", &t->rev_chap_secret);
}

/*
 * Adds node.* parameters. iscsistart makes one attempt only: the login stage does the retries. It
 * does not scan, because it would attach all LUNs of the target.
 */
static void add_params(struct args *a, const struct policy *policy, const struct timers *t,
		       unsigned int timeout_s)
{
	enum node_param i;

	for (i = LOGIN_PARAM_FREE; i < NR_NODE_PARAMS; i++)
		if (policy->params[i][0] && i != LOGIN_PARAM_LOGIN_TIMEOUT &&
		    i != LOGIN_PARAM_CONGESTION) /* a released iscsistart does not know it */
			add_arg(a, "-P", "%s=%s", node_param_name(i), policy->params[i]);
	add_arg(a, "-P", "node.session.initial_login_retry_max=0");
	add_arg(a, "-P", "node.conn[0].timeo.login_timeout=%u", timeout_s);
	add_arg(a, "-P", "node.conn[0].timeo.noop_out_interval=%d", t->noop_interval);
	add_arg(a, "-P", "node.conn[0].timeo.noop_out_timeout=%d", t->noop_timeout);
	add_arg(a, "-P", "node.session.timeo.replacement_timeout=%d", t->recovery_tmo);
	add_arg(a, "-P", "node.session.scan=manual");
}

static void add_iface(struct args *a, const struct progress *progress, const struct path *path)
{
	const char *transport = plan_transport(path->to.target);
	struct login_iface iface;

	if (transport)
		add_arg(a, "-P", "iface.transport_name=%s", transport);
	if (!login_iface(progress, path, &iface)) {
		if (transport)
			add_arg(a, "-P", "iface.iscsi_ifacename=%s", transport);
		return;
	}
	add_arg(a, "-P", "iface.iscsi_ifacename=%s", iface.name);
	if (iface.mac)
		add_arg(a, "-P", "iface.hwaddress=%s", iface.mac);
	else
		add_arg(a, "-P", "iface.net_ifacename=%s", iface.netdev);
}

char **iscsistart_args(void **arena, const struct progress *progress, const struct path *path,
		       unsigned int timeout_s)
{
	const struct ibu_target *t = path->to.target;
	struct args a = { .arena = arena };

	a.list = arena_alloc(arena, MAX_ARGS * sizeof(*a.list));
	if (!a.list)
		return NULL;
	a.list[a.nr++] = arena_printf(arena, "iscsistart");
	add_arg(&a, "-i", "%s", progress->plan->initiator_name);
	add_text_arg(&a, "-t", &t->name);
	add_arg(&a, "-g", "%u", ibu_has(&t->f, IBU_TARGET_TPGT) ? t->tpgt : 1);
	add_arg(&a, "-a", "%s", path->to.portal);
	add_arg(&a, "-p", "%u", path->to.port);
	add_chap(&a, t);
	add_params(&a, &progress->plan->policy, &path->timers, timeout_s);
	add_iface(&a, progress, path);
	return a.failed || !a.list[0] ? NULL : a.list;
}

static const char *find_iscsistart(void)
{
	static const char *const places[] = { "/usr/sbin/iscsistart", "/sbin/iscsistart",
					      "/usr/bin/iscsistart", "/bin/iscsistart" };
	unsigned int i;

	if (iscsistart_program)
		return access(iscsistart_program, X_OK) ? NULL : iscsistart_program;
	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (!access(places[i], X_OK))
			return places[i];
	return NULL;
}

/*
 * Makes the process group die with the agent's end of the pipe @lifetime. iscsistart forks, and if
 * one of the two processes is killed the other remains. Both hold this end of the pipe; when the
 * other end is closed, also by the agent's death, the kernel sends SIGKILL to the group. Returns 0
 * or -errno.
 */
static int bind_lifetime(int lifetime)
{
	struct pollfd p = { .fd = lifetime };

	if (setpgid(0, 0) || fcntl(lifetime, F_SETOWN, -getpid()) ||
	    fcntl(lifetime, F_SETSIG, SIGKILL) || fcntl(lifetime, F_SETFL, O_ASYNC) ||
	    fcntl(lifetime, F_SETFD, 0))
		return -errno;
	return poll(&p, 1, 0) ? -ESRCH : 0; /* the other end is closed already */
}

/*
 * Hides all sessions from iscsistart by an empty mount in a mount namespace of the process.
 * iscsistart needs none of them, but reads all again and again: 13000 system calls with 60
 * sessions. Without the namespace it only takes longer. The login stage has already looked for an
 * existing session.
 */
static void hide_sessions(void)
{
	if (!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		mount("none", "/sys/class/iscsi_session", "tmpfs", MS_RDONLY, NULL);
}

/* The program to run, its arguments, and its ends of the pipes of struct iscsistart_process. */
struct exec_params {
	const char *path;
	char *const *args;
	int output, lifetime;
};

/* Runs in the vfork()ed child, which shares our memory; must not return. */
static int exec_iscsistart(void *data)
{
	const struct exec_params *params = data;
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	signal(SIGPIPE, SIG_DFL);
	/* iscsistart does not read its input: if /dev/null is missing, any file will do. */
	dup2(null < 0 ? params->output : null, STDIN_FILENO);
	dup2(params->output, STDOUT_FILENO);
	dup2(params->output, STDERR_FILENO);
	hide_sessions();
	if (!bind_lifetime(params->lifetime))
		execve(params->path, params->args, env);
	dprintf(STDERR_FILENO, "%s: %s\n", params->path, strerror(errno));
	_exit(127);
}

/*
 * Starts the child as vfork() does: the agent continues once the child runs the program. A fork()
 * would copy the arguments, which hold secrets, to pages that are never wiped.
 */
static int spawn_iscsistart(struct exec_params *params, struct iscsistart_process *process)
{
	static max_align_t stack[2048];

	return task_watch(&process->task, clone(exec_iscsistart, stack + ARRAY_SIZE(stack),
						CLONE_VM | CLONE_VFORK | SIGCHLD, params));
}

static void process_close(struct iscsistart_process *process)
{
	task_abandon(&process->task);
	cleanup_fd(&process->output);
	cleanup_fd(&process->lifetime);
	*process = ISCSISTART_NONE;
}

int iscsistart_run(char *const *args, struct iscsistart_process *process)
{
	const char *path = find_iscsistart();
	AUTO_FD writer = -1;
	AUTO_FD lifetime = -1;
	int output[2], lifetimes[2], r;

	*process = ISCSISTART_NONE;
	if (!path)
		return -ENOENT;
	if (pipe2(output, O_CLOEXEC) < 0)
		return -errno;
	process->output = output[0];
	writer = output[1];
	r = pipe2(lifetimes, O_CLOEXEC) < 0 ? -errno : 0;
	if (!r) {
		lifetime = lifetimes[0];
		process->lifetime = lifetimes[1];
		if (fcntl(output[0], F_SETFL, O_NONBLOCK) < 0)
			r = -errno;
	}
	if (!r)
		r = spawn_iscsistart(&(struct exec_params){ path, args, writer, lifetime },
				     process);
	if (r)
		process_close(process);
	return r;
}

int iscsistart_reap(struct iscsistart_process *process)
{
	int status = task_reap(&process->task);

	process_close(process);
	return status;
}

void iscsistart_kill(struct iscsistart_process *process)
{
	struct pollfd p = { .fd = process->lifetime };
	struct deadline until = deadline_in_ms(KILL_MS);

	task_kill_group(&process->task);
	while (poll(&p, 1, deadline_left_ms(until)) < 0 && errno == EINTR)
		;
	task_wait(&process->task, deadline_in_ms(0));
	process_close(process);
}

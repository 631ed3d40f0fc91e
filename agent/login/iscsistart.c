// SPDX-License-Identifier: GPL-2.0-only
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
/* One that is killed may be in the kernel for longer than we have. */
#define KILL_MS 1000

struct args {
	void **arena;
	char **list;
	unsigned int nr;
	bool failed;
};

__attribute__((format(printf, 3, 4))) static void add(struct args *a, const char *option,
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

/* An argument ends at its first NUL. */
static void add_text(struct args *a, const char *option, const struct ibu_text *text)
{
	if (memchr(text->s, '\0', text->len))
		a->failed = true;
	else
		add(a, option, "%.*s", (int)text->len, text->s);
}

static void add_chap(struct args *a, const struct ibu_target *t)
{
	if (!ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) || !t->chap_type)
		return;
	add_text(a, "-u", &t->chap_name);
	add_text(a, "-w", &t->chap_secret);
	if (t->chap_type < 2)
		return;
	add_text(a, "-U", &t->rev_chap_name);
	add_text(a, "-W", &t->rev_chap_secret);
}

/*
 * One attempt and no more, since it is we who try again. It is not left to scan: it would take all
 * LUNs of the target.
 */
static void add_params(struct args *a, const struct policy *policy, const struct timers *t,
		       unsigned int timeout_s)
{
	enum node_param i;

	for (i = LOGIN_PARAM_FREE; i < NR_NODE_PARAMS; i++)
		if (policy->params[i][0] && i != LOGIN_PARAM_LOGIN_TIMEOUT)
			add(a, "-P", "%s=%s", node_param_name(i), policy->params[i]);
	add(a, "-P", "node.session.initial_login_retry_max=0");
	add(a, "-P", "node.conn[0].timeo.login_timeout=%u", timeout_s);
	add(a, "-P", "node.conn[0].timeo.noop_out_interval=%d", t->noop_interval);
	add(a, "-P", "node.conn[0].timeo.noop_out_timeout=%d", t->noop_timeout);
	add(a, "-P", "node.session.timeo.replacement_timeout=%d", t->recovery_tmo);
	add(a, "-P", "node.session.scan=manual");
}

static void add_iface(struct args *a, const struct progress *progress, const struct path *path)
{
	const char *transport = plan_transport(path->to.target);
	struct login_iface iface;

	if (transport)
		add(a, "-P", "iface.transport_name=%s", transport);
	if (!login_iface(progress, path, &iface)) {
		if (transport)
			add(a, "-P", "iface.iscsi_ifacename=%s", transport);
		return;
	}
	add(a, "-P", "iface.iscsi_ifacename=%s", iface.name);
	if (iface.mac)
		add(a, "-P", "iface.hwaddress=%s", iface.mac);
	else
		add(a, "-P", "iface.net_ifacename=%s", iface.netdev);
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
	add(&a, "-i", "%s", progress->plan->initiator_name);
	add_text(&a, "-t", &t->name);
	add(&a, "-g", "%u", ibu_has(&t->f, IBU_TARGET_TPGT) ? t->tpgt : 1);
	add(&a, "-a", "%s", path->to.portal);
	add(&a, "-p", "%u", path->to.port);
	add_chap(&a, t);
	add_params(&a, &progress->plan->policy, &path->timers, timeout_s);
	add_iface(&a, progress, path);
	return a.failed || !a.list[0] ? NULL : a.list;
}

static const char *program(void)
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
 * iscsistart forks, and if one of the two is killed the other stays. So both hold the end of a pipe
 * whose other end is ours alone: the kernel kills all of their group when that is closed, also by
 * our own death. 0 or -errno.
 */
static int bind_life(int life)
{
	struct pollfd p = { .fd = life };

	if (setpgid(0, 0) || fcntl(life, F_SETOWN, -getpid()) || fcntl(life, F_SETSIG, SIGKILL) ||
	    fcntl(life, F_SETFL, O_ASYNC) || fcntl(life, F_SETFD, 0))
		return -errno;
	return poll(&p, 1, 0) ? -ESRCH : 0; /* closed before */
}

/*
 * iscsistart looks through all sessions again and again, of which it needs none: that is 13000
 * system calls with 60 of them. So it has a view of its own, without them; where that can't be had,
 * it takes longer. Whether there is one already was looked for before.
 */
static void hide_sessions(void)
{
	if (!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		mount("none", "/sys/class/iscsi_session", "tmpfs", MS_RDONLY, NULL);
}

struct start {
	const char *path;
	char *const *args;
	int out, life;
};

/* In our memory, while we wait: it must return to nobody. */
static int become(void *data)
{
	const struct start *start = data;
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	signal(SIGPIPE, SIG_DFL);
	/* It reads nothing: without /dev any file will do. */
	dup2(null < 0 ? start->out : null, STDIN_FILENO);
	dup2(start->out, STDOUT_FILENO);
	dup2(start->out, STDERR_FILENO);
	hide_sessions();
	if (!bind_life(start->life))
		execve(start->path, start->args, env);
	dprintf(STDERR_FILENO, "%s: %s\n", start->path, strerror(errno));
	_exit(127);
}

/*
 * As vfork(): we go on once it runs the program. A child with a copy of our memory would leave the
 * arguments, which hold secrets, in pages that nobody wipes.
 */
static int start(struct start *start, struct process *process)
{
	static max_align_t stack[2048];

	return task_watch(&process->task, clone(become, stack + ARRAY_SIZE(stack),
						CLONE_VM | CLONE_VFORK | SIGCHLD, start));
}

static void forget(struct process *process)
{
	task_abandon(&process->task);
	cleanup_fd(&process->out);
	cleanup_fd(&process->life);
	*process = NO_PROCESS;
}

int iscsistart_run(char *const *args, struct process *process)
{
	const char *path = program();
	AUTO_FD writer = -1;
	AUTO_FD life = -1;
	int out[2], lives[2], r;

	*process = NO_PROCESS;
	if (!path)
		return -ENOENT;
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	process->out = out[0];
	writer = out[1];
	r = pipe2(lives, O_CLOEXEC) < 0 ? -errno : 0;
	if (!r) {
		life = lives[0];
		process->life = lives[1];
		if (fcntl(out[0], F_SETFL, O_NONBLOCK) < 0)
			r = -errno;
	}
	if (!r)
		r = start(&(struct start){ path, args, writer, life }, process);
	if (r)
		forget(process);
	return r;
}

int iscsistart_reap(struct process *process)
{
	int status = task_reap(&process->task);

	forget(process);
	return status;
}

void iscsistart_kill(struct process *process)
{
	struct pollfd p = { .fd = process->life };
	struct deadline until = deadline_in_ms(KILL_MS);

	task_kill_group(&process->task);
	while (poll(&p, 1, deadline_left_ms(until)) < 0 && errno == EINTR)
		;
	task_wait(&process->task, deadline_in_ms(0));
	forget(process);
}

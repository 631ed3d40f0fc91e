// SPDX-License-Identifier: GPL-2.0-only
#include "iscsistart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "describe.h"

const char *iscsistart_program;

#define MAX_ARGS 48

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
static void add_params(struct args *a, const struct timers *t, unsigned int timeout_s)
{
	add(a, "-P", "node.session.initial_login_retry_max=1");
	add(a, "-P", "node.conn[0].timeo.login_timeout=%u", timeout_s);
	add(a, "-P", "node.conn[0].timeo.noop_out_interval=%d", t->noop_interval);
	add(a, "-P", "node.conn[0].timeo.noop_out_timeout=%d", t->noop_timeout);
	add(a, "-P", "node.session.timeo.replacement_timeout=%d", t->recovery_tmo);
	add(a, "-P", "node.session.scan=manual");
}

char **iscsistart_args(void **arena, const struct plan *plan, const struct plan_path *path,
		       unsigned int timeout_s)
{
	const struct ibu_target *t = path->target;
	struct args a = { .arena = arena };

	a.list = arena_alloc(arena, MAX_ARGS * sizeof(*a.list));
	if (!a.list)
		return NULL;
	a.list[a.nr++] = arena_printf(arena, "iscsistart");
	add(&a, "-i", "%s", plan->initiator_name);
	add_text(&a, "-t", &t->name);
	add(&a, "-g", "%u", ibu_has(&t->f, IBU_TARGET_TPGT) ? t->tpgt : 1);
	add(&a, "-a", "%s", path->portal);
	add(&a, "-p", "%u", path->port);
	add_chap(&a, t);
	add_params(&a, &path->timers, timeout_s);
	return a.failed || !a.list[0] ? NULL : a.list;
}

static const char *program(void)
{
	static const char *const places[] = { "/usr/sbin/iscsistart", "/sbin/iscsistart",
					      "/usr/bin/iscsistart", "/bin/iscsistart" };
	unsigned int i;

	if (iscsistart_program)
		return iscsistart_program;
	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (!access(places[i], X_OK))
			return places[i];
	return NULL;
}

/* With a process group of its own: iscsistart forks, and killed, it leaves its child behind. */
static int spawn(const char *path, char *const *args, int out, pid_t *pid)
{
	AUTO_FD null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t ignored;
	int r;

	r = posix_spawn_file_actions_init(&files);
	if (r)
		return -r;
	r = posix_spawnattr_init(&attr);
	if (r) {
		posix_spawn_file_actions_destroy(&files);
		return -r;
	}
	/* It reads nothing: without /dev any file will do. */
	posix_spawn_file_actions_adddup2(&files, null < 0 ? out : null, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &ignored);
	r = posix_spawn(pid, path, &files, &attr, args, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -r;
}

int iscsistart_run(char *const *args, struct process *process)
{
	const char *path = program();
	AUTO_FD writer = -1;
	int fds[2], r;

	if (!path)
		return -ENOENT;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	writer = fds[1];
	process->out = fds[0];
	r = spawn(path, args, writer, &process->pid);
	if (!r && fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0)
		r = -errno;
	if (!r) {
		process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
		if (process->pidfd >= 0)
			return 0;
		r = -errno;
		kill(-process->pid, SIGKILL);
		waitpid(process->pid, NULL, 0);
	}
	close(fds[0]);
	return r;
}

static void forget(struct process *process)
{
	close(process->pidfd);
	close(process->out);
	*process = (struct process){ .pidfd = -1, .out = -1 };
}

int iscsistart_reap(struct process *process)
{
	int status = 0;

	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		;
	forget(process);
	return status;
}

void iscsistart_kill(struct process *process)
{
	kill(-process->pid, SIGKILL);
	/* Not waited for: it may be in the kernel for longer than we have. */
	waitpid(process->pid, NULL, WNOHANG);
	forget(process);
}

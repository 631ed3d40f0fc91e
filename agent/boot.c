// SPDX-License-Identifier: GPL-2.0-only
#include "boot.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/random.h>

#include "boot_inner.h"
#include "cleanup.h"
#include "events.h"
#include "log.h"
#include "modules.h"
#include "steps.h"

struct boot {
	struct boot_times times;
	struct tree tree;
	struct plan plan;
	struct deadline deadline;
};

/* A device named on the command line may be there now: with it, more is known of what is meant. */
static enum status run_modules(struct boot *b)
{
	enum status status = modules_load(&b->plan);

	if (status != STATUS_OK || !b->plan.unsettled)
		return status;
	plan_free(&b->plan);
	status = plan_make("", &b->tree, &b->plan);
	if (status == STATUS_OK)
		log_diag("plan", b->plan.notes, strlen(b->plan.notes));
	return status;
}

static enum status run_network(struct boot *b)
{
	return net_up(&b->plan, b->deadline);
}

static enum status run_login(struct boot *b)
{
	return login_all(&b->plan, b->deadline);
}

static enum status run_disks(struct boot *b)
{
	return disks_wait(&b->plan, b->deadline);
}

static enum status run_timers(struct boot *b)
{
	return tune_apply(&b->plan, b->deadline);
}

static enum status (*const steps[NR_STEPS])(struct boot *b) = {
	[STEP_MODULES] = run_modules, [STEP_NETWORK] = run_network, [STEP_LOGIN] = run_login,
	[STEP_DISKS] = run_disks,     [STEP_TIMERS] = run_timers,
};

static enum status run_steps(struct boot *b, enum step from)
{
	enum status status = STATUS_OK;
	unsigned int i;
	int64_t start;

	for (i = from; i < NR_STEPS && status == STATUS_OK; i++) {
		start = now_ns();
		status = steps[i](b);
		b->times.spent_ns[i] += now_ns() - start;
	}
	return status;
}

/* What time or somebody else may mend. */
static bool is_transient(enum status status)
{
	return status >= STATUS_NO_LINK && status <= STATUS_NO_LUN && status != STATUS_AUTH;
}

/*
 * Between two tries of the whole: until the network changes, or for a random time below a limit
 * that doubles up to 16 s, so that machines which failed together don't come back together. False
 * at the deadline.
 */
static bool back_off(struct boot *b, unsigned int attempt)
{
	const int64_t limit_ms = 1000LL << (attempt < 4 ? attempt : 4);
	AUTO_FD fd = events_open_net();
	struct deadline pause;
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint32_t)now_ns();
	pause.at_ns = now_ns() + random % limit_ms * 1000000;
	if (pause.at_ns >= b->deadline.at_ns)
		return false;
	log_info("boot", "tried again after a change of the network, or in %d ms",
		 deadline_left_ms(pause));
	events_wait(&fd, 1, pause);
	return true;
}

static enum status run(struct boot *b)
{
	enum status status = run_steps(b, STEP_MODULES);
	unsigned int attempt;

	for (attempt = 0; is_transient(status); attempt++) {
		if (b->plan.policy.on_failure != ON_FAILURE_RETRY || !back_off(b, attempt))
			break;
		status = run_steps(b, STEP_NETWORK);
	}
	return status;
}

/* Before the first step */

static void log_plan(const struct boot *b)
{
	const char *s, *eol;
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);

	log_diag("plan", b->plan.notes, strlen(b->plan.notes));
	if (!stream)
		return;
	plan_print(&b->tree, &b->plan, stream);
	if (!fclose(stream))
		for (s = text; (eol = strchr(s, '\n')); s = eol + 1)
			log_info("plan", "%.*s", (int)(eol - s), s);
	free(text);
}

static void log_tree(const struct tree *tree)
{
	const struct ibu_diag *d = &tree->diag;

	log_info("tree", "%u NICs and %u targets, %u errors and %u warnings%s",
		 tree->params.nr_nics, tree->params.nr_targets, d->errors, d->warnings,
		 tree->fallback ? ", without the module" : "");
	log_diag("tree", d->text, d->len);
}

/* Our module; without it, the kernel's own for a table in low memory, which the fallback reads. */
static void load_view(struct boot *b)
{
	int64_t start = now_ns();
	int err = modules_load_view();

	if (err) {
		log_warning("modules", "iscsi_boot_unified: %s",
			    err == -ENOENT ? "not in this image" : strerror(-err));
		module_load("iscsi_ibft");
	}
	b->times.spent_ns[STEP_MODULES] += now_ns() - start;
}

static enum status decide(struct boot *b)
{
	enum status status;
	int err;

	load_view(b);
	err = tree_read("", &b->tree);
	if (err)
		return log_failure("tree", STATUS_ERROR, "to read what this machine boots from",
				   strerror(-err), "that /proc and /sys are mounted");
	log_tree(&b->tree);
	status = plan_make("", &b->tree, &b->plan);
	if (status == STATUS_OK)
		log_plan(b);
	return status;
}

/* The lock, held until the end; -1 if /run cannot be written, which is no reason not to boot. */
static enum status take_lock(int *fd)
{
	*fd = open(BOOT_RUN_DIR "/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0)
		return STATUS_OK;
	if (flock(*fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return log_failure("boot", STATUS_ERROR, "to be the only boot",
				   "another iscsi-boot-agent boot is running",
				   "what it does, in " BOOT_RUN_DIR "/log");
	return STATUS_OK;
}

/* The device, and nothing else, on standard output. */
static enum status print_root(const struct plan *plan, enum status status)
{
	if (printf("/dev/%s\n", plan->root->disk) > 0 && !fflush(stdout))
		return status;
	return log_failure("boot", STATUS_ERROR, "to print the root's device", strerror(errno),
			   "where standard output goes");
}

/* Steps, under the lock, if the decision @decided is to do them; and what came of it. */
static enum status act(struct boot *b, enum status decided)
{
	AUTO_FD lock_fd = -1;
	enum status status;
	int err;

	err = log_open(BOOT_RUN_DIR);
	if (err)
		log_warning("boot", "no files in " BOOT_RUN_DIR ": %s", strerror(-err));
	status = take_lock(&lock_fd);
	if (status != STATUS_OK) {
		b->plan.policy.on_failure = ON_FAILURE_RETURN; /* that is the other one's */
		return status;
	}
	b->deadline = deadline_in(b->plan.policy.deadline_s);
	status = decided == STATUS_OK ? run(b) : decided;
	if (boot_has_root(status))
		status = print_root(&b->plan, status);
	report(&b->plan, &b->times, status);
	return status;
}

enum status boot(void)
{
	struct boot b = { .times.start_ns = now_ns() };
	enum status status;
	enum on_failure then;

	/* Nobody may read what is said, and we boot all the same. */
	signal(SIGPIPE, SIG_IGN);
	status = decide(&b);
	if (status == STATUS_NOTHING)
		log_info("boot", "there is nothing to boot from by iSCSI");
	else
		status = act(&b, status);
	then = b.plan.policy.on_failure;
	plan_free(&b.plan);
	tree_free(&b.tree);
	if (!boot_has_root(status) && status != STATUS_NOTHING)
		after_failure(then, status);
	return status;
}

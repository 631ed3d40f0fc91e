// SPDX-License-Identifier: GPL-2.0-only
/* The command boot: plans, runs the stages in the worker process, reports the result. */
#include "boot/boot.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"
#include "base/text_stream.h"
#include "boot/boot_lock.h"
#include "boot/boot_private.h"
#include "boot/stages.h"
#include "boot/worker.h"
#include "handoff/net_files.h"
#include "loop/loop.h"
#include "modules/modules.h"
#include "net/network_manager.h"
#include "view/cmdline_files.h"

/* One run of the command. */
struct boot {
	bool wait_all; /* --wait-all */
	struct progress progress;
	struct deadline deadline;
	int lock_fd; /* -1: not held */
	struct plan plan;
	struct view view;
	struct boot_times times;
};

/* Deadline if only the root path of a DHCP lease may name a target (plan.only_maybe). */
#define MAYBE_SECONDS 30

/* View and plan */

static void log_plan(const struct boot *b)
{
	struct text_stream text;
	FILE *out = text_stream_open(&text);
	const char *s, *eol;

	log_diag("plan", b->plan.notes, strlen(b->plan.notes));
	if (out)
		plan_print(&b->view, &b->plan, out);
	if (!text_stream_close(&text))
		for (s = text.text; (eol = strchr(s, '\n')); s = eol + 1)
			log_info("plan", "%.*s", (int)(eol - s), s);
	free(text.text);
}

static void log_view(const struct view *view)
{
	const struct ibu_diag *d = &view->diag;

	log_info("view", "NICs %u, targets %u, errors %u, warnings %u%s", view->params.nr_nics,
		 view->params.nr_targets, d->errors, d->warnings,
		 view->fallback	 ? ", without the module" :
		 view->nr_places ? ", with parameters in files" :
				   "");
	log_diag("view", d->text, d->len);
}

/* Limit for loading modules before the configured deadline is known; usually below one second. */
#define LOAD_SECONDS 30

/* With Secure Boot the kernel is locked down: it loads only modules signed by a key it trusts. */
static void log_no_module(int err)
{
	if (err == -EPERM || err == -EKEYREJECTED || err == -ENOKEY)
		log_warning("modules", "cannot load iscsi_boot_unified: %s; try: %s",
			    "the kernel trusts no key that signed it (Secure Boot)",
			    "mokutil --import /var/lib/dkms/mok.pub");
	else
		log_warning("modules", "cannot load iscsi_boot_unified: %s",
			    err == -ENOENT ? "not in this image" : strerror(-err));
}

/*
 * Loads our module. If that fails, loads the kernel's iscsi_ibft, which exposes a table in low
 * memory to the fallback view.
 */
static void load_view(struct boot *b)
{
	int64_t start = now_ns();
	int err = modules_load_view(deadline_in(LOAD_SECONDS));

	if (err) {
		log_no_module(err);
		module_load("iscsi_ibft", deadline_in(LOAD_SECONDS));
	}
	b->times.modules_ns += now_ns() - start;
}

static enum status boot_plan(struct boot *b)
{
	enum status status;
	int err;

	load_view(b);
	err = view_read("", &b->view);
	if (err)
		return log_failure("view", STATUS_ERROR, "cannot read the boot parameters",
				   strerror(-err), "mount /proc and /sys");
	log_view(&b->view);
	status = plan_make("", &b->view, &b->plan);
	if (status == STATUS_OK)
		log_plan(b);
	return status;
}

/* Prints the device of the root disk, and nothing else, on standard output. */
static enum status print_root_disk(const struct progress *progress, enum status status)
{
	if (printf("/dev/%s\n", progress->root->disk) > 0 && !fflush(stdout))
		return status;
	return log_failure("boot", STATUS_ERROR, "cannot print the root disk", strerror(errno),
			   "check where standard output goes");
}

/* Plans again with the devices that exist now, because the command line may name one of them. */
static enum status boot_replan(struct boot *b)
{
	enum status status;

	plan_free(&b->plan);
	status = plan_make("", &b->view, &b->plan);
	if (status != STATUS_OK)
		return status;
	log_diag("plan", b->plan.notes, strlen(b->plan.notes));
	if (*b->plan.initiator_name)
		return STATUS_OK;
	return log_failure("plan", STATUS_CONFIG, "cannot make the initiator name",
			   "no network device has a MAC",
			   "rd.iscsi.initiator=, or the drivers in the image");
}

/*
 * Loads the kernel's own driver for programs that read /sys/firmware/ibft; the agent does not. A
 * table with faults could crash it.
 */
static void load_iscsi_ibft(const struct boot *b)
{
	if (!b->plan.policy.iscsi_ibft || !b->view.params.ibft.f.set)
		return;
	if (view_table_is_sound(&b->view))
		module_load("iscsi_ibft", deadline_sooner(b->deadline, LOAD_SECONDS));
	else
		log_info("modules", "iscsi_ibft is not loaded: the firmware's table has faults");
}

/*
 * Writes the files for the real root again: networkd of the image tells its lease, and so the
 * identity that the real root needs, only after the address is there.
 */
static void hand_over_again(const struct boot *b)
{
	__attribute__((cleanup(rtnl_close))) struct rtnl nl = { NULL, 0 };

	handoff_network(&nl, &b->progress);
}

/*
 * The stages of the loop load the other modules. A networkd of the image starts while udev works;
 * it must run before the agent looks for the manager of a NIC.
 */
static enum status load_first_modules(struct boot *b)
{
	enum status status = STATUS_OK;
	int64_t start = now_ns();

	modules_load_for_nics(&b->plan, b->deadline);
	if (b->plan.unsettled || networkd_is_installed())
		udev_settle(deadline_sooner(b->deadline, LOAD_SECONDS));
	if (b->plan.unsettled) {
		drivers_load(deadline_sooner(b->deadline, LOAD_SECONDS));
		status = boot_replan(b);
	}
	b->times.modules_ns += now_ns() - start;
	return status;
}

static bool boot_root_settled(const struct loop *loop)
{
	return awaited_settled(loop->progress);
}

static bool boot_all_settled(const struct loop *loop)
{
	return !loop_is_pending(loop);
}

static enum status reach_root(struct boot *b, struct loop *loop)
{
	const struct path *path;

	if (loop_until(loop, b->wait_all ? boot_all_settled : boot_root_settled))
		return STATUS_ERROR;
	if (b->progress.root_elsewhere)
		return STATUS_NOTHING;
	path = awaited_root(&b->progress);
	if (!path)
		path = progress_root_in(&b->progress, PATH_FAILED);
	if (path && b->plan.only_maybe && path_awaits_root_path(path))
		return STATUS_NOTHING;
	return path ? path->result : STATUS_ERROR;
}

/*
 * Continues in the background with the other paths, within their own time limit. The root disk is
 * available, and the caller's process exits.
 */
static void boot_continue(struct boot *b, struct loop *loop, enum status status)
{
	boot_lock_write_pid(b->lock_fd);
	worker_detach();
	worker_report(status);
	loop->deadline = deadline_in(b->plan.policy.others_s);
	loop_until(loop, boot_all_settled);
}

static enum status report_root(struct boot *b, struct loop *loop)
{
	enum status status = reach_root(b, loop);

	if (boot_has_root(status))
		status = print_root_disk(&b->progress, status);
	boot_result_report(&b->progress, &b->times, status);
	return status;
}

/* Runs in the worker. Returns true if the caller must still report @ended to the parent. */
static bool run_stages(struct boot *b, enum status *ended)
{
	static const struct stage *const stages[] = {
		&stage_bypass,	 &stage_net,   &stage_drivers, &stage_dhcp,
		&stage_managed,	 &stage_names, &stage_reach,   &stage_storage,
		&stage_login,	 &stage_disks, &stage_timers,  &stage_retry,
		&stage_failover, &stage_paths, &stage_switch,  NULL
	};
	enum status status = *ended = load_first_modules(b);
	struct loop loop;
	bool more;

	if (progress_make(&b->progress, &b->plan) && status == STATUS_OK)
		*ended = status = log_failure("boot", STATUS_ERROR, "cannot start",
					      strerror(ENOMEM), "give the machine more memory");
	if (status != STATUS_OK) {
		boot_result_report(&b->progress, &b->times, status);
		return true;
	}
	status = STATUS_ERROR;
	if (!loop_open(&loop, &b->progress, stages, b->deadline)) {
		loop.nic_ready = handoff_network;
		status = report_root(b, &loop);
		if (boot_has_root(status)) {
			hand_over_again(b);
			load_iscsi_ibft(b);
		}
	}
	more = boot_has_root(status) && loop_is_pending(&loop);
	if (more)
		boot_continue(b, &loop, status);
	loop_close(&loop);
	cleanup_fd(&b->lock_fd);
	*ended = status;
	return !more;
}

static void inherit_secrets(struct boot *b, bool secrets)
{
	arena_inherit(&b->plan.arena, secrets);
	arena_inherit(&b->view.arena, secrets);
}

/*
 * Runs in the worker, which has a copy of the secrets and wipes it; its child processes get none.
 * The worker may be killed as soon as it has reported its result.
 */
static void boot_work(void *data)
{
	struct boot *b = data;
	enum status status;
	bool unreported;

	inherit_secrets(b, false);
	unreported = run_stages(b, &status);
	progress_free(&b->progress);
	plan_free(&b->plan);
	view_free(&b->view);
	if (unreported)
		worker_report(status);
}

/* Takes the lock and runs the worker, if the plan was made (@decided is STATUS_OK). */
static enum status boot_locked(struct boot *b, enum status decided)
{
	enum status status = boot_lock_take(BOOT_RUN_DIR "/lock", &b->lock_fd);

	if (status != STATUS_OK) {
		b->plan.policy.on_failure = ON_FAILURE_RETURN; /* the other boot acts on failure */
	} else if (decided != STATUS_OK) {
		boot_result_report(&b->progress, &b->times, decided);
		status = decided;
	} else {
		b->deadline = deadline_in(b->plan.policy.deadline_s);
		if (b->plan.only_maybe)
			b->deadline = deadline_sooner(b->deadline, MAYBE_SECONDS);
		inherit_secrets(b, true);
		status = worker_run(boot_work, b);
		inherit_secrets(b, false);
	}
	cleanup_fd(&b->lock_fd);
	return status;
}

enum status boot_command(bool wait_all)
{
	struct boot b = { .wait_all = wait_all, .times.start_ns = now_ns(), .lock_fd = -1 };
	enum status status;
	enum on_failure then;
	bool guard;
	int err;

	/* Continue if the reader of our output has exited. */
	signal(SIGPIPE, SIG_IGN);
	status = boot_plan(&b);
	if (status == STATUS_NOTHING) {
		log_info("boot", "there is nothing to boot from by iSCSI, after %.3f s",
			 seconds_since(b.times.start_ns));
	} else {
		err = log_open(BOOT_RUN_DIR);
		if (!err)
			err = cmdline_files_keep(&b.view);
		if (err)
			log_warning("boot", "cannot write to " BOOT_RUN_DIR ": %s", strerror(-err));
		status = boot_locked(&b, status);
	}
	then = b.plan.policy.on_failure;
	guard = b.plan.policy.guard;
	plan_free(&b.plan);
	view_free(&b.view);
	if (boot_has_root(status))
		lease_start();
	if (boot_has_root(status))
		guard_start(guard);
	else if (status != STATUS_NOTHING)
		on_failure_act(then, status);
	return status;
}

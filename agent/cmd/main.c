// SPDX-License-Identifier: GPL-2.0-only
/* Wires: the words of the command line to what they ask for. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/libexec.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "boot/boot.h"
#include "cmd/show.h"
#include "cmd/status.h"
#include "dhcp/client.h"
#include "plan/boot_record_from_plan.h"
#include "plan/plan.h"
#include "session/timers_set_all.h"

#ifndef VERSION
#define VERSION "0.1"
#endif

struct options {
	const char *root;
	bool json;
	bool kmsg;
	bool wait_all;
	bool again;
	char **words; /* behind the command */
	unsigned int nr_words;
};

static const char usage[] =
	"Usage: iscsi-boot-agent [OPTION...] COMMAND\n"
	"\n"
	"  boot    log in to what this machine boots from; prints the root's device\n"
	"  plan    what boot would do here and why, changing nothing\n"
	"  show    what firmware and command line say to boot from\n"
	"  status  sessions, disks, timers and guard as they are beside what boot wanted\n"
	"  tune [DEVICE|SESSION...]  set the timers of these, or of all that boot recorded\n"
	"  handoff  in the real root, before its iscsid: records of the sessions, initiator name\n"
	"  shutdown [reboot|poweroff|halt|kexec]  let no lost target hold up the machine's end\n"
	"\n"
	"  --json      show, status: for programs\n"
	"  --kmsg      boot: log to the kernel's log, not to standard error\n"
	"  --wait-all  boot: wait for all paths and disks, not for the root alone\n"
	"  --again     handoff: have iscsid log in to what boot could not, for a while\n"
	"  --root=DIR  plan, show, status: read below DIR instead of /\n"
	"  --version   print the version\n"
	"  --help      print this\n"
	"\n"
	"Exit statuses, policy and files: iscsi-boot-agent(8).\n";

static enum status read_tree(const struct options *o, struct view *view)
{
	int err = view_read(o->root, view);

	if (err)
		return log_failure("tree", STATUS_ERROR, "cannot read the boot parameters",
				   strerror(-err), "mount /proc and /sys");
	return STATUS_OK;
}

static enum status cmd_boot(const struct options *o)
{
	if (o->kmsg)
		log_to_kmsg();
	return boot_command(o->wait_all);
}

static enum status cmd_show(const struct options *o)
{
	struct view view;
	enum status status = read_tree(o, &view);

	if (status != STATUS_OK)
		return status;
	show_command(o->root, &view, o->json, stdout);
	view_free(&view);
	return STATUS_OK;
}

static enum status cmd_plan(const struct options *o)
{
	struct view view;
	struct plan plan;
	enum status status = read_tree(o, &view);

	if (status != STATUS_OK)
		return status;
	log_diag("tree", view.diag.text, view.diag.len);
	status = plan_make(o->root, &view, &plan);
	if (status == STATUS_NOTHING)
		puts("nothing to boot from by iSCSI");
	if (status == STATUS_OK) {
		plan_print(&view, &plan, stdout);
		fputs(plan.notes, stdout);
		plan_free(&plan);
	}
	view_free(&view);
	return status;
}

/* What boot recorded. STATUS_NOTHING: it recorded nothing. */
static enum status read_wanted(struct boot_record *wanted)
{
	int r = boot_record_read(wanted);

	if (!r)
		return STATUS_OK;
	if (r == -ENOENT)
		return STATUS_NOTHING;
	return log_failure("wanted", STATUS_ERROR, "cannot read " WANTED_FILE, strerror(-r),
			   "check its permissions, and what has changed it");
}

/* What boot would want here, where it recorded nothing. */
static enum status plan_wanted(const struct options *o, struct boot_record *wanted)
{
	struct view view;
	struct plan plan;
	enum status status = read_tree(o, &view);

	if (status != STATUS_OK)
		return status;
	status = plan_make(o->root, &view, &plan);
	if (status == STATUS_OK) {
		log_info("status", "boot recorded nothing in " WANTED_FILE ": as planned now");
		if (boot_record_from_plan(&plan, wanted))
			status = STATUS_ERROR;
		plan_free(&plan);
	}
	view_free(&view);
	return status;
}

static enum status cmd_status(const struct options *o)
{
	struct boot_record wanted;
	enum status status;

	sysfs_root = o->root;
	status = read_wanted(&wanted);
	if (status == STATUS_NOTHING)
		status = plan_wanted(o, &wanted);
	if (status != STATUS_OK && o->json)
		puts("[]");
	else if (status == STATUS_NOTHING)
		puts("nothing to boot from by iSCSI");
	if (status != STATUS_OK)
		return status;
	status = status_print(&wanted, o->json, stdout);
	boot_record_free(&wanted);
	return status;
}

static enum status cmd_tune(const struct options *o)
{
	struct boot_record wanted;
	enum status status = read_wanted(&wanted);

	if (status == STATUS_NOTHING)
		log_info("tune", "boot recorded nothing in " WANTED_FILE);
	if (status != STATUS_OK)
		return status;
	status = tune_command(&wanted, o->words, o->nr_words);
	boot_record_free(&wanted);
	return status;
}

/* What is a program of its own takes our place. */
static enum status become(const char *name, char *option, char *word)
{
	char *const argv[] = { (char *)name, option, word, NULL };
	AUTO_ARENA arena = NULL;
	const char *path = libexec_path(&arena, name);
	char *tried = path ? arena_printf(&arena, "cannot run %s", path) : NULL;

	if (!tried)
		return STATUS_ERROR;
	execv(path, argv);
	return log_failure("main", STATUS_MODULE, tried, strerror(errno),
			   "install it: an initramfs does not contain it");
}

static enum status cmd_handoff(const struct options *o)
{
	return become("iscsi-boot-handoff", o->again ? "--again" : NULL, NULL);
}

static enum status bad_usage(const char *what, const char *word)
{
	fprintf(stderr, "iscsi-boot-agent: %s%s\n%s", what, word, usage);
	return STATUS_USAGE;
}

static enum status cmd_shutdown(const struct options *o)
{
	if (o->nr_words > 1)
		return bad_usage("one action is enough: ", o->words[1]);
	return become("iscsi-boot-shutdown", "--stderr", o->words[0]);
}

/* Each with the options that it takes; 'a': arguments too. */
static const struct command {
	const char *name;
	enum status (*run)(const struct options *o);
	const char *options;
} commands[] = {
	{ "boot", cmd_boot, "kw" },	 { "plan", cmd_plan, "r" },
	{ "show", cmd_show, "jr" },	 { "status", cmd_status, "jr" },
	{ "tune", cmd_tune, "a" },	 { "shutdown", cmd_shutdown, "a" },
	{ "handoff", cmd_handoff, "g" },
};

static enum status run_command(const char *name, const struct options *o, const char *given)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name))
			continue;
		if (given[strspn(given, commands[i].options)])
			return bad_usage("not an option of ", name);
		if (o->nr_words && !strchr(commands[i].options, 'a'))
			return bad_usage("no arguments are taken by ", name);
		return commands[i].run(o);
	}
	return bad_usage("no such command: ", name);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },	  { "kmsg", no_argument, NULL, 'k' },
		{ "root", required_argument, NULL, 'r' }, { "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },	  { "wait-all", no_argument, NULL, 'w' },
		{ "again", no_argument, NULL, 'g' },	  { 0 },
	};
	struct options o = { .root = "" };
	const char *name = strrchr(argv[0], '/');
	enum status status;
	char given[6] = "";
	int c;

	if (name && !strcmp(name + 1, DHCP_EVENT))
		return dhcp_event(argv[0], argv[1]);
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return STATUS_OK;
		}
		if (c == 'v') {
			puts("iscsi-boot-agent " VERSION);
			return STATUS_OK;
		}
		if (c == '?')
			return STATUS_USAGE;
		o.json |= c == 'j';
		o.kmsg |= c == 'k';
		o.wait_all |= c == 'w';
		o.again |= c == 'g';
		if (c == 'r')
			o.root = optarg;
		if (!strchr(given, c))
			given[strlen(given)] = (char)c;
	}
	o.words = &argv[optind + 1];
	o.nr_words = argc > optind ? (unsigned int)(argc - optind) - 1 : 0;
	status = argc > optind ? run_command(argv[optind], &o, given) :
				 bad_usage("a command is needed", "");
	log_close();
	return fflush(stdout) ? STATUS_ERROR : (int)status;
}

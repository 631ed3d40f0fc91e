// SPDX-License-Identifier: GPL-2.0-only
/* main() of iscsi-boot-agent: parses the arguments and runs the command. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag_text.h"
#include "base/libexec.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "boot/boot.h"
#include "cmd/show.h"
#include "cmd/status.h"
#include "cmd/systemd_generator.h"
#include "dhcp/client.h"
#include "plan/boot_record_from_plan.h"
#include "plan/outlook.h"
#include "plan/plan.h"
#include "session/timers_set_all.h"

#ifndef VERSION
#define VERSION "0.1"
#endif

/* Arguments of the program. */
struct options {
	const char *root; /* DIR of --root, or "" */
	const char *table; /* FILE of --table, or NULL */
	bool json;
	bool kmsg;
	bool wait_all;
	bool again;
	char **words; /* arguments of the command */
	unsigned int nr_words;
};

static const char usage[] =
	"Usage: iscsi-boot-agent [OPTION...] COMMAND\n"
	"\n"
	"  boot    log in to the targets of this machine; print the root disk's device\n"
	"  plan    print what boot would do and why; change nothing\n"
	"  check   say whether a boot by an image reaches the disk of the running root\n"
	"  show    print the boot parameters of firmware and kernel command line\n"
	"  status  compare sessions, disks, timers and guard with those of boot\n"
	"  tune [DEVICE|SESSION...]  set timers of these, or of all recorded by boot\n"
	"  handoff  write node records and initiator name; run it before iscsid starts\n"
	"  shutdown [reboot|poweroff|halt|kexec]  keep a dead target from blocking shutdown\n"
	"\n"
	"  --json      show, status: print JSON\n"
	"  --kmsg      boot: log to /dev/kmsg instead of standard error\n"
	"  --wait-all  boot: wait for all paths, not only for the root disk\n"
	"  --again     handoff: have iscsid log in to paths that failed in boot\n"
	"  --root=DIR  plan, check, show, status: read files below DIR\n"
	"  --table=FILE  plan, show: a firmware table in FILE, or a hex dump of one\n"
	"  --image FILE, --cmdline TEXT, --if-iscsi, --force  check: see the manual\n"
	"  --version   print the version\n"
	"  --help      print this help\n"
	"\n"
	"See iscsi-boot-agent(8) for exit statuses, policy and files.\n";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "kmsg", no_argument, NULL, 'k' },
	{ "root", required_argument, NULL, 'r' },
	{ "version", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "wait-all", no_argument, NULL, 'w' },
	{ "again", no_argument, NULL, 'g' },
	{ "table", required_argument, NULL, 't' },
	{ 0 },
};

/*
 * Whether a line of the usage is about @command: "  COMMAND ...", or "  --OPTION COMMAND, COMMAND:
 * ...".
 */
static bool usage_line_names(const char *line, size_t len, const char *command)
{
	size_t n = strlen(command);
	const char *at = memmem(line, len, command, n);

	if (!at)
		return false;
	if (strncmp(line, "  --", 4))
		return at == line + 2 && strchr(" [", at[n]);
	return at[-1] == ' ' && strchr(",:", at[n]);
}

/* Prints the usage of @command; of all commands if it is NULL or unknown. */
static enum status print_help(const char *command)
{
	const char *line = usage, *end;
	bool found = false;

	for (; command && (end = strchr(line, '\n')); line = end + 1) {
		if (!usage_line_names(line, (size_t)(end - line), command))
			continue;
		printf("%s%.*s\n", found ? "" : "Usage: iscsi-boot-agent [OPTION...] COMMAND\n\n",
		       (int)(end - line), line);
		found = true;
	}
	if (!found)
		fputs(usage, stdout);
	return STATUS_OK;
}

static enum status try_help(void)
{
	fputs("Try 'iscsi-boot-agent --help'.\n", stderr);
	return STATUS_USAGE;
}

static enum status usage_error(const char *command, const char *what, const char *word)
{
	fprintf(stderr, "iscsi-boot-agent: %s%s%s\n", command, what, word);
	return try_help();
}

/* Reads the view of --table. */
static enum status read_table(const char *path, struct view *view)
{
	int err = view_from_table(path, view);
	AUTO_ARENA arena = NULL;
	const char *tried = arena_printf(&arena, "cannot read %s", path);

	if (!err)
		return STATUS_OK;
	return log_failure("view", STATUS_ERROR, tried ? tried : "cannot read the table",
			   err == -ENODATA ? "neither an iBFT nor a hex dump of one" :
			   err == -EBADMSG ? "lines of the hex dump are missing" :
					     strerror(-err),
			   "xxd /sys/firmware/acpi/tables/iBFT >FILE, as root on the machine");
}

static enum status read_boot_params(const struct options *o, struct view *view)
{
	const char *advice = *o->root ? "check the folder of --root" : "mount /proc and /sys";
	int err;

	if (o->table)
		return read_table(o->table, view);
	err = view_read(o->root, view);
	if (err)
		return log_failure("view", STATUS_ERROR, "cannot read the boot parameters",
				   strerror(-err), advice);
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
	enum status status = read_boot_params(o, &view);

	if (status != STATUS_OK)
		return status;
	show_command(o->table ? NULL : o->root, &view, o->json, stdout);
	view_free(&view);
	return STATUS_OK;
}

static enum status cmd_plan(const struct options *o)
{
	struct view view;
	struct plan plan;
	enum status status = read_boot_params(o, &view);

	if (status != STATUS_OK)
		return status;
	log_diag("view", view.diag.text, view.diag.len);
	status = plan_make(o->root, &view, &plan);
	if (status == STATUS_NOTHING)
		puts("nothing to boot from by iSCSI");
	if (status == STATUS_OK) {
		plan_print(&view, &plan, stdout);
		diag_print(plan.notes, strlen(plan.notes), "", stdout);
		status = plan_outlook(&plan);
		plan_free(&plan);
	}
	view_free(&view);
	return status;
}

/* Reads what boot recorded. Returns STATUS_NOTHING if boot recorded nothing. */
static enum status read_boot_record(struct boot_record *record)
{
	int r = boot_record_read(record);

	if (!r)
		return STATUS_OK;
	if (r == -ENOENT)
		return STATUS_NOTHING;
	return log_failure("status", STATUS_ERROR, "cannot read " WANTED_FILE, strerror(-r),
			   "check its permissions, and what has changed it");
}

/* Fills @record with what boot would record now. */
static enum status plan_record(const struct options *o, struct boot_record *record)
{
	struct view view;
	struct plan plan;
	enum status status = read_boot_params(o, &view);

	if (status != STATUS_OK)
		return status;
	status = plan_make(o->root, &view, &plan);
	if (status == STATUS_OK) {
		log_info("status", "boot has not run; comparing with the plan");
		if (boot_record_from_plan(&plan, record))
			status = STATUS_ERROR;
		plan_free(&plan);
	}
	view_free(&view);
	return status;
}

static enum status cmd_status(const struct options *o)
{
	struct boot_record record;
	enum status status;

	sysfs_root = o->root;
	status = read_boot_record(&record);
	if (status == STATUS_NOTHING)
		status = plan_record(o, &record);
	if (status != STATUS_OK && o->json)
		puts("[]");
	else if (status == STATUS_NOTHING)
		puts("nothing to boot from by iSCSI");
	if (status != STATUS_OK)
		return status;
	status = status_print(&record, o->json, stdout);
	boot_record_free(&record);
	return status;
}

static enum status cmd_tune(const struct options *o)
{
	struct boot_record record;
	enum status status = read_boot_record(&record);

	if (status == STATUS_NOTHING)
		log_info("timers", "boot recorded nothing in " WANTED_FILE);
	if (status != STATUS_OK)
		return status;
	status = tune_command(&record, o->words, o->nr_words);
	boot_record_free(&record);
	return status;
}

/* Replaces this process by the program @name of lib/iscsi-boot. Returns only on failure. */
static enum status exec_program(const char *name, char *const *argv)
{
	AUTO_ARENA arena = NULL;
	const char *path = libexec_path(&arena, name);
	char *tried = path ? arena_printf(&arena, "cannot run %s", path) : NULL;

	if (!tried)
		return STATUS_ERROR;
	execv(path, argv);
	return log_failure("agent", STATUS_MODULE, tried, strerror(errno),
			   "install it: an initramfs does not contain it");
}

static enum status exec_libexec(const char *name, char *option, char *word)
{
	char *const argv[] = { (char *)name, option, word, NULL };

	return exec_program(name, argv);
}

static enum status cmd_handoff(const struct options *o)
{
	return exec_libexec("iscsi-boot-handoff", o->again ? "--again" : NULL, NULL);
}

static enum status cmd_shutdown(const struct options *o)
{
	if (o->nr_words > 1)
		return usage_error("shutdown", " takes one action, not also ", o->words[1]);
	return exec_libexec("iscsi-boot-shutdown", "--stderr", o->words[0]);
}

/* @options: those that the command takes, as characters; 'a': it takes arguments. */
static const struct command {
	const char *name;
	enum status (*run)(const struct options *o);
	const char *options;
} commands[] = {
	{ "boot", cmd_boot, "kw" },	 { "plan", cmd_plan, "rt" },
	{ "show", cmd_show, "jrt" },	 { "status", cmd_status, "jr" },
	{ "tune", cmd_tune, "a" },	 { "shutdown", cmd_shutdown, "a" },
	{ "handoff", cmd_handoff, "g" },
};

static enum status refuse_option(const char *command, char option)
{
	const struct option *l = long_options;

	while (l->val != option)
		l++;
	return usage_error(command, " takes no option --", l->name);
}

/* @given: the options of the command line, as characters. */
static enum status run_command(const char *name, const struct options *o, const char *given)
{
	const char *surplus;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name))
			continue;
		surplus = given + strspn(given, commands[i].options);
		if (*surplus)
			return refuse_option(name, *surplus);
		if (o->nr_words && !strchr(commands[i].options, 'a'))
			return usage_error(name, " takes no argument: ", o->words[0]);
		return commands[i].run(o);
	}
	return usage_error("", "unknown command: ", name);
}

int main(int argc, char **argv)
{
	struct options o = { .root = "" };
	const char *name = strrchr(argv[0], '/');
	enum status status;
	char given[8] = "";
	bool help = false;
	int c;

	if (name && !strcmp(name + 1, DHCP_EVENT))
		return dhcp_event(argv[0], argv[1]);
	if (name && !strcmp(name + 1, SYSTEMD_GENERATOR) && argc > 1)
		return systemd_generator("", argv[1]);
	/* A script, with options of its own. */
	if (argc > 1 && !strcmp(argv[1], "check") && !(argc > 2 && !strcmp(argv[2], "--help")))
		return exec_program("iscsi-boot-check", argv + 1);
	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (c == 'v') {
			puts("iscsi-boot-agent " VERSION);
			return STATUS_OK;
		}
		if (c == '?') /* getopt has printed it */
			return try_help();
		help |= c == 'h';
		o.json |= c == 'j';
		o.kmsg |= c == 'k';
		o.wait_all |= c == 'w';
		o.again |= c == 'g';
		if (c == 'r')
			o.root = optarg;
		if (c == 't')
			o.table = optarg;
		if (!strchr(given, c))
			given[strlen(given)] = (char)c;
	}
	if (help)
		return print_help(argv[optind]);
	if (o.table && !*o.root)
		o.root = "/nonexistent"; /* the table may be that of another machine */
	o.words = &argv[optind + 1];
	o.nr_words = argc > optind ? (unsigned int)(argc - optind) - 1 : 0;
	status = argc > optind ? run_command(argv[optind], &o, given) :
				 usage_error("", "command missing", "");
	log_close();
	/* ferror(): an earlier part of the output was lost. */
	return fflush(stdout) || ferror(stdout) ? STATUS_ERROR : (int)status;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "plan/policy.h"

#include <ctype.h>
#include <limits.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/plan.h"
#include "view/view.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"

#define CONF "/etc/iscsi-boot-agent.conf"
#define PREFIX "iscsi_boot."

/* The kernel counts timers in ticks, up to 1000 in a second, in an int. */
#define SECONDS_MAX (INT_MAX / 1000)

#define NUMBER(member) offsetof(struct policy, member)

/* Not said yet; what it is then depends on other things that are said. */
#define UNSET INT_MIN

enum key {
	KEY_DEADLINE,
	KEY_OTHER_PATHS,
	KEY_ON_FAILURE,
	KEY_ENGINE,
	KEY_DHCP_CLIENT,
	KEY_GUARD,
	KEY_SHUTDOWN_TIMEOUT,
	/* From here on timers: first those of a session, which all its LUNs share. */
	KEY_RECOVERY_TMO,
	KEY_MULTIPATH_RECOVERY_TMO,
	KEY_NOOP_INTERVAL,
	KEY_NOOP_TIMEOUT,
	KEY_COMMAND_TIMEOUT,
	KEY_MULTIPATH_COMMAND_TIMEOUT,
	KEY_EH_TIMEOUT,
	KEY_MAX_RETRIES,
	KEY_SCHEDULER,
	NR_KEYS,
};

/* A row for each key: a number between min and max, or "off". */
static const struct key_row {
	const char *name;
	uint16_t offset; /* of an int in struct policy; words have readers of their own */
	bool has_off;
	int16_t off; /* what "off" stands for */
	int min, max;
} keys[NR_KEYS] = {
	[KEY_DEADLINE] = { "deadline", NUMBER(deadline_s), true, 0, 0, 86400 },
	[KEY_OTHER_PATHS] = { "other-paths", NUMBER(others_s), true, 0, 0, 86400 },
	[KEY_ON_FAILURE] = { .name = "on-failure" },
	[KEY_ENGINE] = { .name = "engine" },
	[KEY_DHCP_CLIENT] = { .name = "dhcp-client" },
	[KEY_GUARD] = { .name = "guard" },
	[KEY_SHUTDOWN_TIMEOUT] = { "shutdown-timeout", NUMBER(shutdown_timeout_s), false, 0, 4,
				   3600 },
	[KEY_RECOVERY_TMO] = { "recovery-tmo", NUMBER(timers.recovery_tmo), true, -1, 0,
			       SECONDS_MAX },
	[KEY_MULTIPATH_RECOVERY_TMO] = { "multipath-recovery-tmo",
					 NUMBER(timers.multipath_recovery_tmo), true, -1, 0,
					 SECONDS_MAX },
	[KEY_NOOP_INTERVAL] = { "noop-interval", NUMBER(timers.noop_interval), true, 0, 0, 86400 },
	[KEY_NOOP_TIMEOUT] = { "noop-timeout", NUMBER(timers.noop_timeout), true, 0, 0, 86400 },
	[KEY_COMMAND_TIMEOUT] = { "command-timeout", NUMBER(timers.command_timeout), false, 0, 1,
				  SECONDS_MAX },
	[KEY_MULTIPATH_COMMAND_TIMEOUT] = { "multipath-command-timeout",
					    NUMBER(timers.multipath_command_timeout), false, 0, 1,
					    SECONDS_MAX },
	[KEY_EH_TIMEOUT] = { "eh-timeout", NUMBER(timers.eh_timeout), false, 0, 1, SECONDS_MAX },
	/* drivers/scsi/sd.c, max_retries_store: at most SD_MAX_RETRIES. */
	[KEY_MAX_RETRIES] = { "max-retries", NUMBER(timers.max_retries), true, -1, 0, 5 },
	[KEY_SCHEDULER] = { .name = "scheduler" },
};

static const char *const on_failure_names[] = {
	[ON_FAILURE_RETURN] = "return",
	[ON_FAILURE_SHELL] = "shell",
	[ON_FAILURE_RETRY] = "retry",
	[ON_FAILURE_REBOOT] = "reboot",
};

/* What a line or a word is said of, from the least to the most particular. */
enum level { LEVEL_ALL, LEVEL_TARGET, LEVEL_LUN, LEVEL_NOBODY };

/* A source being read: where what it says goes, and where to say what is wrong in it. */
struct source {
	struct policy *policy;
	struct ibu_diag *diag;
	const char *place; /* "cmdline", "/etc/iscsi-boot-agent.conf:3" */
	size_t offset; /* of the word in the command line */
	enum level level; /* what is said of others is only looked at for mistakes */
	const struct timers_scope *scope; /* NULL at LEVEL_ALL */
};

/* A value is not told: with a quote that was never closed there may be anything in it. */
static void bad_value(struct source *src, const char *name, const char *wanted)
{
	ibu_diag_add(src->diag, IBU_WARNING, src->place, name, src->offset, "its value is not %s",
		     wanted);
}

/* All of @value as a decimal number. 0 or -EINVAL. */
static int scan_number(const struct ibu_text *value, long *number)
{
	char digits[12], *end;

	if (!value->len || value->len >= sizeof(digits) || isspace((unsigned char)value->s[0]))
		return -EINVAL;
	memcpy(digits, value->s, value->len);
	digits[value->len] = '\0';
	*number = strtol(digits, &end, 10);
	return *end ? -EINVAL : 0;
}

static void set_number(struct source *src, const struct key_row *row, const struct ibu_text *value)
{
	int *member = (int *)((char *)src->policy + row->offset);
	char wanted[80];
	long number;

	if (row->has_off && ibu_is(value, "off")) {
		*member = row->off;
	} else if (!scan_number(value, &number) && ((number >= row->min && number <= row->max) ||
						    (row->has_off && number == row->off))) {
		*member = (int)number;
	} else {
		snprintf(wanted, sizeof(wanted), "a number from %d to %d%s", row->min, row->max,
			 row->has_off ? " or \"off\"" : "");
		bad_value(src, row->name, wanted);
	}
}

static void set_on_failure(struct source *src, const struct ibu_text *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(on_failure_names); i++) {
		if (ibu_is(value, on_failure_names[i])) {
			src->policy->on_failure = (enum on_failure)i;
			return;
		}
	}
	bad_value(src, "on-failure", "return, shell, retry or reboot");
}

static void set_engine(struct source *src, const struct ibu_text *value)
{
	if (ibu_is(value, "native"))
		src->policy->engine = ENGINE_NATIVE;
	else if (ibu_is(value, "open-iscsi"))
		src->policy->engine = ENGINE_OPENISCSI;
	else
		bad_value(src, "engine", "native or open-iscsi");
}

static void set_dhcp_client(struct source *src, const struct ibu_text *value)
{
	enum lease_from kind;

	for (kind = LEASE_DHCPCD; dhcp_client_name(kind); kind++) {
		if (ibu_is(value, dhcp_client_name(kind))) {
			src->policy->dhcp_client = kind;
			return;
		}
	}
	bad_value(src, "dhcp-client", "dhcpcd, udhcpc or ipconfig");
}

static void set_guard(struct source *src, const struct ibu_text *value)
{
	if (ibu_is(value, "yes") || ibu_is(value, "no"))
		src->policy->guard = ibu_is(value, "yes");
	else
		bad_value(src, "guard", "yes or no");
}

/* A name such as "none" or "mq-deadline"; it goes into a file of sysfs. */
static void set_scheduler(struct source *src, const struct ibu_text *value)
{
	const size_t room = sizeof(src->policy->timers.scheduler);
	char *name = src->policy->timers.scheduler;
	size_t i;

	for (i = 0; i < value->len; i++)
		if (!isalnum((unsigned char)value->s[i]) && !strchr("-_", value->s[i]))
			break;
	if (!value->len || i < value->len || value->len >= room) {
		bad_value(src, "scheduler", "the name of an I/O scheduler");
		return;
	}
	memcpy(name, value->s, value->len);
	name[value->len] = '\0';
}

/* '_' is as good as '-', as in the names of the kernel's parameters. */
static bool key_is(const struct ibu_text *key, const char *name)
{
	u32 i;

	if (strlen(name) != key->len)
		return false;
	for (i = 0; i < key->len; i++)
		if ((key->s[i] == '_' ? '-' : key->s[i]) != name[i])
			return false;
	return true;
}

/* How much of what should be a key is told: no more than a key can be. */
#define KEY_TOLD_MAX 32

/*
 * What stands for a key may be a target with its secret, where '=' was mistyped: only what looks
 * like a key is told of it, and the value not at all.
 */
static void unknown_key(struct source *src, const struct ibu_text *key)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	int len = 0;

	while (len < KEY_TOLD_MAX && (u32)len < key->len &&
	       memchr(chars, key->s[len], sizeof(chars) - 1))
		len++;
	ibu_diag_add(src->diag, IBU_WARNING, src->place, "key", src->offset,
		     "\"%.*s\" is not a key of the agent", len, key->s);
}

/* Whether @row can be said at @level; told if not. A session's timers are for all its LUNs. */
static bool check_level(struct source *src, const struct key_row *row, enum level level,
			bool session_too)
{
	const char *reason = NULL;

	if (level > LEVEL_ALL && row < &keys[KEY_RECOVERY_TMO])
		reason = "is of the machine, not of a target";
	else if (level == LEVEL_LUN && row < &keys[KEY_COMMAND_TIMEOUT] && !session_too)
		reason = "is of the session, which all LUNs share: it goes to [target NAME]";
	if (reason)
		ibu_diag_add(src->diag, IBU_WARNING, src->place, row->name, src->offset, "%s",
			     reason);
	return !reason;
}

static void set_value(struct source *src, size_t key, const struct ibu_text *value)
{
	if (key == KEY_ON_FAILURE)
		set_on_failure(src, value);
	else if (key == KEY_ENGINE)
		set_engine(src, value);
	else if (key == KEY_DHCP_CLIENT)
		set_dhcp_client(src, value);
	else if (key == KEY_GUARD)
		set_guard(src, value);
	else if (key == KEY_SCHEDULER)
		set_scheduler(src, value);
	else
		set_number(src, &keys[key], value);
}

/* What a login shall be told; some of it is a timer of ours. */
static void set_param(struct source *src, const struct ibu_text *name, const struct ibu_text *value)
{
	static const enum key timer_keys[] = { [LOGIN_PARAM_RECOVERY_TMO] = KEY_RECOVERY_TMO,
					       [LOGIN_PARAM_NOOP_INTERVAL] = KEY_NOOP_INTERVAL,
					       [LOGIN_PARAM_NOOP_TIMEOUT] = KEY_NOOP_TIMEOUT };
	enum node_param param = node_param_find(name);
	char text[NODE_PARAM_SIZE];

	if (src->level != LEVEL_ALL)
		return;
	if (param == NR_NODE_PARAMS) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, "param", src->offset,
			     "is none that a login takes");
	} else if (param < ARRAY_SIZE(timer_keys)) {
		set_value(src, timer_keys[param], value);
	} else if (param < LOGIN_PARAM_FREE) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, node_param_name(param),
			     src->offset, "is the agent's own: not used");
	} else if (!node_param_is_valid(value)) {
		bad_value(src, node_param_name(param), "a number or a list of words");
	} else {
		memcpy(text, value->s, value->len);
		text[value->len] = '\0';
		if (param == LOGIN_PARAM_LOGIN_TIMEOUT && !node_param_seconds(text))
			bad_value(src, node_param_name(param), "1 to 3600 s");
		else
			memcpy(src->policy->params[param], text, value->len + 1);
	}
}

/* "param.NAME": the prefix is cut off. */
static bool is_param(struct ibu_text *key)
{
	static const char prefix[] = "param.";
	const u32 len = (u32)strlen(prefix);

	if (key->len < len || memcmp(key->s, prefix, len))
		return false;
	key->s += len;
	key->len -= len;
	return true;
}

/* dracut's NAME=VALUE in one value. */
static void read_dracut_param(struct source *src, const struct ibu_text *both)
{
	const char *equals = memchr(both->s, '=', both->len);
	struct ibu_text name = { both->s, equals ? (u32)(equals - both->s) : both->len };
	struct ibu_text value = { name.s + name.len, both->len - name.len };

	if (equals) {
		value.s++;
		value.len--;
	}
	set_param(src, &name, &value);
}

/* What is said of somebody else (@level is not that of @src) is read and not kept. */
static void set_key(struct source *src, enum level level, bool session_too,
		    const struct ibu_text *key, const struct ibu_text *value)
{
	struct policy *policy = src->policy, nobodys = *policy;
	struct ibu_text name = *key;
	size_t i;

	if (level == LEVEL_ALL && is_param(&name)) {
		set_param(src, &name, value);
		return;
	}
	for (i = 0; i < NR_KEYS; i++)
		if (key_is(key, keys[i].name))
			break;
	if (i == NR_KEYS) {
		unknown_key(src, key);
		return;
	}
	if (!check_level(src, &keys[i], level, session_too))
		return;
	if (level != src->level)
		src->policy = &nobodys;
	set_value(src, i, value);
	src->policy = policy;
}

/* The configuration file */

static void trim(struct ibu_text *t)
{
	while (t->len && isspace((unsigned char)t->s[0])) {
		t->s++;
		t->len--;
	}
	while (t->len && isspace((unsigned char)t->s[t->len - 1]))
		t->len--;
}

/* The next word of @line, cut off there; empty at its end. */
static struct ibu_text next_word(struct ibu_text *line)
{
	struct ibu_text word;

	trim(line);
	word = *line;
	while (line->len && !isspace((unsigned char)line->s[0])) {
		line->s++;
		line->len--;
	}
	word.len -= line->len;
	return word;
}

/* "[target NAME]", "[target NAME lun N]": who the lines below it are for. */
static enum level read_section(struct source *src, struct ibu_text line)
{
	struct ibu_text inside = { line.s + 1, line.len - 1 }, kind, name, lun, number;
	bool closed = line.s[line.len - 1] == ']';
	long n = -1;

	inside.len -= closed;
	kind = next_word(&inside);
	name = next_word(&inside);
	lun = next_word(&inside);
	number = next_word(&inside);
	if (!closed || !ibu_is(&kind, "target") || !name.len || inside.len ||
	    (lun.len && (!ibu_is(&lun, "lun") || scan_number(&number, &n) || n < 0))) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, "line", src->offset,
			     "is not [target NAME] or [target NAME lun N]; what follows is void");
		return LEVEL_NOBODY;
	}
	if (src->scope &&
	    (!ibu_text_eq(&name, src->scope->target) || (lun.len && n != src->scope->lun)))
		return LEVEL_NOBODY;
	return lun.len ? LEVEL_LUN : LEVEL_TARGET;
}

static void read_conf_line(struct source *src, struct ibu_text line, enum level *level)
{
	struct ibu_text key, value;
	const char *equals;

	trim(&line);
	if (!line.len || line.s[0] == '#')
		return;
	if (line.s[0] == '[') {
		*level = read_section(src, line);
		return;
	}
	equals = memchr(line.s, '=', line.len);
	if (!equals) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, "line", src->offset,
			     "is not KEY=VALUE");
		return;
	}
	key = (struct ibu_text){ line.s, (u32)(equals - line.s) };
	value = (struct ibu_text){ equals + 1, line.len - key.len - 1 };
	trim(&key);
	trim(&value);
	set_key(src, *level, false, &key, &value);
}

static void read_conf_text(struct source *src, const char *text, size_t len)
{
	const char *end = text + len, *eol;
	enum level level = LEVEL_ALL;
	char place[sizeof(CONF) + 16];
	unsigned int n;

	src->place = place;
	for (n = 1; text < end; n++, text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		snprintf(place, sizeof(place), CONF ":%u", n);
		read_conf_line(src, (struct ibu_text){ text, (u32)(eol - text) }, &level);
	}
	src->place = CONF;
}

static int read_conf(struct source *src, const char *root)
{
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;

	src->place = CONF;
	src->offset = IBU_NO_OFFSET;
	len = file_read(&arena, &text, "%s" CONF, root);
	if (len == -ENOENT || len == -ENOMEM)
		return len == -ENOMEM ? -ENOMEM : 0;
	if (len < 0) {
		ibu_diag_add(src->diag, IBU_WARNING, CONF, "file", IBU_NO_OFFSET,
			     "cannot be read: %s", strerror((int)-len));
		return 0;
	}
	read_conf_text(src, text, (size_t)len);
	return 0;
}

/* The kernel command line */

/* "iscsi_boot." is cut off. */
static bool cut_prefix(struct ibu_text *name)
{
	const u32 len = strlen(PREFIX);

	if (name->len < len || memcmp(name->s, PREFIX, len))
		return false;
	name->s += len;
	name->len -= len;
	return true;
}

/* Of "target3.KEY" the key is left, and @n is 3. */
static bool cut_target(struct ibu_text *name, long *n)
{
	static const char prefix[] = "target";
	const u32 len = (u32)strlen(prefix);
	struct ibu_text digits = { name->s + len, 0 };
	const char *dot;

	dot = name->len > len && !memcmp(name->s, prefix, len) ? memchr(name->s, '.', name->len) :
								 NULL;
	if (!dot)
		return false;
	digits.len = (u32)(dot - digits.s);
	if (scan_number(&digits, n))
		return false;
	name->len -= (u32)(dot + 1 - name->s);
	name->s = dot + 1;
	return true;
}

/* "target3.KEY" is said of target3 alone; the prefix is cut off. */
static enum level read_target_prefix(const struct source *src, struct ibu_text *name)
{
	long n;

	if (!cut_target(name, &n))
		return LEVEL_ALL;
	return src->scope && n != (long)src->scope->number ? LEVEL_NOBODY : LEVEL_LUN;
}

static void read_word(struct source *src, struct ibu_text name, const struct ibu_text *value)
{
	enum level level;

	if (ibu_is(&name, "rd.iscsi.param") || ibu_is(&name, "iscsi_param"))
		read_dracut_param(src, value);
	if (!cut_prefix(&name) || key_is(&name, "target")) /* the module's */
		return;
	level = read_target_prefix(src, &name);
	set_key(src, level, true, &name, value);
}

static void read_words(struct source *src, const char *cmdline)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct ibu_text name, value;

	src->place = "cmdline";
	while (ibu_next_word(&s, end, &name, &value)) {
		src->offset = (size_t)(name.s - cmdline);
		read_word(src, name, &value);
	}
}

/* Multipath: asked for by word or file, unless a word of multipath-tools or dracut refuses it. */

static bool refuses_multipath(const struct ibu_text *name, const struct ibu_text *value)
{
	if (ibu_is(name, "nompath"))
		return true;
	return (ibu_is(name, "rd.multipath") && (ibu_is(value, "0") || ibu_is(value, "no"))) ||
	       (ibu_is(name, "multipath") && ibu_is(value, "off"));
}

static bool file_exists(const char *root, const char *path)
{
	AUTO_ARENA arena = NULL;
	char *full = arena_printf(&arena, "%s%s", root, path);

	return full && !access(full, F_OK);
}

static bool wants_multipath(const char *root, const char *cmdline)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct ibu_text name, value;
	bool wanted = false;

	while (ibu_next_word(&s, end, &name, &value)) {
		if (refuses_multipath(&name, &value))
			return false;
		wanted |= ibu_is(&name, "rd.multipath") || ibu_is(&name, "multipath");
	}
	return wanted || file_exists(root, "/etc/multipath.conf") ||
	       file_exists(root, "/etc/multipath");
}

static void set_defaults(struct policy *policy)
{
	*policy = (struct policy){
		.deadline_s = 180,
		.others_s = 30,
		.on_failure = ON_FAILURE_RETURN,
		.guard = true,
		.shutdown_timeout_s = 20,
		.multipath = policy->multipath,
		.timers = {
			.recovery_tmo = UNSET,
			.noop_interval = policy->multipath ? 5 : 0,
			.noop_timeout = policy->multipath ? 10 : 0,
			.command_timeout = UNSET,
			.eh_timeout = 10,
			.max_retries = 5,
			.scheduler = "none",
			.multipath_recovery_tmo = UNSET,
			.multipath_command_timeout = UNSET,
		},
	};
}

/* What is said of a timer holds with and without multipath. */
static void settle_pair(int *value, int *multipath, int value_default, int multipath_default)
{
	if (*multipath == UNSET)
		*multipath = *value == UNSET ? multipath_default : *value;
	if (*value == UNSET)
		*value = value_default;
}

/*
 * A root on one path waits for its target, for a day: better late than read-only. NOP-Outs would
 * only cut a slow target off. Below multipath they find a dead path, and another takes over.
 */
static void settle_timers(struct timers *t, struct ibu_diag *diag)
{
	settle_pair(&t->recovery_tmo, &t->multipath_recovery_tmo, 86400, 15);
	settle_pair(&t->command_timeout, &t->multipath_command_timeout, 90, 30);
	/* The kernel turns a lone 0 into 5 s (libiscsi.c, iscsi_conn_start): decide it here. */
	if (!t->noop_interval == !t->noop_timeout)
		return;
	t->noop_timeout = t->noop_interval ? 10 : 0;
	ibu_diag_add(diag, IBU_WARNING, "policy", "noop-timeout", IBU_NO_OFFSET,
		     "set to %d, since noop-interval is %d", t->noop_timeout, t->noop_interval);
}

int policy_read(const char *root, const char *cmdline, struct policy *policy, struct ibu_diag *diag)
{
	struct source src = { .policy = policy, .diag = diag };
	int err;

	policy->multipath = wants_multipath(root, cmdline);
	set_defaults(policy);
	err = read_conf(&src, root);
	read_words(&src, cmdline);
	settle_timers(&policy->timers, diag);
	return err;
}

int policy_timers(const char *root, const char *cmdline, const struct policy *policy,
		  const struct timers_scope *scope, struct timers *timers)
{
	struct policy own = { .multipath = policy->multipath };
	struct ibu_diag told = { 0 };
	struct source src = { .policy = &own, .diag = &told, .scope = scope };
	int err = 0;

	set_defaults(&own);
	for (src.level = LEVEL_ALL; src.level < LEVEL_NOBODY && !err; src.level++) {
		err = read_conf(&src, root);
		read_words(&src, cmdline);
	}
	settle_timers(&own.timers, &told);
	ibu_diag_free(&told);
	*timers = own.timers;
	return err;
}

static bool is_target(const struct plan *plan, long number)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (number == (long)plan->paths[i].number)
			return true;
	return number < (long)plan->view->params.nr_targets;
}

void policy_check_targets(const struct plan *plan, struct ibu_diag *diag)
{
	const char *cmdline = plan->view->cmdline, *s = cmdline, *end = s + strlen(s), *word;
	struct ibu_text name, value;
	long n;

	while (ibu_next_word(&s, end, &name, &value)) {
		word = name.s;
		if (cut_prefix(&name) && cut_target(&name, &n) && !is_target(plan, n))
			ibu_diag_add(diag, IBU_WARNING, "cmdline", "key", (size_t)(word - cmdline),
				     "there is no target%ld", n);
	}
}

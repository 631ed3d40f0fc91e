// SPDX-License-Identifier: GPL-2.0-only
/* Checks the values of the policy's keys and stores them. */
#include "plan/policy_private.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/attrs.h"

/* The kernel counts timers in ticks, up to 1000 in a second, in an int. */
#define SECONDS_MAX (INT_MAX / 1000)

#define NUMBER(member) offsetof(struct policy, member)

enum key {
	KEY_DEADLINE,
	KEY_OTHER_PATHS,
	KEY_ON_FAILURE,
	KEY_ENGINE,
	KEY_DHCP_CLIENT,
	KEY_ISCSI_IBFT,
	KEY_FAILOVER,
	KEY_GUARD,
	KEY_GUARD_STANDBY,
	KEY_SHUTDOWN_TIMEOUT,
	KEY_TCP_CONGESTION,
	KEY_TCP_PACING,
	/*
	 * Timers from here on. The timers of the session are first; all LUNs of the session share
	 * them.
	 */
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

/* A number between min and max, or "off"; keys with other values have no offset. */
static const struct key_row {
	const char *name;
	uint16_t offset; /* of an int in struct policy */
	bool has_off;
	int16_t off; /* the value of "off" */
	int min, max;
} keys[NR_KEYS] = {
	[KEY_DEADLINE] = { "deadline", NUMBER(deadline_s), true, 0, 0, 86400 },
	[KEY_OTHER_PATHS] = { "other-paths", NUMBER(others_s), true, 0, 0, 86400 },
	[KEY_ON_FAILURE] = { .name = "on-failure" },
	[KEY_ENGINE] = { .name = "engine" },
	[KEY_DHCP_CLIENT] = { .name = "dhcp-client" },
	[KEY_ISCSI_IBFT] = { .name = "iscsi-ibft" },
	[KEY_FAILOVER] = { .name = "failover" },
	[KEY_GUARD] = { .name = "guard" },
	[KEY_GUARD_STANDBY] = { "guard-standby", NUMBER(guard_standby_s), true, 0, 5, 86400 },
	[KEY_SHUTDOWN_TIMEOUT] = { "shutdown-timeout", NUMBER(shutdown_timeout_s), false, 0, 4,
				   3600 },
	[KEY_TCP_CONGESTION] = { .name = "tcp.congestion" },
	[KEY_TCP_PACING] = { "tcp.pacing", NUMBER(pacing_mbit), true, 0, 1, 1000000 },
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

/* The value is not reported: after a missing closing quote it may contain a secret. */
static void bad_value(struct policy_source *src, const char *name, const char *wanted)
{
	ibu_diag_add(src->diag, IBU_WARNING, src->place, name, src->offset, "must be %s", wanted);
}

int policy_number(const struct ibu_text *value, long *number)
{
	char digits[12], *end;

	if (!value->len || value->len >= sizeof(digits) || isspace((unsigned char)value->s[0]))
		return -EINVAL;
	memcpy(digits, value->s, value->len);
	digits[value->len] = '\0';
	*number = strtol(digits, &end, 10);
	return *end ? -EINVAL : 0;
}

static void key_set_number(struct policy_source *src, const struct key_row *row,
			   const struct ibu_text *value)
{
	int *member = (int *)((char *)src->policy + row->offset);
	char wanted[80];
	long number;

	if (row->has_off && ibu_is(value, "off")) {
		*member = row->off;
	} else if (!policy_number(value, &number) && ((number >= row->min && number <= row->max) ||
						      (row->has_off && number == row->off))) {
		*member = (int)number;
	} else {
		snprintf(wanted, sizeof(wanted), "a number from %d to %d%s", row->min, row->max,
			 row->has_off ? " or \"off\"" : "");
		bad_value(src, row->name, wanted);
	}
}

static void set_on_failure(struct policy_source *src, const struct ibu_text *value)
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

static void set_engine(struct policy_source *src, const struct ibu_text *value)
{
	if (ibu_is(value, "native"))
		src->policy->engine = ENGINE_NATIVE;
	else if (ibu_is(value, "open-iscsi"))
		src->policy->engine = ENGINE_OPENISCSI;
	else
		bad_value(src, "engine", "native or open-iscsi");
}

static void set_dhcp_client(struct policy_source *src, const struct ibu_text *value)
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

static void set_switch(struct policy_source *src, size_t key, bool *member,
		       const struct ibu_text *value)
{
	if (ibu_is(value, "yes") || ibu_is(value, "no"))
		*member = ibu_is(value, "yes");
	else
		bad_value(src, keys[key].name, "yes or no");
}

/* A name as in net.ipv4.tcp_available_congestion_control, at most 15 bytes (TCP_CA_NAME_MAX). */
static void set_congestion(struct policy_source *src, const struct ibu_text *value)
{
	char *name = src->policy->params[LOGIN_PARAM_CONGESTION];

	if (!node_param_is_valid(value) || value->len > 15) {
		bad_value(src, "tcp.congestion", "the name of a congestion control algorithm");
		return;
	}
	memcpy(name, value->s, value->len);
	name[value->len] = '\0';
}

/* A name such as "none" or "mq-deadline"; it is written to sysfs. */
static void set_scheduler(struct policy_source *src, const struct ibu_text *value)
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

bool policy_key_is(const struct ibu_text *key, const char *name)
{
	u32 i;

	if (strlen(name) != key->len)
		return false;
	for (i = 0; i < key->len; i++)
		if ((key->s[i] == '_' ? '-' : key->s[i]) != name[i])
			return false;
	return true;
}

/* Maximum number of bytes of an unknown key that are reported. */
#define KEY_SHOWN_MAX 32

/*
 * If '=' was mistyped, the key may hold a target with its secret: only the part that looks like a
 * key is reported.
 */
static void unknown_key(struct policy_source *src, const struct ibu_text *key)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	int len = 0;

	while (len < KEY_SHOWN_MAX && (u32)len < key->len &&
	       memchr(chars, key->s[len], sizeof(chars) - 1))
		len++;
	ibu_diag_add(src->diag, IBU_WARNING, src->place, "key", src->offset,
		     "\"%.*s\" is not a policy key", len, key->s);
}

/* True if the key is allowed at @level; otherwise reports it. */
static bool check_level(struct policy_source *src, const struct key_row *row,
			enum policy_level level, bool session_too)
{
	const char *reason = NULL;

	if (level > LEVEL_ALL && row < &keys[KEY_RECOVERY_TMO])
		reason = "ignored: applies to the whole machine, not to a target";
	else if (level == LEVEL_LUN && row < &keys[KEY_COMMAND_TIMEOUT] && !session_too)
		reason = "ignored: all LUNs of the session share it; set it in [target NAME]";
	if (reason)
		ibu_diag_add(src->diag, IBU_WARNING, src->place, row->name, src->offset, "%s",
			     reason);
	return !reason;
}

static void set_value(struct policy_source *src, size_t key, const struct ibu_text *value)
{
	if (key == KEY_ON_FAILURE)
		set_on_failure(src, value);
	else if (key == KEY_ENGINE)
		set_engine(src, value);
	else if (key == KEY_DHCP_CLIENT)
		set_dhcp_client(src, value);
	else if (key == KEY_ISCSI_IBFT)
		set_switch(src, key, &src->policy->iscsi_ibft, value);
	else if (key == KEY_FAILOVER)
		set_switch(src, key, &src->policy->failover, value);
	else if (key == KEY_GUARD)
		set_switch(src, key, &src->policy->guard, value);
	else if (key == KEY_TCP_CONGESTION)
		set_congestion(src, value);
	else if (key == KEY_SCHEDULER)
		set_scheduler(src, value);
	else
		key_set_number(src, &keys[key], value);
}

/* Returns how many bytes of a parameter's name can be shown: not what may be a value. */
static int param_shown(const struct ibu_text *name)
{
	int len = 0;

	while (len < KEY_SHOWN_MAX && (u32)len < name->len &&
	       (isalnum((unsigned char)name->s[len]) || strchr("._-[]", name->s[len])))
		len++;
	return len;
}

void policy_set_param(struct policy_source *src, const struct ibu_text *name,
		      const struct ibu_text *value)
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
			     "\"%.*s\" is not a known node.* parameter", param_shown(name),
			     name->s);
	} else if (param < ARRAY_SIZE(timer_keys)) {
		set_value(src, timer_keys[param], value);
	} else if (param < LOGIN_PARAM_FREE) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, node_param_name(param),
			     src->offset, "ignored: set by the agent");
	} else if (!node_param_is_valid(value)) {
		bad_value(src, node_param_name(param), "a number, Yes, No or a list");
	} else {
		memcpy(text, value->s, value->len);
		text[value->len] = '\0';
		if (param == LOGIN_PARAM_LOGIN_TIMEOUT && !node_param_seconds(text))
			bad_value(src, node_param_name(param), "1 to 3600 s");
		else
			memcpy(src->policy->params[param], text, value->len + 1);
	}
}

/* Cuts the prefix off "param.NAME". */
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

void policy_set_key(struct policy_source *src, enum policy_level level, bool session_too,
		    const struct ibu_text *key, const struct ibu_text *value)
{
	struct policy *policy = src->policy, unused = *policy;
	struct ibu_text name = *key;
	size_t i;

	if (level == LEVEL_ALL && is_param(&name)) {
		policy_set_param(src, &name, value);
		return;
	}
	for (i = 0; i < NR_KEYS; i++)
		if (policy_key_is(key, keys[i].name))
			break;
	if (i == NR_KEYS) {
		unknown_key(src, key);
		return;
	}
	if (!check_level(src, &keys[i], level, session_too))
		return;
	if (level != src->level)
		src->policy = &unused;
	set_value(src, i, value);
	src->policy = policy;
}

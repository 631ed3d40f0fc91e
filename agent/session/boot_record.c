// SPDX-License-Identifier: GPL-2.0-only
/* Reads and writes the boot record, the file /run/iscsi-boot/wanted. */
#include "session/boot_record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/sysfs.h"
#include "base/text_stream.h"
#include "kmod/core/portable.h"

/* Values of the policy in struct boot_record. */
static const struct {
	const char *key;
	size_t offset;
} policy_texts[] = {
	{ "param.node.session.auth.chap_algs", offsetof(struct boot_record, chap_algs) },
	{ "param.node.conn[0].tcp.window_size", offsetof(struct boot_record, window) },
	{ "param.node.conn[0].tcp.type_of_service", offsetof(struct boot_record, tos) },
	{ "param.node.conn[0].tcp.congestion_control", offsetof(struct boot_record, congestion) },
	{ "tcp.pacing", offsetof(struct boot_record, pacing) },
	{ "guard-standby", offsetof(struct boot_record, guard_standby) },
};

/* Numbers of struct boot_record_disk in the file. The scheduler, a text, is written before them. */
static const struct {
	const char *key;
	size_t offset;
} numbers[] = {
#define NUMBER(key, member)                                    \
	{                                                      \
		key, offsetof(struct boot_record_disk, member) \
	}
	NUMBER("port", port),
	NUMBER("chap-algorithm", chap_algorithm),
	NUMBER("recovery-tmo", timers.recovery_tmo),
	NUMBER("multipath-recovery-tmo", timers.multipath_recovery_tmo),
	NUMBER("noop-interval", timers.noop_interval),
	NUMBER("noop-timeout", timers.noop_timeout),
	NUMBER("command-timeout", timers.command_timeout),
	NUMBER("multipath-command-timeout", timers.multipath_command_timeout),
	NUMBER("eh-timeout", timers.eh_timeout),
	NUMBER("max-retries", timers.max_retries),
#undef NUMBER
};

static const char **policy_text(struct boot_record *w, size_t i)
{
	return (const char **)((char *)w + policy_texts[i].offset);
}

static int *record_number(struct boot_record_disk *disk, size_t i)
{
	return (int *)((char *)disk + numbers[i].offset);
}

/* Sets the field @key, if it is a text. Returns false for another field. */
static bool set_text_field(struct boot_record_disk *d, const char *key, const char *value)
{
	if (!strcmp(key, "portal"))
		d->portal = value;
	else if (!strcmp(key, "redirect-name"))
		d->redirect_name = value;
	else if (!strcmp(key, "redirect-address"))
		d->redirect_addr = value;
	else
		return false;
	return true;
}

static int set_scheduler_field(struct boot_record_disk *d, const char *value)
{
	if (strlen(value) >= sizeof(d->timers.scheduler))
		return -EINVAL;
	memcpy(d->timers.scheduler, value, strlen(value) + 1);
	return 0;
}

/* Returns the index of @key in the table of numbers, or ARRAY_SIZE(numbers). */
static size_t find_number(const char *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(key, numbers[i].key))
			break;
	return i;
}

/* Sets the field @key, if it is known. Returns 0, or -EINVAL if its value is invalid. */
static int set_field(struct boot_record_disk *d, const char *key, const char *value)
{
	bool lun = !strcmp(key, "lun"), root = !strcmp(key, "root");
	bool text = set_text_field(d, key, value);
	size_t i = find_number(key);
	char *end;
	long n;

	if (!strcmp(key, "scheduler"))
		return set_scheduler_field(d, value);
	if (text || (!lun && !root && i == ARRAY_SIZE(numbers)))
		return 0;
	errno = 0;
	n = strtol(value, &end, 10);
	if (errno || end == value || *end)
		return -EINVAL;
	if (lun)
		d->lun = n;
	else if (root)
		d->root = n;
	else
		*record_number(d, i) = (int)n;
	return 0;
}

/* Reads "KEY=VALUE". Ignores unknown keys, which a later version may have written. */
static int take_pair(struct boot_record *w, char *key)
{
	char *value = strchr(key, '=');
	size_t i;

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	if (!strcmp(key, "target")) {
		w->disks[w->nr++] = (struct boot_record_disk){ .target = value, .portal = "" };
		return 0;
	}
	if (!strcmp(key, "shutdown-timeout"))
		w->shutdown_timeout_s = (unsigned int)atoi(value);
	for (i = 0; i < ARRAY_SIZE(policy_texts); i++)
		if (!strcmp(key, policy_texts[i].key))
			*policy_text(w, i) = value;
	return w->nr ? set_field(&w->disks[w->nr - 1], key, value) : 0;
}

static int parse_record(struct boot_record *w, char *text, size_t len)
{
	char *pair, *rest = NULL;
	int r = 0;

	w->disks = arena_alloc(&w->arena, (len / strlen("target=") + 1) * sizeof(*w->disks));
	if (!w->disks)
		return -ENOMEM;
	for (pair = strtok_r(text, "\n ", &rest); pair && !r; pair = strtok_r(NULL, "\n ", &rest))
		r = take_pair(w, pair);
	return r;
}

int boot_record_read(struct boot_record *w)
{
	ssize_t len;
	char *text;
	int r;

	*w = (struct boot_record){ 0 };
	len = file_read(&w->arena, &text, "%s" WANTED_FILE, sysfs_root);
	r = len < 0 ? (int)len : parse_record(w, text, (size_t)len);
	if (r)
		boot_record_free(w);
	return r;
}

const struct boot_record_disk *boot_record_find(const struct boot_record *w, const char *target,
						const char *portal, unsigned int port)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (!strcmp(w->disks[i].target, target) && !strcmp(w->disks[i].portal, portal) &&
		    w->disks[i].port == port)
			return &w->disks[i];
	return NULL;
}

static void print_record(struct boot_record *w, FILE *out)
{
	unsigned int i;
	size_t n;

	fprintf(out, "shutdown-timeout=%u\n", w->shutdown_timeout_s);
	for (n = 0; n < ARRAY_SIZE(policy_texts); n++)
		if (*policy_text(w, n))
			fprintf(out, "%s=%s\n", policy_texts[n].key, *policy_text(w, n));
	for (i = 0; i < w->nr; i++) {
		struct boot_record_disk *d = &w->disks[i];

		fprintf(out, "target=%s portal=%s lun=%ld root=%d scheduler=%s", d->target,
			d->portal, d->lun, d->root, d->timers.scheduler);
		for (n = 0; n < ARRAY_SIZE(numbers); n++)
			fprintf(out, " %s=%d", numbers[n].key, *record_number(d, n));
		if (d->redirect_name && d->redirect_addr)
			fprintf(out, " redirect-name=%s redirect-address=%s", d->redirect_name,
				d->redirect_addr);
		fputc('\n', out);
	}
}

int boot_record_write(struct boot_record *w)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" WANTED_FILE, sysfs_root);
	struct text_stream text;
	FILE *out = text_stream_open(&text);
	int r;

	if (out)
		print_record(w, out);
	r = text_stream_close(&text);
	if (!r)
		r = path ? atomic_file_write_path(path, text.text, text.len, 0644) : -ENOMEM;
	free(text.text);
	return r;
}

bool boot_record_wants_all(const struct boot_record *w, const struct boot_record_disk *disk)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (w->disks[i].lun < 0 && w->disks[i].port == disk->port &&
		    !strcmp(w->disks[i].target, disk->target) &&
		    !strcmp(w->disks[i].portal, disk->portal))
			return true;
	return false;
}

void boot_record_free(struct boot_record *w)
{
	arena_free(&w->arena);
	*w = (struct boot_record){ 0 };
}

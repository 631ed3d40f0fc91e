// SPDX-License-Identifier: GPL-2.0-only
#include "tuning.h"

#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "log.h"
#include "scsi.h"
#include "sysfs.h"
#include "timers.h"

/* In the child, on standard output: a line for each timer, '+' before what is as it should be. */
static void say(bool good, const char *words)
{
	if (words)
		dprintf(STDOUT_FILENO, "%c%s\n", good ? '+' : '-', words);
}

static void set_all(void **arena, struct timer *rows, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		timer_set(arena, &rows[i]);
		say(timer_is_good(&rows[i]), timer_words(arena, &rows[i]));
	}
}

/* The disk has to be this session's, and of a type that we drive: no other is ever touched. */
static bool is_its_disk(const struct tuning *t, int *host, long *lun)
{
	AUTO_ARENA arena = NULL;
	char *real = sysfs_realpath(&arena, "/sys/class/block/%s/device", t->disk);
	char *part = arena_printf(&arena, "/session%d/", t->sid);
	long type;

	return real && part && strstr(real, part) && !scsi_disk_where(t->disk, host, lun) &&
	       !sysfs_read_long(&type, "/sys/class/block/%s/device/type", t->disk) &&
	       scsi_type_is_disk(type);
}

static int tune(const void *data)
{
	struct timer session[TIMERS_OF_SESSION], disk[TIMERS_OF_DISK];
	const struct tuning *t = data;
	AUTO_ARENA arena = NULL;
	int host;
	long lun;

	if (!is_its_disk(t, &host, &lun)) {
		say(false, "it is no disk of that session any more");
		return 0;
	}
	if (timers_of_session(&arena, t->timers, t->held, t->sid, session) ||
	    timers_of_disk(&arena, t->timers, t->held, host, lun, t->disk, disk)) {
		say(false, strerror(ENOMEM));
		return 0;
	}
	set_all(&arena, session, TIMERS_OF_SESSION);
	set_all(&arena, disk, TIMERS_OF_DISK);
	return 0;
}

int tuning_start(struct tuning *t)
{
	return child_start_telling(&t->child, tune, t, &t->said);
}

/* The lines that begin with @mark, in one; "" if there are none. */
static char *collect(void **arena, const char *said, char mark)
{
	char *text = arena_printf(arena, "%s", "");
	const char *eol;

	for (; text && (eol = strchr(said, '\n')); said = eol + 1)
		if (*said == mark)
			text = arena_printf(arena, "%s%s%.*s", text, *text ? ", " : "",
					    (int)(eol - said - 1), said + 1);
	return text;
}

static char *read_said(void **arena, int fd)
{
	char buf[4096], *text = arena_printf(arena, "%s", "");
	ssize_t n;

	while (text && (n = read(fd, buf, sizeof(buf))) > 0)
		text = arena_printf(arena, "%s%.*s", text, (int)n, buf);
	return text;
}

enum status tuning_end(struct tuning *t, int error, void **arena, const char **why)
{
	const char *check = "that the session is logged in; the kernel's version; /sys mounted rw";
	AUTO_FD said = t->said;
	const char *text = said < 0 ? "" : read_said(arena, said);
	char *good = text ? collect(arena, text, '+') : NULL;
	char *bad = text ? collect(arena, text, '-') : NULL;

	t->said = -1;
	tuning_leave(t);
	if (good && *good)
		log_info("tune", "%s: %s", t->disk, good);
	if (!error && bad && !*bad)
		return STATUS_OK;
	if (error == ETIMEDOUT)
		check = "that the target still answers";
	if (bad && error)
		bad = arena_printf(arena, "%s%s%s", bad, *bad ? ", " : "",
				   error == ETIMEDOUT ?
					   "the next does not end: the disk does not answer" :
					   strerror(error));
	*why = bad;
	return log_failure("tune", STATUS_TIMERS,
			   arena_printf(arena, "to set the timers of /dev/%s and session%d",
					t->disk, t->sid),
			   bad ? bad : strerror(ENOMEM), check);
}

void tuning_leave(struct tuning *t)
{
	child_leave(&t->child);
	cleanup_fd(&t->said);
	t->said = -1;
}

// SPDX-License-Identifier: GPL-2.0-only
#include "session/timers_task.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "session/scsi_disk.h"
#include "session/timers.h"

/* A line for each timer, '+' before what is as it should be. In memory that a process shares. */
struct tuning_said {
	size_t len; /* of whole lines; what was said before it got stuck counts */
	char text[4096 - sizeof(size_t)];
};

/* What is to be done, apart from us who may go. */
struct job {
	struct timers timers;
	int sid;
	char disk[DISK_NAME_SIZE];
	bool held;
	struct tuning_said *said;
};

static void say(const struct job *job, bool good, const char *words)
{
	struct tuning_said *s = job->said;
	size_t room = sizeof(s->text) - s->len;
	int n = words ? snprintf(s->text + s->len, room, "%c%s\n", good ? '+' : '-', words) : 0;

	if (n > 0 && (size_t)n < room)
		__atomic_store_n(&s->len, s->len + (size_t)n, __ATOMIC_RELEASE);
}

static void set_all(void **arena, const struct job *job, struct timer *rows, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		timer_set(arena, &rows[i]);
		say(job, timer_is_good(&rows[i]), timer_text(arena, &rows[i]));
	}
}

/* The disk has to be this session's, and of a type that we drive: no other is ever touched. */
static bool is_its_disk(const struct job *job, int *host, long *lun)
{
	AUTO_ARENA arena = NULL;
	char *real = sysfs_realpath(&arena, "/sys/class/block/%s/device", job->disk);
	char *part = arena_printf(&arena, "/session%d/", job->sid);
	long type;

	return real && part && strstr(real, part) &&
	       sscanf(strrchr(real, '/'), "/%d:0:0:%ld", host, lun) == 2 &&
	       !sysfs_read_long(&type, "/sys/class/block/%s/device/type", job->disk) &&
	       scsi_type_is_disk(type);
}

static int tune(const void *data)
{
	struct timer session[TIMERS_OF_SESSION], disk[TIMERS_OF_DISK];
	const struct job *job = data;
	AUTO_ARENA arena = NULL;
	int host;
	long lun;

	if (!is_its_disk(job, &host, &lun)) {
		say(job, false, "it is no disk of that session any more");
		return 0;
	}
	if (timers_of_session(&arena, &job->timers, job->held, job->sid, session) ||
	    timers_of_disk(&arena, &job->timers, job->held, host, lun, job->disk, disk)) {
		say(job, false, strerror(ENOMEM));
		return 0;
	}
	set_all(&arena, job, session, TIMERS_OF_SESSION);
	set_all(&arena, job, disk, TIMERS_OF_DISK);
	return 0;
}

int timers_task_start(struct timers_task *t, task_thread_starter *start, int threads)
{
	struct job job = { .timers = *t->timers, .sid = t->sid, .held = t->held };

	t->task = TASK_NONE;
	t->said = NULL;
	job.said = mmap(NULL, sizeof(*job.said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (job.said == MAP_FAILED)
		return -ENOMEM;
	t->said = job.said;
	snprintf(job.disk, sizeof(job.disk), "%s", t->disk);
	return start ? start(&t->task, threads, tune, &job, sizeof(job)) :
		       task_start(&t->task, tune, &job);
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

static char *read_said(void **arena, const struct tuning_said *said)
{
	size_t len = said ? __atomic_load_n(&said->len, __ATOMIC_ACQUIRE) : 0;

	return arena_text(arena, said ? said->text : "", len);
}

enum status timers_task_end(struct timers_task *t, int error, void **arena, const char **why)
{
	const char *check = "that the session is logged in; the kernel's version; /sys mounted rw";
	const char *text = read_said(arena, t->said);
	char *good = text ? collect(arena, text, '+') : NULL;
	char *bad = text ? collect(arena, text, '-') : NULL;

	timers_task_abandon(t);
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

/* One that is left behind goes on saying. */
void timers_task_abandon(struct timers_task *t)
{
	if (t->said && !task_is_running(&t->task))
		munmap(t->said, sizeof(*t->said));
	t->said = NULL;
	task_abandon(&t->task);
}

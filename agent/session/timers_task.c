// SPDX-License-Identifier: GPL-2.0-only
/* Sets the timers of one disk and its session in a task, and logs the result. */
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

/* One line per timer in shared memory: '+' before a correct one, '-' before others. */
struct timers_output {
	size_t len; /* of whole lines: those written before the task blocked remain */
	char text[4096 - sizeof(size_t)];
};

/* Arguments, copied because the caller may exit before the task. */
struct timers_job {
	struct timers timers;
	int sid;
	char disk[DISK_NAME_SIZE];
	bool held;
	struct timers_output *output;
};

static void output_line(const struct timers_job *job, bool good, const char *text)
{
	struct timers_output *s = job->output;
	size_t room = sizeof(s->text) - s->len;
	int n = text ? snprintf(s->text + s->len, room, "%c%s\n", good ? '+' : '-', text) : 0;

	if (n > 0 && (size_t)n < room)
		__atomic_store_n(&s->len, s->len + (size_t)n, __ATOMIC_RELEASE);
}

static void set_all(void **arena, const struct timers_job *job, struct timer *rows, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		timer_set(arena, &rows[i]);
		output_line(job, timer_is_good(&rows[i]), timer_text(arena, &rows[i]));
	}
}

/* Checks that the disk still belongs to the session and has a type that sd drives. */
static bool is_disk_of_session(const struct timers_job *job, int *host, long *lun)
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

static int set_timers(const void *data)
{
	struct timer session[TIMERS_OF_SESSION], disk[TIMERS_OF_DISK];
	const struct timers_job *job = data;
	AUTO_ARENA arena = NULL;
	int host;
	long lun;

	if (!is_disk_of_session(job, &host, &lun)) {
		output_line(job, false, "no longer a disk of that session");
		return 0;
	}
	if (timers_of_session(&arena, &job->timers, job->held, job->sid, session) ||
	    timers_of_disk(&arena, &job->timers, job->held, host, lun, job->disk, disk)) {
		output_line(job, false, strerror(ENOMEM));
		return 0;
	}
	set_all(&arena, job, session, TIMERS_OF_SESSION);
	set_all(&arena, job, disk, TIMERS_OF_DISK);
	return 0;
}

int timers_task_start(struct timers_task *t, task_thread_starter *start, int threads)
{
	struct timers_job job = { .timers = *t->timers, .sid = t->sid, .held = t->held };

	t->task = TASK_NONE;
	t->output = NULL;
	job.output = mmap(NULL, sizeof(*job.output), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (job.output == MAP_FAILED)
		return -ENOMEM;
	t->output = job.output;
	snprintf(job.disk, sizeof(job.disk), "%s", t->disk);
	return start ? start(&t->task, threads, set_timers, &job, sizeof(job)) :
		       task_start(&t->task, set_timers, &job);
}

/* Joins the lines that begin with @mark; "" if there are none. */
static char *join_lines(void **arena, const char *lines, char mark)
{
	char *text = arena_printf(arena, "%s", "");
	const char *eol;

	for (; text && (eol = strchr(lines, '\n')); lines = eol + 1)
		if (*lines == mark)
			text = arena_printf(arena, "%s%s%.*s", text, *text ? ", " : "",
					    (int)(eol - lines - 1), lines + 1);
	return text;
}

static char *read_output(void **arena, const struct timers_output *output)
{
	size_t len = output ? __atomic_load_n(&output->len, __ATOMIC_ACQUIRE) : 0;

	return arena_text(arena, output ? output->text : "", len);
}

enum status timers_task_end(struct timers_task *t, int error, void **arena, const char **why)
{
	const char *check =
		"check the session's state, the kernel's version, and that /sys is writable";
	const char *text = read_output(arena, t->output);
	char *good = text ? join_lines(arena, text, '+') : NULL;
	char *bad = text ? join_lines(arena, text, '-') : NULL;

	timers_task_abandon(t);
	if (good && *good)
		log_info("timers", "%s: %s", t->disk, good);
	if (!error && bad && !*bad)
		return STATUS_OK;
	if (error == ETIMEDOUT)
		check = "check that the target responds";
	if (bad && error)
		bad = arena_printf(arena, "%s%s%s", bad, *bad ? ", " : "",
				   error == ETIMEDOUT ?
					   "the next one timed out: the disk does not respond" :
					   strerror(error));
	*why = bad;
	return log_failure("timers", STATUS_TIMERS,
			   arena_printf(arena, "cannot set the timers of /dev/%s and session%d",
					t->disk, t->sid),
			   bad ? bad : strerror(ENOMEM), check);
}

/* An abandoned task may still write to its output, so the output is not unmapped. */
void timers_task_abandon(struct timers_task *t)
{
	if (t->output && !task_is_running(&t->task))
		munmap(t->output, sizeof(*t->output));
	t->output = NULL;
	task_abandon(&t->task);
}

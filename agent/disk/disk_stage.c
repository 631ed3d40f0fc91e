// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disk stage: scans for the LUN of each path that is logged in, waits for its block device and
 * creates its links in /dev/iscsi-boot. If no LUN is configured (Debian's parameters cannot name
 * one), it scans for all LUNs and takes the first disk. A thread does each scan and reads each disk
 * once (disk_probe.c): both may block. A target that is starting may not have the LUN yet, or have
 * it but not be ready: both are retried after each uevent, and after pauses, until the deadline.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/backoff.h"
#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "disk/disk.h"
#include "disk/disk_probe.h"
#include "disk/task_thread.h"
#include "loop/loop.h"
#include "plan/describe.h"
#include "session/scsi_disk.h"

#define LINKS "/dev/iscsi-boot"

enum disk_state {
	DISK_ABSENT,
	DISK_NO_BLOCK, /* the LUN exists, but not yet its block device */
	DISK_NOT_READ, /* the block device exists, but was not read yet */
	DISK_MISSING, /* the scan did not find the LUN */
	/* The states from here on are final: */
	DISK_READY,
	DISK_NO_SCAN, /* the kernel refused to scan */
	DISK_UNREADABLE, /* reading fails, and will fail again */
	DISK_OTHER, /* a LUN, but not a disk */
};

/*
 * SAM-5 4.7.5 to 4.7.7 encode a LUN number in several ways. A target accepts only those that it
 * chose, and Linux treats each as a different LUN. They are tried in this order: as configured,
 * then the three forms of SAM-5, then the number itself, which LIO uses from 256 on.
 */
enum { FORM_NAMED, FORM_PERIPHERAL, FORM_FLAT, FORM_EXTENDED, FORM_LIO, NR_FORMS };

struct disk {
	struct path *path;
	bool wanted; /* the path is in this stage */
	bool look; /* its state may have changed */
	bool any; /* no LUN is configured */
	long lun; /* its number; -1: it has none, or is not known yet */
	long forms[NR_FORMS]; /* its possible Linux LUNs; -1: none in this form */
	long linux_lun; /* the Linux LUN found */
	enum disk_state state;
	struct task scan;
	int scan_error; /* errno */
	struct task probe;
	int probed; /* result of disk_probe(); EINPROGRESS: none yet */
	struct deadline again; /* of the next scan or probe; 0: at once */
	unsigned int failures; /* scans and probes without success */
	bool logged; /* that it is retried */
	char name[DISK_NAME_SIZE];
	long type; /* SCSI peripheral device type */
};

struct disks {
	struct progress *progress;
	struct disk *list; /* one for each path */
	int uevents;
	int threads; /* of task_threads_open(), for scans and opens */
};

/* Argument of the scan thread. */
struct scan_request {
	int host;
	bool any;
	long forms[NR_FORMS];
};

/* Scans for LUN @what, "-": all. Returns 0 or an errno. */
static int write_scan(const struct scan_request *s, const char *what)
{
	AUTO_ARENA arena = NULL;
	/* Channel and target id of an iSCSI session are 0. */
	char *text = arena_printf(&arena, "0 0 %s", what);

	return text ? -sysfs_write(text, "/sys/class/scsi_host/host%d/scan", s->host) : ENOMEM;
}

static void disk_set_forms(struct disk *d)
{
	const long n = d->lun, named = (long)ibu_lun_linux(d->path->to.target->lun);

	d->forms[FORM_NAMED] = named;
	d->forms[FORM_PERIPHERAL] = n < 256 ? n : -1;
	d->forms[FORM_FLAT] = n >= 0 && n < 1L << 14 ? 1L << 14 | n : -1;
	d->forms[FORM_EXTENDED] = n >= 0 ? 0xd200L | n >> 16 | (n & 0xffff) << 16 : -1;
	d->forms[FORM_LIO] = n >= 256 && n < 1L << 14 ? n : -1;
}

static bool is_new_form(const long forms[NR_FORMS], unsigned int i)
{
	return forms[i] >= 0 && (!i || forms[i] != forms[FORM_NAMED]);
}

/*
 * Looks for the LUN in each form and stores the one found. Returns the result of scsi_disk_find().
 */
static int disk_find_form(struct disk *d, struct scsi_disk *found)
{
	unsigned int i;
	int r;

	for (i = 0; i < NR_FORMS; i++) {
		d->linux_lun = d->forms[i];
		if (!is_new_form(d->forms, i))
			continue;
		r = scsi_disk_find(d->path->host, d->linux_lun, found);
		if (r != -ENODEV)
			return r;
	}
	d->linux_lun = d->forms[FORM_NAMED];
	return -ENODEV;
}

/* Runs in a thread. A scan for a LUN that does not exist costs one round trip. */
static int scan_host(const void *scan)
{
	const struct scan_request *s = scan;
	struct scsi_disk found;
	unsigned int i;
	int error = 0;

	if (s->any)
		return write_scan(s, "-");
	for (i = 0; i < NR_FORMS && !error; i++) {
		AUTO_ARENA arena = NULL;
		char *lun = arena_printf(&arena, "%ld", s->forms[i]);

		if (!is_new_form(s->forms, i))
			continue;
		scsi_disk_forget(s->host, s->forms[i]);
		error = lun ? write_scan(s, lun) : ENOMEM;
		if (scsi_disk_find(s->host, s->forms[i], &found) != -ENODEV)
			break;
	}
	return error;
}

/* Ends a scan or probe that failed. The longest pause is short: a scan costs one round trip. */
static void disk_pause(struct disk *d)
{
	static const struct backoff backoff = { .first_ms = 250, .most_ms = 2000 };

	d->again = deadline_in_ms(backoff_ms(&backoff, ++d->failures, random_number()));
}

static bool disk_may_retry(const struct disk *d)
{
	return !task_is_running(&d->scan) && !task_is_running(&d->probe) &&
	       !deadline_left_ms(d->again);
}

static void disk_start_scan(const struct disks *disks, struct disk *d)
{
	struct scan_request scan = { .host = d->path->host, .any = d->any };

	memcpy(scan.forms, d->forms, sizeof(scan.forms));
	d->scan_error =
		-task_start_thread(&d->scan, disks->threads, scan_host, &scan, sizeof(scan));
}

static enum disk_state disk_missing(const struct disks *disks, struct disk *d)
{
	if (disk_may_retry(d) && !d->scan_error)
		disk_start_scan(disks, d);
	if (task_is_running(&d->scan) && !d->failures)
		return DISK_ABSENT;
	return d->scan_error ? DISK_NO_SCAN : DISK_MISSING;
}

/* Starts to read the disk, or judges the result. */
static enum disk_state disk_read(const struct disks *disks, struct disk *d)
{
	struct disk_probe_request request = { .host = d->path->host, .lun = d->linux_lun };

	if (!d->probed)
		return DISK_READY;
	if (!task_is_running(&d->probe) && !disk_probe_may_heal(d->probed))
		return DISK_UNREADABLE;
	if (task_is_running(&d->probe) || deadline_left_ms(d->again))
		return DISK_NOT_READ;
	memcpy(request.name, d->name, sizeof(request.name));
	d->probed =
		task_start_thread(&d->probe, disks->threads, disk_probe, &request, sizeof(request));
	d->probed = d->probed ? -d->probed : EINPROGRESS;
	return DISK_NOT_READ;
}

/* Chooses the first disk if no LUN is configured and all LUNs have been scanned for. */
static void disk_choose(struct disk *d)
{
	u8 bytes[8] = { 0 };

	d->linux_lun = scsi_first_disk(d->path->host);
	if (d->linux_lun < 0)
		return;
	bytes[0] = (u8)(d->linux_lun >> 8);
	bytes[1] = (u8)d->linux_lun;
	d->lun = ibu_lun_number(bytes);
}

static int disk_find(struct disk *d, struct scsi_disk *found)
{
	return d->any ? scsi_disk_find(d->path->host, d->linux_lun, found) :
			disk_find_form(d, found);
}

static enum disk_state disk_look(const struct disks *disks, struct disk *d)
{
	struct scsi_disk found;
	int r;

	if (d->any && !task_is_running(&d->scan))
		disk_choose(d);
	r = disk_find(d, &found);
	if (r == -ENODEV)
		return disk_missing(disks, d);
	d->type = found.type;
	if (!scsi_type_is_disk(found.type))
		return DISK_OTHER;
	if (r < 0)
		return DISK_NO_BLOCK;
	snprintf(d->name, sizeof(d->name), "%s", found.name);
	return disk_read(disks, d);
}

static void make_link(const char *disk, const char *name)
{
	AUTO_ARENA arena = NULL;
	char *target = arena_printf(&arena, "../%s", disk);
	char *path = arena_printf(&arena, "%s" LINKS "/%s", sysfs_root, name);
	char *fresh = arena_printf(&arena, "%s" LINKS "/.%s", sysfs_root, name);
	char *dir = arena_printf(&arena, "%s" LINKS, sysfs_root);

	if (!target || !path || !fresh || !dir)
		return;
	mkdir(dir, 0755);
	unlink(fresh);
	if (symlink(target, fresh) < 0 || rename(fresh, path) < 0)
		log_warning("disk", "cannot create %s/%s: %s", LINKS, name, strerror(errno));
}

/* Also creates "-partN" for each partition, as udev does; they exist once the disk was opened. */
static void make_links(const char *disk, const char *name)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/block/%s", disk);
	AUTO_ARENA arena = NULL;
	const char *part;
	char *link;
	long n;

	make_link(disk, name);
	while ((part = sysfs_next(dir))) {
		if (strncmp(part, disk, strlen(disk)) != 0)
			continue; /* a partition's name begins with the disk's name */
		if (sysfs_read_long(&n, "/sys/class/block/%s/%s/partition", disk, part))
			continue;
		link = arena_printf(&arena, "%s-part%ld", name, n);
		if (link)
			make_link(part, link);
	}
}

void disks_set_root(struct progress *progress, const struct path *path)
{
	progress->root = path;
	make_links(path->disk, "root");
	log_info("disk", LINKS "/root is /dev/%s", path->disk);
}

static const char *lun_text(void **arena, const struct disk *d)
{
	const u8 *b = d->path->to.target->lun;
	const char *text;

	if (d->any)
		text = "(any)";
	else if (d->lun >= 0)
		text = arena_printf(arena, "%ld", d->lun);
	else
		text = arena_printf(arena, "%02x%02x-%02x%02x-%02x%02x-%02x%02x", b[0], b[1], b[2],
				    b[3], b[4], b[5], b[6], b[7]);
	return text ? text : "?";
}

static void disk_found(struct progress *progress, struct disk *d)
{
	AUTO_ARENA arena = NULL;
	const char *lun = d->lun < 0 ? lun_text(&arena, d) : arena_printf(&arena, "%ld", d->lun);
	const char *link = arena_printf(&arena, "target-%u-lun-%s", d->path->plan->number, lun);
	long read_only;

	snprintf(d->path->disk, sizeof(d->path->disk), "%s", d->name);
	d->path->linux_lun = d->linux_lun;
	log_info("disk", "target%u LUN %s is /dev/%s, after %.3f s", d->path->plan->number,
		 lun ? lun : "?", d->name, seconds_since(d->path->since_ns));
	if (!sysfs_read_long(&read_only, "/sys/class/block/%s/ro", d->name) && read_only)
		log_warning("disk", "/dev/%s is write-protected by the target", d->name);
	if (!d->any && d->linux_lun != d->forms[FORM_NAMED])
		log_info("disk", "the target uses another form of this LUN: Linux LUN %ld",
			 d->linux_lun);
	if (link)
		make_links(d->name, link);
	if (!progress->root && path_is_roots(progress, d->path))
		disks_set_root(progress, d->path);
	path_goto(d->path, PATH_TIMERS);
}

/* Returns why the disk is not there; sets @advice. */
static const char *disk_reason(void **arena, const struct disk *d, const char **advice)
{
	double s = seconds_since(d->path->since_ns);

	*advice = "check that the target has this LUN and maps it to this initiator";
	switch (d->state) {
	case DISK_NO_SCAN:
		return arena_printf(arena, "the scan was refused: %s", strerror(d->scan_error));
	case DISK_MISSING:
		return arena_printf(arena, "the target reports no such %s; LUNs found: %s",
				    d->any ? "disk" : "LUN",
				    scsi_luns_of_host(arena, d->path->host));
	case DISK_OTHER:
		*advice = "check the LUN: on some targets 0 is a controller and disks begin at 1";
		return arena_printf(arena, "not a disk: SCSI device type %ld", d->type);
	case DISK_ABSENT:
		return arena_printf(arena, "the scan did not end within %.1f s", s);
	case DISK_NO_BLOCK:
		*advice = "check the kernel log, and that sd_mod works";
		return arena_printf(arena, "the LUN exists, but has no block device after %.1f s",
				    s);
	default:
		break;
	}
	if (task_is_running(&d->probe) && d->probed == EINPROGRESS) {
		*advice = "check that the target responds: the kernel waits to read the disk";
		return arena_printf(arena, "reading /dev/%s did not end within %.1f s", d->name, s);
	}
	*advice = "check the disk at the target: its state, and who has reserved it";
	return arena_printf(arena, "/dev/%s cannot be read: %s", d->name,
			    disk_probe_reason(arena, d->probed));
}

static enum status disk_status(const struct disk *d)
{
	return d->state == DISK_UNREADABLE ||
			       (d->state == DISK_NOT_READ && d->probed != EINPROGRESS) ?
		       STATUS_UNREADABLE :
		       STATUS_NO_LUN;
}

static void disk_fail(struct disks *disks, const struct disk *d)
{
	AUTO_ARENA arena = NULL;
	const char *path = describe_path(&arena, d->path->plan, &d->path->to), *advice;
	const char *reason = disk_reason(&arena, d, &advice);

	log_failure("disk", disk_status(d),
		    arena_printf(&arena, "cannot use LUN %s of %s (session%d, host%d)",
				 lun_text(&arena, d), path ? path : "?", d->path->sid,
				 d->path->host),
		    reason ? reason : "?", advice);
	path_fail(disks->progress, d->path, disk_status(d), reason);
}

/* Logs once that the disk is not there yet, and keeps the reason for /run/iscsi-boot/paths. */
static void disk_log_retry(struct disks *disks, struct disk *d)
{
	AUTO_ARENA arena = NULL;
	const char *advice, *reason = disk_reason(&arena, d, &advice);

	if (!reason)
		return;
	if (!d->logged)
		log_info("disk", "target%u LUN %s: %s; retrying", d->path->plan->number,
			 lun_text(&arena, d), reason);
	d->logged = true;
	path_set_why(disks->progress, d->path, reason);
}

static void disk_init(struct disk *d, struct path *path)
{
	const struct ibu_target *target = path->to.target;

	*d = (struct disk){ .path = path,
			    .wanted = true,
			    .look = true,
			    .lun = -1,
			    .linux_lun = -1,
			    .scan = TASK_NONE,
			    .probe = TASK_NONE,
			    .probed = EINPROGRESS };
	d->any = !ibu_has(&target->f, IBU_TARGET_LUN);
	if (d->any) {
		disk_choose(d);
	} else {
		d->lun = ibu_lun_number(target->lun);
		disk_set_forms(d);
	}
}

/* Removes the path from the stage. A scan or open that still runs ends by itself. */
static void disk_leave(struct disk *d)
{
	task_abandon(&d->scan);
	task_abandon(&d->probe);
	d->wanted = false;
}

static void disk_begin(const struct disks *disks, struct disk *d, struct path *path)
{
	struct scsi_disk there;

	disk_init(d, path);
	if (disk_find(d, &there) == -ENODEV)
		disk_start_scan(disks, d);
}

/* Notices the end of scan and probe. A failure is followed by a pause. */
static void disk_check_tasks(struct disks *disks, struct disk *d)
{
	struct scsi_disk found;

	if (task_has_ended(&d->scan, &d->scan_error)) {
		d->look = true;
		if (d->any)
			disk_choose(d);
		if (disk_find(d, &found) == -ENODEV)
			disk_pause(d);
	}
	if (task_has_ended(&d->probe, &d->probed)) {
		d->look = true;
		if (d->probed)
			disk_pause(d);
	}
	d->look |= d->failures && disk_may_retry(d);
}

/* Returns true if another path to the same LUN works: then this one may be on standby. */
static bool disk_has_twin(const struct disks *disks, const struct disk *d)
{
	const struct path *other = disks->progress->paths;
	const struct path *end = other + disks->progress->nr_paths;

	for (; other < end; other++)
		if (other != d->path && other->disk[0] && other->state != PATH_FAILED &&
		    ibu_text_eq(&other->to.target->name, &d->path->to.target->name) &&
		    endpoint_same_lun(&other->to, &d->path->to))
			return true;
	return false;
}

static void disk_check(struct disks *disks, struct disk *d)
{
	disk_check_tasks(disks, d);
	if (!d->look)
		return;
	d->look = false;
	d->state = disk_look(disks, d);
	if (d->state < DISK_READY && d->failures) {
		disk_log_retry(disks, d);
		if (d->state == DISK_NOT_READ && disk_has_twin(disks, d))
			d->state = DISK_READY;
	}
	if (d->state < DISK_READY)
		return;
	if (d->state == DISK_READY)
		disk_found(disks->progress, d);
	else
		disk_fail(disks, d);
	disk_leave(d);
}

/* Marks the disks that an event may concern: checking all of many disks would take too long. */
static void read_uevents(struct disks *disks)
{
	unsigned int i;
	int host;

	while ((host = kernel_events_next_host(disks->uevents)) != EVENT_NONE) {
		for (i = 0; i < disks->progress->nr_paths; i++) {
			if (host != EVENT_ANY && disks->progress->paths[i].host != host)
				continue;
			disks->list[i].look = true;
			disks->list[i].again = (struct deadline){ 0 };
		}
	}
}

static int disks_step(void *data)
{
	struct disks *disks = data;
	unsigned int i;

	read_uevents(disks);
	task_threads_drain(disks->threads);
	for (i = 0; i < disks->progress->nr_paths; i++) {
		struct path *path = &disks->progress->paths[i];

		if (path->state != PATH_DISK)
			continue;
		if (!disks->list[i].wanted)
			disk_begin(disks, &disks->list[i], path);
		disk_check(disks, &disks->list[i]);
	}
	return 0;
}

static void disks_waits(void *data, struct waits *waits)
{
	struct disks *disks = data;
	unsigned int i;

	waits_fd(waits, disks->uevents, POLLIN);
	waits_fd(waits, disks->threads, POLLIN);
	for (i = 0; i < disks->progress->nr_paths; i++) {
		const struct disk *d = &disks->list[i];

		if (d->wanted && d->failures && !task_is_running(&d->scan) &&
		    !task_is_running(&d->probe) && d->state != DISK_NO_BLOCK)
			waits_until(waits, d->again);
	}
}

static void disks_give_up(void *data, struct path *path)
{
	struct disks *disks = data;
	struct disk *d = &disks->list[path - disks->progress->paths];

	disk_fail(disks, d);
	disk_leave(d);
}

static int disks_open(struct loop *loop, void *data)
{
	struct disks *disks = data;

	*disks = (struct disks){ .progress = loop->progress, .threads = -1 };
	disks->uevents = kernel_events_open_uevent();
	if (disks->uevents < 0)
		return disks->uevents;
	disks->threads = task_threads_open();
	if (disks->threads < 0)
		return disks->threads;
	disks->list = calloc(loop->progress->nr_paths + 1, sizeof(*disks->list));
	return disks->list ? 0 : -ENOMEM;
}

static void disks_close(void *data)
{
	struct disks *disks = data;
	unsigned int i;

	for (i = 0; disks->list && i < disks->progress->nr_paths; i++)
		if (disks->list[i].wanted)
			disk_leave(&disks->list[i]);
	cleanup_fd(&disks->uevents);
	cleanup_fd(&disks->threads);
	free(disks->list);
}

const struct stage stage_disks = {
	.name = "disk",
	.size = sizeof(struct disks),
	.open = disks_open,
	.step = disks_step,
	.waits = disks_waits,
	.give_up = disks_give_up,
	.state = PATH_DISK,
	.close = disks_close,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disk stage: scans for the LUN of each path that is logged in, waits for its block device and
 * creates its links in /dev/iscsi-boot. If no LUN is configured (Debian's parameters cannot name
 * one), it scans for all LUNs and takes the first disk. A thread does each scan and each open: the
 * write that starts a scan blocks until the scan has finished, and an open blocks while the kernel
 * reads the partitions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "disk/disk.h"
#include "disk/task_thread.h"
#include "loop/loop.h"
#include "plan/describe.h"
#include "session/scsi_disk.h"

#define LINKS "/dev/iscsi-boot"

enum disk_state {
	DISK_ABSENT,
	DISK_NO_BLOCK, /* the LUN exists, but not yet its block device */
	DISK_NOT_OPEN, /* the block device exists, but cannot be opened yet */
	/* The states from here on are final: */
	DISK_READY,
	DISK_MISSING, /* the scan did not find the LUN */
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
	struct task open;
	bool open_tried; /* since the last uevent */
	int open_error; /* errno; 0: opened */
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
		error = lun ? write_scan(s, lun) : ENOMEM;
		if (scsi_disk_find(s->host, s->forms[i], &found) != -ENODEV)
			break;
	}
	return error;
}

/* Runs in a thread. The open returns once the kernel has read the partitions. */
static int open_block_device(const void *name)
{
	AUTO_ARENA arena = NULL;
	AUTO_FD fd = -1;
	char *node = arena_printf(&arena, "%s/dev/%s", sysfs_root, (const char *)name);

	fd = node ? open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	return fd < 0 ? errno : 0;
}

/* Starts to open the disk. A failed open is retried after the next uevent. */
static enum disk_state disk_open_once(const struct disks *disks, struct disk *d)
{
	int r;

	if (!d->open_error)
		return DISK_READY;
	if (d->open_tried || task_is_running(&d->open))
		return DISK_NOT_OPEN;
	d->open_tried = true;
	r = task_start_thread(&d->open, disks->threads, open_block_device, d->name,
			      sizeof(d->name));
	if (r < 0)
		d->open_error = -r;
	return DISK_NOT_OPEN;
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
		return task_is_running(&d->scan) ? DISK_ABSENT : DISK_MISSING;
	d->type = found.type;
	if (!scsi_type_is_disk(found.type))
		return DISK_OTHER;
	if (r < 0)
		return DISK_NO_BLOCK;
	snprintf(d->name, sizeof(d->name), "%s", found.name);
	if (found.sectors)
		return disk_open_once(disks, d);
	d->open_error = ENOMEDIUM;
	return DISK_NOT_OPEN;
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

	snprintf(d->path->disk, sizeof(d->path->disk), "%s", d->name);
	d->path->linux_lun = d->linux_lun;
	log_info("disk", "target%u LUN %s is /dev/%s, after %.3f s", d->path->plan->number,
		 lun ? lun : "?", d->name, seconds_since(d->path->since_ns));
	if (!d->any && d->linux_lun != d->forms[FORM_NAMED])
		log_info("disk", "the target uses another form of this LUN: Linux LUN %ld",
			 d->linux_lun);
	if (link)
		make_links(d->name, link);
	if (!progress->root && path_is_roots(progress, d->path))
		disks_set_root(progress, d->path);
	path_goto(d->path, PATH_TIMERS);
}

static void disk_fail(struct disks *disks, const struct disk *d)
{
	double s = seconds_since(d->path->since_ns);
	AUTO_ARENA arena = NULL;
	const char *path = describe_path(&arena, d->path->plan, &d->path->to), *answer;
	const char *advice = "check that the target has this LUN and maps it to this initiator";

	if (d->state == DISK_MISSING && d->scan_error) {
		answer = arena_printf(&arena, "the scan was refused: %s", strerror(d->scan_error));
	} else if (d->state == DISK_MISSING) {
		answer = arena_printf(&arena, "the target reports no such %s; LUNs found: %s",
				      d->any ? "disk" : "LUN",
				      scsi_luns_of_host(&arena, d->path->host));
	} else if (d->state == DISK_OTHER) {
		answer = arena_printf(&arena, "not a disk: SCSI device type %ld", d->type);
		advice = "check the LUN: on some targets 0 is a controller and disks begin at 1";
	} else if (d->state == DISK_ABSENT) {
		answer = arena_printf(&arena, "the scan did not end within %.1f s", s);
	} else if (d->state == DISK_NO_BLOCK) {
		answer = arena_printf(&arena,
				      "the LUN exists, but has no block device after %.1f s", s);
		advice = "check the kernel log, and that sd_mod works";
	} else if (task_is_running(&d->open)) {
		answer = arena_printf(&arena, "opening /dev/%s did not end within %.1f s", d->name,
				      s);
		advice = "check that the target responds: the kernel waits to read the disk";
	} else {
		answer = arena_printf(&arena, "/dev/%s cannot be opened after %.1f s: %s", d->name,
				      s, strerror(d->open_error));
		advice = "check the kernel log, and that devtmpfs is mounted on /dev";
	}
	log_failure("disk", STATUS_NO_LUN,
		    arena_printf(&arena, "cannot use LUN %s of %s (session%d, host%d)",
				 lun_text(&arena, d), path ? path : "?", d->path->sid,
				 d->path->host),
		    answer ? answer : "?", advice);
	path_fail(disks->progress, d->path, STATUS_NO_LUN, answer);
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
			    .open = TASK_NONE,
			    .open_error = EINPROGRESS };
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
	task_abandon(&d->open);
	d->wanted = false;
}

static void disk_begin(const struct disks *disks, struct disk *d, struct path *path)
{
	struct scan_request scan = { .host = path->host };
	struct scsi_disk there;

	disk_init(d, path);
	if (disk_find(d, &there) != -ENODEV)
		return;
	scan.any = d->any;
	memcpy(scan.forms, d->forms, sizeof(scan.forms));
	d->scan_error =
		-task_start_thread(&d->scan, disks->threads, scan_host, &scan, sizeof(scan));
}

static void disk_check(struct disks *disks, struct disk *d)
{
	d->look |= task_has_ended(&d->scan, &d->scan_error);
	d->look |= task_has_ended(&d->open, &d->open_error);
	if (!d->look)
		return;
	d->look = false;
	d->state = disk_look(disks, d);
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
			disks->list[i].open_tried = false;
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

	waits_fd(waits, disks->uevents, POLLIN);
	waits_fd(waits, disks->threads, POLLIN);
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

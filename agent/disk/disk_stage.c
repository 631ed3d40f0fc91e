// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disk stage: scans for the LUN of each path that is logged in, waits for its block device and
 * creates its links in /dev/iscsi-boot. If no LUN is configured, one scan finds all LUNs, and the
 * stage waits for each that is a disk. A thread does each scan and reads each disk once
 * (disk_probe.c): both may block. A target that is starting may not have the LUN yet, or have it
 * but not be ready: both are retried after each uevent, and after pauses, until the deadline.
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
#include "disk/root_disk.h"
#include "disk/task_thread.h"
#include "loop/loop.h"
#include "plan/describe.h"
#include "session/scsi_disk.h"

#define LINKS "/dev/iscsi-boot"
/* A block device appears sooner after its LUN, unless the disk is not ready. */
#define NO_BLOCK_MS 4000

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

/* A LUN and its block device. */
struct lun {
	long linux_lun;
	enum disk_state state;
	bool look; /* its state may have changed */
	bool live; /* the kernel has sent an event of its block device, or it was there before */
	struct task probe;
	int probed; /* result of disk_probe(); EINPROGRESS: none yet */
	struct deadline again; /* of the next probe; 0: at once */
	unsigned int failures; /* probes without success */
	char name[DISK_NAME_SIZE];
	long type; /* SCSI peripheral device type */
};

/* What a path attaches. */
struct disk {
	struct path *path;
	bool wanted; /* the path is in this stage */
	bool look; /* its state may have changed */
	bool any; /* no LUN is configured: all disks */
	long number; /* of the LUN; -1: it has none */
	enum disk_state state; /* of the LUN, or of all disks together */
	struct task scan;
	int scan_error; /* errno */
	bool scanned; /* a scan has ended since the last look */
	struct deadline again; /* of the next scan; 0: at once */
	unsigned int failures; /* scans without success */
	bool logged; /* that it is retried */
	struct lun *luns; /* the LUN; or, after the scan, all LUNs that are disks */
	unsigned int nr_luns;
	long forms[NR_FORMS]; /* its possible Linux LUNs; -1: none in this form */
	struct lun one;
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
	const long n = d->number, named = (long)ibu_lun_linux(d->path->to.target->lun);

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
		d->one.linux_lun = d->forms[i];
		if (!is_new_form(d->forms, i))
			continue;
		r = scsi_disk_find(d->path->host, d->forms[i], found);
		if (r != -ENODEV)
			return r;
	}
	d->one.linux_lun = d->forms[FORM_NAMED];
	return -ENODEV;
}

/* The kernel scans no LUN that it knows, so a LUN without a disk behind it is removed first. */
static int scan_all(const struct scan_request *s)
{
	AUTO_ARENA arena = NULL;
	long *luns;
	int i, nr = scsi_disks_of_host(&arena, s->host, &luns);

	for (i = 0; i < nr; i++)
		scsi_disk_forget(s->host, luns[i]);
	return write_scan(s, "-");
}

/* Runs in a thread. A scan for a LUN that does not exist costs one round trip. */
static int scan_host(const void *scan)
{
	const struct scan_request *s = scan;
	struct scsi_disk found;
	unsigned int i;
	int error = 0;

	if (s->any)
		return scan_all(s);
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

/* A scan or probe failed. The longest pause is short: a scan costs one round trip. */
static struct deadline disk_pause(unsigned int *failures)
{
	static const struct backoff backoff = { .first_ms = 250, .most_ms = 2000 };

	return deadline_in_ms(backoff_ms(&backoff, ++*failures, random_number()));
}

static bool disk_may_rescan(const struct disk *d)
{
	return !task_is_running(&d->scan) && !deadline_left_ms(d->again);
}

static void disk_start_scan(const struct disks *disks, struct disk *d)
{
	struct scan_request scan = { .host = d->path->host, .any = d->any };

	memcpy(scan.forms, d->forms, sizeof(scan.forms));
	d->scan_error =
		-task_start_thread(&d->scan, disks->threads, scan_host, &scan, sizeof(scan));
}

/* The scan did not find the LUN, or any disk. */
static enum disk_state disk_missing(const struct disks *disks, struct disk *d)
{
	if (disk_may_rescan(d) && !d->scan_error)
		disk_start_scan(disks, d);
	if (task_is_running(&d->scan) && !d->failures)
		return DISK_ABSENT;
	return d->scan_error ? DISK_NO_SCAN : DISK_MISSING;
}

static void lun_start_probe(const struct disks *disks, const struct disk *d, struct lun *l,
			    const struct scsi_disk *found)
{
	struct disk_probe_request request = { .host = d->path->host,
					      .lun = l->linux_lun,
					      .has_sectors = found->sectors };
	int r;

	memcpy(request.name, found->name, sizeof(request.name));
	r = task_start_thread(&l->probe, disks->threads, disk_probe, &request, sizeof(request));
	l->probed = r ? -r : EINPROGRESS;
	l->live = true;
	if (r)
		l->again = disk_pause(&l->failures);
}

/* Asks for the sense of a LUN whose block device does not appear, so that the log has a reason. */
static enum disk_state lun_no_block(const struct disks *disks, const struct disk *d, struct lun *l,
				    const struct scsi_disk *found)
{
	if (!l->again.at_ns)
		l->again = deadline_in_ms(NO_BLOCK_MS);
	else if (!task_is_running(&l->probe) && !deadline_left_ms(l->again))
		lun_start_probe(disks, d, l, found);
	return DISK_NO_BLOCK;
}

/* Starts to read the disk, or judges the result. */
static enum disk_state lun_read(const struct disks *disks, const struct disk *d, struct lun *l,
				const struct scsi_disk *found)
{
	if (!task_is_running(&l->probe) && !disk_probe_may_heal(l->probed))
		return DISK_UNREADABLE;
	if (task_is_running(&l->probe) || deadline_left_ms(l->again))
		return DISK_NOT_READ;
	lun_start_probe(disks, d, l, found);
	return DISK_NOT_READ;
}

/* @r, @found: result of scsi_disk_find() for the LUN. */
static enum disk_state lun_look(const struct disks *disks, const struct disk *d, struct lun *l,
				int r, const struct scsi_disk *found)
{
	l->type = found->type;
	if (r == -ENODEV) {
		l->again = (struct deadline){ 0 };
		return DISK_MISSING;
	}
	if (!scsi_type_is_disk(found->type))
		return DISK_OTHER;
	memcpy(l->name, found->name, sizeof(l->name)); /* empty without a block device */
	if (r < 0 || !l->live) /* the kernel refuses to open a disk that has no event yet */
		return lun_no_block(disks, d, l, found);
	return lun_read(disks, d, l, found);
}

static enum disk_state disk_look_one(const struct disks *disks, struct disk *d)
{
	struct scsi_disk found;
	int r;

	if (!d->one.probed)
		return d->one.state = DISK_READY;
	r = disk_find_form(d, &found);
	d->one.state = lun_look(disks, d, &d->one, r, &found);
	if (r == -ENODEV && d->scanned)
		d->again = disk_pause(&d->failures);
	d->scanned = false;
	if (d->one.state == DISK_MISSING)
		d->one.state = disk_missing(disks, d);
	return d->one.state;
}

static void lun_init(struct lun *l, long linux_lun)
{
	*l = (struct lun){ .linux_lun = linux_lun,
			   .look = true,
			   .type = -1,
			   .probe = TASK_NONE,
			   .probed = EINPROGRESS };
}

/* A probe that still runs ends by itself. */
static void disk_forget_luns(struct disk *d)
{
	unsigned int i;

	for (i = 0; i < d->nr_luns; i++)
		task_abandon(&d->luns[i].probe);
	if (d->any)
		free(d->luns);
	d->luns = NULL;
	d->nr_luns = 0;
}

/* Lists the disks that the scan has found. */
static void disk_list(struct disk *d)
{
	AUTO_ARENA arena = NULL;
	long *found;
	int i, nr = scsi_disks_of_host(&arena, d->path->host, &found);

	disk_forget_luns(d);
	d->luns = nr < 0 ? NULL : calloc((size_t)nr + 1, sizeof(*d->luns));
	if (!d->luns) {
		d->scan_error = ENOMEM;
		return;
	}
	for (i = 0; i < nr; i++) {
		lun_init(&d->luns[i], found[i]);
		d->luns[i].live = true;
	}
	d->nr_luns = (unsigned int)nr;
}

/* May the LUN still become ready by itself? One that could not be read once is not waited for. */
static bool lun_is_pending(const struct lun *l)
{
	return (l->state == DISK_NO_BLOCK && !disk_probe_has_sense(l->probed)) ||
	       (l->state == DISK_NOT_READ && !l->failures);
}

/*
 * Returns the state of all disks together. A LUN that is not ready and that no parameter names
 * does not count if another one is ready.
 */
static enum disk_state disk_look_all(const struct disks *disks, struct disk *d)
{
	enum disk_state state = DISK_OTHER;
	bool pending = false, ready = false;
	struct scsi_disk found;
	struct lun *l;

	if (!d->nr_luns)
		return disk_missing(disks, d);
	for (l = d->luns; l < d->luns + d->nr_luns; l++) {
		if (!l->probed)
			l->state = DISK_READY;
		else if (l->look && l->state < DISK_READY)
			l->state = lun_look(disks, d, l,
					    scsi_disk_find(d->path->host, l->linux_lun, &found),
					    &found);
		l->look = false;
		ready |= l->state == DISK_READY;
		pending |= lun_is_pending(l);
		if (l->state < state)
			state = l->state;
	}
	if (state == DISK_MISSING && !ready) { /* the target has removed them */
		disk_forget_luns(d);
		d->again = disk_pause(&d->failures);
		return disk_missing(disks, d);
	}
	return ready && !pending ? DISK_READY : state;
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

static const char *lun_text(void **arena, const u8 b[8])
{
	const long number = ibu_lun_number(b);
	const char *text;

	if (number >= 0)
		text = arena_printf(arena, "%ld", number);
	else
		text = arena_printf(arena, "%02x%02x-%02x%02x-%02x%02x-%02x%02x", b[0], b[1], b[2],
				    b[3], b[4], b[5], b[6], b[7]);
	return text ? text : "?";
}

/* Linux keeps two bytes of the LUN in each 16 bits of its number, the first ones lowest. */
static const char *linux_lun_text(void **arena, long linux_lun)
{
	u8 bytes[8];
	unsigned int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (u8)((unsigned long)linux_lun >> (i / 2 * 16 + (i % 2 ? 0 : 8)));
	return lun_text(arena, bytes);
}

static void warn_if_read_only(const char *disk)
{
	long read_only;

	if (!sysfs_read_long(&read_only, "/sys/class/block/%s/ro", disk) && read_only)
		log_warning("disk", "/dev/%s is write-protected by the target", disk);
}

static void disk_make_links(const struct disk *d, const char *disk, const char *lun)
{
	AUTO_ARENA arena = NULL;
	const char *link = arena_printf(&arena, "target-%u-lun-%s", d->path->plan->number, lun);

	if (link)
		make_links(disk, link);
	warn_if_read_only(disk);
}

/* Most disks that one line of the log names. */
#define LOG_DISKS 16

/* Stores the disks that are ready, the lowest LUN first. */
static void disk_keep_all(struct progress *progress, struct disk *d)
{
	AUTO_ARENA arena = NULL;
	char *text = arena_printf(&arena, "%s", "");
	struct path *path = d->path;
	unsigned int i, nr = 0;

	path->nr_more = 0;
	path->more = arena_alloc(&progress->arena, (d->nr_luns + 1) * sizeof(*path->more));
	for (i = 0; i < d->nr_luns; i++) {
		const struct lun *l = &d->luns[i];
		const char *lun = linux_lun_text(&arena, l->linux_lun);

		if (l->state != DISK_READY || (nr && !path->more))
			continue;
		disk_make_links(d, l->name, lun);
		if (text && nr < LOG_DISKS)
			text = arena_printf(&arena, "%s%s%s as /dev/%s", text, nr ? ", " : "", lun,
					    l->name);
		if (!nr++) {
			memcpy(path->disk, l->name, sizeof(path->disk));
			path->linux_lun = l->linux_lun;
			continue;
		}
		path->more[path->nr_more].linux_lun = l->linux_lun;
		memcpy(path->more[path->nr_more++].name, l->name, sizeof(l->name));
	}
	log_info("disk", "target%u has %u disk%s after %.3f s: LUN %s%s", path->plan->number, nr,
		 nr == 1 ? "" : "s", seconds_since(path->since_ns), text ? text : "?",
		 nr > LOG_DISKS ? ", ..." : "");
}

static void disk_keep_one(struct disk *d)
{
	AUTO_ARENA arena = NULL;
	const char *lun = lun_text(&arena, d->path->to.target->lun);

	memcpy(d->path->disk, d->one.name, sizeof(d->path->disk));
	d->path->linux_lun = d->one.linux_lun;
	log_info("disk", "target%u LUN %s is /dev/%s, after %.3f s", d->path->plan->number, lun,
		 d->one.name, seconds_since(d->path->since_ns));
	if (d->one.linux_lun != d->forms[FORM_NAMED])
		log_info("disk", "the target uses another form of this LUN: Linux LUN %ld",
			 d->one.linux_lun);
	disk_make_links(d, d->one.name, lun);
}

static void disk_found(struct progress *progress, struct disk *d)
{
	if (d->any)
		disk_keep_all(progress, d);
	else
		disk_keep_one(d);
	root_disk_choose(progress, d->path);
	if (!progress->root && path_is_roots(progress, d->path))
		disks_set_root(progress, d->path);
	path_goto(d->path, PATH_TIMERS);
}

/* Why no disk was found. @advice is unchanged if the usual one is right. */
static const char *missing_reason(void **arena, const struct disk *d, const char **advice)
{
	if (d->any)
		*advice = "check that the target maps a disk to this initiator";
	return arena_printf(arena, "the target reports no such %s; LUNs found: %s",
			    d->any ? "disk" : "LUN", scsi_luns_of_host(arena, d->path->host));
}

static const char *unread_reason(void **arena, const struct disk *d, const struct lun *l,
				 const char **advice)
{
	if (task_is_running(&l->probe) && l->probed == EINPROGRESS) {
		*advice = "check that the target responds: the kernel waits to read the disk";
		return arena_printf(arena, "reading /dev/%s did not end within %.1f s", l->name,
				    seconds_since(d->path->since_ns));
	}
	*advice = "check the disk at the target: its state, and who has reserved it";
	return arena_printf(arena, "/dev/%s cannot be read: %s", l->name,
			    disk_probe_reason(arena, l->probed));
}

/* Returns why the LUN is not there; sets @advice. */
static const char *disk_reason(void **arena, const struct disk *d, const struct lun *l,
			       enum disk_state state, const char **advice)
{
	double s = seconds_since(d->path->since_ns);

	*advice = "check that the target has this LUN and maps it to this initiator";
	switch (state) {
	case DISK_NO_SCAN:
		return arena_printf(arena, "the scan was refused: %s", strerror(d->scan_error));
	case DISK_MISSING:
		return missing_reason(arena, d, advice);
	case DISK_OTHER:
		*advice = "check the LUN: on some targets 0 is a controller and disks begin at 1";
		return arena_printf(arena, "not a disk: SCSI device type %ld", l->type);
	case DISK_ABSENT:
		return arena_printf(arena, "the scan did not end within %.1f s", s);
	case DISK_NO_BLOCK:
		*advice = "check the kernel log, and that sd_mod works";
		if (disk_probe_has_sense(l->probed))
			return arena_printf(arena, "the LUN is not usable yet: %s",
					    disk_probe_reason(arena, l->probed));
		return arena_printf(arena, "the LUN exists, but has no block device after %.1f s",
				    s);
	default:
		return unread_reason(arena, d, l, advice);
	}
}

static enum status disk_status(const struct lun *l, enum disk_state state)
{
	return state == DISK_UNREADABLE || disk_probe_has_sense(l->probed) ||
			       (state == DISK_NOT_READ && l->probed != EINPROGRESS) ?
		       STATUS_UNREADABLE :
		       STATUS_NO_LUN;
}

/* The LUN, for people: that which is configured, @l of all disks, or "a disk". */
static const char *disk_lun_name(void **arena, const struct disk *d, const struct lun *l)
{
	const char *text = "a disk";

	if (!d->any)
		text = arena_printf(arena, "LUN %s", lun_text(arena, d->path->to.target->lun));
	else if (l != &d->one)
		text = arena_printf(arena, "LUN %s", linux_lun_text(arena, l->linux_lun));
	return text ? text : "?";
}

/* Logs why @l, or with d->one each disk of the target, cannot be used. Returns the reason. */
static const char *lun_fail(void **arena, const struct disk *d, const struct lun *l,
			    enum disk_state state)
{
	const char *path = describe_path(arena, d->path->plan, &d->path->to), *advice;
	const char *reason = disk_reason(arena, d, l, state, &advice);

	log_failure("disk", disk_status(l, state),
		    arena_printf(arena, "cannot use %s of %s (session%d, host%d)",
				 disk_lun_name(arena, d, l), path ? path : "?", d->path->sid,
				 d->path->host),
		    reason ? reason : "?", advice);
	return reason;
}

/* Returns the LUN that decides the state: the first that has it; d->one without any. */
static const struct lun *disk_deciding_lun(const struct disk *d)
{
	unsigned int i;

	for (i = 0; i < d->nr_luns; i++)
		if (d->luns[i].state == d->state)
			return &d->luns[i];
	return &d->one;
}

/* Logs the disks of a target without a LUN that are not ready. Returns true if another one is. */
static bool disk_report_unready(const struct disk *d)
{
	bool ready = false;
	unsigned int i;

	for (i = 0; i < d->nr_luns; i++)
		ready |= d->luns[i].state == DISK_READY;
	for (i = 0; ready && i < d->nr_luns; i++) {
		AUTO_ARENA arena = NULL;

		if (d->luns[i].state < DISK_MISSING || d->luns[i].state == DISK_UNREADABLE)
			lun_fail(&arena, d, &d->luns[i], d->luns[i].state);
	}
	return ready;
}

/* The disk is missing, or its time is over. The ready disks of a target without a LUN are used. */
static void disk_fail(struct disks *disks, struct disk *d)
{
	AUTO_ARENA arena = NULL;
	const struct lun *l = disk_deciding_lun(d);

	if (d->any && disk_report_unready(d))
		disk_found(disks->progress, d);
	else
		path_fail(disks->progress, d->path, disk_status(l, d->state),
			  lun_fail(&arena, d, l, d->state));
}

/* Logs once that the disk is not there yet, and keeps the reason for /run/iscsi-boot/paths. */
static void disk_log_retry(struct disks *disks, struct disk *d)
{
	AUTO_ARENA arena = NULL;
	const struct lun *l = disk_deciding_lun(d);
	const char *advice, *reason = disk_reason(&arena, d, l, d->state, &advice);

	if (!reason)
		return;
	if (!d->logged)
		log_info("disk", "target%u %s: %s; retrying", d->path->plan->number,
			 disk_lun_name(&arena, d, l), reason);
	d->logged = true;
	path_set_why(disks->progress, d->path, reason);
}

static void disk_init(struct disk *d, struct path *path)
{
	const struct ibu_target *target = path->to.target;

	*d = (struct disk){ .path = path, .wanted = true, .look = true, .scan = TASK_NONE };
	lun_init(&d->one, -1);
	d->any = !ibu_has(&target->f, IBU_TARGET_LUN);
	if (d->any)
		return;
	d->luns = &d->one;
	d->nr_luns = 1;
	d->number = ibu_lun_number(target->lun);
	disk_set_forms(d);
}

/* Removes the path from the stage. A scan or open that still runs ends by itself. */
static void disk_leave(struct disk *d)
{
	task_abandon(&d->scan);
	disk_forget_luns(d);
	d->wanted = false;
}

static void disk_begin(const struct disks *disks, struct disk *d, struct path *path)
{
	struct scsi_disk there;

	disk_init(d, path);
	d->one.live = !d->any && disk_find_form(d, &there) != -ENODEV;
	if (!d->one.live)
		disk_start_scan(disks, d);
}

/* Notices the end of a probe, which is followed by a pause if it failed, and the pause's end. */
static bool lun_check_task(struct lun *l)
{
	if (task_has_ended(&l->probe, &l->probed)) {
		l->look = true;
		if (l->probed)
			l->again = disk_pause(&l->failures);
	}
	l->look |= l->again.at_ns && !task_is_running(&l->probe) && !deadline_left_ms(l->again);
	return l->look;
}

/* The same for the scan and all probes. */
static void disk_check_tasks(struct disk *d)
{
	unsigned int i;

	if (task_has_ended(&d->scan, &d->scan_error)) {
		d->scanned = true;
		d->look = true;
		if (d->any)
			disk_list(d);
		if (d->any && !d->nr_luns)
			d->again = disk_pause(&d->failures);
	}
	d->look |= d->failures && disk_may_rescan(d);
	for (i = 0; d->luns && i < d->nr_luns; i++)
		d->look |= lun_check_task(&d->luns[i]);
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

/* Takes the disks on standby as they are. */
static void disk_accept_unread(struct disk *d)
{
	unsigned int i;

	for (i = 0; i < d->nr_luns; i++)
		if (d->luns[i].state == DISK_NOT_READ)
			d->luns[i].state = DISK_READY;
	d->state = DISK_READY;
}

static bool disk_is_retried(const struct disk *d)
{
	return d->failures || disk_deciding_lun(d)->failures;
}

static void disk_check(struct disks *disks, struct disk *d)
{
	disk_check_tasks(d);
	if (!d->look)
		return;
	d->look = false;
	d->state = d->any ? disk_look_all(disks, d) : disk_look_one(disks, d);
	if (d->state < DISK_READY && disk_is_retried(d)) {
		disk_log_retry(disks, d);
		if (d->state == DISK_NOT_READ && disk_has_twin(disks, d))
			disk_accept_unread(d);
	}
	if (d->state < DISK_READY)
		return;
	if (d->state == DISK_READY && (!d->any || disk_report_unready(d)))
		disk_found(disks->progress, d);
	else
		disk_fail(disks, d);
	disk_leave(d);
}

/* @lun: as of kernel_events_next_disk(). */
static void disk_mark(struct disk *d, long lun)
{
	unsigned int i;

	d->look = true;
	d->again = (struct deadline){ 0 };
	for (i = 0; i < d->nr_luns; i++) {
		if (d->any && lun >= 0 && d->luns[i].linux_lun != lun)
			continue;
		d->luns[i].look = true;
		d->luns[i].live = true;
		d->luns[i].again = (struct deadline){ 0 };
	}
}

/* Marks the disks that an event may concern: checking all of many disks would take too long. */
static void read_uevents(struct disks *disks)
{
	unsigned int i;
	long lun;
	int host;

	while ((host = kernel_events_next_disk(disks->uevents, &lun)) != EVENT_NONE)
		for (i = 0; i < disks->progress->nr_paths; i++)
			if (host == EVENT_ANY || disks->progress->paths[i].host == host)
				disk_mark(&disks->list[i], lun);
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

static void disk_waits(const struct disk *d, struct waits *waits)
{
	unsigned int i;

	if (d->failures && d->state == DISK_MISSING && !task_is_running(&d->scan))
		waits_until(waits, d->again);
	for (i = 0; i < d->nr_luns; i++)
		if (d->luns[i].again.at_ns && d->luns[i].state < DISK_READY &&
		    !task_is_running(&d->luns[i].probe))
			waits_until(waits, d->luns[i].again);
}

static void disks_waits(void *data, struct waits *waits)
{
	struct disks *disks = data;
	unsigned int i;

	waits_fd(waits, disks->uevents, POLLIN);
	waits_fd(waits, disks->threads, POLLIN);
	for (i = 0; i < disks->progress->nr_paths; i++)
		if (disks->list[i].wanted)
			disk_waits(&disks->list[i], waits);
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disks of the paths that are in. Only the LUN wanted is scanned for, or all where none is
 * named (Debian's words cannot name one): then the first disk is it. The write that asks for a scan
 * blocks until it is done, and so does the open of a disk whose partitions are being read: a child
 * does each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "child.h"
#include "cleanup.h"
#include "describe.h"
#include "events.h"
#include "log.h"
#include "scsi.h"
#include "steps.h"
#include "sysfs.h"

#define LINKS "/dev/iscsi-boot"

enum disk_state {
	DISK_ABSENT,
	DISK_NO_BLOCK, /* the LUN is there, its block device isn't yet */
	DISK_NOT_OPEN, /* that is there, but can't be opened yet */
	/* From here on nothing is waited for. */
	DISK_READY,
	DISK_MISSING, /* scanned for in vain */
	DISK_OTHER, /* a LUN, but not a disk */
};

struct disk {
	struct plan_path *path;
	bool any; /* no LUN is named */
	long lun; /* as people call it; -1: no number stands for it, or not known yet */
	long linux_lun; /* as the kernel does */
	enum disk_state state;
	struct child scan;
	int scan_error; /* errno */
	struct child open;
	bool open_tried; /* since the last uevent */
	int open_error; /* errno; 0: it was opened */
	char name[sizeof(((struct plan_path *)0)->disk)];
	long type;
};

struct disks {
	struct plan *plan;
	struct disk *list;
	unsigned int nr;
	struct pollfd *fds; /* two for each disk, then the uevents */
	int64_t began_ns;
};

/* In the child. The channel and the target id of an iscsi_tcp session are 0. */
static int scan_host(const void *disk)
{
	const struct disk *d = disk;
	char text[64] = "0 0 -";

	if (!d->any)
		snprintf(text, sizeof(text), "0 0 %ld", d->linux_lun);
	return -sysfs_write(text, "/sys/class/scsi_host/host%d/scan", d->path->host);
}

/* In the child. Opened once, since that waits until the kernel has read the partitions. */
static int open_disk(const void *disk)
{
	const struct disk *d = disk;
	AUTO_ARENA arena = NULL;
	AUTO_FD fd = -1;
	char *node = arena_printf(&arena, "%s/dev/%s", sysfs_root, d->name);

	fd = node ? open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	return fd < 0 ? errno : 0;
}

/* What fails is tried again when something has happened. */
static enum disk_state open_step(struct disk *d)
{
	int r;

	if (!d->open_error)
		return DISK_READY;
	if (d->open_tried || d->open.pid)
		return DISK_NOT_OPEN;
	d->open_tried = true;
	r = child_start(&d->open, open_disk, d);
	if (r < 0)
		d->open_error = -r;
	return DISK_NOT_OPEN;
}

/* Once all LUNs are there: which one is it? */
static void choose(struct disk *d)
{
	u8 bytes[8] = { 0 };

	d->linux_lun = scsi_first_disk(d->path->host);
	if (d->linux_lun < 0)
		return;
	bytes[0] = (u8)(d->linux_lun >> 8);
	bytes[1] = (u8)d->linux_lun;
	d->lun = ibu_lun_number(bytes);
}

static enum disk_state look(struct disk *d)
{
	struct scsi_disk found;
	int r;

	if (d->any && !d->scan.pid)
		choose(d);
	r = scsi_disk_find(d->path->host, d->linux_lun, &found);
	if (r == -ENODEV)
		return d->scan.pid ? DISK_ABSENT : DISK_MISSING;
	d->type = found.type;
	if (!scsi_type_is_disk(found.type))
		return DISK_OTHER;
	if (r < 0)
		return DISK_NO_BLOCK;
	snprintf(d->name, sizeof(d->name), "%s", found.name);
	if (found.sectors)
		return open_step(d);
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
		log_warning("disks", "%s/%s can't be made: %s", LINKS, name, strerror(errno));
}

static void found(const struct disks *disks, struct disk *d)
{
	AUTO_ARENA arena = NULL;
	char *link = arena_printf(&arena, "target-%u-lun-%ld", d->path->number, d->lun);

	snprintf(d->path->disk, sizeof(d->path->disk), "%s", d->name);
	log_info("disks", "target%u LUN %ld is /dev/%s, after %.3f s", d->path->number, d->lun,
		 d->name, (double)(now_ns() - disks->began_ns) / 1e9);
	if (link)
		make_link(d->name, link);
}

static void step_all(struct disks *disks)
{
	unsigned int i;

	for (i = 0; i < disks->nr; i++) {
		struct disk *d = &disks->list[i];

		/* Also of a disk that is there: a child that has ended wakes until it is asked. */
		child_ended(&d->scan, &d->scan_error);
		child_ended(&d->open, &d->open_error);
		if (d->state >= DISK_READY)
			continue;
		d->state = look(d);
		if (d->state == DISK_READY)
			found(disks, d);
	}
}

static struct disk *root_disk(const struct disks *disks)
{
	unsigned int i;

	for (i = 0; i < disks->nr; i++)
		if (disks->list[i].state == DISK_READY &&
		    path_is_roots(disks->plan, disks->list[i].path))
			return &disks->list[i];
	return NULL;
}

/* The root is there, or never will be. */
static bool root_is_settled(const struct disks *disks)
{
	unsigned int i;

	for (i = 0; i < disks->nr; i++)
		if (disks->list[i].state < DISK_READY &&
		    path_is_roots(disks->plan, disks->list[i].path))
			return root_disk(disks);
	return true;
}

/* Whether it is worth to wait: for the root, or once it is there for the others. */
static bool is_waiting(const struct disks *disks)
{
	bool root = root_disk(disks);
	unsigned int i;

	for (i = 0; i < disks->nr; i++) {
		const struct disk *d = &disks->list[i];

		if (d->state < DISK_READY &&
		    (root || d->open.pid || path_is_roots(disks->plan, d->path)))
			return true;
	}
	return false;
}

/* Until something has happened. 0 or -errno. */
static int await_event(struct disks *disks, int uevents, struct deadline deadline)
{
	const unsigned int nr = 2 * disks->nr;
	unsigned int i;

	for (i = 0; i < nr; i++)
		disks->fds[i] = (struct pollfd){
			.fd = i % 2 ? disks->list[i / 2].open.pidfd : disks->list[i / 2].scan.pidfd,
			.events = POLLIN,
		};
	disks->fds[nr] = (struct pollfd){ .fd = uevents, .events = POLLIN };
	if (poll(disks->fds, nr + 1, deadline_left_ms(deadline)) < 0)
		return errno == EINTR ? 0 : -errno;
	if (!disks->fds[nr].revents)
		return 0;
	events_drain(uevents);
	for (i = 0; i < disks->nr; i++)
		disks->list[i].open_tried = false;
	return 0;
}

static int wait_all(struct disks *disks, int uevents, struct deadline deadline)
{
	bool hurry = false;
	int r = 0;

	while (!r) {
		step_all(disks);
		if (!is_waiting(disks) || !deadline_left_ms(deadline))
			return 0;
		if (!hurry && root_is_settled(disks)) {
			deadline = deadline_sooner(deadline, OTHERS_GRACE_S);
			hurry = true;
		}
		r = await_event(disks, uevents, deadline);
	}
	return r;
}

static const char *lun_words(void **arena, const struct disk *d)
{
	const u8 *b = d->path->target->lun;
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

static enum status fail(const struct disks *disks, const struct disk *d)
{
	double s = (double)(now_ns() - disks->began_ns) / 1e9;
	AUTO_ARENA arena = NULL;
	const char *path = describe_path(&arena, d->path), *answer;
	const char *check = "that the target has this LUN and lets this initiator see it";

	if (d->lun < 0 && !d->any) {
		answer = "no number stands for it: it has more than one level (SAM-5 4.7)";
		check = "the LUN as configured";
	} else if (d->state == DISK_MISSING && d->scan_error) {
		answer = arena_printf(&arena, "the scan was refused: %s", strerror(d->scan_error));
	} else if (d->state == DISK_MISSING) {
		answer = arena_printf(&arena, "the target has no such %s; here of this target: %s",
				      d->any ? "disk" : "LUN",
				      scsi_luns_of_host(&arena, d->path->host));
	} else if (d->state == DISK_OTHER) {
		answer = arena_printf(&arena, "it is no disk, but of SCSI type %ld", d->type);
		check = "the LUN: with some targets 0 is a controller, and disks begin at 1";
	} else if (d->state == DISK_ABSENT) {
		answer = arena_printf(&arena, "the scan did not end within %.1f s", s);
	} else if (d->state == DISK_NO_BLOCK) {
		answer = arena_printf(&arena, "the LUN is there, but no block device after %.1f s",
				      s);
		check = "the kernel's log; that sd_mod works";
	} else if (d->open.pid) {
		answer = arena_printf(&arena,
				      "/dev/%s is there, but opening it did not end within %.1f s",
				      d->name, s);
		check = "that the target still answers: the kernel waits to read the disk";
	} else {
		answer = arena_printf(&arena, "/dev/%s cannot be opened after %.1f s: %s", d->name,
				      s, strerror(d->open_error));
		check = "the kernel's log; that devtmpfs is mounted on /dev";
	}
	return log_failure("disks", STATUS_NO_LUN,
			   arena_printf(&arena, "to find LUN %s of %s (session%d, host%d)",
					lun_words(&arena, d), path ? path : "?", d->path->sid,
					d->path->host),
			   answer ? answer : "?", check);
}

static enum status result(const struct disks *disks)
{
	const struct disk *root = root_disk(disks);
	enum status status, first = STATUS_OK;
	unsigned int i;

	for (i = 0; i < disks->nr; i++) {
		if (disks->list[i].state == DISK_READY)
			continue;
		status = fail(disks, &disks->list[i]);
		if (first == STATUS_OK && path_is_roots(disks->plan, disks->list[i].path))
			first = status;
	}
	if (!root)
		return first;
	disks->plan->root = root->path;
	make_link(root->name, "root");
	log_info("disks", LINKS "/root is /dev/%s", root->name);
	return STATUS_OK;
}

static void disk_init(struct disk *d, struct plan_path *path)
{
	const struct ibu_target *target = path->target;

	*d = (struct disk){ .path = path,
			    .lun = -1,
			    .linux_lun = -1,
			    .scan = CHILD_NONE,
			    .open = CHILD_NONE,
			    .open_error = EINPROGRESS };
	d->any = !ibu_has(&target->f, IBU_TARGET_LUN);
	if (d->any) {
		choose(d);
	} else {
		d->lun = ibu_lun_number(target->lun);
		d->linux_lun = (long)ibu_lun_linux(target->lun);
	}
}

static int disks_open(struct disks *disks, struct plan *plan)
{
	unsigned int i;

	*disks = (struct disks){ .plan = plan, .began_ns = now_ns() };
	plan->root = NULL;
	disks->list = calloc(plan->nr_paths + 1, sizeof(*disks->list));
	disks->fds = calloc(2 * plan->nr_paths + 1, sizeof(*disks->fds));
	if (!disks->list || !disks->fds)
		return -ENOMEM;
	for (i = 0; i < plan->nr_paths; i++) {
		plan->paths[i].disk[0] = '\0';
		if (plan->paths[i].result == STATUS_OK)
			disk_init(&disks->list[disks->nr++], &plan->paths[i]);
	}
	return 0;
}

/* Also while a scan is still going on: it ends by itself. */
static void disks_close(struct disks *disks)
{
	unsigned int i;

	for (i = 0; i < disks->nr; i++) {
		child_leave(&disks->list[i].scan);
		child_leave(&disks->list[i].open);
	}
	free(disks->list);
	free(disks->fds);
}

static int scan_all(struct disks *disks)
{
	struct scsi_disk there;
	unsigned int i;
	int r = 0;

	for (i = 0; i < disks->nr && !r; i++) {
		struct disk *d = &disks->list[i];

		if ((d->any || d->lun >= 0) &&
		    scsi_disk_find(d->path->host, d->linux_lun, &there) == -ENODEV)
			r = child_start(&d->scan, scan_host, d);
	}
	return r;
}

enum status disks_wait(struct plan *plan, struct deadline deadline)
{
	__attribute__((cleanup(disks_close))) struct disks disks;
	AUTO_FD uevents = events_open_uevent();
	int r;

	r = disks_open(&disks, plan);
	if (!r && uevents < 0)
		r = uevents;
	if (!r)
		r = scan_all(&disks);
	if (!r)
		r = wait_all(&disks, uevents, deadline);
	if (r < 0)
		return log_failure("disks", STATUS_ERROR, "to look for the disks", strerror(-r),
				   "that the agent runs as root, in the first network namespace");
	return result(&disks);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Finds the database of open-iscsi, and writes and removes its files. */
#include "handoff/node_db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"
#include "kmod/core/portable.h"

static bool contains_string(const char *text, size_t len, const char *word)
{
	return memmem(text, len, word, strlen(word) + 1);
}

const char *node_db_dir(void)
{
	static const char *const programs[] = { "/usr/sbin/iscsid", "/sbin/iscsid",
						"/usr/bin/iscsid" };
	AUTO_ARENA arena = NULL;
	ssize_t len = -ENOENT;
	unsigned int i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(programs) && len == -ENOENT; i++)
		len = file_read(&arena, &text, "%s%s", sysfs_root, programs[i]);
	if (len == -ENOENT)
		return NULL;
	if (len > 0 && contains_string(text, (size_t)len, "/etc/iscsi/nodes"))
		return "/etc/iscsi";
	if (len > 0 && contains_string(text, (size_t)len, "/var/lib/iscsi/nodes"))
		return "/var/lib/iscsi";
	return sysfs_exists("/var/lib/iscsi/nodes") ? "/var/lib/iscsi" : "/etc/iscsi";
}

/* Returns the directory of the overlay over @dir: "/run/iscsi-boot/etc-iscsi-upper". */
static char *overlay_dir(void **arena, const char *dir, const char *part)
{
	char *path = arena_printf(arena, BOOT_RUN_DIR "/%s-%s", dir + 1, part), *s;

	for (s = path ? path + strlen(BOOT_RUN_DIR "/") : NULL; s && (s = strchr(s, '/'));)
		*s = '-';
	return path;
}

/* Mounts an overlay in memory over @dir. Returns 0 or -errno. */
static int mount_overlay(const char *dir)
{
	AUTO_ARENA arena = NULL;
	char *upper = overlay_dir(&arena, dir, "upper"), *work = overlay_dir(&arena, dir, "work"),
	     *options;
	struct stat st;

	if (!upper || !work)
		return -ENOMEM;
	options = arena_printf(&arena, "lowerdir=%s,upperdir=%s,workdir=%s", dir, upper, work);
	if (!options)
		return -ENOMEM;
	if (stat(dir, &st) || (mkdir(upper, 0700) && errno != EEXIST) ||
	    (mkdir(work, 0700) && errno != EEXIST) || chmod(upper, st.st_mode & 0777) ||
	    mount("iscsi-boot", dir, "overlay", MS_NOSUID | MS_NODEV, options))
		return -errno;
	log_info("handoff", "%s is read-only: an overlay keeps new files in memory", dir);
	return 0;
}

static int db_make_dir(int fd, const char *name)
{
	if (!mkdirat(fd, name, 0700))
		return fsync(fd) ? -errno : 0;
	return errno != EEXIST ? -errno : 0;
}

/*
 * Creates and opens the directory of @path below @dir. Cuts @path; @name is its last part. Returns
 * a file descriptor or -errno.
 */
static int db_open_dir(const char *dir, char *path, char **name)
{
	AUTO_ARENA arena = NULL;
	char *full = arena_printf(&arena, "%s%s", sysfs_root, dir), *slash;
	int fd = full ? open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -ENOMEM, next;

	for (; fd >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		*slash = '\0';
		next = db_make_dir(fd, path);
		if (!next)
			next = openat(fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (next == -1)
			next = -errno;
		close(fd);
		fd = next;
	}
	*name = path;
	return fd == -1 ? -errno : fd;
}

static bool db_is_same(int dir, const char *name, const char *text)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_ARENA arena = NULL;
	struct stat st;
	char *old;

	return fd >= 0 && !fstat(fd, &st) && (st.st_mode & 0777) == 0600 &&
	       file_read_fd(&arena, &old, fd) == (ssize_t)strlen(text) && !strcmp(old, text);
}

/* A name that open-iscsi ignores in each of its directories. */
#define NEW_NAME ".iscsi-boot-new"

/*
 * The new file is written in @apart and then moved to @dir, because open-iscsi reads each file in a
 * portal's directory as a record.
 */
static int db_replace(int dir, int apart, const char *name, const char *text)
{
	int r = apart < 0 ? -errno : 0;

	if (!r)
		r = atomic_file_write(apart, NEW_NAME, dir, name, text, strlen(text), 0600);
	return !r && fsync(dir) ? -errno : r;
}

static int db_put(const char *dir, const char *path, const char *text)
{
	AUTO_ARENA arena = NULL;
	char *copy = arena_printf(&arena, "%s", path), *name;
	AUTO_FD fd = copy ? db_open_dir(dir, copy, &name) : -ENOMEM;
	AUTO_FD apart = -1;
	int r;

	if (fd < 0)
		return fd;
	if (db_is_same(fd, name, text))
		return 0;
	apart = openat(fd, strchr(path, '/') ? ".." : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = db_replace(fd, apart, name, text);
	return r ? r : 1;
}

int node_db_put(const char *dir, const char *path, const char *text)
{
	int r = db_put(dir, path, text);

	if (r != -EROFS)
		return r;
	r = mount_overlay(dir);
	return r ? r : db_put(dir, path, text);
}

/* Also removes empty directories; those with other files cannot be removed. */
static int db_remove(const char *dir, const char *path)
{
	AUTO_ARENA arena = NULL;
	char *full = arena_printf(&arena, "%s%s/%s", sysfs_root, dir, path);
	char *slash, *top;

	if (!full)
		return -ENOMEM;
	if (unlink(full))
		return errno == ENOENT ? 0 : -errno;
	top = full + strlen(sysfs_root) + strlen(dir) + 1;
	top = strchr(top, '/');
	while ((slash = strrchr(full, '/')) && slash > top) {
		*slash = '\0';
		if (rmdir(full))
			break;
	}
	return 0;
}

int node_db_remove(const char *dir, const char *path)
{
	int r = db_remove(dir, path);

	if (r != -EROFS)
		return r;
	r = mount_overlay(dir);
	return r ? r : db_remove(dir, path);
}

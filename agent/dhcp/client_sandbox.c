// SPDX-License-Identifier: GPL-2.0-only
/* Limits what a DHCP client can write to. */
#include "dhcp/client_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/syscall_filter.h"
#include "kmod/core/portable.h"

/* struct mount_attr of linux/mount.h, which cannot be included together with <sys/mount.h>. */
struct mount_attributes {
	uint64_t set, clear, propagation, userns;
};

#define ATTRIBUTE_RDONLY 1
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/* A new /dev, so that disks and memory cannot be written to. */
static int make_dev(void)
{
	static const struct {
		const char *path;
		unsigned int minor;
	} nodes[] = {
		{ "/dev/null", 3 },   { "/dev/zero", 5 },    { "/dev/full", 7 },
		{ "/dev/random", 8 }, { "/dev/urandom", 9 },
	};
	unsigned int i;

	if (mount("iscsi-boot", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k"))
		return -errno;
	for (i = 0; i < ARRAY_SIZE(nodes); i++)
		if (mknod(nodes[i].path, S_IFCHR | 0666, makedev(1, nodes[i].minor)))
			return -errno;
	return 0;
}

static int make_read_only(const char *path)
{
	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) ? -errno : 0;
}

/* Before Linux 5.12: the mounts that an initramfs has. EINVAL: not a mount. */
static int make_known_read_only(void)
{
	static const char *const mounts[] = { "/dev", "/proc",	  "/sys",
					      "/tmp", "/newroot", "/sysroot" };
	unsigned int i;
	int r = make_read_only("/");

	for (i = 0; i < ARRAY_SIZE(mounts) && !r; i++) {
		r = make_read_only(mounts[i]);
		if (r == -EINVAL || r == -ENOENT)
			r = 0;
	}
	return r;
}

static int make_all_read_only(void)
{
	struct mount_attributes attr = { .set = ATTRIBUTE_RDONLY };

	if (!syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)))
		return 0;
	return make_known_read_only();
}

int client_sandbox(const char *dir)
{
	int r;

	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount(dir, "/run", NULL, MS_BIND, NULL) < 0)
		return -errno;
	r = make_dev();
	if (!r)
		r = make_all_read_only();
	if (r)
		return r;
	if (mount(NULL, "/run", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL))
		return -errno;
	return chdir("/") < 0 ? -errno : 0;
}

#define CAP(name) (1ULL << CAP_##name)

void client_drop_rights(void)
{
	/* The second line: dhcpcd changes its user and directory. */
	static const uint64_t keep = CAP(NET_ADMIN) | CAP(NET_RAW) | CAP(NET_BIND_SERVICE) |
				     CAP(SETUID) | CAP(SETGID) | CAP(SYS_CHROOT) | CAP(KILL) |
				     CAP(CHOWN) | CAP(FOWNER) | CAP(DAC_OVERRIDE);
	unsigned long cap;

	for (cap = 0; cap < 64; cap++) /* fails for those that the kernel does not know */
		if (!(keep >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	syscall_filter(true); /* a kernel without filters has the limits above */
}

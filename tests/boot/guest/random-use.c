// SPDX-License-Identifier: GPL-2.0-only
/*
 * random-use SEED SECONDS MODULE PARAMETER: uses the files of the view in every way at random, while
 * the module is loaded (with and without PARAMETER) and unloaded, and NICs and namespaces come and
 * go.
 *
 * Ends after SECONDS, or after 50 seconds without progress. Prints "KEY VALUE" lines with how often
 * each was done, and how often it succeeded. Exits with 1 if a file could be written or mapped, or
 * if a user could read what only root may.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define VIEW "/sys/firmware/iscsi_boot_unified"
#define USERS 3
#define OTHER_USER 65534

enum kind {
	OPEN,
	READ,
	PREAD,
	READV,
	SEEK,
	SPLICE,
	SENDFILE,
	MAP,
	POLL,
	EPOLL,
	INOTIFY,
	STAT,
	LIST,
	ATTRIBUTES,
	MODES,
	LOCK,
	HANDLE,
	WRITE,
	CONTROL,
	PASS,
	AS_USER,
	CLOSE,
	FILE_KINDS,
	LOAD = FILE_KINDS,
	UNLOAD,
	NAMESPACE,
	RENAME,
	ADDRESS,
	LINK,
	DEVICE,
	MTU,
	DRIVER,
	KINDS
};

static const char *const kind_names[KINDS] = {
	"open",	  "read",   "pread",   "readv", "seek",	  "splice", "sendfile", "mmap",
	"poll",	  "epoll",  "inotify", "stat",	"list",	  "xattr",  "chmod",	"flock",
	"handle", "write",  "ioctl",   "pass",	"user",	  "close",  "load",	"unload",
	"netns",  "rename", "address", "link",	"device", "mtu",    "driver",
};

/* Shared by all processes. */
static struct shared {
	volatile uint64_t done[KINDS], succeeded[KINDS];
	volatile bool stop;
	volatile bool bad;
	char wrong[256];
} * shared;

static void wrong(const char *what, const char *object)
{
	if (!shared->bad)
		snprintf(shared->wrong, sizeof(shared->wrong), "%s: %s", what, object);
	shared->bad = true;
	shared->stop = true;
}

static void count(enum kind kind, bool success)
{
	__atomic_fetch_add(&shared->done[kind], 1, __ATOMIC_RELAXED);
	if (success)
		__atomic_fetch_add(&shared->succeeded[kind], 1, __ATOMIC_RELAXED);
}

/* xorshift; each process has its own state. */
static uint64_t state;

static unsigned int below(unsigned int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)(state >> 20) % n;
}

static void rest(unsigned int microseconds)
{
	struct timespec t = { 0, (long)microseconds * 1000 };

	nanosleep(&t, NULL);
}

/* The paths of the view, found while it was loaded. */

static char paths[512][128];
static unsigned int nr_paths;

static void find_paths(const char *dir, unsigned int depth)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d)
		err(1, "%s", dir);
	while ((e = readdir(d)) && nr_paths < 512) {
		if (*e->d_name == '.')
			continue;
		snprintf(paths[nr_paths], sizeof(paths[0]), "%.60s/%.60s", dir, e->d_name);
		nr_paths++;
		if (e->d_type == DT_DIR && depth < 3)
			find_paths(paths[nr_paths - 1], depth + 1);
	}
	closedir(d);
}

/* Files that only root may read: a user must never get a byte of them. */
static bool restricted[512];

static void find_restricted(void)
{
	struct stat st;

	for (unsigned int i = 0; i < nr_paths; i++)
		restricted[i] = !stat(paths[i], &st) && S_ISREG(st.st_mode) &&
				(st.st_mode & 0777) == 0400;
}

/* The open files of this process. */

static struct {
	int fd; /* 0: none */
	unsigned int path;
	bool user; /* opened by a user without privileges */
} slots[32];

static int epoll_fd, inotify_fd, null_fd, pipes[2], sockets[2];

static void slot_put(unsigned int slot, int fd, unsigned int path, bool user)
{
	if (slots[slot].fd > 0)
		close(slots[slot].fd);
	slots[slot].fd = fd;
	slots[slot].path = path;
	slots[slot].user = user;
}

static void read_check(unsigned int slot, ssize_t len)
{
	if (len > 0 && slots[slot].user && restricted[slots[slot].path])
		wrong("a user read it", paths[slots[slot].path]);
}

static const int open_flags[] = {
	O_RDONLY,
	O_RDONLY,
	O_RDONLY,
	O_RDONLY | O_NONBLOCK,
	O_RDONLY | O_DIRECT,
	O_PATH,
	O_RDWR,
	O_WRONLY,
	O_WRONLY | O_TRUNC,
	O_RDONLY | O_NOFOLLOW | O_NOATIME,
	O_RDONLY | O_DIRECTORY,
};

static bool do_open(unsigned int slot)
{
	unsigned int path = below(nr_paths);
	int flags = open_flags[below(sizeof(open_flags) / sizeof(*open_flags))];
	int fd = open(paths[path], flags | O_CLOEXEC);

	if (fd < 0)
		return false;
	slot_put(slot, fd, path, false);
	return true;
}

static char buffer[70000];

static size_t some_size(void)
{
	static const unsigned int sizes[] = { 0, 1, 2, 7, 64, 511, 4095, 4096, 4097, 65536 };

	return sizes[below(10)];
}

static off_t some_offset(void)
{
	static const off_t offsets[] = {
		0, 0, 0, 1, 5, 100, 4095, 4096, 8192, 0x7fffffff, 0x7fffffffffffffff, -1
	};

	return offsets[below(12)];
}

static bool do_readv(int fd)
{
	struct iovec iov[3];

	for (unsigned int i = 0; i < 3; i++)
		iov[i] = (struct iovec){ buffer + 1000 * i, some_size() % 1000 };
	return preadv2(fd, iov, 3, some_offset(), below(2) ? RWF_NOWAIT : 0) > 0;
}

static bool do_splice(int fd)
{
	off_t offset = some_offset();
	bool moved = splice(fd, below(2) ? &offset : NULL, pipes[1], NULL, some_size() + 1,
			    SPLICE_F_NONBLOCK) > 0;

	while (moved && read(pipes[0], buffer, sizeof(buffer)) == (ssize_t)sizeof(buffer))
		;
	return moved;
}

static bool do_map(unsigned int slot)
{
	int prot = below(2) ? PROT_READ : PROT_READ | PROT_WRITE;
	void *map = mmap(NULL, 4096, prot, below(2) ? MAP_SHARED : MAP_PRIVATE, slots[slot].fd,
			 (off_t)below(3) * 4096);

	if (map == MAP_FAILED)
		return false;
	munmap(map, 4096);
	wrong("it could be mapped", paths[slots[slot].path]);
	return true;
}

static bool do_poll(int fd)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLPRI | POLLIN },
			       { .fd = inotify_fd, .events = POLLIN } };

	return poll(p, 2, (int)below(3)) >= 0;
}

static bool do_epoll(int fd)
{
	struct epoll_event e = { .events = EPOLLPRI | (below(2) ? EPOLLET : 0) };
	struct epoll_event found[4];

	if (below(3) == 0)
		return !epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	if (below(2))
		return !epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
	return epoll_wait(epoll_fd, found, 4, (int)below(2)) >= 0;
}

static bool do_inotify(void)
{
	if (below(4) == 0)
		inotify_rm_watch(inotify_fd, (int)below(60));
	if (below(4) == 0)
		while (inotify_fd && read(inotify_fd, buffer, sizeof(buffer)) > 0)
			;
	return inotify_add_watch(inotify_fd, paths[below(nr_paths)], IN_ALL_EVENTS) >= 0;
}

static bool do_stat(int fd)
{
	struct statx stx;
	struct stat st;

	if (below(2))
		return !fstat(fd, &st);
	return !statx(AT_FDCWD, paths[below(nr_paths)], 0, STATX_ALL, &stx);
}

static bool do_list(int fd)
{
	lseek(fd, (off_t)below(5), SEEK_SET);
	return syscall(SYS_getdents64, fd, buffer, 300 + below(3000)) > 0;
}

static bool do_attributes(void)
{
	const char *path = paths[below(nr_paths)];

	switch (below(4)) {
	case 0:
		return !setxattr(path, "security.test", "x", 1, 0);
	case 1:
		return !setxattr(path, "trusted.test", "x", 1 + below(2), 0);
	case 2:
		return !removexattr(path, "trusted.test");
	}
	return listxattr(path, buffer, sizeof(buffer)) >= 0;
}

/* Root may change modes, owners and times until the file is removed; here it leaves them as they are. */
static bool do_modes(void)
{
	const char *path = paths[below(nr_paths)];
	struct stat st;

	if (stat(path, &st))
		return false;
	switch (below(3)) {
	case 0:
		return !chmod(path, st.st_mode & 07777);
	case 1:
		return !chown(path, 0, 0);
	}
	return !utimensat(AT_FDCWD, path, NULL, 0);
}

static bool do_handle(void)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u;
	int mount_id, mount_fd, fd;

	u.handle.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, paths[below(nr_paths)], &u.handle, &mount_id, 0))
		return false;
	mount_fd = open("/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rest(below(300));
	fd = open_by_handle_at(mount_fd, &u.handle, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	close(mount_fd);
	return fd >= 0;
}

static bool do_write(unsigned int slot)
{
	int fd = slots[slot].fd;

	if ((below(2) ? write(fd, "1\n", 2) : pwrite(fd, "1\n", 2, some_offset())) > 0 ||
	    !ftruncate(fd, 1) || !fallocate(fd, 0, 0, 10))
		wrong("it could be written", paths[slots[slot].path]);
	return false;
}

static bool do_control(int fd)
{
	int value = 0;

	switch (below(4)) {
	case 0:
		return !ioctl(fd, FIONREAD, &value);
	case 1:
		return !fsync(fd);
	case 2:
		return !posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
	}
	return readahead(fd, 0, 4096) >= 0;
}

/* Passes an open file on to another process, and takes one from there. */
static bool do_pass(unsigned int slot)
{
	struct message {
		unsigned int path;
		bool user;
	} m = { slots[slot].path, slots[slot].user };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { &m, sizeof(m) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int fd;

	memcpy(CMSG_DATA(&control.head), &slots[slot].fd, sizeof(int));
	sendmsg(sockets[0], &msg, MSG_DONTWAIT);
	msg.msg_controllen = sizeof(control);
	if (recvmsg(sockets[1], &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != (ssize_t)sizeof(m))
		return false;
	c = CMSG_FIRSTHDR(&msg);
	if (!c)
		return false;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	slot_put(below(32), fd, m.path, m.user);
	return true;
}

/* This thread becomes a user, tries to read, and becomes root again. Also opens a file that stays open. */
static bool do_as_user(unsigned int slot)
{
	unsigned int path = below(nr_paths);
	ssize_t len = -1;
	int fd;

	if (syscall(SYS_setresuid, -1, OTHER_USER, -1))
		err(1, "setresuid");
	fd = open(paths[path], O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		len = read(fd, buffer, sizeof(buffer));
	if (syscall(SYS_setresuid, -1, 0, -1))
		err(1, "setresuid");
	if (fd >= 0)
		slot_put(slot, fd, path, true);
	read_check(slot, fd >= 0 ? len : 0);
	return len > 0;
}

static bool do_read(unsigned int slot, enum kind kind)
{
	int fd = slots[slot].fd;
	ssize_t len;

	if (kind == READ)
		len = read(fd, buffer, some_size());
	else
		len = pread(fd, buffer, some_size(), some_offset());
	read_check(slot, len);
	return len > 0;
}

static bool do_kind(enum kind kind, unsigned int slot)
{
	int fd = slots[slot].fd;

	switch (kind) {
	case OPEN:
		return do_open(slot);
	case READ:
	case PREAD:
		return do_read(slot, kind);
	case READV:
		return do_readv(fd);
	case SEEK:
		return lseek(fd, some_offset(), (int)below(5)) >= 0;
	case SPLICE:
		return do_splice(fd);
	case SENDFILE:
		return sendfile(null_fd, fd, NULL, some_size()) > 0;
	case MAP:
		return do_map(slot);
	case POLL:
		return do_poll(fd);
	case EPOLL:
		return do_epoll(fd);
	case INOTIFY:
		return do_inotify();
	case STAT:
		return do_stat(fd);
	case LIST:
		return do_list(fd);
	case ATTRIBUTES:
		return do_attributes();
	case MODES:
		return do_modes();
	case LOCK:
		return !flock(fd, below(2) ? LOCK_SH | LOCK_NB : LOCK_UN);
	case HANDLE:
		return do_handle();
	case WRITE:
		return do_write(slot);
	case CONTROL:
		return do_control(fd);
	case PASS:
		return do_pass(slot);
	case AS_USER:
		return do_as_user(slot);
	default:
		slot_put(slot, 0, 0, false);
		return true;
	}
}

static void use_files(unsigned int times)
{
	while (times-- && !shared->stop) {
		unsigned int slot = below(32);
		enum kind kind = below(FILE_KINDS);

		if (slots[slot].fd <= 0 && below(4))
			kind = OPEN;
		count(kind, do_kind(kind, slot));
	}
}

static void user(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (inotify_fd < 0 && errno == ENOSYS)
		inotify_fd = 0; /* a kernel without inotify: its calls fail with EINVAL */
	if (epoll_fd < 0 || inotify_fd < 0 || null_fd < 0 || pipe2(pipes, O_CLOEXEC | O_NONBLOCK))
		err(1, "user");
	while (!shared->stop)
		use_files(1000);
}

/* The module */

static const char *module, *parameter;

static bool load(bool with_parameter)
{
	int fd = open(module, O_RDONLY | O_CLOEXEC);
	long status;

	if (fd < 0)
		err(1, "%s", module);
	status = syscall(SYS_finit_module, fd, with_parameter ? parameter : "", 0);
	close(fd);
	return !status;
}

static bool unload(void)
{
	return !syscall(SYS_delete_module, "iscsi_boot_unified", O_NONBLOCK);
}

static void loader(void)
{
	while (!shared->stop) {
		count(LOAD, load(below(2)));
		rest(below(8) ? below(100000) : 0);
		count(UNLOAD, unload());
		rest(below(4) ? 0 : below(20000));
	}
	unload();
}

/* A namespace with a /sys of its own, whose files are then used; also root of a user namespace if there are any. */
static void namespaces(void)
{
	while (!shared->stop) {
		pid_t pid = fork();
		int status = 1;

		if (!pid) {
			unsigned int flags = CLONE_NEWNET | CLONE_NEWNS |
					     (below(2) ? CLONE_NEWUSER : 0);
			bool made = !unshare((int)flags) || !unshare(CLONE_NEWNET | CLONE_NEWNS);

			mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
			made = made && !mount("sysfs", "/sys", "sysfs", 0, NULL);
			epoll_fd = inotify_fd = null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
			for (unsigned int i = 0; i < 300 && !shared->stop; i++) {
				unsigned int slot = below(32);

				do_kind(below(2) ? OPEN : below(AS_USER), slot);
			}
			_exit(!made);
		}
		if (pid > 0)
			waitpid(pid, &status, 0);
		count(NAMESPACE, !status);
	}
}

/* NICs */

static int control_socket, netlink_socket;
static const unsigned char macs[][6] = {
	{ 0x52, 0x54, 0, 0xaa, 0, 1 },
	{ 0x52, 0x54, 0, 0xaa, 0, 2 },
	{ 0x52, 0x54, 0, 0xbb, 0, 9 },
};

/* A random NIC but lo. */
static bool some_nic(struct ifreq *r)
{
	struct if_nameindex *all = if_nameindex();
	unsigned int n = 0;

	while (all && all[n].if_index)
		n++;
	if (n) {
		memset(r, 0, sizeof(*r));
		snprintf(r->ifr_name, sizeof(r->ifr_name), "%s", all[below(n)].if_name);
	}
	if_freenameindex(all);
	return n && strcmp(r->ifr_name, "lo");
}

static bool set_flags(struct ifreq *r, short set, short clear)
{
	if (ioctl(control_socket, SIOCGIFFLAGS, r))
		return false;
	r->ifr_flags = (short)((r->ifr_flags & ~clear) | set);
	return !ioctl(control_socket, SIOCSIFFLAGS, r);
}

static bool change_name(struct ifreq *r)
{
	snprintf(r->ifr_newname, sizeof(r->ifr_newname), below(2) ? "eth%u" : "a-rather-long%u",
		 below(9));
	return !ioctl(control_socket, SIOCSIFNAME, r);
}

static bool change_address(struct ifreq *r)
{
	r->ifr_hwaddr.sa_family = 1; /* ARPHRD_ETHER */
	memcpy(r->ifr_hwaddr.sa_data, macs[below(3)], 6);
	return !ioctl(control_socket, SIOCSIFHWADDR, r);
}

/* Adds a device of a random kind with an address of the table, or deletes one. */
struct request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	char attributes[256];
};

static struct rtattr *put(struct request *r, unsigned short type, const void *data, size_t len)
{
	struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	r->head.nlmsg_len = (uint32_t)(NLMSG_ALIGN(r->head.nlmsg_len) + RTA_SPACE(len));
	return a;
}

static bool change_device(void)
{
	static const char *const kinds[] = { "dummy", "veth", "bridge", "bond", "vlan", "macvlan" };
	static const uint16_t vlan = 5;
	struct request r = { .head = { .nlmsg_len = NLMSG_LENGTH(sizeof(r.info)),
				       .nlmsg_flags = NLM_F_REQUEST } };
	const char *kind = kinds[below(6)];
	struct rtattr *info, *data;
	struct ifreq nic;
	uint32_t lower;

	if (some_nic(&nic) && below(2)) {
		r.head.nlmsg_type = RTM_DELLINK;
		r.info.ifi_index = (int)if_nametoindex(nic.ifr_name);
		return send(netlink_socket, &r, r.head.nlmsg_len, 0) > 0;
	}
	r.head.nlmsg_type = RTM_NEWLINK;
	r.head.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	lower = if_nametoindex(nic.ifr_name);
	put(&r, IFLA_ADDRESS, macs[below(3)], 6);
	put(&r, IFLA_LINK, &lower, sizeof(lower));
	info = put(&r, IFLA_LINKINFO, NULL, 0);
	put(&r, IFLA_INFO_KIND, kind, strlen(kind) + 1);
	data = put(&r, IFLA_INFO_DATA, NULL, 0);
	if (!strcmp(kind, "vlan"))
		put(&r, IFLA_VLAN_ID, &vlan, sizeof(vlan));
	data->rta_len = (unsigned short)((char *)&r + r.head.nlmsg_len - (char *)data);
	info->rta_len = (unsigned short)((char *)&r + r.head.nlmsg_len - (char *)info);
	return send(netlink_socket, &r, r.head.nlmsg_len, 0) > 0;
}

static bool change_driver(void)
{
	static bool bound = true;
	int fd = open(bound ? "/sys/bus/virtio/drivers/virtio_net/unbind" :
			      "/sys/bus/virtio/drivers/virtio_net/bind",
		      O_WRONLY | O_CLOEXEC);
	bool success = fd >= 0 && write(fd, "virtio0", 7) == 7;

	if (fd >= 0)
		close(fd);
	if (success)
		bound = !bound;
	return success;
}

/* Puts a NIC below a bridge or bond, or moves it to the namespace of another process. */
static bool change_link(struct ifreq *nic)
{
	struct request r = { .head = { .nlmsg_len = NLMSG_LENGTH(sizeof(r.info)),
				       .nlmsg_type = RTM_NEWLINK,
				       .nlmsg_flags = NLM_F_REQUEST } };
	uint32_t index = if_nametoindex(nic->ifr_name);
	struct ifreq upper;

	if (below(2))
		return set_flags(nic, below(2) ? IFF_UP : 0, IFF_UP);
	r.info.ifi_index = (int)index;
	index = some_nic(&upper) && below(2) ? if_nametoindex(upper.ifr_name) : 0;
	put(&r, IFLA_MASTER, &index, sizeof(index));
	return send(netlink_socket, &r, r.head.nlmsg_len, 0) > 0;
}

static void nics(void)
{
	struct ifreq nic;

	control_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	netlink_socket = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (control_socket < 0 || netlink_socket < 0)
		err(1, "socket");
	while (!shared->stop) {
		enum kind kind = RENAME + below(KINDS - RENAME);
		bool success = false;

		if (kind == DEVICE)
			success = change_device();
		else if (kind == DRIVER)
			success = below(8) == 0 && change_driver();
		else if (!some_nic(&nic))
			continue;
		else if (kind == RENAME)
			success = change_name(&nic);
		else if (kind == ADDRESS)
			success = change_address(&nic);
		else if (kind == LINK)
			success = change_link(&nic);
		else
			success = (nic.ifr_mtu = (int)(1280 + below(3) * 100)) &&
				  !ioctl(control_socket, SIOCSIFMTU, &nic);
		count(kind, success);
		while (recv(netlink_socket, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
			;
		rest(below(3000));
	}
}

static pid_t start(void (*run)(void), uint64_t seed)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	state = seed * 0x9e3779b97f4a7c15 | 1;
	run();
	_exit(0);
}

/* Waits for the end. A process that ends earlier has failed. */
static void watch(time_t seconds)
{
	time_t end = time(NULL) + seconds;
	uint64_t before = 0, now;
	int idle = 0, status;

	for (; !shared->stop && time(NULL) < end; rest(900000)) {
		if (waitpid(-1, &status, WNOHANG) > 0)
			wrong("a process ended", status ? "with an error" : "too early");
		now = shared->done[READ] + shared->done[LOAD];
		idle = now == before ? idle + 1 : 0;
		before = now;
		if (idle > 50)
			wrong("no progress", "in 50 seconds");
	}
	shared->stop = true;
}

int main(int argc, char **argv)
{
	uint64_t seed;

	if (argc != 5)
		errx(2, "usage: random-use SEED SECONDS MODULE PARAMETER");
	seed = strtoull(argv[1], NULL, 10) * 16;
	module = argv[3];
	parameter = argv[4];
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, sockets))
		err(1, "start");
	if (!load(false))
		err(1, "load");
	find_paths(VIEW, 0);
	find_restricted();
	unload();
	for (unsigned int i = 0; i < USERS; i++)
		start(user, ++seed);
	start(loader, ++seed);
	start(namespaces, ++seed);
	start(nics, ++seed);
	watch((time_t)strtoul(argv[2], NULL, 10));
	while (wait(NULL) > 0)
		;
	for (unsigned int i = 0; i < KINDS; i++)
		printf("used %s %llu %llu\n", kind_names[i], (unsigned long long)shared->done[i],
		       (unsigned long long)shared->succeeded[i]);
	if (shared->bad)
		errx(1, "%s", shared->wrong);
	return 0;
}

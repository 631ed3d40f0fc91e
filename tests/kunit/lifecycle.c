// SPDX-License-Identifier: GPL-2.0-only
/*
 * lifecycle load COUNT MODULE    loads and unloads the module while NICs are added and removed, two
 * threads read
 *                                the view, two poll it, and files stay open across the unloading
 * lifecycle notify COUNT MODULE  checks, COUNT times, that a poller learns of each change
 * lifecycle fail MODULE          makes the allocations of a load fail, one at a time, with one load
 * for each lifecycle fail-read MODULE     the same for the open and read of each file
 *
 * The first two need a machine whose table is tests/data/two-nics.ibft, with a virtio-net NIC.
 * Prints "KEY VALUE" lines; at the first error it exits with status 1 and the reason.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define VIEW "/sys/firmware/iscsi_boot_unified"
#define DRIVER "/sys/bus/virtio/drivers/virtio_net"
#define DEADLINE 60 /* seconds; far more than any step takes */

static const char *module;

/* The module. Both ways of passing the command line give the same view. */

static char *params[2] = { "" };

static int load(unsigned int way)
{
	int fd = open(module, O_RDONLY | O_CLOEXEC);
	int status = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params[way], 0))
		status = -errno;
	close(fd);
	return status;
}

static void must_load(unsigned int way)
{
	int status = load(way);

	if (status)
		errx(1, "load: %s", strerror(-status));
}

static void unload(void)
{
	if (syscall(SYS_delete_module, "iscsi_boot_unified", O_NONBLOCK))
		err(1, "unload");
	if (!access(VIEW, F_OK))
		errx(1, "the view is there without the module");
}

/* The second way: as the module parameter. */
static void read_cmdline(void)
{
	FILE *f = fopen("/proc/cmdline", "r");
	char *line = NULL;
	size_t size;
	ssize_t len;

	if (!f || (len = getline(&line, &size, f)) < 1)
		err(1, "/proc/cmdline");
	fclose(f);
	if (asprintf(&params[1], "cmdline=\"%.*s\"", (int)len - 1, line) < 0)
		err(1, "memory");
	free(line);
}

/* The view */

static struct file {
	char path[128]; /* below VIEW */
	char *content; /* NULL: may change */
	size_t len;
} files[256];
static size_t nr_files;

/* Returns the length, or -errno. */
static ssize_t slurp(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return -errno;
	while ((got = read(fd, buf + len, size - len)) > 0)
		len += (size_t)got;
	if (got < 0)
		got = -errno;
	close(fd);
	return got < 0 ? got : (ssize_t)len;
}

static ssize_t view_read(const char *path, char *buf, size_t size)
{
	char full[256];

	snprintf(full, sizeof(full), VIEW "/%s", path);
	return slurp(full, buf, size);
}

static bool may_change(const char *path)
{
	return !strcmp(path, "generation") || strstr(path, "/netdev/");
}

static void remember(const char *path)
{
	struct file *f = &files[nr_files++];
	char buf[65536];
	ssize_t len;

	if (nr_files == sizeof(files) / sizeof(*files))
		errx(1, "too many files");
	snprintf(f->path, sizeof(f->path), "%s", path);
	if (may_change(path))
		return;
	len = view_read(path, buf, sizeof(buf));
	if (len < 0)
		errx(1, "%s: %s", path, strerror((int)-len));
	f->len = (size_t)len;
	f->content = malloc(f->len + 1);
	memcpy(f->content, buf, f->len);
}

static void remember_below(const char *dir)
{
	char path[512];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), VIEW "/%s", dir);
	d = opendir(path);
	if (!d)
		err(1, "%s", path);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", e->d_name);
		if (e->d_type == DT_DIR)
			remember_below(path);
		else
			remember(path);
	}
	closedir(d);
}

/* Records the view of a load that nothing disturbs. */
static void remember_view(void)
{
	must_load(0);
	remember_below("");
	unload();
	if (nr_files < 30)
		errx(1, "only %zu files; does the machine have its table?", nr_files);
}

/*
 * Checks that a file is unchanged, or fails because its module or device is gone. Returns true if
 * it was read.
 */
static bool check(const struct file *f, bool may_fail)
{
	char buf[65536];
	ssize_t len = view_read(f->path, buf, sizeof(buf));

	if (len < 0) {
		bool gone = may_fail && (len == -ENOENT || len == -ENODEV);

		if (!gone && !(len == -ENODATA && !f->content))
			errx(1, "%s: %s", f->path, strerror((int)-len));
		return false;
	}
	if (f->content ? (size_t)len != f->len || memcmp(buf, f->content, f->len) : len < 2)
		errx(1, "%s differs: %.*s", f->path, (int)len, buf);
	return true;
}

static void check_view(void)
{
	for (size_t i = 0; i < nr_files; i++)
		check(&files[i], false);
}

/* The network */

struct request {
	union {
		struct nlmsghdr nlh;
		char buf[1024];
	};
};

static struct mnl_socket *here, *there; /* in the first network namespace, and in another one */
static int ns_here, ns_there;
static atomic_ulong events;

static struct mnl_socket *netlink(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink");
	return nl;
}

static int own_ns(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "namespace");
	return fd;
}

static void open_network(void)
{
	here = netlink();
	ns_here = own_ns();
	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	there = netlink();
	ns_there = own_ns();
	if (setns(ns_here, CLONE_NEWNET))
		err(1, "setns");
}

static struct ifinfomsg *begin(struct request *r, unsigned int type, unsigned int flags,
			       const char *name)
{
	struct ifinfomsg *ifi;

	memset(r, 0, sizeof(*r));
	mnl_nlmsg_put_header(&r->nlh);
	r->nlh.nlmsg_type = (uint16_t)type;
	r->nlh.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	ifi = mnl_nlmsg_put_extra_header(&r->nlh, sizeof(*ifi));
	if (name)
		mnl_attr_put_strz(&r->nlh, IFLA_IFNAME, name);
	return ifi;
}

static void send_it(struct mnl_socket *nl, struct request *r, const char *what)
{
	char buf[8192];
	ssize_t len;

	if (mnl_socket_sendto(nl, r, r->nlh.nlmsg_len) < 0)
		err(1, "%s", what);
	len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (len < 0 || mnl_cb_run(buf, (size_t)len, 0, mnl_socket_get_portid(nl), NULL, NULL) < 0)
		err(1, "%s", what);
	events++;
}

static const char MAC_B[6] = { 0x52, 0x54, 0, (char)0xaa, 0, 2 }; /* nic1 of the table */
static const char MAC_X[6] = { 0x52, 0x54, 0, (char)0xbb, 0, 9 }; /* no NIC of the table has it */

/* A device of @kind; @link is the one below a VLAN or macvlan. */
static void add(const char *name, const char *kind, const char *mac, const char *link)
{
	struct nlattr *info, *data;
	struct request r;

	begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name);
	if (mac)
		mnl_attr_put(&r.nlh, IFLA_ADDRESS, 6, mac);
	if (link)
		mnl_attr_put_u32(&r.nlh, IFLA_LINK, if_nametoindex(link));
	info = mnl_attr_nest_start(&r.nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(&r.nlh, IFLA_INFO_KIND, kind);
	data = mnl_attr_nest_start(&r.nlh, IFLA_INFO_DATA);
	if (!strcmp(kind, "vlan"))
		mnl_attr_put_u16(&r.nlh, IFLA_VLAN_ID, 5);
	mnl_attr_nest_end(&r.nlh, data);
	mnl_attr_nest_end(&r.nlh, info);
	send_it(here, &r, kind);
}

static void del(const char *name)
{
	struct request r;

	begin(&r, RTM_DELLINK, 0, name);
	send_it(here, &r, "delete");
}

static void set_up(const char *name, bool up)
{
	struct request r;
	struct ifinfomsg *ifi = begin(&r, RTM_NEWLINK, 0, name);

	ifi->ifi_change = IFF_UP;
	ifi->ifi_flags = up ? IFF_UP : 0;
	send_it(here, &r, up ? "up" : "down");
}

static void set_mac(const char *name, const char *mac)
{
	struct request r;

	begin(&r, RTM_NEWLINK, 0, name);
	mnl_attr_put(&r.nlh, IFLA_ADDRESS, 6, mac);
	send_it(here, &r, "address");
}

static void set_number(const char *name, uint16_t attr, uint32_t number, const char *what)
{
	struct request r;

	begin(&r, RTM_NEWLINK, 0, name);
	mnl_attr_put_u32(&r.nlh, attr, number);
	send_it(here, &r, what);
}

static void rename_to(const char *name, const char *to)
{
	struct request r;
	struct ifinfomsg *ifi = begin(&r, RTM_NEWLINK, 0, NULL);

	ifi->ifi_index = (int)if_nametoindex(name);
	mnl_attr_put_strz(&r.nlh, IFLA_IFNAME, to);
	send_it(here, &r, "rename");
}

static void move(const char *name, struct mnl_socket *from, int to)
{
	struct request r;

	begin(&r, RTM_NEWLINK, 0, name);
	mnl_attr_put_u32(&r.nlh, IFLA_NET_NS_FD, (uint32_t)to);
	send_it(from, &r, "move to another namespace");
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* Removes the device of the first NIC and adds it again. */
static void replug(void)
{
	put(DRIVER "/unbind", "virtio0");
	put(DRIVER "/bind", "virtio0");
	events += 2;
}

static void stack(const char *kind)
{
	add("top", kind, NULL, NULL);
	set_number("s1", IFLA_MASTER, if_nametoindex("top"), "enslave");
	set_up("top", true);
	set_number("s1", IFLA_MASTER, 0, "release");
	del("top");
}

/* Does everything once that can happen to a NIC. */
static void storm(void)
{
	add("s0", "dummy", MAC_B, NULL);
	set_up("s0", true);
	set_up("s0", false);
	rename_to("s0", "s1");
	set_mac("s1", MAC_X);
	set_mac("s1", MAC_B);
	set_number("s1", IFLA_MTU, 1400, "mtu");
	add("s1.5", "vlan", NULL, "s1");
	set_up("s1", true);
	del("s1.5");
	add("above", "macvlan", MAC_X, "s1");
	del("above");
	set_up("s1", false);
	stack("bridge");
	stack("bond");
	move("s1", here, ns_there);
	move("s1", there, ns_here);
	add("v0", "veth", MAC_B, NULL);
	set_up("v0", true);
	del("v0");
	del("s1");
	rename_to("eth0", "lan0");
	move("lan0", here, ns_there);
	move("lan0", there, ns_here);
	set_mac("lan0", MAC_B);
	set_up("lan0", true);
	replug();
}

/* All threads at once */

static atomic_bool stop;
static atomic_ulong reads, wakes;

static void *stormer(void *arg)
{
	while (!stop)
		storm();
	return NULL;
}

/* There is no event for a new module, so threads look for it in short intervals. */
static void pause_a_little(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	nanosleep(&ms, NULL);
}

static void *reader(void *arg)
{
	while (!stop) {
		for (size_t i = 0; i < nr_files; i++)
			reads += check(&files[i], true);
		pause_a_little();
	}
	return NULL;
}

/*
 * Reads and waits for a wake-up. Its open file fails when the module is unloaded; then it opens the
 * file again.
 */
static void *poller(void *path)
{
	struct pollfd p = { .events = POLLPRI };
	char buf[64];

	while (!stop) {
		p.fd = open(path, O_RDONLY | O_CLOEXEC);
		if (p.fd < 0 && errno != ENOENT && errno != ENODEV)
			err(1, "%s", (char *)path);
		while (p.fd >= 0 && pread(p.fd, buf, sizeof(buf), 0) > 0)
			if (poll(&p, 1, DEADLINE * 1000) == 0)
				errx(1, "%s: no wake-up", (char *)path);
			else
				wakes++;
		if (p.fd >= 0)
			close(p.fd);
		pause_a_little();
	}
	return NULL;
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Waits until there were @more events. */
static void await_events(unsigned long more)
{
	unsigned long until = events + more;
	time_t end = now() + DEADLINE;

	while (events < until) {
		if (now() > end)
			errx(1, "the storm of events has stopped");
		pause_a_little();
	}
}

static const char *const held[] = { "abi-version", "generation", "nic1/netdev/status", "ibft/table",
				    "target0/chap-secret" };
#define NR_HELD (sizeof(held) / sizeof(*held))

static void hold(int fd[NR_HELD])
{
	char path[256];

	for (size_t i = 0; i < NR_HELD; i++) {
		snprintf(path, sizeof(path), VIEW "/%s", held[i]);
		fd[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (fd[i] < 0)
			err(1, "%s", path);
	}
}

static void release(int fd[NR_HELD])
{
	char c;

	for (size_t i = 0; i < NR_HELD; i++) {
		if (read(fd[i], &c, 1) >= 0 || errno != ENODEV)
			errx(1, "%s can be read after unloading the module", held[i]);
		close(fd[i]);
	}
}

static void run_loads(unsigned int count)
{
	pthread_t threads[5];
	int fd[NR_HELD];

	remember_view();
	pthread_create(&threads[0], NULL, stormer, NULL);
	pthread_create(&threads[1], NULL, reader, NULL);
	pthread_create(&threads[2], NULL, reader, NULL);
	pthread_create(&threads[3], NULL, poller, VIEW "/generation");
	pthread_create(&threads[4], NULL, poller, VIEW "/nic1/netdev/status");
	for (unsigned int i = 0; i < count; i++) {
		must_load(i % 2);
		hold(fd);
		await_events(1 + i % 5);
		unload();
		release(fd);
	}
	stop = true;
	for (size_t i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	printf("loads %u\nevents %lu\nreads %lu\nwakes %lu\n", count, events, reads, wakes);
}

/* Notification of pollers */

struct watcher {
	struct pollfd p;
	char path[128];
};

static void watch(struct watcher *w, const char *path)
{
	snprintf(w->path, sizeof(w->path), VIEW "/%s", path);
	w->p.events = POLLPRI;
	w->p.fd = open(w->path, O_RDONLY | O_CLOEXEC);
	if (w->p.fd < 0)
		err(1, "%s", path);
}

static void read_status(struct watcher *w, char buf[64])
{
	ssize_t len = pread(w->p.fd, buf, 63, 0);

	if (len < 1)
		err(1, "%s", w->path);
	buf[len - 1] = '\0';
}

/* Waits for wake-ups and reads only then. */
static void expect(struct watcher *w, const char *wanted)
{
	char buf[64] = "";

	do {
		if (poll(&w->p, 1, DEADLINE * 1000) == 0)
			errx(1, "%s: no wake-up with %s, last value %s", w->path, wanted, buf);
		wakes++;
		read_status(w, buf);
	} while (strcmp(buf, wanted) != 0);
}

static void expect_name(const char *wanted)
{
	char buf[64];
	ssize_t len = view_read("nic1/netdev/ifname", buf, sizeof(buf));

	if (len < 1 || strlen(wanted) != (size_t)len - 1 || memcmp(buf, wanted, (size_t)len - 1))
		errx(1, "ifname is not %s", wanted);
}

static void run_notify(unsigned int count)
{
	struct watcher w = {};
	char buf[64];

	must_load(0);
	watch(&w, "nic1/netdev/status");
	read_status(&w, buf);
	for (unsigned int i = 0; i < count; i++) {
		add("s0", "dummy", MAC_B, NULL);
		expect(&w, "down");
		set_up("s0", true);
		expect(&w, "up");
		set_up("s0", false);
		expect(&w, "down");
		rename_to("s0", "s1");
		expect_name("s1");
		move("s1", here, ns_there);
		expect(&w, "absent");
		move("s1", there, ns_here);
		expect(&w, "down");
		set_mac("s1", MAC_X);
		expect(&w, "absent");
		set_mac("s1", MAC_B);
		expect(&w, "down");
		del("s1");
		expect(&w, "absent");
	}
	close(w.p.fd);
	unload();
	printf("notified %lu\nwoken %lu\n", events, wakes);
}

/* Failing allocations: Documentation/fault-injection of the kernel, "fail-nth" */

static int fail_nth;
static unsigned long injections;

static void arm(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	if (pwrite(fail_nth, text, strlen(text), 0) < 0)
		err(1, "fail-nth");
}

/* Returns true if an allocation has failed. */
static bool disarm(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 1)
		err(1, "fail-nth");
	arm(0);
	injections += atoi(text) == 0;
	return atoi(text) == 0;
}

/*
 * Makes the @n-th allocation of a load fail: the load fails and leaves nothing behind, or
 * everything works.
 */
static bool load_failing(unsigned int way, unsigned int n)
{
	bool fired;
	int status;

	arm(n);
	status = load(way);
	fired = disarm();
	if (status && (!fired || status != -ENOMEM))
		errx(1, "load, allocation %u: %s", n, strerror(-status));
	if (status && !access(VIEW, F_OK))
		errx(1, "load, allocation %u: the failed load left a view", n);
	if (!status) {
		check_view();
		unload();
	}
	return fired;
}

static bool read_failing(const struct file *f, unsigned int n)
{
	char buf[65536];
	ssize_t len;
	bool fired;

	arm(n);
	len = view_read(f->path, buf, sizeof(buf));
	fired = disarm();
	if (len < 0 && len != -ENODATA && !(fired && len == -ENOMEM))
		errx(1, "%s, allocation %u: %s", f->path, n, strerror((int)-len));
	if (len >= 0 && f->content && ((size_t)len != f->len || memcmp(buf, f->content, f->len)))
		errx(1, "%s, allocation %u: differs", f->path, n);
	return fired;
}

static void run_fail(void)
{
	unsigned int n;

	for (unsigned int way = 0; way < 2; way++)
		for (n = 1; load_failing(way, n);)
			n++;
	printf("load-injections %lu\n", injections);
}

static void run_fail_read(void)
{
	unsigned int n;

	must_load(0);
	for (size_t i = 0; i < nr_files; i++)
		for (n = 1; read_failing(&files[i], n);)
			n++;
	check_view();
	unload();
	printf("read-injections %lu\n", injections);
}

int main(int argc, char **argv)
{
	module = argv[argc - 1];
	read_cmdline();
	if (argc == 3) {
		fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		if (fail_nth < 0)
			err(1, "fail-nth");
		remember_view();
		if (!strcmp(argv[1], "fail"))
			run_fail();
		else
			run_fail_read();
		return 0;
	}
	if (argc != 4)
		errx(2, "usage: lifecycle load|notify COUNT MODULE, lifecycle fail|fail-read MODULE");
	open_network();
	if (!strcmp(argv[1], "notify"))
		run_notify((unsigned int)atoi(argv[2]));
	else
		run_loads((unsigned int)atoi(argv[2]));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * stopwatch DISKS LUN SECONDS COMMAND...: runs COMMAND until it has exited and DISKS disks exist
 * (only those of LUN, unless it is "any"), for at most SECONDS. Prints when the kernel announced
 * each disk and when COMMAND exited. Also prints what COMMAND and all its children used: processes,
 * CPU time and memory; and the time that the CPU was idle.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GROUP "/sys/fs/cgroup/way"
#define MOST_PROCESSES 4096

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int netlink(int protocol, unsigned int group)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK, .nl_groups = group };
	int size = 8 << 20, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0)
		err(1, "netlink %d", protocol);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

/* Processes that count: the command and every process that one of them forks. */
static pid_t ours[MOST_PROCESSES];
static unsigned int nr_ours;

static void listen_to_forks(int fd)
{
	struct {
		struct nlmsghdr nlh;
		struct cn_msg cn;
		enum proc_cn_mcast_op op;
	} __attribute__((packed)) m = {
		.nlh = { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_DONE },
		.cn = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(m.op) },
		.op = PROC_CN_MCAST_LISTEN,
	};

	if (send(fd, &m, sizeof(m), 0) < 0)
		err(1, "process events");
}

static bool is_ours(pid_t pid)
{
	unsigned int i;

	for (i = 0; i < nr_ours; i++)
		if (ours[i] == pid)
			return true;
	return false;
}

static void read_forks(int fd)
{
	union {
		char buf[8192];
		struct nlmsghdr nlh;
	} u;

	while (recv(fd, &u, sizeof(u), 0) > 0) {
		const struct cn_msg *cn = NLMSG_DATA(&u.nlh);
		const struct proc_event *e = (const void *)cn->data;

		if (e->what == PROC_EVENT_FORK &&
		    e->event_data.fork.child_pid == e->event_data.fork.child_tgid &&
		    is_ours(e->event_data.fork.parent_tgid) && nr_ours < MOST_PROCESSES)
			ours[nr_ours++] = e->event_data.fork.child_tgid;
	}
}

/* Checks whether "add@/devices/.../0:0:0:1/block/sda" is a whole disk of that LUN. */
static bool is_disk(const char *path, const char *lun)
{
	const char *block = strstr(path, "/block/sd"), *p;

	if (strncmp(path, "add@", 4) || !block || strchr(block + strlen("/block/"), '/'))
		return false;
	for (p = block; p[-1] != ':'; p--)
		if (p[-1] == '/')
			return false;
	return !strcmp(lun, "any") || (!strncmp(p, lun, strlen(lun)) && p + strlen(lun) == block);
}

static unsigned int read_disks(int fd, const char *lun, double start)
{
	unsigned int found = 0;
	char buf[8192];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf) - 1, 0)) > 0) {
		buf[n] = '\0';
		if (is_disk(buf, lun)) {
			printf("disk %.6f %s\n", now() - start, strrchr(buf, '/') + 1);
			found++;
		}
	}
	return found;
}

static const char *slurp(const char *path)
{
	static char buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	if (n < 0)
		err(1, "%s", path);
	close(fd);
	buf[n] = '\0';
	return buf;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

static double idle(void)
{
	double up, seconds;

	if (sscanf(slurp("/proc/uptime"), "%lf %lf", &up, &seconds) != 2)
		errx(1, "/proc/uptime");
	return seconds;
}

static pid_t start_command(char **argv)
{
	pid_t pid;

	mkdir(GROUP, 0755);
	pid = fork();
	if (!pid) {
		put(GROUP "/cgroup.procs", "0");
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	if (pid < 0)
		err(1, "fork");
	ours[nr_ours++] = pid;
	return pid;
}

static double cpu(const char *key)
{
	const char *text = strstr(slurp(GROUP "/cpu.stat"), key);

	return text ? strtod(text + strlen(key), NULL) / 1e6 : -1;
}

static void print_cost(double idle_at_start)
{
	printf("idle %.2f\n", idle() - idle_at_start);
	printf("processes %u\n", nr_ours);
	printf("user %.6f\nsystem %.6f\n", cpu("user_usec "), cpu("system_usec "));
	printf("peak %s", slurp(GROUP "/memory.peak"));
}

/*
 * Sends the time since the start in a datagram, so that the capture can be aligned with this clock.
 */
static void send_clock(const char *address, double start)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[32];
	int len;

	if (!address || inet_pton(AF_INET, address, &to.sin_addr) != 1)
		return;
	len = snprintf(text, sizeof(text), "clock %.6f", now() - start);
	if (sendto(fd, text, (size_t)len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		warn("clock");
	close(fd);
}

int main(int argc, char **argv)
{
	enum { FORKS, DISKS, END };
	struct pollfd p[] = { { .events = POLLIN }, { .events = POLLIN }, { .events = POLLIN } };
	double start, deadline, idle_at_start;
	unsigned int wanted, found = 0;
	int status = -1;
	pid_t pid;

	if (argc < 5)
		errx(2, "stopwatch DISKS LUN SECONDS COMMAND...");
	wanted = (unsigned int)atoi(argv[1]);
	p[FORKS].fd = netlink(NETLINK_CONNECTOR, CN_IDX_PROC);
	p[DISKS].fd = netlink(NETLINK_KOBJECT_UEVENT, 1);
	listen_to_forks(p[FORKS].fd);
	read_forks(p[FORKS].fd);
	idle_at_start = idle();
	start = now();
	printf("start %.6f\n", start);
	deadline = start + atoi(argv[3]);
	pid = start_command(argv + 4);
	p[END].fd = (int)syscall(SYS_pidfd_open, pid, 0);
	while ((found < wanted || p[END].fd >= 0) && now() < deadline) {
		poll(p, 3, (int)((deadline - now()) * 1000) + 1);
		if (p[END].fd >= 0 && p[END].revents && waitpid(pid, &status, 0) == pid) {
			printf("ended %.6f %d\n", now() - start,
			       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
			close(p[END].fd);
			p[END].fd = -1;
		}
		read_forks(p[FORKS].fd);
		found += read_disks(p[DISKS].fd, argv[2], start);
	}
	print_cost(idle_at_start);
	send_clock(getenv("CLOCK_TO"), start);
	return found < wanted || p[END].fd >= 0;
}

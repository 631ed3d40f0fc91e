// SPDX-License-Identifier: GPL-2.0-only
#include "dhcp/client.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "boot/boot.h"
#include "modules/modules.h"
#include "plan/describe.h"

const char *dhcp_root = "";

/* How the client sees its directory. */
#define INSIDE "/run/"

/* How long one run of a client asks; then it ends and is started again. */
#define ASK_SECONDS "60"

static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };

static const struct clients {
	const char *name;
	bool ipv6;
} clients[] = {
	[LEASE_DHCPCD] = { "dhcpcd", true },
	[LEASE_UDHCPC] = { "udhcpc", false },
	[LEASE_IPCONFIG] = { "ipconfig", false },
};

const char *dhcp_client_name(enum lease_from kind)
{
	return kind < ARRAY_SIZE(clients) ? clients[kind].name : NULL;
}

static const char *find_program(const char *name)
{
	static const char *const dirs[] = { "/usr/sbin", "/sbin", "/usr/bin", "/bin",
					    "/usr/lib/klibc/bin" };
	static char path[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s%s/%s", dhcp_root, dirs[i], name);
		if (!access(path, X_OK))
			return dirs[i];
	}
	return NULL;
}

bool dhcp_client_find(struct dhcp_client *client, enum lease_from wanted, bool ipv6)
{
	enum lease_from kind;

	*client = (struct dhcp_client){ .pidfd = -1 };
	for (kind = LEASE_DHCPCD; kind < ARRAY_SIZE(clients); kind++) {
		if ((wanted != LEASE_NONE && wanted != kind) ||
		    (ipv6 && !clients[kind].ipv6))
			continue;
		client->program = find_program(clients[kind].name);
		client->kind = kind;
		if (client->program)
			return true;
	}
	return false;
}

static int write_file(const char *path, const char *text)
{
	const size_t len = strlen(text);
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -errno;
	return write(fd, text, len) == (ssize_t)len ? 0 : -EIO;
}

/* 01 and the MAC (RFC 2132 9.14), or the DUID-LL of it (RFC 8415 11.4), as hex digits. */
static void print_id(char *to, const u8 mac[6], bool ipv6, const char *separator)
{
	u8 id[10] = { 0, 3, 0, 1 };
	const unsigned int head = ipv6 ? 0 : 3; /* the ethernet's 01 ends both heads */
	unsigned int i;

	memcpy(id + 4, mac, 6);
	for (i = head; i < sizeof(id); i++)
		to += sprintf(to, "%s%02x", i > head ? separator : "", id[i]);
}

/* Where it leaves what it got. NULL without memory. */
static char *result_path(void **arena, const struct dhcp_client *client)
{
	if (client->kind == LEASE_IPCONFIG)
		return arena_printf(arena, "%s/net-%s.conf", client->dir, client->ifname);
	return arena_printf(arena, "%s/lease", client->dir);
}

/* An empty directory but for the way back to us; what is there was left by the run before. */
static int prepare(struct dhcp_client *client, bool ipv6)
{
	AUTO_ARENA arena = NULL;
	char self[256], *conf, *path, *result;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		return -errno;
	self[len] = '\0';
	snprintf(client->dir, sizeof(client->dir), BOOT_RUN_DIR "/dhcp%s-%s", ipv6 ? "6" : "",
		 client->ifname);
	if (mkdir(client->dir, 0700) < 0 && errno != EEXIST)
		return -errno;
	result = result_path(&arena, client);
	path = arena_printf(&arena, "%s/" DHCP_EVENT, client->dir);
	if (!result || !path)
		return -ENOMEM;
	unlink(result);
	if (symlink(self, path) < 0 && errno != EEXIST)
		return -errno;
	/* The kernel minds the routers. An address is asked for whatever they say. */
	conf = arena_printf(&arena, "interface %s\nnoipv6rs\nia_na\n", client->ifname);
	path = arena_printf(&arena, "%s/dhcpcd.conf", client->dir);
	if (!conf || !path)
		return -ENOMEM;
	return write_file(path, ipv6 ? conf : "");
}

/* In the child: what it writes stays in its directory, and so does the host name it sets. */
static int isolate(const struct dhcp_client *client)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount(client->dir, "/run", NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) < 0)
		return -errno;
	return chdir("/") < 0 ? -errno : 0;
}

/* In the child: what it says goes to a file; it has nothing of ours, and dies with us. */
static int detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), log;

	log = open(INSIDE "log", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (null < 0 || log < 0)
		return -errno;
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return setpgid(0, 0) < 0 ? -errno : 0;
}

#define MAX_ARGS 32

static void add_dhcpcd(const char **args, const char *id, bool ipv6)
{
	static const char *const common[] = {
		"--oneshot",	"--nobackground",
		"--persistent", "--noconfigure",
		"--nodev",	"--nodelay",
		"--noarp",	"--noipv4ll",
		"-f",		(INSIDE "dhcpcd.conf"),
		"-c",		(INSIDE DHCP_EVENT),
		"-t",		ASK_SECONDS,
	};
	static const char *const v4[] = {
		"-4", "--waitip=4", "-o", "routers,domain_name_servers,domain_name",
		"-o", "host_name",  "-o", "interface_mtu,root_path",
		"-I",
	};
	static const char *const v6[] = {
		"-6", "--waitip=6",	    "-o", "dhcp6_name_servers", "-o", "dhcp6_domain_search",
		"-o", "dhcp6_bootfile_url", "-D",
	};

	memcpy(args, common, sizeof(common));
	args += ARRAY_SIZE(common);
	memcpy(args, ipv6 ? v6 : v4, sizeof(v4));
	args[ARRAY_SIZE(v4)] = id;
}

static void add_udhcpc(const char **args, const char *id)
{
	static const char *const words[] = { "-f",  "-q",	"-n",
					     "-t",  "30",	"-T",
					     "2",   "-s",	(INSIDE DHCP_EVENT),
					     "-O",  "rootpath", "-O",
					     "mtu", "-O",	"domain",
					     "-O",  "hostname", "-x" };

	memcpy(args, words, sizeof(words));
	args[ARRAY_SIZE(words)] = id;
}

static void add_ipconfig(const char **args)
{
	static const char *const words[] = { "-t", ASK_SECONDS, "-c", "dhcp" };

	memcpy(args, words, sizeof(words));
}

/* In the child, which it never leaves. */
static void run(const struct dhcp_client *client, const u8 mac[6], bool ipv6)
{
	const char *args[MAX_ARGS] = { clients[client->kind].name };
	char path[64], id[64] = "0x3d:";
	unsigned int n;

	snprintf(path, sizeof(path), "%s/%s", client->program, args[0]);
	if (client->kind == LEASE_DHCPCD) {
		print_id(id, mac, ipv6, ":");
		add_dhcpcd(args + 1, id, ipv6);
	} else if (client->kind == LEASE_UDHCPC) {
		print_id(id + strlen(id), mac, false, "");
		add_udhcpc(args + 1, id);
	} else {
		add_ipconfig(args + 1);
	}
	for (n = 0; args[n]; n++)
		;
	if (client->kind == LEASE_UDHCPC)
		args[n++] = "-i";
	args[n] = client->ifname;
	module_load("af_packet", deadline_in(10)); /* where it is no part of the kernel */
	execve(path, (char *const *)args, env);
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
}

int dhcp_client_start(struct dhcp_client *client, const char *ifname, const u8 mac[6], bool ipv6)
{
	int r;

	snprintf(client->ifname, sizeof(client->ifname), "%s", ifname);
	r = prepare(client, ipv6);
	if (r < 0)
		return r;
	if (client->kind != LEASE_IPCONFIG)
		print_id(client->client_id, mac, ipv6, "");
	client->pid = fork();
	if (client->pid < 0) {
		client->pid = 0;
		return -errno;
	}
	if (!client->pid) {
		if (!isolate(client) && !detach())
			run(client, mac, ipv6);
		_exit(127);
	}
	client->pidfd = (int)syscall(SYS_pidfd_open, client->pid, 0);
	if (client->pidfd >= 0)
		return 0;
	r = -errno;
	dhcp_client_kill(client);
	return r;
}

static void forget(struct dhcp_client *client)
{
	if (client->pidfd >= 0)
		close(client->pidfd);
	client->pidfd = -1;
	client->pid = 0;
}

int dhcp_client_reap(struct dhcp_client *client)
{
	int status = 0;

	while (waitpid(client->pid, &status, 0) < 0 && errno == EINTR)
		;
	forget(client);
	return status;
}

void dhcp_client_kill(struct dhcp_client *client)
{
	if (!client->pid)
		return;
	kill(-client->pid, SIGKILL);
	kill(client->pid, SIGKILL); /* it may not have its group yet */
	waitpid(client->pid, NULL, WNOHANG); /* it may be in the kernel for longer than we have */
	forget(client);
}

ssize_t dhcp_client_result(void **arena, char **text, const struct dhcp_client *client)
{
	const char *path = result_path(arena, client);

	return path ? file_read(arena, text, "%s", path) : -ENOMEM;
}

char *dhcp_client_output(void **arena, const struct dhcp_client *client)
{
	struct ibu_text line = { NULL, 0 };
	ssize_t len;
	char *text;

	len = file_read(arena, &text, "%s/log", client->dir);
	while (len > 0 && text[len - 1] == '\n')
		len--;
	if (len <= 0)
		return arena_printf(arena, "nothing was said");
	line.s = memrchr(text, '\n', (size_t)len);
	line.s = line.s ? line.s + 1 : text;
	line.len = (u32)(text + len - line.s);
	return describe_text(arena, &line);
}

/* As the clients' script */

static bool is_lease(const char *event)
{
	static const char *const words[] = { "bound",  "renew",	 "BOUND",  "RENEW",   "REBIND",
					     "REBOOT", "BOUND6", "RENEW6", "REBIND6", "REBOOT6" };
	unsigned int i;

	for (i = 0; event && i < ARRAY_SIZE(words); i++)
		if (!strcmp(event, words[i]))
			return true;
	return false;
}

static int write_environment(const char *path)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	char **s;

	if (fd < 0)
		return -errno;
	for (s = environ; *s; s++)
		if (write(fd, *s, strlen(*s) + 1) < 0)
			return -errno;
	return 0;
}

int dhcp_event(const char *argv0, const char *event)
{
	const char *slash = strrchr(argv0, '/');
	AUTO_ARENA arena = NULL;
	char *to, *new;

	if (!is_lease(event ? event : getenv("reason")))
		return 0;
	to = arena_printf(&arena, "%.*slease", slash ? (int)(slash + 1 - argv0) : 0, argv0);
	new = to ? arena_printf(&arena, "%s.new", to) : NULL;
	if (!new || write_environment(new) || rename(new, to) < 0)
		return 1;
	return 0;
}

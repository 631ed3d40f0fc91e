// SPDX-License-Identifier: GPL-2.0-only
/* Runs an installed DHCP client in its own namespaces and collects its result. */
#include "dhcp/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"
#include "base/text_stream.h"
#include "dhcp/client_sandbox.h"
#include "modules/modules.h"
#include "plan/describe.h"

const char *dhcp_root = "";

/* The client's directory as the client sees it. */
#define INSIDE "/run/"

/* Time limit of one run of a client; without a lease the stage starts another run later. */
#define CLIENT_SECONDS "60"

static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };

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

	*client = (struct dhcp_client){ .task = TASK_NONE };
	for (kind = LEASE_DHCPCD; kind <= LEASE_IPCONFIG; kind++) {
		if ((wanted != LEASE_NONE && wanted != kind) || (ipv6 && kind != LEASE_DHCPCD))
			continue;
		client->program = find_program(dhcp_client_name(kind));
		client->kind = kind;
		if (client->program)
			return true;
	}
	return false;
}

/* Prints the client ID in hex: 01 and the MAC (RFC 2132 9.14), or a DUID-LL (RFC 8415 11.4). */
static void print_id(char *to, const u8 mac[6], bool ipv6, const char *separator)
{
	u8 id[10] = { 0, 3, 0, 1 };
	const unsigned int head = ipv6 ? 0 : 3; /* both heads end in 01, Ethernet */
	unsigned int i;

	memcpy(id + 4, mac, 6);
	for (i = head; i < sizeof(id); i++)
		to += sprintf(to, "%s%02x", i > head ? separator : "", id[i]);
}

/* Returns the path of the file with the client's result; NULL without memory. */
static char *result_path(void **arena, const struct dhcp_client *client)
{
	if (client->kind == LEASE_IPCONFIG)
		return arena_printf(arena, "%s/net-%s.conf", client->dir, client->ifname);
	return arena_printf(arena, "%s/lease", client->dir);
}

/*
 * Prepares the client's directory: removes the result of an earlier run, and adds a link to the
 * agent, the script, and a configuration of dhcpcd.
 */
static int client_prepare(struct dhcp_client *client, bool ipv6)
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
	unlink(path); /* of another agent */
	if (symlink(self, path) < 0)
		return -errno;
	/* The kernel handles router advertisements; request an address whatever these say. */
	conf = arena_printf(&arena, "interface %s\nnoipv6rs\nia_na\n", client->ifname);
	path = arena_printf(&arena, "%s/dhcpcd.conf", client->dir);
	if (!conf || !path)
		return -ENOMEM;
	return atomic_file_write_path(path, conf, ipv6 ? strlen(conf) : 0, 0600);
}

/*
 * Runs in the child: redirects its output to a file, and has the kernel kill it if the agent dies.
 */
static int client_detach(pid_t parent)
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
	if (getppid() != parent) /* it died before that */
		return -ESRCH;
	return setpgid(0, 0) < 0 ? -errno : 0;
}

#define MAX_ARGS 32

static void dhcpcd_args(const char **args, const char *id, bool ipv6)
{
	static const char *const common[] = {
		"--oneshot",	"--nobackground",
		"--persistent", "--noconfigure",
		"--nodev",	"--nodelay",
		"--noarp",	"--noipv4ll",
		"-f",		(INSIDE "dhcpcd.conf"),
		"-c",		(INSIDE DHCP_EVENT),
		"-t",		CLIENT_SECONDS,
	};
	static const char *const v4[] = {
		"-4", "--waitip=4", "-o", "routers,domain_name_servers,domain_name",
		"-o", "host_name",  "-o", "interface_mtu,root_path",
		"-I",
	};
	static const char *const v6[] = {
		"-6", "--waitip=6",	     "-o", "dhcp6_name_servers",
		"-o", "dhcp6_domain_search", "-o", "dhcp6_bootfile_url",
	};

	memcpy(args, common, sizeof(common));
	args += ARRAY_SIZE(common);
	memcpy(args, ipv6 ? v6 : v4, ipv6 ? sizeof(v6) : sizeof(v4));
	args[ipv6 ? ARRAY_SIZE(v6) : ARRAY_SIZE(v4)] = id;
}

static void udhcpc_args(const char **args, const char *id)
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

static void ipconfig_args(const char **args)
{
	static const char *const words[] = { "-t", CLIENT_SECONDS, "-c", "dhcp" };

	memcpy(args, words, sizeof(words));
}

/* Runs in the child: executes the client; returns only on failure. */
static void client_exec(const struct dhcp_client *client, const u8 mac[6], bool ipv6)
{
	const char *args[MAX_ARGS] = { dhcp_client_name(client->kind) };
	char path[64], id[64] = "0x3d:";
	unsigned int n;

	snprintf(path, sizeof(path), "%s/%s", client->program, args[0]);
	if (client->kind == LEASE_DHCPCD) {
		/* "-D ID" names a second device; then dhcpcd binds the port of every NIC. */
		print_id(id + sprintf(id, "%s", ipv6 ? "--duid=" : ""), mac, ipv6, ":");
		dhcpcd_args(args + 1, id, ipv6);
	} else if (client->kind == LEASE_UDHCPC) {
		print_id(id + strlen(id), mac, false, "");
		udhcpc_args(args + 1, id);
	} else {
		ipconfig_args(args + 1);
	}
	for (n = 0; args[n]; n++)
		;
	if (client->kind == LEASE_UDHCPC)
		args[n++] = "-i";
	args[n] = client->ifname;
	module_load("af_packet", deadline_in(10)); /* unless it is built in */
	client_drop_rights();
	execve(path, (char *const *)args, env);
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
}

int dhcp_client_start(struct dhcp_client *client, const char *ifname, const u8 mac[6], bool ipv6)
{
	pid_t pid, self = getpid();
	int r;

	snprintf(client->ifname, sizeof(client->ifname), "%s", ifname);
	r = client_prepare(client, ipv6);
	if (r < 0)
		return r;
	if (client->kind ==
	    LEASE_DHCPCD) /* else it would write that itself, which the sandbox refuses */
		sysfs_write("1", "/proc/sys/net/ipv4/conf/%s/promote_secondaries", client->ifname);
	if (client->kind != LEASE_IPCONFIG)
		print_id(client->client_id, mac, ipv6, "");
	pid = fork();
	if (!pid) {
		r = client_sandbox(client->dir);
		if (!r)
			r = client_detach(self);
		if (!r)
			client_exec(client, mac, ipv6);
		else
			log_warning("dhcp", "%s: cannot make the sandbox of the client: %s", ifname,
				    strerror(-r));
		_exit(127);
	}
	return task_watch(&client->task, pid);
}

void dhcp_client_kill(struct dhcp_client *client)
{
	if (!task_is_running(&client->task))
		return;
	task_kill_group(&client->task);
	task_wait(&client->task, deadline_in_ms(0)); /* no wait: it may be blocked in the kernel */
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
		return arena_printf(arena, "no output");
	line.s = memrchr(text, '\n', (size_t)len);
	line.s = line.s ? line.s + 1 : text;
	line.len = (u32)(text + len - line.s);
	return describe_text(arena, &line);
}

/* The agent runs as the client's script. */

static bool event_is_lease(const char *event)
{
	static const char *const words[] = { "bound",  "renew",	 "BOUND",  "RENEW",   "REBIND",
					     "REBOOT", "BOUND6", "RENEW6", "REBIND6", "REBOOT6" };
	unsigned int i;

	for (i = 0; event && i < ARRAY_SIZE(words); i++)
		if (!strcmp(event, words[i]))
			return true;
	return false;
}

/* Writes the environment to the file @path. Returns 0 or -errno. */
static int write_environment(const char *path)
{
	struct text_stream text;
	FILE *out = text_stream_open(&text);
	char **s;
	int r;

	for (s = environ; out && *s; s++)
		fwrite(*s, strlen(*s) + 1, 1, out);
	r = text_stream_close(&text);
	if (!r)
		r = atomic_file_write_path(path, text.text, text.len, 0600);
	free(text.text);
	return r;
}

int dhcp_event(const char *argv0, const char *event)
{
	const char *slash = strrchr(argv0, '/');
	AUTO_ARENA arena = NULL;
	int r = -ENOMEM;
	char *to;

	if (!event_is_lease(event ? event : getenv("reason")))
		return 0;
	to = arena_printf(&arena, "%.*slease", slash ? (int)(slash + 1 - argv0) : 0, argv0);
	if (to)
		r = write_environment(to);
	if (r) /* to the client's log */
		fprintf(stderr, "cannot write the lease: %s\n", strerror(-r));
	return r != 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stage "dns": resolves portals given by host name, writes resolv.conf, sets the host name.
 * A child process calls the C library's resolver, one for each path (dns_lookup.c).
 */
#include "net/dns_lookup.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/cleanup.h"
#include "base/hostname.h"
#include "base/ip_addr.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "loop/loop.h"
#include "plan/describe.h"

static const struct backoff dns_backoff = { .first_ms = 1000, .most_ms = 8000 };

struct query {
	unsigned int failures;
	struct deadline next; /* when to start the child, if it is not running */
	struct dns_lookup lookup;
};

struct dns {
	struct loop *loop;
	struct query *queries; /* one for each path */
	unsigned int nr_up; /* NICs that were up at the last check */
	bool moved; /* a path got its address in this turn of the loop */
};

static int dns_open(struct loop *loop, void *data)
{
	struct dns *dns = data;

	dns->loop = loop;
	dns->queries = calloc(loop->progress->nr_paths + 1, sizeof(*dns->queries));
	return dns->queries ? 0 : -ENOMEM;
}

/* Writes the servers to a file for other programs; does not change /etc/resolv.conf. */
static void write_resolv_conf(const struct progress *progress)
{
	struct name_servers servers;
	AUTO_ARENA arena = NULL;
	char *text;
	int r;

	dns_servers(progress, &servers);
	if (!servers.nr)
		return;
	text = dns_resolv_conf(&arena, &servers);
	r = text ? run_dir_write("resolv.conf", text) : -ENOMEM;
	if (r < 0)
		log_warning("dns", "cannot write " BOOT_RUN_DIR "/resolv.conf: %s", strerror(-r));
}

/* Sets the host name, unless the machine has one already. */
static void set_hostname(const struct nic *nic)
{
	const struct ibu_text *name = &nic->config->hostname;
	char now[HOST_NAME_MAX + 1] = "";

	if (!ibu_has(&nic->config->f, IBU_NIC_HOSTNAME) || gethostname(now, sizeof(now)) < 0)
		return;
	if (*now && strcmp(now, "(none)") != 0 && strcmp(now, "localhost") != 0)
		return;
	if (!hostname_has_valid_chars(name->s, name->len) || name->len > HOST_NAME_MAX)
		log_warning("dns", "nic%u: invalid host name, ignored: at most 64 of a-z 0-9 - .",
			    nic->plan->number);
	else if (sethostname(name->s, name->len) < 0)
		log_warning("dns", "cannot set the host name: %s", strerror(errno));
	else
		log_info("dns", "host name set to %.*s", (int)name->len, name->s);
}

static void publish_names(struct dns *dns)
{
	const struct progress *progress = dns->loop->progress;
	unsigned int i, nr_up = 0;

	for (i = 0; i < progress->nr_nics; i++)
		nr_up += progress->nics[i].ifindex > 0;
	if (nr_up == dns->nr_up)
		return;
	dns->nr_up = nr_up;
	write_resolv_conf(progress);
	for (i = 0; i < progress->nr_nics; i++)
		if (progress->nics[i].ifindex > 0)
			set_hostname(&progress->nics[i]);
}

/* The portal has an address now, so its NIC may have to add a route. */
static void recheck_routes(struct progress *progress, const struct path *path)
{
	unsigned int i;

	for (i = 0; i < progress->nr_nics; i++)
		progress->nics[i].look_again |= !path->nic || path->nic == &progress->nics[i];
}

static void query_succeeded(struct dns *dns, struct path *path, const struct query *q)
{
	struct ibu_addr *addrs;

	addrs = arena_alloc(&dns->loop->progress->arena, q->lookup.answer->nr * sizeof(*addrs));
	if (!addrs)
		return;
	memcpy(addrs, q->lookup.answer->addrs, q->lookup.answer->nr * sizeof(*addrs));
	path->addrs = addrs;
	path->nr_addrs = q->lookup.answer->nr;
	path->addr = 0;
	ibu_addr_print(addrs, path->to.portal);
	log_info("dns", "%s resolved to %s%s after %.3f s", q->lookup.name, path->to.portal,
		 path->nr_addrs > 1 ? " and others" : "", seconds_since(path->since_ns));
	recheck_routes(dns->loop->progress, path);
	path_goto(path, PATH_NET);
	dns->moved = true;
}

static void dns_fail(struct dns *dns, struct path *path, const char *answer)
{
	struct query *q = &dns->queries[path - dns->loop->progress->paths];
	AUTO_ARENA arena = NULL;
	const char *advice = "check the name, and the DNS servers in " BOOT_RUN_DIR "/resolv.conf";
	char *tried;

	dns_servers(dns->loop->progress, &q->lookup.servers);
	if (!q->lookup.servers.nr)
		advice = "give a DNS server by nameserver= or by DHCP: none is known";
	tried = arena_printf(&arena, "cannot look up the portal of %s",
			     describe_path(&arena, path->plan, &path->to));
	log_failure("dns", STATUS_NO_ANSWER, tried ? tried : "cannot look up a portal", answer,
		    advice);
	path_fail(dns->loop->progress, path, STATUS_NO_ANSWER, answer);
}

/* If a server says that the name does not exist, the path fails; other errors are retried. */
static void query_ended(struct dns *dns, struct path *path, struct query *q)
{
	int error = q->lookup.answer->error;

	if (!error) {
		query_succeeded(dns, path, q);
	} else if (error == EAI_NONAME || error == EAI_NODATA) {
		dns_fail(dns, path, gai_strerror(error));
	} else {
		path_set_why(dns->loop->progress, path, gai_strerror(error));
		q->next = deadline_in_ms(backoff_ms(&dns_backoff, ++q->failures, random_number()));
	}
}

static int dns_path_step(struct dns *dns, struct path *path, struct query *q)
{
	if (path->state != PATH_NAME)
		return 0;
	if (task_is_running(&q->lookup.task)) {
		if (dns_lookup_has_ended(&q->lookup))
			query_ended(dns, path, q);
		return 0;
	}
	if (deadline_left_ms(q->next))
		return 0;
	return dns_lookup_start(&q->lookup, dns->loop->progress, &path->to.target->host);
}

static int dns_step(void *data)
{
	struct dns *dns = data;
	struct progress *progress = dns->loop->progress;
	unsigned int i;
	int r = 0;

	dns->moved = false;
	publish_names(dns);
	for (i = 0; i < progress->nr_paths && !r; i++)
		r = dns_path_step(dns, &progress->paths[i], &dns->queries[i]);
	return r;
}

static void dns_waits(void *data, struct waits *waits)
{
	struct dns *dns = data;
	const struct progress *progress = dns->loop->progress;
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++) {
		if (progress->paths[i].state != PATH_NAME)
			continue;
		if (task_is_running(&dns->queries[i].lookup.task))
			waits_fd(waits, dns->queries[i].lookup.task.pidfd, POLLIN);
		else
			waits_until(waits, dns->queries[i].next);
	}
	if (dns->moved)
		waits_until(waits, (struct deadline){ 0 });
}

static void dns_give_up(void *data, struct path *path)
{
	dns_fail(data, path, path->why ? path->why : "no DNS server answers");
}

static void dns_close(void *data)
{
	struct dns *dns = data;
	unsigned int i;

	for (i = 0; dns->queries && i < dns->loop->progress->nr_paths; i++)
		dns_lookup_free(&dns->queries[i].lookup);
	free(dns->queries);
}

const struct stage stage_names = {
	.name = "dns",
	.size = sizeof(struct dns),
	.open = dns_open,
	.step = dns_step,
	.waits = dns_waits,
	.give_up = dns_give_up,
	.state = PATH_NAME,
	.close = dns_close,
};

// SPDX-License-Identifier: GPL-2.0-only
/* Runs dns_query() in a child process, which returns the answer in shared memory. */
#include "net/dns_lookup.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/mman.h>

static int lookup_task(const void *data)
{
	const struct dns_lookup *l = data;

	dns_query(l->name, &l->servers, l->answer);
	return 0;
}

static void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

int dns_lookup_start(struct dns_lookup *l, const struct progress *progress,
		     const struct ibu_text *name)
{
	if (!l->answer)
		l->answer = shared_memory(sizeof(*l->answer));
	if (!l->answer || name->len > IBU_TEXT_MAX)
		return -ENOMEM;
	memcpy(l->name, name->s, name->len);
	l->name[name->len] = '\0';
	l->answer->error = EAI_FAIL;
	dns_servers(progress, &l->servers);
	return task_start(&l->task, lookup_task, l);
}

bool dns_lookup_has_ended(struct dns_lookup *l)
{
	int error;

	return task_has_ended(&l->task, &error);
}

void dns_lookup_free(struct dns_lookup *l)
{
	if (task_is_running(&l->task))
		task_abandon(&l->task);
	if (l->answer)
		munmap(l->answer, sizeof(*l->answer));
	l->answer = NULL;
}

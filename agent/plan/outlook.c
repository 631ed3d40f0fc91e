// SPDX-License-Identifier: GPL-2.0-only
/* Tells how boot would end, as far as the plan shows it: whether the devices of its NICs exist. */
#include "plan/outlook.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "plan/absent_nic.h"
#include "plan/describe.h"

/* True if no NIC can lead to the portal of @path. Without a NIC of its own, each NIC may. */
static bool path_is_absent(const struct plan *plan, const bool *absent,
			   const struct plan_path *path)
{
	unsigned int i;

	if (path->nic)
		return absent[path->nic - plan->nics];
	for (i = 0; i < plan->nr_nics; i++)
		if (!absent[i])
			return false;
	return plan->nr_nics;
}

/* Returns the descriptions of all absent NICs: "nic0 (eth7), nic1 (eth8)"; NULL: no memory. */
static const char *describe_absent(void **arena, const struct plan *plan, const bool *absent)
{
	const char *text = "";
	unsigned int i;

	for (i = 0; i < plan->nr_nics && text; i++) {
		const struct plan_nic *nic = &plan->nics[i];

		if (absent[i])
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
					    describe_nic(arena, nic->number, nic->nic));
	}
	return text;
}

/* Returns true if boot waits for paths, and none of them has a device. */
static bool all_are_absent(const struct plan *plan, const bool *absent)
{
	const struct plan_path *path = plan->paths, *end = path + plan->nr_paths;
	bool any = false;

	for (; path < end; path++) {
		if (!plan->awaits_all && !plan_path_is_roots(plan, &path->to))
			continue;
		if (!path_is_absent(plan, absent, path))
			return false;
		any = true;
	}
	return any;
}

enum status plan_outlook(const struct plan *plan)
{
	AUTO_ARENA arena = NULL;
	bool *absent = arena_alloc(&arena, plan->nr_nics + 1);
	unsigned int i;

	for (i = 0; absent && i < plan->nr_nics; i++)
		absent[i] = plan_nic_presence(plan, plan->nics[i].nic) == NIC_ABSENT;
	if (!absent || !all_are_absent(plan, absent))
		return STATUS_OK;
	return log_failure("plan", STATUS_NO_LINK,
			   arena_printf(&arena, "cannot find the network device of %s",
					describe_absent(&arena, plan, absent)),
			   "the machine has no such device now",
			   "check MAC address and name; boot waits for it until the deadline");
}

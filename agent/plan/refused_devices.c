// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaves out paths by devices that boot will not have, because the parameter that defines them is
 * refused: waiting for such a device would take until the deadline.
 */
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "plan/planner.h"
#include "kmod/core/text.h"

/* A parameter that defines a device, as its value says: NAME:... */
static const struct maker {
	enum planner_word word;
	const char *usual; /* the device without a value; NULL: none */
	const char *reason, *advice;
} makers[] = {
	{ WORD_TEAM, NULL, "team= is not supported",
	  "bond=NAME:NICS:mode=802.3ad or mode=active-backup, without teamd" },
	{ WORD_BRIDGE, "br0", "bridge= is not supported",
	  "ip= for the NIC itself; create the bridge in the real root, with another NIC" },
	{ WORD_VLAN, NULL, "its vlan= is refused",
	  "vlan=NAME:NIC, where NAME ends in 1 to 4094 and NIC is no VLAN" },
	{ WORD_BOND, "bond0", "its bond= is refused",
	  "bond=NAME:NICS:mode=802.3ad, active-backup, or another mode of the kernel" },
	{ WORD_IFNAME, NULL, "its ifname= is refused", "ifname=NAME:MAC" },
};

/*
 * True if a network manager of the initramfs may create the device. Outside, the files do not tell
 * what the image has.
 */
static bool image_has_manager(const struct planner *p)
{
	static const char *const programs[] = {
		"/usr/libexec/nm-initrd-generator",
		"/usr/lib/nm-initrd-generator",
		"/usr/lib/NetworkManager/nm-initrd-generator",
		"/usr/lib/systemd/systemd-networkd",
		"/lib/systemd/systemd-networkd",
		"/sbin/ifup", /* dracut's network-legacy */
		"/usr/sbin/wicked",
	};
	unsigned int i;

	if (!*p->root && access("/etc/initrd-release", F_OK))
		return false;
	for (i = 0; i < ARRAY_SIZE(programs); i++)
		if (planner_has_file(p->root, programs[i]))
			return true;
	return false;
}

static bool device_exists(const struct planner *p, const struct ibu_text *name)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "/sys/class/net/%.*s", (int)name->len, name->s);

	return !path || !ibu_valid_ifname(name) || planner_has_file(p->root, path);
}

/* True if only a parameter of @makers can make the device of @nic. */
static bool needs_maker(const struct planner *p, const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_IFNAME) && !ibu_has(&nic->f, IBU_NIC_MAC) &&
	       !plan_bond_named(p->plan, &nic->ifname) && !device_exists(p, &nic->ifname);
}

/* Notes each NIC whose device the value of the parameter defines, if @needs says so. */
static void find_nics_of(const struct planner *p, const struct maker *m, struct ibu_text value,
			 const bool *needs, const struct maker **of_nics)
{
	struct ibu_text name = ibu_cut(&value, ':');
	unsigned int n;

	if (!name.len && m->usual)
		name = (struct ibu_text){ m->usual, (u32)strlen(m->usual) };
	for (n = 0; n < p->plan->nr_nics; n++)
		if (needs[n] && !of_nics[n] && ibu_text_eq(&name, &p->plan->nics[n].nic->ifname))
			of_nics[n] = m;
}

/*
 * Returns, for each NIC of the plan, the parameter that was to define its device, if boot will not
 * have it, or NULL. NULL without memory.
 */
static const struct maker **find_refused(const struct planner *p)
{
	struct plan *plan = p->plan;
	const struct maker **of_nics =
		arena_alloc(&plan->arena, (plan->nr_nics + 1) * sizeof(void *));
	bool *needs = arena_alloc(&plan->arena, plan->nr_nics + 1);
	const struct maker *m;
	unsigned int i;

	if (!of_nics || !needs)
		return NULL;
	for (i = 0; i < plan->nr_nics; i++)
		needs[i] = needs_maker(p, plan->nics[i].nic);
	for (m = makers; m < makers + ARRAY_SIZE(makers) && !image_has_manager(p); m++)
		for (i = 0; i < p->nr_values[m->word]; i++)
			find_nics_of(p, m, p->values[m->word][i], needs, of_nics);
	return of_nics;
}

/* Returns the entry whose device @path needs and boot will not have, or NULL. */
static const struct plan_nic *refused_nic(const struct planner *p, const struct maker **of_nics,
					  const struct plan_path *path)
{
	const struct plan *plan = p->plan;
	unsigned int i;

	if (path->nic)
		return of_nics[path->nic - plan->nics] ? path->nic : NULL;
	for (i = 0; i < plan->nr_nics; i++)
		if (!of_nics[i])
			return NULL; /* it may lead to the portal */
	return plan->nr_nics ? plan->nics : NULL;
}

/* Leaves the path out, with a note. */
static void refuse_path(struct planner *p, const struct plan_path *path, const struct plan_nic *nic,
			const struct maker *maker)
{
	if (path->number < p->view->params.nr_targets)
		p->plan->unused[path->number] = maker->reason;
	plan_note(&p->diag, "target", path->number, "nic-assoc", "target ignored: needs %.*s: %s",
		  (int)nic->nic->ifname.len, nic->nic->ifname.s, maker->reason);
}

static enum status refuse_boot(struct planner *p, const struct plan_nic *nic,
			       const struct maker *maker)
{
	const char *what = arena_printf(&p->plan->arena, "cannot use network device %.*s",
					(int)nic->nic->ifname.len, nic->nic->ifname.s);

	return what ? planner_fail(p, STATUS_CONFIG, what, maker->reason, maker->advice) :
		      planner_no_memory(p);
}

/* Makes a path to the disk of @root the first. Returns false without one. */
static bool root_is_left(struct plan *plan, const struct endpoint *root)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++) {
		const struct plan_path path = plan->paths[i];

		if (path.standby || (!plan->awaits_all &&
				     (!ibu_text_eq(&path.to.target->name, &root->target->name) ||
				      !endpoint_attaches(&path.to, root))))
			continue;
		memmove(plan->paths + 1, plan->paths, i * sizeof(path));
		plan->paths[0] = path;
		return true;
	}
	return false;
}

enum status planner_check_devices(struct planner *p)
{
	struct plan *plan = p->plan;
	const struct endpoint root = plan->paths[0].to;
	const struct plan_nic *nic, *first = NULL;
	const struct maker **of_nics = find_refused(p);
	unsigned int i, nr = plan->nr_paths;

	if (!of_nics)
		return planner_no_memory(p);
	for (i = plan->nr_paths = 0; i < nr; i++) {
		nic = refused_nic(p, of_nics, &plan->paths[i]);
		if (nic)
			refuse_path(p, &plan->paths[i], nic, of_nics[nic - plan->nics]);
		else
			plan->paths[plan->nr_paths++] = plan->paths[i];
		first = first ? first : nic;
	}
	if (!first || root_is_left(plan, &root))
		return STATUS_OK;
	return refuse_boot(p, first, of_nics[first - plan->nics]);
}

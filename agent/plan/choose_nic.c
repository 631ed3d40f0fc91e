// SPDX-License-Identifier: GPL-2.0-only
/* Which NIC for which path, and which entries of the view are one and the same device. */
#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"

#define NET "/sys/class/net"

/* The MAC of the device @name now. 0, -ENOENT, or -ENOMEM. */
static int device_mac(const char *root, const char *name, size_t name_len, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;

	if (!name_len || name_len >= IFNAMSIZ || name[0] == '.' || memchr(name, '/', name_len))
		return -ENOENT;
	len = file_read(&arena, &text, "%s" NET "/%.*s/address", root, (int)name_len, name);
	if (len == -ENOMEM)
		return -ENOMEM;
	if (len < 1 || ibu_mac_parse(text, (size_t)len - 1, mac))
		return -ENOENT;
	return 0;
}

static bool has_hardware(const char *root, const char *name)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET "/%s/device", root, name);

	return path && !access(path, F_OK);
}

/* The MAC of the one device with hardware of its own. 0, -ENOENT if that is not one, or -ENOMEM. */
static int only_mac(const char *root, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET, root), *only = NULL;
	struct dirent *entry;
	AUTO_DIR dir = NULL;

	if (!path)
		return -ENOMEM;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !has_hardware(root, entry->d_name))
			continue;
		if (only)
			return -ENOENT;
		only = arena_printf(&arena, "%s", entry->d_name);
		if (!only)
			return -ENOMEM;
	}
	return only ? device_mac(root, only, strlen(only), mac) : -ENOENT;
}

/* The device behind an entry, as far as it is known. */
struct device {
	bool known;
	u8 mac[6];
};

/*
 * By the entry's own MAC, or that of the device that its name or "any" stands for. An entry of the
 * command line whose device isn't there yet leaves the plan unsettled. 0 or -ENOMEM.
 */
static int find_device(struct planner *p, const struct ibu_nic *nic, struct device *device)
{
	int err = -ENOENT;

	if (ibu_has(&nic->f, IBU_NIC_MAC)) {
		memcpy(device->mac, nic->mac, 6);
		err = 0;
	} else if (ibu_has(&nic->f, IBU_NIC_IFNAME)) {
		err = device_mac(p->root, nic->ifname.s, nic->ifname.len, device->mac);
	} else if (nic->source == IBU_FROM_CMDLINE) {
		err = only_mac(p->root, device->mac);
	}
	device->known = !err;
	if (err == -ENOENT && p->view->params.nr_nics > 1)
		p->plan->unsettled = true;
	return err == -ENOMEM ? err : 0;
}

/* A device by name or any device: what entry it is another one for is not known from the words. */
static bool is_loose(const struct ibu_nic *nic)
{
	return nic->source == IBU_FROM_CMDLINE && !ibu_has(&nic->f, IBU_NIC_MAC);
}

static unsigned int vlan_of(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_VLAN) ? nic->vlan : 0;
}

/* It says how to get an address; one NIC can say that only once. */
static bool has_config(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) || nic->method != IBU_METHOD_NONE;
}

/* The command line does. */
static bool is_overridden(const struct ibu_nic *nic)
{
	return has_config(nic) &&
	       nic->f.from_cmdline & (BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_METHOD));
}

/* A VLAN that is not named is the firmware's; names of the command line say which they mean. */
static bool same_vlan(const struct ibu_nic *to, const struct ibu_nic *from)
{
	if (to->source & IBU_FROM_IBFT && !ibu_has(&from->f, IBU_NIC_VLAN))
		return true;
	return vlan_of(to) == vlan_of(from);
}

/*
 * Two entries of one device are one NIC, or what gives the device another VLAN or a second address
 * stays an entry of its own: as the module does it (docs/user/sysfs-abi.md, "Merging").
 */
static bool can_join(const struct ibu_nic *to, const struct ibu_nic *from)
{
	if (!same_vlan(to, from) || (is_overridden(to) && has_config(from)))
		return false;
	return !ibu_has(&to->f, IBU_NIC_IP_ADDR) || !ibu_has(&from->f, IBU_NIC_IP_ADDR) ||
	       ibu_addr_is_v4(&to->ip) == ibu_addr_is_v4(&from->ip);
}

/* The entry with the device of @n, which is loose: an earlier one, or one that says its MAC. */
static bool find_same(const struct planner *p, const struct device *devices, unsigned int n,
		      unsigned int *other)
{
	for (*other = 0; *other < p->nr_nics; ++*other) {
		if (*other == n || !devices[*other].known || p->same_as[*other] != *other)
			continue;
		if (*other > n && is_loose(&p->nics[*other]))
			continue;
		if (!memcmp(devices[*other].mac, devices[n].mac, 6) &&
		    can_join(&p->nics[*other], &p->nics[n]))
			return true;
	}
	return false;
}

/* Command line beats firmware, field by field, as where the module can tell (kmod/merge.c). */
static void join(struct planner *p, unsigned int to, unsigned int from)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_NIC];
	struct ibu_nic *src = &p->nics[from], *dst = &p->nics[to];
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++)
		if (src->f.from_cmdline & BIT_ULL(i))
			ibu_attr_copy(class, i, dst, src);
	dst->f.from_cmdline |= src->f.from_cmdline;
	dst->source |= src->source;
	p->same_as[from] = to;
	planner_note(p, "nic", from, "ifname",
		     "is the device of nic%u, where the command line's values win", to);
}

int planner_join_nics(struct planner *p)
{
	const struct ibu_params *params = &p->view->params;
	unsigned int n, other, nr = params->nr_nics;
	AUTO_ARENA arena = NULL;
	struct device *devices = arena_alloc(&arena, nr * sizeof(*devices));

	p->nr_nics = nr;
	p->nics = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->nics));
	p->same_as = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->same_as));
	p->plan->nics = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->plan->nics));
	if (!devices || !p->nics || !p->same_as || !p->plan->nics)
		return -ENOMEM;
	for (n = 0; n < nr; n++) {
		p->nics[n] = params->nics[n];
		p->same_as[n] = n;
		if (find_device(p, &p->nics[n], &devices[n]))
			return -ENOMEM;
	}
	for (n = 0; n < nr; n++)
		if (devices[n].known && is_loose(&params->nics[n]) &&
		    find_same(p, devices, n, &other))
			join(p, other, n);
	return 0;
}

/* Choosing */

static bool is_configured(const struct planner *p, unsigned int n)
{
	return p->same_as[n] == n && has_config(&p->nics[n]);
}

static unsigned int count_configured(const struct planner *p, unsigned int *last)
{
	unsigned int n, count = 0;

	for (n = 0; n < p->nr_nics; n++) {
		if (is_configured(p, n)) {
			*last = n;
			count++;
		}
	}
	return count;
}

static bool in_subnet(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) && ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) &&
	       addr_in_subnet(a, &nic->ip, nic->prefix_len);
}

/* By a gateway of its own it sends everywhere else in @a's family. */
static bool has_way_out(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) && ibu_has(&nic->f, IBU_NIC_GATEWAY) &&
	       ibu_addr_is_v4(&nic->ip) == ibu_addr_is_v4(a) &&
	       ibu_addr_is_v4(&nic->gateway) == ibu_addr_is_v4(a);
}

/* The only one of which @test says so. */
static bool find_only(const struct planner *p, const struct ibu_addr *a, unsigned int *found,
		      bool (*test)(const struct ibu_nic *nic, const struct ibu_addr *a))
{
	unsigned int n, count = 0;

	for (n = 0; n < p->nr_nics; n++) {
		if (is_configured(p, n) && test(&p->nics[n], a)) {
			*found = n;
			count++;
		}
	}
	return count == 1;
}

static bool find_subnet(const struct planner *p, const struct ibu_addr *a, unsigned int *n)
{
	for (*n = 0; *n < p->nr_nics; ++*n)
		if (is_configured(p, *n) && in_subnet(&p->nics[*n], a))
			return true;
	return false;
}

bool nic_same_device(const struct ibu_nic *a, const struct ibu_nic *b)
{
	if (ibu_has(&a->f, IBU_NIC_MAC) && ibu_has(&b->f, IBU_NIC_MAC))
		return !memcmp(a->mac, b->mac, sizeof(a->mac));
	return ibu_has(&a->f, IBU_NIC_IFNAME) && ibu_has(&b->f, IBU_NIC_IFNAME) &&
	       ibu_text_eq(&a->ifname, &b->ifname);
}

/* Addresses of one device, or of one VLAN of it. */
static bool same_link(const struct ibu_nic *a, const struct ibu_nic *b)
{
	return a == b || (nic_same_device(a, b) && vlan_of(a) == vlan_of(b));
}

/* How well the entry fits the portal: 3 its subnet, 2 its family, 1 it gets an address somehow. */
static unsigned int fitness(const struct ibu_nic *nic, const struct ibu_addr *portal)
{
	if (in_subnet(nic, portal))
		return 3;
	if (ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return ibu_addr_is_v4(&nic->ip) == ibu_addr_is_v4(portal) ? 2 : 0;
	return nic->method != IBU_METHOD_NONE;
}

/* Of the entries for the link of @named, that which fits the portal best; of equals @named. */
static unsigned int fitting_entry(const struct planner *p, unsigned int named,
				  const struct ibu_addr *portal)
{
	unsigned int n, best = named;

	for (n = 0; n < p->nr_nics; n++)
		if (is_configured(p, n) && same_link(&p->nics[n], &p->nics[named]) &&
		    fitness(&p->nics[n], portal) > fitness(&p->nics[best], portal))
			best = n;
	return best;
}

/* By a word rd.route=, the narrowest that holds the portal. */
static bool find_route(const struct planner *p, const struct ibu_addr *portal, unsigned int *found)
{
	const struct plan *plan = p->plan;
	const struct plan_route *best = NULL;
	unsigned int i;

	for (i = 0; i < plan->nr_routes; i++)
		if (addr_in_subnet(portal, &plan->routes[i].dst, plan->routes[i].len) &&
		    (!best || plan->routes[i].len > best->len))
			best = &plan->routes[i];
	if (!best)
		return false;
	if (!best->ifname)
		return find_subnet(p, &best->gateway, found);
	for (*found = 0; *found < p->nr_nics; ++*found)
		if (is_configured(p, *found) && ibu_is(&p->nics[*found].ifname, best->ifname))
			return true;
	return false;
}

/* A gateway of the other family leads nowhere from here. */
static void check_gateway(struct planner *p, unsigned int n)
{
	struct ibu_nic *nic = &p->nics[n];

	if (!ibu_has(&nic->f, IBU_NIC_IP_ADDR) || !ibu_has(&nic->f, IBU_NIC_GATEWAY) ||
	    ibu_addr_is_null(&nic->gateway) ||
	    ibu_addr_is_v4(&nic->gateway) == ibu_addr_is_v4(&nic->ip))
		return;
	nic->f.set &= ~BIT_ULL(IBU_NIC_GATEWAY);
	planner_note(p, "nic", n, "gateway", "not used: it is of another family than the address");
}

/* The lease that a firmware's table carries is used as it stands. */
static bool has_firmware_lease(const struct ibu_nic *nic)
{
	return nic->method == IBU_METHOD_DHCP && ibu_has(&nic->f, IBU_NIC_IP_ADDR) &&
	       !(nic->f.from_cmdline & (BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_METHOD)));
}

bool nic_wants_dhcp(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_METHOD) && !ibu_has(&nic->f, IBU_NIC_IP_ADDR) &&
	       (nic->method == IBU_METHOD_DHCP || nic->method == IBU_METHOD_DHCP6 ||
		nic->method == IBU_METHOD_ANY);
}

/* There is room for all. */
struct plan_nic *planner_use_nic(struct planner *p, unsigned int n)
{
	struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_nics; i++)
		if (plan->nics[i].number == n)
			return &plan->nics[i];
	check_gateway(p, n);
	plan->nics[i] = (struct plan_nic){ .nic = &p->nics[n],
					   .number = n,
					   .has_firmware_lease = has_firmware_lease(&p->nics[n]) };
	planner_name_nic(p, &plan->nics[i]);
	plan->nr_nics++;
	return &plan->nics[i];
}

/* With all addresses that its link is to have. */
static struct plan_nic *use_link(struct planner *p, unsigned int n)
{
	struct plan_nic *pn = planner_use_nic(p, n);
	unsigned int i;

	for (i = 0; i < p->nr_nics; i++)
		if (is_configured(p, i) && same_link(&p->nics[i], &p->nics[n]))
			planner_use_nic(p, i);
	return pn;
}

/* One of them will have the route, so all of them are needed. */
static void use_all(struct planner *p, struct plan_path *path)
{
	unsigned int n;

	for (n = 0; n < p->nr_nics; n++)
		if (is_configured(p, n))
			planner_use_nic(p, n);
	path->nic_reason = p->plan->nr_nics ? "no NIC's subnet holds the portal: by route" :
					      "no NIC is configured: by whatever route there is";
}

void planner_choose_nic(struct planner *p, struct plan_path *path)
{
	const struct ibu_target *t = path->to.target;
	unsigned int n;

	if (ibu_has(&t->f, IBU_TARGET_NIC_ASSOC) && t->nic_assoc < p->nr_nics) {
		n = fitting_entry(p, p->same_as[t->nic_assoc], &t->ip);
		path->nic_reason = "the target names it";
	} else if (count_configured(p, &n) == 1) {
		path->nic_reason = "the only NIC that is configured";
	} else if (find_subnet(p, &t->ip, &n)) {
		path->nic_reason = "its subnet holds the portal";
	} else if (find_route(p, &t->ip, &n)) {
		path->nic_reason = "rd.route= leads to the portal by it";
	} else if (find_only(p, &t->ip, &n, has_way_out)) {
		path->nic_reason = "the only one with a gateway for the portal";
	} else {
		use_all(p, path);
		return;
	}
	path->nic = use_link(p, n);
}

static bool share_portal(const struct plan_path *a, const struct plan_path *b)
{
	return *a->to.portal && endpoint_same_session(&a->to, &b->to) && a->nic && b->nic &&
	       !same_link(a->nic->nic, b->nic->nic);
}

void planner_finish_nics(struct planner *p)
{
	struct plan *plan = p->plan;
	unsigned int i, j;

	for (i = 1; i < plan->nr_nics; i++)
		plan->several_nics |= !same_link(plan->nics[0].nic, plan->nics[i].nic);
	for (i = 0; i < plan->nr_paths; i++)
		for (j = 0; j < plan->nr_paths; j++)
			plan->paths[i].shares_portal |=
				share_portal(&plan->paths[i], &plan->paths[j]);
}

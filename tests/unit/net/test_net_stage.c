// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the stage "net" in a network namespace with pairs of veth devices: "n0" is the NIC, "p0"
 * the other end of its cable. Skipped if the kernel or the user's rights do not permit a namespace.
 */
#include "tests/unit/root.h"
#include "tests/unit/stage.h"

#include <time.h>

#include "net/addr.h"
#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "handoff/net_files.h"
#include "net/link.h"
#include "base/sysfs.h"

#include <poll.h>
#include <sched.h>
#include <sys/wait.h>

static struct ibu_nic nics[2];
static struct plan_nic planned_nics[2];
static struct nic ups[2];
static struct ibu_target targets[2];
static struct plan_path planned[2];
static struct path paths[2];
static struct plan plan;
static struct progress progress;
static bool possible;

static int sh(const char *command)
{
	return system(command); /* NOLINT: a test's own commands */
}

/* Returns the output of a shell command in one line. */
static const char *output_of(const char *command)
{
	static char text[4096];
	FILE *f = popen(command, "r");
	size_t n, i;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	pclose(f);
	for (i = 0; i < n; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	return text;
}

static void assert_output(const char *command, const char *part)
{
	const char *text = output_of(command);

	if (!strstr(text, part))
		fail_msg("%s: \"%s\" is not in \"%s\"", command, part, text);
}

static struct ibu_addr addr(const char *text)
{
	struct ibu_addr a = { .b = { 0 } };

	assert_int_equal(ibu_addr_parse(text, strlen(text), &a), 0);
	return a;
}

#define CABLE(n)                                                                   \
	"ip link add n" n " address 52:54:00:00:00:0" n " type veth peer name p" n \
	" && ip link set p" n " up"

static int make(void **state)
{
	int i;

	if (root_make(state))
		return -1;
	sysfs_root = root;
	handoff_run = root;
	/* IPv6 is off, because the kernel would add link-local addresses at any time. */
	possible = !unshare(CLONE_NEWNET) &&
		   !sh("{ " CABLE("0") " && " CABLE(
			   "1") "; } 2>/dev/null && "
				"for i in n0 p0 n1 p1; do "
				"echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done");
	memset(nics, 0, sizeof(nics));
	memset(targets, 0, sizeof(targets));
	for (i = 0; i < 2; i++) {
		planned_nics[i] = (struct plan_nic){ .nic = &nics[i], .number = (unsigned int)i };
		ups[i] = (struct nic){ .plan = &planned_nics[i], .config = &nics[i] };
		memcpy(nics[i].mac, (u8[]){ 0x52, 0x54, 0, 0, 0, (u8)i }, 6);
		ibu_set(&nics[i].f, IBU_NIC_MAC);
		targets[i].name = (struct ibu_text){ i ? "iqn.x:b" : "iqn.x:a", 7 };
		planned[i] = (struct plan_path){ .nic = &planned_nics[i] };
		paths[i] = (struct path){ .plan = &planned[i],
					  .to.target = &targets[i],
					  .nic = &ups[i] };
		memcpy(paths[i].to.portal, i ? "10.8.0.2" : "10.9.0.2", 9);
	}
	plan = (struct plan){ .nics = planned_nics, .nr_nics = 2, .paths = planned, .nr_paths = 2 };
	progress = (struct progress){
		.plan = &plan, .nics = ups, .nr_nics = 1, .paths = paths, .nr_paths = 1
	};
	return 0;
}

static void give(struct ibu_nic *nic, const char *ip, u32 prefix_len)
{
	nic->ip = addr(ip);
	ibu_set(&nic->f, IBU_NIC_IP_ADDR);
	nic->prefix_len = prefix_len;
	ibu_set(&nic->f, IBU_NIC_PREFIX_LEN);
}

static void give_gateway(struct ibu_nic *nic, const char *gateway)
{
	nic->gateway = addr(gateway);
	ibu_set(&nic->f, IBU_NIC_GATEWAY);
}

/* Runs @command in a child process, 200 ms later. */
static pid_t later(const char *command)
{
	pid_t task = fork();

	if (task)
		return task;
	poll(NULL, 0, 200);
	_exit(sh(command) ? 1 : 0);
}

static void assert_done(pid_t task)
{
	int status;

	assert_int_equal(waitpid(task, &status, 0), task);
	assert_int_equal(status, 0);
}

#define NEEDS_NETNS()           \
	do {                    \
		if (!possible)  \
			skip(); \
	} while (0)

static void static_address(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_string_equal(ups[0].ifname, "n0");
	assert_int_equal(ups[0].ifindex, if_nametoindex("n0"));
	assert_output("ip addr show n0", "inet 10.9.0.1/24 scope global n0");
	assert_output("ip link show lo", "LOOPBACK,UP");
	assert_output("ip link show n1", "state DOWN");
	assert_memory_equal(ups[0].mac, nics[0].mac, 6);
	assert_true(ups[0].mac_is_unique);
	assert_string_equal(output_of("ip route show default"), "");
}

/* A second run changes nothing: the kernel reports no change. */
static void assert_nothing_to_do(void)
{
	AUTO_FD events = kernel_events_open_net();
	struct pollfd p = { .fd = events, .events = POLLIN };

	assert_true(events >= 0);
	/* The kernel reports the carrier up to a second late. */
	while (poll(&p, 1, 1500) > 0)
		kernel_events_drain(events);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_int_equal(poll(&p, 1, 0), 0);
}

static void two_nics(void)
{
	progress.nr_nics = 2;
	progress.nr_paths = 2;
	plan.several_nics = true;
}

static void ipv6_on(void)
{
	assert_int_equal(sh("for i in n0 p0 n1 p1; do echo 0 > "
			    "/proc/sys/net/ipv6/conf/$i/disable_ipv6; done"),
			 0);
}

static void second_run(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 24);
	give_gateway(&nics[0], "10.9.0.254");
	nics[0].mtu = 1400;
	ibu_set(&nics[0].f, IBU_NIC_MTU);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip link show n0", "mtu 1400");
	assert_output("ip route show default", "default via 10.9.0.254 dev n0");
	assert_nothing_to_do();
}

static void gateway_off_link(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 32);
	give_gateway(&nics[0], "10.99.0.1");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip route show default", "default via 10.99.0.1 dev n0 onlink");
}

/* The portal is in no subnet and no gateway leads to it: it gets a route on the link. */
static void no_gateway(void **state)
{
	NEEDS_NETNS();
	memcpy(paths[0].to.portal, "10.77.0.2", 10);
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip route show 10.77.0.2", "10.77.0.2 dev n0 scope link");
}

/* rd.route=: the longest prefix wins; without a device the gateway's subnet decides the NIC. */
static void routes_by_rd_route(void **state)
{
	struct plan_route words[] = {
		{ addr("10.0.0.0"), 8, addr("10.9.0.253"), NULL },
		{ addr("10.77.0.0"), 16, addr("10.9.0.252"), "n0" },
		{ addr("10.88.0.0"), 16, addr("10.55.0.1"), NULL },
		{ addr("10.99.0.0"), 16, addr("10.9.0.251"), "n1" },
		{ addr("fd00::"), 16, addr("fd00::1"), "n0" },
	};

	NEEDS_NETNS();
	plan.routes = words;
	plan.nr_routes = 5;
	memcpy(paths[0].to.portal, "10.77.0.2", 10);
	give(&nics[0], "10.9.0.1", 24);
	give_gateway(&nics[0], "10.9.0.254");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_string_equal(output_of("ip route"),
			    "default via 10.9.0.254 dev n0  "
			    "10.0.0.0/8 via 10.9.0.253 dev n0  "
			    "10.9.0.0/24 dev n0 proto kernel scope link src 10.9.0.1  "
			    "10.77.0.0/16 via 10.9.0.252 dev n0  ");
}

/* Each NIC has its own portal and gateway; only one default route is possible in the main table. */
static void route_for_each_portal(void **state)
{
	NEEDS_NETNS();
	two_nics();
	give(&nics[0], "10.1.0.1", 24);
	give_gateway(&nics[0], "10.1.0.254");
	give(&nics[1], "10.2.0.1", 24);
	give_gateway(&nics[1], "10.2.0.254");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip route get 10.9.0.2", "via 10.1.0.254 dev n0 src 10.1.0.1");
	assert_output("ip route get 10.8.0.2", "via 10.2.0.254 dev n1 src 10.2.0.1");
	/* Packets from a NIC's address go by that NIC to any destination. */
	assert_output("ip route get 192.0.2.1 from 10.1.0.1", "via 10.1.0.254 dev n0");
	assert_output("ip route get 192.0.2.1 from 10.2.0.1", "via 10.2.0.254 dev n1");
}

/* Two sessions to one portal: each uses the NIC that it is bound to by device or address. */
static void two_nics_to_one_portal(void **state)
{
	NEEDS_NETNS();
	two_nics();
	memcpy(paths[1].to.portal, "10.9.0.2", 9);
	give(&nics[0], "10.9.0.1", 24);
	give(&nics[1], "10.9.0.11", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip route get 10.9.0.2", "dev n0 src 10.9.0.1");
	assert_output("ip route get 10.9.0.2 oif n1", "dev n1 src 10.9.0.11");
	assert_output("ip route get 10.9.0.2 from 10.9.0.11", "dev n1");
	assert_nothing_to_do();
}

static void two_nics_by_ipv6(void **state)
{
	NEEDS_NETNS();
	ipv6_on();
	two_nics();
	memcpy(paths[0].to.portal, "fd77::2", 8);
	memcpy(paths[1].to.portal, "fd77::2", 8);
	give(&nics[0], "fd00::1", 64);
	give_gateway(&nics[0], "fd00::ff");
	give(&nics[1], "fd01::1", 64);
	give_gateway(&nics[1], "fe80::ff");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_output("ip route get fd77::2", "via fd00::ff dev n0");
	assert_output("ip route get fd77::2 oif n1", "via fe80::ff dev n1");
	assert_output("ip route get fd88::2 from fd01::1", "via fe80::ff dev n1");
	assert_nothing_to_do();
}

/* The firmware had the second NIC's address alone; both portals are in its subnet. */
static void two_nics_one_link_local(void **state)
{
	NEEDS_NETNS();
	ipv6_on();
	two_nics();
	memcpy(paths[0].to.portal, "fd00::2", 8);
	memcpy(paths[1].to.portal, "fd00::3", 8);
	give(&nics[0], "fe80::5054:ff:fe00:15", 64);
	planned[0].on_link = true;
	memcpy(planned[0].to.portal, "fd00::2", 8);
	give(&nics[1], "fd00::1", 64);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_output("ip route get fd00::2", "dev n0 src fe80::5054:ff:fe00:15");
	assert_output("ip route get fd00::2 from fe80::5054:ff:fe00:15 oif n0", "dev n0");
	assert_output("ip route get fd00::3", "dev n1");
	assert_nothing_to_do();
}

/* Both NICs in one subnet: each portal is reached by the NIC that the plan names. */
static void two_nics_in_one_subnet(void **state)
{
	NEEDS_NETNS();
	two_nics();
	memcpy(paths[1].to.portal, "10.9.0.3", 9);
	give(&nics[0], "10.9.0.1", 24);
	give(&nics[1], "10.9.0.11", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip route get 10.9.0.2", "dev n0");
	assert_output("ip route get 10.9.0.3", "dev n1");
	assert_output("ip route get 10.9.0.9 from 10.9.0.11", "dev n1");
}

static void no_netmask(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 0);
	nics[0].f.set &= ~BIT_ULL(IBU_NIC_PREFIX_LEN);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip addr show n0", "inet 10.9.0.1/8");
}

static void by_name(void **state)
{
	NEEDS_NETNS();
	nics[0] = (struct ibu_nic){ .ifname = { "n1", 2 } };
	ibu_set(&nics[0].f, IBU_NIC_IFNAME);
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_string_equal(ups[0].ifname, "n1");
}

/* For a NIC that is not named, the first device with hardware and a carrier is taken. */
static void any_device(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip link set p0 down"), 0);
	root_put_netdev("n0", "52:54:00:00:00:00\n");
	root_put_netdev("n1", "52:54:00:00:00:01\n");
	nics[0] = (struct ibu_nic){ .vlan = 0 };
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_string_equal(ups[0].ifname, "n1");
	/* A device brought up without success is taken down again. */
	assert_output("ip link show n0", "state DOWN");
	assert_null(strstr(output_of("ip link show n0"), "UP"));
}

/* Runs the stage and returns its output on standard error. */
static const char *net_stage_logs_within(unsigned int seconds, enum status wanted)
{
	static char text[4096];
	FILE *caught = tmpfile();
	int real = dup(STDERR_FILENO);
	enum status status;
	size_t n;

	assert_true(caught && real >= 0);
	dup2(fileno(caught), STDERR_FILENO);
	status = stage_run(&stage_net, &progress, deadline_in(seconds));
	dup2(real, STDERR_FILENO);
	close(real);
	rewind(caught);
	n = fread(text, 1, sizeof(text) - 1, caught);
	text[n] = '\0';
	fclose(caught);
	assert_int_equal(status, wanted);
	return text;
}

static const char *net_stage_logs(enum status wanted)
{
	return net_stage_logs_within(10, wanted);
}

static void assert_net_stage_logs(enum status wanted, const char *part)
{
	const char *text = net_stage_logs(wanted);

	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void give_mtu(struct ibu_nic *nic, u32 mtu)
{
	nic->mtu = mtu;
	ibu_set(&nic->f, IBU_NIC_MTU);
}

/* A device that cannot be brought up does not exclude the others. */
static void any_device_but_one(void **state)
{
	NEEDS_NETNS();
	if (sh("ip tuntap add t0 mode tap 2>/dev/null"))
		skip();
	root_put_netdev("t0", "52:54:00:00:00:09\n");
	root_put_netdev("n1", "52:54:00:00:00:01\n");
	nics[0] = (struct ibu_nic){ .vlan = 0 };
	give(&nics[0], "10.9.0.1", 24);
	give_mtu(&nics[0], 65535); /* too much for t0 */
	assert_net_stage_logs(STATUS_OK, "t0: skipped, cannot bring it up: Invalid argument");
	assert_string_equal(ups[0].ifname, "n1");
}

static void any_device_and_none_comes_up(void **state)
{
	NEEDS_NETNS();
	root_put_netdev("n0", "52:54:00:00:00:00\n");
	root_put_netdev("n1", "52:54:00:00:00:01\n");
	nics[0] = (struct ibu_nic){ .vlan = 0 };
	give(&nics[0], "10.9.0.1", 24);
	give_mtu(&nics[0], 60);
	assert_net_stage_logs(STATUS_ERROR, "no network device came up: Invalid argument; the "
					    "machine has: p0 ");
	assert_int_equal(ups[0].ifindex, 0);
}

/* Once a device has been taken, it is kept even if another one gets a carrier. */
static void any_device_stays_it(void **state)
{
	const struct stage *const stages[] = { &stage_net, NULL };
	struct loop loop;

	NEEDS_NETNS();
	assert_int_equal(sh("ip link set p0 down && ip link set n0 up"), 0);
	root_put_netdev("n0", "52:54:00:00:00:00\n");
	root_put_netdev("n1", "52:54:00:00:00:01\n");
	nics[0] = (struct ibu_nic){ .vlan = 0 };
	give(&nics[0], "10.9.0.1", 24);
	stage_alone = &stage_net;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(10)), 0);
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_string_equal(ups[0].ifname, "n1");
	assert_int_equal(sh("ip link set p0 up"), 0);
	ups[0].look_again = true;
	assert_int_equal(stage_net.step(loop.data[0]), 0);
	assert_false(ups[0].look_again);
	assert_string_equal(ups[0].ifname, "n1");
	assert_string_equal(output_of("ip -4 addr show n0"), "");
	loop_close(&loop);
	arena_free(&progress.arena);
}

static void mac_is_set(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 24);
	memcpy(nics[0].set_mac, (u8[]){ 0x52, 0x54, 0, 0xee, 0, 1 }, 6);
	ibu_set(&nics[0].f, IBU_NIC_SET_MAC);
	nics[0].f.set &= ~BIT_ULL(IBU_NIC_MAC);
	nics[0].ifname = (struct ibu_text){ "n0", 2 };
	ibu_set(&nics[0].f, IBU_NIC_IFNAME);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("cat /sys/class/net/n0/address; ip link show n0", "52:54:00:ee:00:01");
	assert_memory_equal(ups[0].mac, nics[0].set_mac, 6);
	assert_nothing_to_do();
}

/* The kernel refuses a multicast address: the device keeps its own. */
static void mac_is_refused(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 24);
	nics[0].set_mac[0] = 0x01;
	ibu_set(&nics[0].f, IBU_NIC_SET_MAC);
	assert_net_stage_logs(STATUS_OK, "cannot set the MAC address of n0 to 01:00:00:00:00:00: ");
	assert_memory_equal(ups[0].mac, nics[0].mac, 6);
}

/* A pool (nic_is_pool()): each device with a carrier becomes a NIC. */

static struct nic pool_nics[8];

/* Both devices are up and have hardware; path 0 leads to 10.9.0.2, path 1 to 10.8.0.2. */
static void make_pool(enum ibu_method method)
{
	root_put_netdev("n0", "52:54:00:00:00:00\n");
	root_put_netdev("n1", "52:54:00:00:00:01\n");
	nics[0] = (struct ibu_nic){ .method = method };
	ibu_set(&nics[0].f, IBU_NIC_METHOD);
	memset(pool_nics, 0, sizeof(pool_nics));
	pool_nics[0] = ups[0];
	planned[1].nic = &planned_nics[0];
	paths[0].nic = paths[1].nic = &pool_nics[0];
	plan.nr_nics = 1;
	progress.nics = pool_nics;
	progress.room_nics = ARRAY_SIZE(pool_nics);
	progress.nr_paths = 2;
}

/* Stands for the stage dhcp: gives leases to the NICs that ask, by the device's name. */
static const char *leases[2][2]; /* address and gateway for n0 and n1; NULL: no answer */

static void put_lease(struct nic *nic)
{
	const char *const *given = leases[nic->ifname[1] == '1'];

	if (!nic->asks || nic->lease.from || !given[0])
		return;
	nic->lease.from = LEASE_UDHCPC;
	nic->lease.ip = addr(given[0]);
	nic->lease.since_ns = now_ns();
	nic->leased = *nic->plan->nic;
	give(&nic->leased, given[0], 24);
	if (given[1])
		give_gateway(&nic->leased, given[1]);
	nic->config = &nic->leased;
	nic->look_again = true;
}

static int leases_step(void *data)
{
	unsigned int i;

	for (i = 0; i < progress.nr_nics; i++)
		put_lease(&progress.nics[i]);
	return 0;
}

static int leases_open(struct loop *loop, void *data)
{
	return 0;
}

static void leases_waits(void *data, struct waits *waits)
{
	unsigned int i;

	for (i = 0; i < progress.nr_nics; i++)
		if (progress.nics[i].look_again)
			waits_until(waits, (struct deadline){ 0 });
}

static void leases_close(void *data)
{
}

static const struct stage stage_leases = {
	.name = "leases",
	.size = 1,
	.open = leases_open,
	.step = leases_step,
	.waits = leases_waits,
	.state = NR_PATH_STATES,
	.close = leases_close,
};

/* Runs the stages until no path waits for its NIC. */
static void run_pool(unsigned int seconds)
{
	static const struct stage *const stages[] = { &stage_net, &stage_leases, NULL };
	struct loop loop;

	stage_alone = &stage_net;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(seconds)), 0);
	loop.nic_ready = handoff_network;
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	loop_close(&loop);
}

static void set_leases(const char *n0, const char *gateway0, const char *n1, const char *gateway1)
{
	leases[0][0] = n0;
	leases[0][1] = gateway0;
	leases[1][0] = n1;
	leases[1][1] = gateway1;
}

static void assert_nic_of_path(unsigned int i, const char *ifname)
{
	assert_non_null(paths[i].nic);
	assert_string_equal(paths[i].nic->ifname, ifname);
	assert_int_equal(paths[i].nic->ifindex, if_nametoindex(ifname));
}

/* Each path goes by the NIC in its subnet, though the other one has a gateway. */
static void pool_by_subnet(void **state)
{
	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	set_leases("10.9.0.1", "10.9.0.254", "10.8.0.1", "10.8.0.254");
	run_pool(10);
	assert_nic_of_path(0, "n0");
	assert_nic_of_path(1, "n1");
	assert_true(progress.several_nics);
	assert_int_equal(paths[0].nic->plan->number, 0);
	assert_int_equal(paths[1].nic->plan->number, 1);
	assert_output("ip addr show n0", "10.9.0.1/24");
	assert_output("ip addr show n1", "10.8.0.1/24");
	arena_free(&progress.arena);
}

/* A NIC without an answer does not delay the paths, and is taken down again. */
static void pool_without_an_answer(void **state)
{
	int64_t start = now_ns();

	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	set_leases(NULL, NULL, "10.9.0.1", "10.9.0.254");
	run_pool(20);
	assert_nic_of_path(0, "n1");
	assert_nic_of_path(1, "n1"); /* by the gateway */
	assert_false(progress.several_nics);
	assert_true(seconds_since(start) < 8);
	assert_null(strstr(output_of("ip link show n0"), "UP"));
	arena_free(&progress.arena);
}

/* A lease that no path needs is not configured. */
static void pool_with_a_useless_lease(void **state)
{
	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	progress.nr_paths = 1;
	set_leases("10.55.0.1", NULL, "10.9.0.1", NULL);
	run_pool(10);
	assert_nic_of_path(0, "n1");
	assert_string_equal(output_of("ip -4 addr show n0"), "");
	assert_null(strstr(output_of("ip link show n0"), "UP"));
	assert_int_equal(access(root_path("/net-n0.conf"), F_OK), -1);
	assert_int_equal(access(root_path("/net-n1.conf"), F_OK), 0);
	arena_free(&progress.arena);
}

/* A device that another program has configured is used as it is. */
static void pool_with_a_configured_device(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip addr add 10.9.0.77/24 dev n1 && ip link set n1 up"), 0);
	make_pool(IBU_METHOD_ANY);
	progress.nr_paths = 1;
	set_leases(NULL, NULL, NULL, NULL);
	run_pool(10);
	assert_nic_of_path(0, "n1");
	assert_int_equal(paths[0].nic->lease.from, LEASE_NONE);
	assert_null(strstr(output_of("ip link show n0"), "UP"));
	arena_free(&progress.arena);
}

/* Nothing of the NIC that the path went by first is left, neither here nor for the real root. */
static void assert_n0_is_left(void)
{
	assert_false(progress.several_nics);
	assert_string_equal(output_of("ip -4 addr show n0"), "");
	assert_string_equal(output_of("ip -4 route show default"), "");
	assert_int_equal(access(root_path("/net-n0.conf"), F_OK), -1);
	assert_int_equal(access(root_path("/systemd/network/00-iscsi-boot-n0.network"), F_OK), -1);
	assert_int_equal(access(root_path("/iscsi-boot/leases/dhcp-n0"), F_OK), -1);
	assert_int_equal(access(root_path("/net-n1.conf"), F_OK), 0);
}

/* A better lease arrives while the path logs in by a gateway. */
static void pool_reroutes(void **state)
{
	static const struct stage *const stages[] = { &stage_net, &stage_leases, NULL };
	struct loop loop;

	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	progress.nr_paths = 1;
	set_leases("10.7.0.1", "10.7.0.254", NULL, NULL);
	stage_alone = &stage_net;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(10)), 0);
	loop.nic_ready = handoff_network;
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_nic_of_path(0, "n0");
	assert_int_equal(access(root_path("/net-n0.conf"), F_OK), 0);
	path_goto(&paths[0], PATH_LOGIN);
	set_leases("10.7.0.1", "10.7.0.254", "10.9.0.1", NULL);
	assert_int_equal(leases_step(NULL), 0);
	assert_int_equal(stage_net.step(loop.data[0]), 0);
	assert_true(paths[0].reroute);
	path_goto(&paths[0], PATH_NET); /* as the stage login does */
	paths[0].moved = false; /* as the stage paths does, at the end of the turn */
	assert_false(paths[0].reroute);
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_nic_of_path(0, "n1");
	assert_n0_is_left();
	path_goto(&paths[0], PATH_DISK);
	assert_int_equal(stage_net.step(loop.data[0]), 0);
	assert_null(strstr(output_of("ip link show n0"), "UP"));
	loop_close(&loop);
	arena_free(&progress.arena);
}

/* A network manager configures both devices: the agent waits, and each path goes by its own. */
static void pool_of_managed_devices(void **state)
{
	char path[64];
	pid_t task;
	int i;

	NEEDS_NETNS();
	assert_int_equal(sh("ip link set n0 up && ip link set n1 up"), 0);
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/run/NetworkManager/devices/%u",
			 if_nametoindex(i ? "n1" : "n0"));
		root_put(path, "[device]\nmanaged=true\n");
	}
	root_put("/proc/77/comm", "NetworkManager\n");
	make_pool(IBU_METHOD_DHCP);
	set_leases("10.9.0.1", NULL, "10.8.0.1", NULL); /* not asked for */
	task = later("ip addr add 10.8.0.77/24 dev n1; ip addr add 10.9.0.77/24 dev n0");
	run_pool(10);
	assert_done(task);
	assert_nic_of_path(0, "n0");
	assert_nic_of_path(1, "n1");
	assert_null(strstr(output_of("ip addr show"), "10.9.0.1/"));
	arena_free(&progress.arena);
}

/* The devices of other entries have their own configuration. */
static void pool_beside_another_entry(void **state)
{
	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	nics[1].ifname = (struct ibu_text){ "n1", 2 };
	ibu_set(&nics[1].f, IBU_NIC_IFNAME);
	nics[1].f.set &= ~BIT_ULL(IBU_NIC_MAC);
	pool_nics[1] = ups[1];
	give(&nics[1], "10.8.0.1", 24);
	progress.nr_nics = 2;
	paths[1].nic = &pool_nics[1];
	set_leases("10.9.0.1", NULL, "10.9.0.3", NULL);
	run_pool(10);
	assert_nic_of_path(0, "n0");
	assert_nic_of_path(1, "n1");
	assert_true(progress.several_nics);
	assert_int_equal(progress.nr_nics, 3);
	assert_int_equal(paths[0].nic->plan->number, 0);
	arena_free(&progress.arena);
}

/* An entry for IPv4 alone does not keep its device from a pool for IPv6. */
static void pool_of_the_other_family(void **state)
{
	NEEDS_NETNS();
	make_pool(IBU_METHOD_AUTO6);
	nics[1].ifname = (struct ibu_text){ "n1", 2 };
	ibu_set(&nics[1].f, IBU_NIC_IFNAME);
	nics[1].f.set &= ~BIT_ULL(IBU_NIC_MAC);
	pool_nics[1] = ups[1];
	give(&nics[1], "10.8.0.1", 24);
	progress.nr_nics = 2;
	paths[1].nic = &pool_nics[1];
	snprintf(paths[0].to.portal, sizeof(paths[0].to.portal), "fd00:9::2");
	ipv6_on();
	assert_int_equal(sh("ip addr add fd00:9::1/64 dev n1 nodad"), 0);
	run_pool(10);
	assert_nic_of_path(0, "n1");
	assert_nic_of_path(1, "n1");
	arena_free(&progress.arena);
}

/* A path by the routing table: each NIC with a lease is configured. */
static void pool_without_a_chosen_nic(void **state)
{
	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	paths[0].nic = paths[1].nic = NULL;
	set_leases("10.9.0.1", NULL, "10.8.0.1", NULL);
	run_pool(10);
	assert_int_equal(paths[0].state, PATH_REACH);
	assert_null(paths[0].nic);
	assert_true(strstr(output_of("ip -4 addr"), "10.9.0.1/24") ||
		    strstr(output_of("ip -4 addr"), "10.8.0.1/24"));
	arena_free(&progress.arena);
}

/* n0 has a gateway; n1 gets a lease, or not. */
static void gateway_and_lease(const char *lease)
{
	make_pool(IBU_METHOD_DHCP);
	give(&nics[0], "10.7.0.1", 24);
	give_gateway(&nics[0], "10.7.0.254");
	nics[0].ifname = (struct ibu_text){ "n0", 2 };
	nics[1] = (struct ibu_nic){ .method = IBU_METHOD_DHCP, .ifname = { "n1", 2 } };
	ibu_set(&nics[0].f, IBU_NIC_IFNAME);
	ibu_set(&nics[1].f, IBU_NIC_IFNAME);
	ibu_set(&nics[1].f, IBU_NIC_METHOD);
	pool_nics[1] = ups[1];
	progress.nr_nics = plan.nr_nics = 2;
	progress.nr_paths = 1;
	paths[0].nic = NULL;
	set_leases(NULL, NULL, lease, NULL);
	run_pool(15);
	assert_int_equal(paths[0].state, PATH_REACH);
	arena_free(&progress.arena);
}

/* A gateway does not win over a NIC that gets an address in the portal's subnet later. */
static void gateway_before_lease(void **state)
{
	NEEDS_NETNS();
	gateway_and_lease("10.9.0.1");
	assert_output("ip route get 10.9.0.2", "dev n1 src 10.9.0.1");
}

/* It does after four seconds. */
static void gateway_without_lease(void **state)
{
	NEEDS_NETNS();
	gateway_and_lease(NULL);
	assert_output("ip route get 10.9.0.2", "via 10.7.0.254 dev n0");
}

/* DHCP gives IPv4 addresses, and a router the IPv6 address that leads to the portal. */
static void pool_with_a_router(void **state)
{
	pid_t task;

	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	progress.nr_paths = 1;
	snprintf(paths[0].to.portal, sizeof(paths[0].to.portal), "fd00:9::2");
	ipv6_on();
	set_leases("10.9.0.1", "10.9.0.254", "10.8.0.1", NULL);
	task = later("ip addr add fd00:9::1/64 dev n1 nodad");
	run_pool(15);
	assert_done(task);
	assert_int_equal(paths[0].nic->lease.from, LEASE_UDHCPC);
	assert_nic_of_path(0, "n1");
	arena_free(&progress.arena);
}

/* The wait of a bond ends while it has no carrier, so that no step looks at it. */
static void bond_wait_without_carrier(void **state)
{
	clock_t began;

	NEEDS_NETNS();
	assert_int_equal(sh("ip link set p0 down"), 0);
	give(&nics[0], "10.9.0.1", 24);
	ups[0].bond_until.at_ns = 1;
	began = clock();
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(2)), STATUS_NO_LINK);
	assert_true(clock() - began < CLOCKS_PER_SEC / 2);
}

static void pool_without_any_answer(void **state)
{
	NEEDS_NETNS();
	make_pool(IBU_METHOD_DHCP);
	set_leases("10.55.0.1", NULL, NULL, NULL);
	run_pool(2);
	assert_int_equal(paths[0].state, PATH_FAILED);
	assert_int_equal(paths[0].result, STATUS_NO_LINK);
	assert_memory_equal(paths[0].why, "no NIC leads to its portal after ", 33);
	/* the device whose carrier is seen first comes first */
	if (!strstr(paths[0].why, " s on n0 (10.55.0.1), n1"))
		assert_non_null(strstr(paths[0].why, " s on n1, n0 (10.55.0.1)"));
	arena_free(&progress.arena);
}

/* An MTU of the lease that the device refuses is ignored; a configured one is an error. */
static void mtu_of_lease_is_refused(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 24);
	ups[0].leased = nics[0];
	give_mtu(&ups[0].leased, 60);
	ups[0].lease.mtu = 60;
	ups[0].config = &ups[0].leased;
	assert_net_stage_logs(STATUS_OK, "n0: ignored MTU 60 of the lease: Invalid argument");
	give_mtu(&nics[0], 60);
	ups[0].config = &nics[0];
	ups[0].lease.mtu = 0;
	assert_net_stage_logs(STATUS_ERROR, "cannot set the link up: Invalid argument");
}

/* With an invalid gateway, a path that does not need it continues. */
static void gateway_is_refused(void **state)
{
	NEEDS_NETNS();
	give(&nics[0], "10.9.0.1", 24);
	give_gateway(&nics[0], "10.9.0.255");
	assert_net_stage_logs(STATUS_OK, "n0: cannot add all of its routes: Invalid argument");
	memcpy(paths[0].to.portal, "10.77.0.2", 10);
	assert_net_stage_logs(STATUS_ERROR, "cannot add the route to its portal: Invalid argument");
}

/* On the loopback and in a tunnel no neighbour is probed. */
static void no_neighbour_to_ask(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip link set lo up"), 0);
	paths[0].nic = NULL;
	memcpy(paths[0].to.portal, "127.0.0.1", 10);
	assert_int_equal(stage_run(&stage_reach, &progress, deadline_in(3)), STATUS_OK);
}

/* Once all NICs are present, an event does not keep the loop awake. */
static void drivers_rest(void **state)
{
	struct waits waits = { .until = deadline_in(10) };
	struct loop loop = { .plan = &plan, .progress = &progress };
	void *data;

	NEEDS_NETNS();
	memcpy(ups[0].ifname, "n0", 3);
	data = calloc(1, stage_drivers.size);
	assert_int_equal(stage_drivers.open(&loop, data), 0);
	stage_drivers.waits(data, &waits);
	assert_int_equal(sh("ip link add n7 type veth peer name p7"), 0);
	assert_int_equal(poll(waits.fds, waits.nr, 1000), 1);
	assert_int_equal(stage_drivers.step(data), 0);
	assert_int_equal(poll(waits.fds, waits.nr, 0), 0);
	stage_drivers.close(data);
	free(data);
	free(waits.fds);
}

/* An existing default route stays, and the portal gets a route by the NIC's gateway. */
static void existing_default_route(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip addr add 10.9.0.1/24 dev n0 && ip link set n0 up && "
			    "ip route add default via 10.9.0.99"),
			 0);
	memcpy(paths[0].to.portal, "10.77.0.2", 10);
	give(&nics[0], "10.9.0.1", 24);
	give_gateway(&nics[0], "10.9.0.254");
	assert_net_stage_logs(STATUS_OK, "n0: added route to portal 10.77.0.2 via 10.9.0.254");
	assert_output("ip route get 10.77.0.2", "via 10.9.0.254 dev n0");
	assert_output("ip route show default", "via 10.9.0.99");
	assert_null(strstr(net_stage_logs(STATUS_OK), "route")); /* done already */
}

static void existing_portal_route(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip addr add 10.9.0.1/24 dev n0 && ip link set n0 up && "
			    "ip route add 10.77.0.2 via 10.9.0.99"),
			 0);
	memcpy(paths[0].to.portal, "10.77.0.2", 10);
	give(&nics[0], "10.9.0.1", 24);
	give_gateway(&nics[0], "10.9.0.254");
	assert_net_stage_logs(STATUS_OK, "n0: kept the existing route to portal 10.77.0.2");
}

/* Two entries name one device: it gets both addresses. */
static void two_addresses_of_one_device(void **state)
{
	NEEDS_NETNS();
	ipv6_on();
	progress.nr_nics = 2;
	progress.nr_paths = 2;
	nics[1].mac[5] = 0;
	memcpy(paths[1].to.portal, "fd00::2", 8);
	give(&nics[0], "10.9.0.1", 24);
	give_gateway(&nics[0], "10.9.0.254");
	give(&nics[1], "fd00::1", 64);
	give_gateway(&nics[1], "fd00::ff");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_string_equal(ups[1].ifname, "n0");
	assert_int_equal(ups[1].ifindex, ups[0].ifindex);
	assert_output("ip addr show n0", "inet 10.9.0.1/24");
	assert_output("ip addr show n0", "inet6 fd00::1/64");
	assert_output("ip route show default", "via 10.9.0.254 dev n0");
	assert_output("ip -6 route show default", "via fd00::ff dev n0");
}

/* ifname= */
static void renamed(void **state)
{
	NEEDS_NETNS();
	planned_nics[0].rename = "boot0";
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_string_equal(ups[0].ifname, "boot0");
	assert_output("ip addr show boot0", "inet 10.9.0.1/24");
	assert_int_equal(access(root_path("/systemd/network/00-iscsi-boot-boot0.network"), F_OK),
			 0);
	assert_nothing_to_do();
}

/* udev is busy, and "$record" is its file of n0. Runs @command, which makes udev's next step, later. */
static void assert_waits_for_udev(const char *command)
{
	char text[512];
	pid_t task;

	root_put_netdev("n0", "52:54:00:00:00:00\n");
	root_put("/run/udev/control", "");
	root_put("/run/udev/queue", "");
	root_put("/run/udev/data/n1", "I:1\n");
	snprintf(text, sizeof(text),
		 "cd %s/run/udev; record=data/n%u; ! ip link show n0 | grep -q ,UP && %s", root,
		 if_nametoindex("n0"), command);
	give(&nics[0], "10.9.0.1", 24);
	task = later(text);
	assert_net_stage_logs(STATUS_OK, "n0: waiting until udev has named it");
	assert_done(task);
	assert_string_equal(ups[0].ifname, "n0");
}

/* A rule of another device may still run: the queue does not get empty. */
static void named_by_udev(void **state)
{
	NEEDS_NETNS();
	assert_waits_for_udev("echo I:1 > new && mv new $record");
	assert_int_equal(access(root_path("/run/udev/queue"), F_OK), 0);
}

static void renamed_by_udev(void **state)
{
	char record[32];

	NEEDS_NETNS();
	snprintf(record, sizeof(record), "/run/udev/data/n%u", if_nametoindex("n0"));
	root_put(record, "E:ID_RENAMING=1\nE:ID_PROCESSING=1\n"); /* udev has no time of it yet */
	assert_waits_for_udev("echo I:1 > new && mv new $record");
}

/* udev makes the directory with the first record. */
static void first_named_by_udev(void **state)
{
	NEEDS_NETNS();
	assert_waits_for_udev("rm -r data && mkdir data && echo I:1 > new && mv new $record");
}

static void udev_has_ended(void **state)
{
	NEEDS_NETNS();
	assert_waits_for_udev("rm queue");
}

/* The wait uses no processor time. */
static void never_named_by_udev(void **state)
{
	clock_t began = clock();

	NEEDS_NETNS();
	root_put_netdev("n0", "52:54:00:00:00:00\n");
	root_put("/run/udev/control", "");
	root_put("/run/udev/queue", "");
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(2)), STATUS_NO_LINK);
	assert_true(clock() - began < CLOCKS_PER_SEC / 2);
}

#define MOST_NAMES 4

/* The NIC whose MAC ends in 0 is called names[0], and so on. */
static void assert_names(const char *const names[])
{
	char show[32], mac[18];
	unsigned int i;

	for (i = 0; names[i]; i++) {
		snprintf(show, sizeof(show), "ip link show %s", names[i]);
		snprintf(mac, sizeof(mac), "52:54:00:00:00:0%u", i);
		assert_output(show, mac);
	}
}

/*
 * Applies ifname= to each NIC from n0 on; n0 has the path. Asserts that they have the names @then.
 */
static void name_them(const char *const wanted[], const char *const then[])
{
	struct plan_ifname names[MOST_NAMES] = { 0 };
	unsigned int i;

	for (i = 0; wanted[i]; i++) {
		names[i].name = wanted[i];
		memcpy(names[i].mac, nics[0].mac, 6);
		names[i].mac[5] = (u8)i;
	}
	plan.ifnames = names;
	plan.nr_ifnames = i;
	planned_nics[0].rename = wanted[0];
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_names(then);
	assert_string_equal(ups[0].ifname, then[0]);
	assert_nothing_to_do();
	plan.ifnames = NULL;
}

/* ifname=n1:... ifname=n0:...: two NICs swap their names. */
static void names_swapped(void **state)
{
	static const char *const wanted[] = { "n1", "n0", NULL };

	NEEDS_NETNS();
	name_them(wanted, wanted);
	assert_output("ip addr show n1", "inet 10.9.0.1/24");
}

/* Each NIC is to get the name of the next one. */
static void names_in_a_circle(void **state)
{
	static const char *const wanted[] = { "n1", "n2", "n0", NULL };

	NEEDS_NETNS();
	assert_int_equal(sh(CABLE("2")), 0);
	name_them(wanted, wanted);
}

/* n1's new name is taken: n1 does not keep the temporary name. */
static void name_aside_is_taken(void **state)
{
	static const char *const wanted[] = { "n1", "n2", NULL };
	static const char *const then[] = { "n1", "n0", "n2", NULL };

	NEEDS_NETNS();
	assert_int_equal(sh(CABLE("2")), 0);
	name_them(wanted, then);
}

/* The same is tested with a longer chain of names. */
static void names_in_a_row_to_one_taken(void **state)
{
	static const char *const wanted[] = { "n1", "n2", "n3", NULL };
	static const char *const then[] = { "n1", "n2", "n0", "n3", NULL };

	NEEDS_NETNS();
	assert_int_equal(sh(CABLE("2") " && " CABLE("3")), 0);
	name_them(wanted, then);
}

static void name_is_taken(void **state)
{
	NEEDS_NETNS();
	planned_nics[0].rename = "n1";
	give(&nics[0], "10.9.0.1", 24);
	assert_net_stage_logs(STATUS_OK, "cannot rename n0 to n1 (ifname=): File exists");
	assert_string_equal(ups[0].ifname, "n0");
}

static void put_manager(const char *dir, const char *comm, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%u", dir, if_nametoindex("n0"));
	root_put(path, text);
	root_put("/proc/77/comm", comm);
}

#define NETWORKD "/run/systemd/netif/links"

/* A network manager manages the device: the agent changes nothing, but uses the address. */
static void managed(void **state)
{
	pid_t task;

	NEEDS_NETNS();
	put_manager("/run/NetworkManager/devices", "NetworkManager\n",
		    "[device]\nmanaged=true\nnm-owned=false\n");
	give(&nics[0], "10.9.0.1", 24);
	task = later("ip link set n0 up; ip addr add 10.9.0.77/24 dev n0");
	assert_net_stage_logs(STATUS_OK, "n0: managed by NetworkManager, left unchanged");
	assert_done(task);
	assert_null(strstr(output_of("ip addr show n0"), "10.9.0.1/"));
	assert_int_not_equal(access(root_path("/systemd/network"), F_OK), 0);
	assert_int_equal(sh("ip addr flush dev n0; ip link set n0 down"), 0);
	put_manager(NETWORKD, "systemd-network\n", "# x\nADMIN_STATE=configuring\n");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(1)), STATUS_NO_LINK);
	assert_output("ip link show n0", "state DOWN");
}

static void managed_without_an_address(void **state)
{
	NEEDS_NETNS();
	put_manager(NETWORKD, "systemd-network\n", "ADMIN_STATE=configuring\n");
	nics[0].method = IBU_METHOD_DHCP;
	ibu_set(&nics[0].f, IBU_NIC_METHOD);
	assert_int_equal(sh("ip link set n0 up"), 0);
	assert_non_null(strstr(net_stage_logs_within(1, STATUS_NO_LINK),
			       "systemd-networkd gave it no usable address, or no target, in "));
}

/* The managers do not manage the device, or do not run any more. */
static void not_managed(void **state)
{
	NEEDS_NETNS();
	put_manager("/run/NetworkManager/devices", "sh\n", "[device]\nmanaged=true\n");
	put_manager(NETWORKD, "systemd-network\n", "# x\nADMIN_STATE=unmanaged\nX=y\n");
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip addr show n0", "inet 10.9.0.1/24");
}

/* The path is retried and its NIC is up, but no lease names its target any more. */
static void no_root_path_any_more(void **state)
{
	NEEDS_NETNS();
	targets[0] = (struct ibu_target){ .port = 0 };
	planned[0].by_root_path = true;
	give(&nics[0], "10.9.0.1", 24);
	assert_non_null(strstr(net_stage_logs_within(1, STATUS_NO_TARGET),
			       ": no DHCP server named its target after "));
}

static unsigned int bdf_of_n0(void)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	__attribute__((cleanup(rtnl_close))) struct rtnl nl = { NULL, 0 };
	const struct link *link;

	assert_int_equal(links_read(&nl, &links), 0);
	link = links_get(&links, (int)if_nametoindex("n0"));
	assert_non_null(link);
	return link->dev.pci_bdf;
}

/* An iBFT knows no PCI segments; the segment of a VMD controller has five digits. */
static void pci_segments(void **state)
{
	static const char controller[] = "/sys/devices/pci0000:00/0000:00:0e.0";
	static const char function[] = "/pci10000:e0/10000:e0:1d.0";
	char target[512];

	NEEDS_NETNS();
	root_put("/sys/class/net/n0/address", "");
	snprintf(target, sizeof(target), "%s%s%s/uevent", root, controller, function);
	root_put(target + strlen(root), "");
	*strrchr(target, '/') = '\0';
	assert_int_equal(symlink(target, root_path("/sys/class/net/n0/device")), 0);
	assert_int_equal(bdf_of_n0(), 0);
	unlink(root_path("/sys/class/net/n0/device"));
	target[strlen(root) + strlen(controller)] = '\0';
	assert_int_equal(symlink(target, root_path("/sys/class/net/n0/device")), 0);
	assert_int_equal(bdf_of_n0(), 0x0e << 3);
}

static void no_device(void **state)
{
	int64_t began = now_ns();

	NEEDS_NETNS();
	nics[0].mac[5] = 0x99;
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(1)), STATUS_NO_LINK);
	assert_int_equal(ups[0].ifindex, 0);
	assert_true(now_ns() - began >= 1000000000LL);
	assert_true(now_ns() - began < 8000000000LL);
}

static void device_comes_late(void **state)
{
	pid_t task;

	NEEDS_NETNS();
	nics[0].mac[5] = 7;
	give(&nics[0], "10.9.0.1", 24);
	task = later(CABLE("7"));
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(30)), STATUS_OK);
	assert_string_equal(ups[0].ifname, "n7");
	assert_done(task);
}

static void no_carrier(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip link set p0 down"), 0);
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(1)), STATUS_NO_LINK);
	assert_output("ip addr show n0", "NO-CARRIER");
	assert_null(strstr(output_of("ip addr show n0"), "10.9.0.1"));
}

static void carrier_comes_late(void **state)
{
	pid_t task;

	NEEDS_NETNS();
	assert_int_equal(sh("ip link set p0 down"), 0);
	give(&nics[0], "10.9.0.1", 24);
	task = later("ip link set p0 up");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(30)), STATUS_OK);
	assert_done(task);
}

/* A NIC that the root disk does not need may be missing. */
static void other_nic_is_missing(void **state)
{
	NEEDS_NETNS();
	progress.nr_nics = 2;
	progress.nr_paths = 2;
	nics[1].mac[5] = 0x99;
	give(&nics[0], "10.9.0.1", 24);
	give(&nics[1], "10.8.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(1)), STATUS_OK);
	assert_int_equal(ups[1].ifindex, 0);
	assert_true(ups[0].ifindex > 0);
}

static void dhcp_without_address(void **state)
{
	NEEDS_NETNS();
	nics[0].method = IBU_METHOD_DHCP;
	ibu_set(&nics[0].f, IBU_NIC_METHOD);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(1)), STATUS_NO_LINK);
	assert_int_equal(ups[0].ifindex, 0);
	assert_true(ups[0].asks);
}

/* Another program got an address before, such as the kernel by ip=. */
static void dhcp_done_before(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip addr add 10.9.0.77/24 dev n0 && ip link set n0 up"), 0);
	nics[0].method = IBU_METHOD_DHCP;
	ibu_set(&nics[0].f, IBU_NIC_METHOD);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_string_equal(ups[0].ifname, "n0");
	assert_null(strstr(output_of("ip addr show n0"), "10.9.0.1/"));
}

/* The device has an address, which does not reach the portal. */
static void foreign_address_elsewhere(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip addr add 10.55.0.77/24 dev n0 && ip link set n0 up"), 0);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_CONFIG);
}

static void address_is_there_with_another_prefix(void **state)
{
	NEEDS_NETNS();
	assert_int_equal(sh("ip addr add 10.9.0.1/16 dev n0"), 0);
	give(&nics[0], "10.9.0.1", 24);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_null(strstr(output_of("ip addr show n0"), "10.9.0.1/24"));
}

static void ipv6(void)
{
	assert_int_equal(sh("for i in n0 p0; do echo 0 > "
			    "/proc/sys/net/ipv6/conf/$i/disable_ipv6; done"),
			 0);
	memcpy(paths[0].to.portal, "fd00::2", 8);
	give(&nics[0], "fd00::1", 64);
}

/* The address is not tentative any more once the NIC is ready. */
static void ipv6_address(void **state)
{
	NEEDS_NETNS();
	ipv6();
	give_gateway(&nics[0], "fd00::ff");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_output("ip -6 addr show n0", "inet6 fd00::1/64 scope global");
	assert_null(strstr(output_of("ip -6 addr show dev n0 to fd00::1"), "tentative"));
	assert_output("ip -6 route show default", "default via fd00::ff dev n0");
}

/* Without a gateway the stage waits until a router announces a route. */
static void ipv6_router_comes_late(void **state)
{
	pid_t task;

	NEEDS_NETNS();
	ipv6();
	memcpy(paths[0].to.portal, "fd77::2", 8);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(4)), STATUS_NO_LINK);
	paths[0].result = STATUS_OK; /* retry */
	task = later("ip route add default via fe80::1 dev n0");
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_done(task);
}

/*
 * The plan knows that the portal answers on the link, where the NIC has a link-local address. A
 * router may announce itself, but not the portal's subnet.
 */
static void ipv6_portal_on_link(void **state)
{
	NEEDS_NETNS();
	ipv6();
	give(&nics[0], "fe80::5054:ff:fe00:15", 64);
	planned[0].on_link = true;
	memcpy(planned[0].to.portal, "fd00::2", 8);
	assert_int_equal(sh("ip link set n0 up && ip addr add fd33::1/64 dev n0 nodad && "
			    "ip route add default via fe80::1 dev n0"),
			 0);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_output("ip -6 route show fd00::2", "fd00::2 dev n0");
	assert_null(strstr(output_of("ip route get fd00::2"), "via"));
	assert_output("ip route get fd00::2", "src fd33::1");
	assert_int_equal(sh("ip addr del fd33::1/64 dev n0"), 0);
	assert_output("ip route get fd00::2", "src fe80::");
	assert_nothing_to_do();
	/* The target redirects to another portal: the router leads there. */
	memcpy(paths[0].to.portal, "fd77::2", 8);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_OK);
	assert_output("ip route get fd77::2", "via fe80::1");
}

static void ipv6_duplicate(void **state)
{
	NEEDS_NETNS();
	ipv6();
	assert_int_equal(sh("ip addr add fd00::1/64 dev p0 nodad"), 0);
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(20)), STATUS_CONFIG);
	assert_int_equal(ups[0].ifindex, 0);
}

static void without_nics(void **state)
{
	NEEDS_NETNS();
	progress.nr_nics = 0;
	paths[0].nic = NULL;
	assert_int_equal(stage_run(&stage_net, &progress, deadline_in(10)), STATUS_OK);
	assert_output("ip link show lo", "LOOPBACK,UP");
}

/* If the socket could not be reopened, the next request tries again. */
static void request_without_socket(void **state)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	__attribute__((cleanup(rtnl_close))) struct rtnl nl = { NULL, 0 };

	assert_int_equal(links_read(&nl, &links), 0);
	assert_true(links.nr > 0);
}

static void subnets(void **state)
{
	static const struct {
		const char *a, *subnet;
		unsigned int len;
		bool in;
	} cases[] = {
		{ "10.9.0.1", "10.9.0.200", 24, true }, { "10.9.1.1", "10.9.0.1", 24, false },
		{ "10.9.1.1", "10.9.0.1", 23, true },	{ "10.9.0.1", "10.9.0.1", 32, true },
		{ "10.9.0.0", "10.9.0.1", 32, false },	{ "10.9.0.0", "10.9.0.1", 31, true },
		{ "192.0.2.1", "10.9.0.1", 0, true },	{ "10.9.0.1", "10.9.0.1", 33, false },
		{ "fd00::1", "10.9.0.1", 0, false },	{ "fd00::1", "fd00::2", 64, true },
		{ "fd00::1", "fd00::2", 127, false },	{ "fd00::3", "fd00::2", 127, true },
		{ "fd00::1", "fd00::1", 128, true },	{ "fd00::1", "fd00::1", 129, false },
		{ "2001:db8::1", "fd00::1", 0, true },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ibu_addr a = addr(cases[i].a), s = addr(cases[i].subnet);

		if (addr_in_subnet(&a, &s, cases[i].len) != cases[i].in)
			fail_msg("%s in %s/%u", cases[i].a, cases[i].subnet, cases[i].len);
	}
}

static void usual_prefixes(void **state)
{
	struct ibu_addr a = addr("127.0.0.1"), b = addr("128.0.0.1"), c = addr("192.0.2.1"),
			six = addr("fd00::1");

	assert_int_equal(addr_usual_prefix(&a), 8);
	assert_int_equal(addr_usual_prefix(&b), 16);
	assert_int_equal(addr_usual_prefix(&c), 24);
	assert_int_equal(addr_usual_prefix(&six), 64);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(static_address),
		TEST(second_run),
		TEST(gateway_off_link),
		TEST(no_gateway),
		TEST(routes_by_rd_route),
		TEST(route_for_each_portal),
		TEST(two_nics_one_link_local),
		TEST(two_nics_in_one_subnet),
		TEST(two_nics_to_one_portal),
		TEST(two_nics_by_ipv6),
		TEST(no_netmask),
		TEST(by_name),
		TEST(any_device),
		TEST(any_device_but_one),
		TEST(any_device_and_none_comes_up),
		TEST(any_device_stays_it),
		TEST(mac_is_set),
		TEST(mac_is_refused),
		TEST(pool_by_subnet),
		TEST(pool_without_an_answer),
		TEST(pool_with_a_useless_lease),
		TEST(pool_with_a_configured_device),
		TEST(pool_of_managed_devices),
		TEST(pool_beside_another_entry),
		TEST(pool_reroutes),
		TEST(pool_of_the_other_family),
		TEST(pool_without_a_chosen_nic),
		TEST(pool_with_a_router),
		TEST(gateway_before_lease),
		TEST(gateway_without_lease),
		TEST(pool_without_any_answer),
		TEST(bond_wait_without_carrier),
		TEST(mtu_of_lease_is_refused),
		TEST(gateway_is_refused),
		TEST(no_neighbour_to_ask),
		TEST(drivers_rest),
		TEST(existing_default_route),
		TEST(existing_portal_route),
		TEST(two_addresses_of_one_device),
		TEST(renamed),
		TEST(named_by_udev),
		TEST(renamed_by_udev),
		TEST(first_named_by_udev),
		TEST(udev_has_ended),
		TEST(never_named_by_udev),
		TEST(names_swapped),
		TEST(names_in_a_circle),
		TEST(name_aside_is_taken),
		TEST(names_in_a_row_to_one_taken),
		TEST(name_is_taken),
		TEST(managed),
		TEST(managed_without_an_address),
		TEST(not_managed),
		TEST(no_root_path_any_more),
		TEST(pci_segments),
		TEST(no_device),
		TEST(device_comes_late),
		TEST(no_carrier),
		TEST(carrier_comes_late),
		TEST(other_nic_is_missing),
		TEST(dhcp_without_address),
		TEST(dhcp_done_before),
		TEST(foreign_address_elsewhere),
		TEST(address_is_there_with_another_prefix),
		TEST(ipv6_address),
		TEST(ipv6_router_comes_late),
		TEST(ipv6_portal_on_link),
		TEST(ipv6_duplicate),
		TEST(without_nics),
		TEST(request_without_socket),
		TEST(subnets),
		TEST(usual_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

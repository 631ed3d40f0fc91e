/* SPDX-License-Identifier: GPL-2.0-only */
/* What boot would do here and why, without doing it: policy, NICs, one path for each login. */
#ifndef AGENT_PLAN_PLAN_H
#define AGENT_PLAN_PLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/exit_status.h"
#include "plan/node_param.h"
#include "session/scsi_disk.h"
#include "session/timers.h"
#include "view/view.h"

enum on_failure { ON_FAILURE_RETURN, ON_FAILURE_SHELL, ON_FAILURE_RETRY, ON_FAILURE_REBOOT };

/* Who logs in. */
enum engine_kind { ENGINE_DEFAULT, ENGINE_NATIVE, ENGINE_OPENISCSI };

/* Who asked the DHCP server, and so who can ask it again: nobody goes on doing so after boot. */
enum lease_from { LEASE_NONE, LEASE_FIRMWARE, LEASE_DHCPCD, LEASE_UDHCPC, LEASE_IPCONFIG };

/* From the kernel command line (iscsi_boot.KEY=VALUE), /etc/iscsi-boot-agent.conf, or defaults. */
struct policy {
	unsigned int deadline_s; /* 0: none; default 180 */
	unsigned int others_s; /* for the other paths once the root is there, 0: without limit */
	enum on_failure on_failure;
	bool guard; /* remakes lost connections before iscsid does */
	enum engine_kind engine; /* default: native, which the plan may change */
	enum lease_from dhcp_client; /* that alone; LEASE_NONE: whichever the image has */
	unsigned int shutdown_timeout_s;
	bool multipath; /* configured in the image or on the command line */
	struct timers timers; /* of what has none of its own */
	char params[NR_NODE_PARAMS][NODE_PARAM_SIZE]; /* empty: not given */
};

#define LEASE_DNS_MAX 4

/*
 * What a DHCP server gave a NIC, for handoff. Texts came off the wire: checked for length and
 * escaped nowhere, so whoever writes them into a file checks them against what that file allows.
 */
struct lease {
	enum lease_from from;
	struct ibu_addr ip; /* its family is that of the DHCP that was spoken */
	unsigned int prefix_len; /* 128 by DHCPv6, which knows no subnets */
	struct ibu_addr router; /* zero: none */
	struct ibu_addr dns[LEASE_DNS_MAX];
	unsigned int nr_dns;
	struct ibu_addr server; /* DHCPv4: that gave it; zero: not known */
	unsigned int mtu; /* 0: not said */
	unsigned int seconds; /* how long it holds; 0: not known, UINT_MAX: for ever */
	int64_t since_ns; /* CLOCK_MONOTONIC */
	/*
	 * How the client called itself, as hex digits: option 61 (RFC 2132 9.14), or the DUID (RFC
	 * 8415 11). Empty: not known, or by the MAC of the packet alone. With DHCPv6 the IAID is
	 * the last four bytes of the MAC.
	 */
	char client_id[2 * 32 + 1];
	char hostname[IBU_TEXT_MAX + 1];
	char domain[IBU_TEXT_MAX + 1];
	char root_path[IBU_TEXT_MAX + 1]; /* as the server said it; RFC 4173 */
};

/* A NIC that some path needs. */
struct plan_nic {
	/*
	 * What another nicN of the same device says is in it already, and once there is a lease
	 * what that says where nothing else does.
	 */
	const struct ibu_nic *nic;
	unsigned int number; /* N of nicN; behind those of the view: made up for DHCP */
	bool asks; /* its link is up, and it wants a lease; set by net for dhcp */
	bool look_again; /* something new is known of it, or of where it leads to */
	struct ibu_nic leased; /* what nic points to then */
	const char *rename; /* what ifname= calls the device; NULL: as it is */
	const char *vlan_name; /* what vlan= calls the VLAN; NULL: as usual */
	struct lease lease; /* filled by dhcp, the firmware's by the plan */
	/* Filled by net: */
	int ifindex; /* of the device with the address (the VLAN's, where there is one) */
	char ifname[IFNAMSIZ];
	u8 mac[6]; /* of that device now */
	bool mac_is_unique; /* no other device has it, as a VLAN's parent would */
};

/* What the word ifname= says: how the device with that MAC is to be called. */
struct plan_ifname {
	u8 mac[6];
	const char *name; /* fit for a device */
};

/* What the word rd.route= says: by which gateway a net is reached. */
struct plan_route {
	struct ibu_addr dst;
	unsigned int len; /* bits of @dst */
	struct ibu_addr gateway; /* zero: it is on the link */
	const char *ifname; /* of the device; NULL: that in whose subnet the gateway is */
};

/* Where a path is on its way to be the root's, see run.h. */
enum path_state {
	PATH_NET,
	PATH_NAME, /* its portal is looked up; then back to the network, which makes the route */
	PATH_REACH, /* the next hop of its portal has to answer */
	PATH_LOGIN,
	PATH_DISK,
	PATH_TIMERS,
	PATH_IN, /* there, timers set or told */
	PATH_FAILED, /* result says how, why in words */
	NR_PATH_STATES,
};

/* One login and the disk it brings. */
struct plan_path {
	const struct ibu_target *target;
	/* That target where the root path of nic's lease is to name it; empty before it does. */
	struct ibu_target *by_dhcp;
	unsigned int number; /* N of targetN; behind those of the view: by_dhcp */
	struct plan_nic *nic; /* NULL: whichever has the route */
	const char *nic_reason; /* why that one, for people */
	/* Another path goes to the same portal by another NIC: each has its session. */
	bool shares_portal;
	/* Address as text, without brackets; empty while the target's name is not looked up. */
	char portal[IBU_ADDR_STRLEN];
	const struct ibu_addr *addrs; /* of that name; portal is addrs[addr] */
	unsigned int nr_addrs;
	unsigned int addr;
	unsigned int port;
	struct timers timers;
	/* Filled by run.c: */
	enum path_state state;
	int64_t since_ns; /* when it came to its state, CLOCK_MONOTONIC */
	int64_t spent_ns[NR_PATH_STATES]; /* in each state before, all times together */
	enum status result; /* of a path that is in or failed */
	bool moved; /* since /run/iscsi-boot/paths was written */
	bool comes_back; /* failed, but will be tried again: on-failure=retry */
	const char *why; /* what is in the way, or was; NULL: nothing */
	/* Filled by login: */
	int sid; /* /sys/class/iscsi_session/session<sid>, -1 before */
	int host; /* SCSI host number */
	/* Filled by disks: */
	char disk[DISK_NAME_SIZE]; /* "sda"; empty before */
	long linux_lun; /* of that disk, as the kernel calls it */
};

struct plan {
	struct policy policy;
	const char *initiator_name; /* checked: a-z 0-9 . - : and, with a note, A-Z _ */
	const char *initiator_from; /* for people */
	struct plan_nic *nics;
	unsigned int nr_nics;
	bool several_nics; /* not all are one device: each sends by itself what is its own */
	struct plan_ifname *ifnames;
	unsigned int nr_ifnames;
	struct plan_route *routes;
	unsigned int nr_routes;
	struct plan_path *paths; /* the first is the root's */
	unsigned int nr_paths;
	const struct plan_path *root; /* whose disk is the root; filled by disks, NULL before */
	/* The command line names a device that isn't there yet: plan again once the drivers are. */
	bool unsettled;
	/*
	 * Nobody asked for a target; DHCP is asked whether it knows one. If not, there is nothing
	 * to boot from.
	 */
	bool only_maybe;
	const char *by_transport; /* why the engine is open-iscsi; NULL */
	const char *notes; /* what was decided against or made up, a line each, for people */
	void *arena; /* private */
	const char *root_dir; /* as given to plan_make() */
	const struct view *view;
};

/*
 * Decides. STATUS_OK, STATUS_NOTHING, STATUS_CONFIG (told by log_failure), STATUS_USAGE or
 * STATUS_ERROR. @root: "" but in tests. @tree must live as long as @plan.
 */
enum status plan_make(const char *root, const struct view *view, struct plan *plan);
/*
 * A lease came for @pn: the paths that wait for its root path get their target by it. False and
 * @answer where one does not: then it says why, in the plan's arena, and what is wrong is told.
 */
bool plan_root_path(struct plan *plan, struct plan_path *path, const char **answer);
/* What the target is reached by, in open-iscsi's words; NULL: TCP. */
const char *plan_transport(const struct ibu_target *target);
/* A card does it all: iscsistart has to be told which. */
bool plan_wants_card(const struct ibu_target *target);
/* What ifname= calls the device with that MAC; NULL: nothing. */
const char *plan_ifname(const struct plan *plan, const u8 mac[6]);
/* Its address is to come by DHCP. */
bool nic_wants_dhcp(const struct ibu_nic *nic);
/* It waits for a root path. */
static inline bool path_awaits_root_path(const struct plan_path *path)
{
	return path->by_dhcp && !path->target->name.len;
}

/* Frees and wipes all but the policy, which says what to do after a failure. */
void plan_free(struct plan *plan);
/* Entries that mean the same device by MAC or by name, perhaps with different VLANs. */
bool nic_same_device(const struct ibu_nic *a, const struct ibu_nic *b);
/* For people: a line for each step that boot would do, with the reason. No secret. */
void plan_print(const struct view *view, const struct plan *plan, FILE *out);

#endif

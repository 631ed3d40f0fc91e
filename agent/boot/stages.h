/* SPDX-License-Identifier: GPL-2.0-only */
/* The stages that boot runs in the loop (loop/loop.h), with the file that defines each. */
#ifndef AGENT_BOOT_STAGES_H
#define AGENT_BOOT_STAGES_H

#include "loop/loop.h"

extern const struct stage
	stage_drivers; /* modules/nic_drivers.c: loads NIC drivers where no udev runs */
extern const struct stage stage_bypass; /* boot/bypass_stage.c: rd.iscsi.bypass */
extern const struct stage stage_net; /* net/net_stage.c: link, VLAN, MTU, addresses, routes */
extern const struct stage stage_reach; /* net/neighbour_stage.c: probes the next hop */
extern const struct stage stage_dhcp; /* dhcp/dhcp_stage.c: leases, targets of root paths */
extern const struct stage stage_managed; /* dhcp/managed_stage.c: root paths of network managers */
extern const struct stage stage_names; /* net/dns_stage.c: resolves host names */
extern const struct stage
	stage_storage; /* modules/storage_stage.c: loads what logins and disks need */
extern const struct stage stage_login; /* login/login_stage.c: logs in by an engine */
extern const struct stage stage_disks; /* disk/disk_stage.c: scan, uevents, /dev/iscsi-boot/ */
extern const struct stage stage_timers; /* disk/timers_stage.c: sets timers and reads them back */
extern const struct stage stage_retry; /* boot/retry_stage.c: on-failure=retry */
extern const struct stage stage_failover; /* boot/failover_stage.c: targets not boot-selected */
extern const struct stage stage_paths; /* boot/paths_stage.c: keeps /run/iscsi-boot/paths */
extern const struct stage stage_switch; /* boot/worker.c: stops when the machine switches root */

#endif

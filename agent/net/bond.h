/* SPDX-License-Identifier: GPL-2.0-only */
/* Bonds by rtnetlink, and the step of a NIC that creates its bond. */
#ifndef AGENT_NET_BOND_H
#define AGENT_NET_BOND_H

#include "net/nic_private.h"

/* Size in bytes of a buffer that holds the request for any bond. */
#define BOND_REQUEST_SIZE 1024

/*
 * Starts a request in @buf that creates @bond with the MAC @mac, or configures an existing one that
 * has no members and is down. Options: enum IFLA_BOND_* of linux/if_link.h. Returns the request.
 */
struct nlmsghdr *bond_request(char buf[BOND_REQUEST_SIZE], const struct plan_bond *bond,
			      const u8 mac[6]);
/*
 * Creates the NIC's bond as soon as all members are there, or after a time limit with those that
 * are, and adds the members. Leaves a bond unchanged that exists already, or whose members a
 * network manager manages. Returns NIC_READY if the bond can be used like any device, also if the
 * NIC has no bond; else the state to wait in or NIC_ERROR.
 */
enum nic_state bond_step(struct nic_context *n);
/*
 * True if the bond @link, which has a carrier, can pass frames: with 802.3ad, once it has a partner
 * (IEEE 802.1AX) or has waited for one long enough. Always true without a bond.
 */
bool bond_has_settled(struct nic_context *n, const struct link *link);
/* True if @link is or becomes a member of a bond that a path needs. */
bool bond_claims(const struct nic_context *n, const struct link *link);
/* True if the NIC's bond has waited long enough: the NIC has to be checked. */
bool bond_is_due(const struct nic_setup *setup);

#endif

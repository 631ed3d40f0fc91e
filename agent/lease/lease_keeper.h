/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of iscsi-boot-lease: keeps all leases below LEASE_DIR. */
#ifndef AGENT_LEASE_LEASE_KEEPER_H
#define AGENT_LEASE_LEASE_KEEPER_H

/*
 * Keeps the leases, also those that appear later, until a signal ends the process. @file: opened
 * for the state of the leases (lease_record.h). Returns -errno if it cannot start.
 */
int lease_keeper_run(int file);

#endif

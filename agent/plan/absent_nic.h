/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells whether the machine has the device of a NIC. */
#ifndef AGENT_PLAN_ABSENT_NIC_H
#define AGENT_PLAN_ABSENT_NIC_H

#include "plan/plan.h"

enum nic_presence {
	NIC_PRESENT, /* also of one that is named by its PCI function alone, or not at all */
	NIC_ABSENT, /* the machine has devices with a driver, but not this one */
	NIC_UNKNOWN, /* the machine has no device yet */
};

/* Returns whether the machine has the device of @nic, which need not be in the plan. */
enum nic_presence plan_nic_presence(const struct plan *plan, const struct ibu_nic *nic);

#endif

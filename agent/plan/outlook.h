/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells how boot would end, as far as the plan shows it. */
#ifndef AGENT_PLAN_OUTLOOK_H
#define AGENT_PLAN_OUTLOOK_H

#include "plan/plan.h"

/*
 * Returns STATUS_OK if boot can reach the root disk as far as the plan shows, or STATUS_NO_LINK,
 * which is logged, if the machine has other network devices, but none of those that its paths need.
 */
enum status plan_outlook(const struct plan *plan);

#endif

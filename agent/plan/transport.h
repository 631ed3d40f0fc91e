/* SPDX-License-Identifier: GPL-2.0-only */
/* The iSCSI transport of a target. */
#ifndef AGENT_PLAN_TRANSPORT_H
#define AGENT_PLAN_TRANSPORT_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* Returns true if open-iscsi and Linux support the transport of @target, or if it has none. */
bool plan_transport_is_known(const struct ibu_target *target);
/* Returns open-iscsi's name of the transport, or NULL for TCP. */
const char *plan_transport(const struct ibu_target *target);
/* Returns true for an offload card: iscsistart must get the card's MAC. */
bool plan_wants_card(const struct ibu_target *target);

#endif

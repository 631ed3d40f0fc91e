/* SPDX-License-Identifier: GPL-2.0-only */
/* The iSCSI transport of a target. */
#ifndef AGENT_PLAN_TRANSPORT_H
#define AGENT_PLAN_TRANSPORT_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* Whether open-iscsi and Linux have the transport that @target names; true if it names none. */
bool plan_transport_is_known(const struct ibu_target *target);
/* Returns open-iscsi's name of the transport, or NULL for TCP. */
const char *plan_transport(const struct ibu_target *target);
/* Whether the transport is an offload card, which iscsistart must be given by its MAC. */
bool plan_wants_card(const struct ibu_target *target);

#endif

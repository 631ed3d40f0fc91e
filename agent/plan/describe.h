/* SPDX-License-Identifier: GPL-2.0-only */
/* Describes parts of the plan for the log, without secrets. All return NULL without memory. */
#ifndef AGENT_PLAN_DESCRIBE_H
#define AGENT_PLAN_DESCRIBE_H

#include "plan/plan.h"

/* Returns @text on one line, escaped. */
char *describe_text(void **arena, const struct ibu_text *text);
/* Returns "nic0 (MAC 52:54:00:12:34:56, PCI 00:03.0)". */
char *describe_nic(void **arena, unsigned int number, const struct ibu_nic *nic);
/* Returns "target0 iqn.2024-01.org.example:root at 10.0.2.2:3260". @to: the target of @path now. */
char *describe_path(void **arena, const struct plan_path *path, const struct endpoint *to);

#endif

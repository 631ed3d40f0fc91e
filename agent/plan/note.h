/* SPDX-License-Identifier: GPL-2.0-only */
/* Notes of the planner: warnings about settings that it ignored, changed or assumed. */
#ifndef AGENT_PLAN_NOTE_H
#define AGENT_PLAN_NOTE_H

#include <stdio.h>

#include "kmod/core/params.h"

/* Adds a warning about @field of "target3" or "nic0". @kind is "target" or "nic". */
#define plan_note(diag, kind, number, field, ...)                                           \
	do {                                                                                \
		char place_[sizeof(kind) + 11];                                             \
		snprintf(place_, sizeof(place_), kind "%u", number);                        \
		ibu_diag_add(diag, IBU_WARNING, place_, field, IBU_NO_OFFSET, __VA_ARGS__); \
	} while (0)

#endif

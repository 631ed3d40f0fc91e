/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the planner: plan.c decides on paths, plan_nic.c on NICs, plan_secret.c reads files. */
#ifndef AGENT_PLAN_INNER_H
#define AGENT_PLAN_INNER_H

#include "plan.h"

struct planner {
	const char *root;
	const struct tree *tree;
	struct plan *plan;
	struct ibu_diag diag; /* becomes the plan's notes */
	/*
	 * The tree's NICs as they will be used. Entries that turned out to be one device are joined
	 * in the lower one: same_as is its number, and their own where there is nothing to join.
	 */
	struct ibu_nic *nics;
	unsigned int *same_as;
	struct ibu_target *targets; /* the tree's, completed; what paths of the plan point to */
};

/* Tells of "target3" or "nic0". */
#define planner_note(p, kind, number, field, ...)                                                 \
	do {                                                                                      \
		char place_[sizeof(kind) + 11];                                                   \
		snprintf(place_, sizeof(place_), kind "%u", number);                              \
		ibu_diag_add(&(p)->diag, IBU_WARNING, place_, field, IBU_NO_OFFSET, __VA_ARGS__); \
	} while (0)

/* Finds out which entries are one device and joins them. 0 or -ENOMEM. */
int planner_join_nics(struct planner *p);
/* Sets the NIC of @path and its reason, adding it to the plan. */
void planner_choose_nic(struct planner *p, struct plan_path *path);
/*
 * Reads the secrets that the target @number keeps in a file of the image into @target. 0, -ENOMEM,
 * or another -errno when the target cannot be used, which is told.
 */
int planner_read_secret(struct planner *p, unsigned int number, struct ibu_target *target);

#endif

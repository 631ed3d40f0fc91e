/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the planner: plan.c decides on paths, plan_nic.c on NICs, plan_secret.c reads files. */
#ifndef AGENT_PLAN_PLANNER_H
#define AGENT_PLAN_PLANNER_H

#include "plan/plan.h"

struct planner {
	const char *root;
	const struct view *view;
	struct plan *plan;
	struct ibu_diag diag; /* becomes the plan's notes */
	/*
	 * The tree's NICs as they will be used. Entries that turned out to be one device are joined
	 * in the lower one: same_as is its number, and their own where there is nothing to join.
	 */
	struct ibu_nic *nics;
	unsigned int *same_as;
	unsigned int nr_nics; /* the tree's, and one that was made up */
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
/* The entry of the plan for nic@n, new if no path needed it yet. */
struct plan_nic *planner_use_nic(struct planner *p, unsigned int n);
/* Sets the NIC of @path and its reason, adding it to the plan. */
void planner_choose_nic(struct planner *p, struct plan_path *path);
/* After all paths: what follows from there being several NICs. */
void planner_finish_nics(struct planner *p);
/* The names that words of the command line give its devices. plan_words.c, as the next. */
void planner_name_nic(struct planner *p, struct plan_nic *pn);
/* Words ifname= into the plan; the module tells what is bad. 0 or -ENOMEM. */
int planner_read_ifnames(struct planner *p);
/* Words rd.route= into the plan; what is bad is told. 0 or -ENOMEM. */
int planner_read_routes(struct planner *p);
/*
 * Reads the secrets that the target @number keeps in a file of the image into @target. 0, -ENOMEM,
 * or another -errno when the target cannot be used, which is told.
 */
int planner_read_secret(struct planner *p, unsigned int number, struct ibu_target *target);

/* plan.c, for paths whose target is known later */

bool planner_check_target(struct planner *p, unsigned int n, const struct ibu_target *t);
/* 0 or -ENOMEM. */
int planner_set_timers(struct planner *p, unsigned int number, const struct ibu_target *t,
		       struct timers *timers);

/* plan_dhcp.c */

enum root_path { ROOT_PATH_UNWANTED, ROOT_PATH_MAYBE, ROOT_PATH_WANTED, ROOT_PATH_WANTED_V6 };

/* Whether a root path is to be asked for by DHCP: the owner says so, or nothing else is there. */
enum root_path planner_wants_root_path(const struct view *view);
/* A path for each NIC that has DHCP, with a target to come. There is room. */
int planner_add_root_paths(struct planner *p, enum root_path wanted);

#endif

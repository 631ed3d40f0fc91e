// SPDX-License-Identifier: GPL-2.0-only
/* Passes the planner's notes to the plan, or logs them if the planning fails. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plan/planner.h"

enum status planner_fail(struct planner *p, enum status result, const char *failed,
			 const char *reason, const char *advice)
{
	view_name_places(p->view, &p->diag);
	log_diag("plan", p->diag.text, p->diag.len);
	return log_failure("plan", result, failed, reason, advice);
}

enum status planner_no_memory(struct planner *p)
{
	return planner_fail(p, STATUS_ERROR, "cannot plan the boot", strerror(ENOMEM),
			    "give the machine more memory");
}

enum status planner_nothing(struct planner *p)
{
	view_name_places(p->view, &p->diag);
	log_diag("plan", p->diag.text, p->diag.len);
	return STATUS_NOTHING;
}

enum status planner_keep_notes(struct planner *p)
{
	struct plan *plan = p->plan;

	ibu_diag_close(&p->diag, "plan");
	view_name_places(p->view, &p->diag);
	plan->notes = arena_text(&plan->arena, p->diag.text ? p->diag.text : "", p->diag.len);
	return p->diag.lost || !plan->notes ? planner_no_memory(p) : STATUS_OK;
}

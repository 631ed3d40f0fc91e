/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the plan of a command line in a temporary root, and keeps what was said. */
#ifndef TESTS_PLANNED_H
#define TESTS_PLANNED_H

#include "tests/unit/root.h"

#include "base/log.h"
#include "loop/path.h"
#include "plan/plan.h"

static struct view view;
static struct plan plan;
static struct progress progress;
static char *said; /* output on standard error while planning */

static inline void free_all(void)
{
	progress_free(&progress);
	plan_free(&plan);
	view_free(&view);
	log_close();
	free(said);
	said = NULL;
}

static inline int finish(void **state)
{
	free_all();
	return root_remove(state);
}

/* Catches the messages of planning, which go to standard error. */
static inline enum status make_quietly(void)
{
	FILE *caught = tmpfile();
	int real = dup(STDERR_FILENO);
	enum status status;
	long len;

	assert_true(caught && real >= 0);
	dup2(fileno(caught), STDERR_FILENO);
	status = plan_make(root, &view, &plan);
	assert_int_equal(progress_make(&progress, &plan), 0);
	dup2(real, STDERR_FILENO);
	close(real);
	fseek(caught, 0, SEEK_END);
	len = ftell(caught);
	rewind(caught);
	said = calloc(1, (size_t)len + 1);
	assert_int_equal(fread(said, 1, (size_t)len, caught), len);
	fclose(caught);
	return status;
}

static inline enum status make(const char *cmdline)
{
	free_all();
	root_put("/proc/cmdline", cmdline);
	assert_int_equal(view_read(root, &view), 0);
	return make_quietly();
}

static inline void assert_noted(const char *line)
{
	if (!strstr(plan.notes, line))
		fail_msg("no such note: \"%s\" in:\n%s", line, plan.notes);
}

static inline void assert_said(const char *line)
{
	if (!strstr(said, line))
		fail_msg("not said: \"%s\" but:\n%s", line, said);
}

#define INIT "rd.iscsi.initiator=iqn.2024-01.example:client "
#define TARGET "iscsi_boot.target=iscsi://10.0.0.1/iqn.2024-01.example:a/1 "

/* A test with a new root directory. */
#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, finish)

#endif

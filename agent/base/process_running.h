/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds processes by name. */
#ifndef AGENT_BASE_PROCESS_RUNNING_H
#define AGENT_BASE_PROCESS_RUNNING_H

#include <stdbool.h>

/* Returns true if a process has the name @comm, as in /proc/PID/comm: at most 15 bytes. */
bool process_is_running(const char *comm);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* The command show. */
#ifndef AGENT_CMD_SHOW_H
#define AGENT_CMD_SHOW_H

#include <stdio.h>

#include "view/view.h"

/*
 * Prints @view, the current state of its NICs and the result of the last boot to @out. @json:
 * prints one object (RFC 8259) whose keys are the names of the attributes, else text. Of a secret,
 * prints only whether it is set. @root: directory of /sys and /run, "" for the machine's own.
 */
void show_command(const char *root, const struct view *view, bool json, FILE *out);

#endif

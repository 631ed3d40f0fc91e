/* SPDX-License-Identifier: GPL-2.0-only */
/* The view, for people and for programs. Secrets are only said to be there. */
#ifndef AGENT_CMD_SHOW_H
#define AGENT_CMD_SHOW_H

#include <stdio.h>

#include "view/view.h"

/* @json: one object (RFC 8259), keys named like the attributes; else text. */
void show_command(const char *root, const struct view *view, bool json, FILE *out);

#endif

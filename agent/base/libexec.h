/* SPDX-License-Identifier: GPL-2.0-only */
/* Helper programs of the agent: not every image needs them, or they must be separate. */
#ifndef AGENT_BASE_LIBEXEC_H
#define AGENT_BASE_LIBEXEC_H

/*
 * Returns the path of @name: PREFIX/lib/iscsi-boot/@name if this program was installed as
 * PREFIX/sbin/iscsi-boot-agent, else /usr/lib/iscsi-boot/@name. NULL without memory.
 */
const char *libexec_path(void **arena, const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the agent's helper programs. They are separate because some images do not need them, or
 * because they run without the agent's libraries.
 */
#ifndef AGENT_BASE_LIBEXEC_H
#define AGENT_BASE_LIBEXEC_H

/*
 * Returns the path of @name: PREFIX/lib/iscsi-boot/@name if this program was installed as
 * PREFIX/sbin/iscsi-boot-agent, else /usr/lib/iscsi-boot/@name. NULL without memory.
 */
const char *libexec_path(void **arena, const char *name);

#endif

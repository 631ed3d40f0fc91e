/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs of ours beside the agent: what not every image needs, or has to stand alone. */
#ifndef AGENT_BASE_LIBEXEC_H
#define AGENT_BASE_LIBEXEC_H

/*
 * Where @name is: lib/iscsi-boot/@name below the prefix that the agent was installed to
 * (PREFIX/sbin/iscsi-boot-agent), or below /usr. NULL without memory.
 */
const char *libexec_path(void **arena, const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* The directory of the agent's result files, shared by initramfs and real root. */
#ifndef AGENT_BASE_RUN_DIR_H
#define AGENT_BASE_RUN_DIR_H

#define BOOT_RUN_DIR "/run/iscsi-boot"

/* Replaces the file BOOT_RUN_DIR/@name with @text atomically, mode 0644. Returns 0 or -errno. */
int run_dir_write(const char *name, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* A generator of systemd units (systemd.generator(7)), for the initramfs. */
#ifndef AGENT_CMD_SYSTEMD_GENERATOR_H
#define AGENT_CMD_SYSTEMD_GENERATOR_H

/* The agent acts as the generator if it is called by this name. */
#define SYSTEMD_GENERATOR "iscsi-boot-generator"

/*
 * Writes a drop-in for all devices to the directory @dir, so that systemd waits for a device 30 s
 * longer than the deadline of boot, but at least its own 90 s. A limit for one device, such as
 * x-systemd.device-timeout=, overrides it. Reads command line and policy below @root, "" except in
 * tests. Returns the exit status: 0, or 1 if a file cannot be read or written.
 */
int systemd_generator(const char *root, const char *dir);

#endif

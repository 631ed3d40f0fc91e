/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks host and domain names from outside. There are two rules, and the second includes the
 * first. A third rule, for portals, is in kmod/core/cmdline_target.c: it must not accept a mistyped
 * IP address as a name.
 */
#ifndef AGENT_BASE_HOSTNAME_H
#define AGENT_BASE_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

/* True for an ASCII letter or digit, in every locale. */
bool hostname_is_alnum(char c);
/*
 * True if @s consists of letters, digits, '-' and '.', begins with a letter or digit, and has 1 to
 * 255 bytes: DHCP servers send names that RFC 1123 forbids, such as "a..b", and they are accepted.
 */
bool hostname_has_valid_chars(const char *s, size_t len);
/*
 * True if @s also has labels of 1 to 63 bytes without '-' at either end, and at most 253 bytes in
 * all (RFC 1123 2.1). Required for names in files that shells and other programs read.
 */
bool hostname_is_valid(const char *s, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Cuts and reads pieces of text: numbers, addresses, names of network devices. */
#ifndef IBU_TEXT_H
#define IBU_TEXT_H

#include "params.h"

/*
 * Returns the text before the first @sep that is not inside brackets [], and removes both from
 * @rest. Without such a @sep, returns all of @rest and sets @rest->s to NULL.
 */
struct ibu_text ibu_cut(struct ibu_text *rest, char sep);

/* Does @t begin with @prefix? An empty @t begins with nothing. */
bool ibu_starts(const struct ibu_text *t, const char *prefix);

/*
 * Is @t the value of a switch that is off? As in dracut, that is 0, no or off; any other value, and
 * a parameter without a value, is on.
 */
bool ibu_is_off(const struct ibu_text *t);

/*
 * Reads all of @t as a decimal number without sign. Returns 0, or -EINVAL if it is no number or is
 * above @max; @value is then unchanged.
 */
int ibu_number(const struct ibu_text *t, u32 max, u32 *value);

/*
 * Reads all of @t as an IPv4 or IPv6 address, with or without brackets. Returns 0, or -EINVAL with
 * @a unchanged.
 */
int ibu_address(struct ibu_text t, struct ibu_addr *a);

/*
 * The same, with an optional zone (RFC 4007 11) as in fe80::1%eth0, inside the brackets if there
 * are any. @zone is the text behind the first '%', or has a NULL pointer without one.
 */
int ibu_split_zone(struct ibu_text t, struct ibu_addr *a, struct ibu_text *zone);

/*
 * Does @t begin with an IPv6 address without brackets, followed by ':' or by nothing? Only global
 * unicast, unique local and link-local addresses count (RFC 4291 2.4, RFC 4193 3.1), because
 * "cafe::3260" may also be a host name, an empty field and a port.
 */
bool ibu_begins_with_ip6(const struct ibu_text *t);

/*
 * As ibu_split_zone(), but only a link-local IPv6 address may have a zone (RFC 4007 11):
 * fe80::1%eth0 or [fe80::1%eth0]. Stores the name of its device, or an empty text, in @zone.
 * Returns 0 or -EINVAL.
 */
int ibu_address_zone(struct ibu_text t, struct ibu_addr *a, struct ibu_text *zone);

/*
 * Is @t a name that Linux accepts for a network device? The rules are dev_valid_name() of
 * net/core/dev.c and IFNAMSIZ; in addition the name must be printable ASCII.
 */
bool ibu_valid_ifname(const struct ibu_text *t);

#endif

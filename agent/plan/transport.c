// SPDX-License-Identifier: GPL-2.0-only
/* Determines the iSCSI transport of a target: TCP, iSER or an offload card. */
#include "plan/transport.h"

#include <string.h>

#include "kmod/core/attrs.h"

/* The transports of open-iscsi and Linux. */
static const char transports[] = "tcp\0iser\0bnx2i\0qedi\0cxgb3i\0cxgb4i\0be2iscsi\0qla4xxx\0";

/* Returns "" if there is no transport of that name. */
static const char *find_transport(const struct ibu_target *t)
{
	const char *s = transports;

	while (*s && ibu_has(&t->f, IBU_TARGET_TRANSPORT) && !ibu_is(&t->transport, s))
		s += strlen(s) + 1;
	return s;
}

bool plan_transport_is_known(const struct ibu_target *t)
{
	return *find_transport(t);
}

const char *plan_transport(const struct ibu_target *t)
{
	const char *s = find_transport(t);

	return s == transports ? NULL : s;
}

bool plan_wants_card(const struct ibu_target *t)
{
	const char *name = plan_transport(t);

	return name && strcmp(name, "iser") != 0;
}

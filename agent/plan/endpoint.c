// SPDX-License-Identifier: GPL-2.0-only
/* Compares the targets and portals of paths: session, LUN and credentials. */
#include "plan/endpoint.h"

#include <string.h>

#include "base/ip_addr.h"
#include "kmod/core/attrs.h"
#include "plan/policy.h"

#define DEFAULT_PORT 3260 /* RFC 7143 4.1 */

void endpoint_set(struct endpoint *to, const struct ibu_target *t)
{
	*to = (struct endpoint){
		.target = t,
		.port = ibu_has(&t->f, IBU_TARGET_PORT) ? t->port : DEFAULT_PORT,
	};
	if (ibu_has(&t->f, IBU_TARGET_IP_ADDR))
		ibu_addr_print(&t->ip, to->portal);
}

bool endpoint_same_session(const struct endpoint *a, const struct endpoint *b)
{
	return ibu_text_eq(&a->target->name, &b->target->name) && a->port == b->port &&
	       !strcmp(a->portal, b->portal) &&
	       (*a->portal || ibu_text_eq(&a->target->host, &b->target->host));
}

bool endpoint_attaches(const struct endpoint *a, const struct endpoint *b)
{
	if (!ibu_has(&a->target->f, IBU_TARGET_LUN))
		return true;
	return ibu_has(&b->target->f, IBU_TARGET_LUN) &&
	       !memcmp(a->target->lun, b->target->lun, sizeof(a->target->lun));
}

bool endpoint_is_link_local(const struct endpoint *to)
{
	struct ibu_addr addr;

	return !ibu_addr_parse(to->portal, strlen(to->portal), &addr) && addr_is_link_local(&addr);
}

bool endpoint_same_lun(const struct endpoint *a, const struct endpoint *b)
{
	return endpoint_attaches(a, b) && endpoint_attaches(b, a);
}

bool endpoint_same_disk(const struct endpoint *a, const struct endpoint *b)
{
	return ibu_text_eq(&a->target->name, &b->target->name) && endpoint_same_lun(a, b);
}

static const enum ibu_target_field chap_fields[] = { IBU_TARGET_CHAP_TYPE, IBU_TARGET_CHAP_NAME,
						     IBU_TARGET_CHAP_SECRET,
						     IBU_TARGET_REV_CHAP_NAME,
						     IBU_TARGET_REV_CHAP_SECRET };

/*
 * Compares the CHAP type and the fields that it needs. Without CHAP, a missing type is the same as
 * 0.
 */
bool endpoint_same_chap(const struct endpoint *a, const struct endpoint *b)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_TARGET];
	unsigned int i;

	if (a->target->chap_type != b->target->chap_type)
		return false;
	for (i = 1; i <= 2 * a->target->chap_type; i++)
		if (!ibu_attr_equal(class, chap_fields[i], a->target, b->target))
			return false;
	return true;
}

void endpoint_copy_chap(struct ibu_target *to, const struct ibu_target *from)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_TARGET];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(chap_fields); i++) {
		to->f.set &= ~BIT_ULL(chap_fields[i]);
		to->f.from_cmdline &= ~BIT_ULL(chap_fields[i]);
		if (ibu_has(&from->f, chap_fields[i]))
			ibu_attr_copy(class, chap_fields[i], to, from);
	}
}

bool endpoint_share_timers(struct timers *to, const struct timers *from)
{
	struct timers own = *to;

	to->recovery_tmo = from->recovery_tmo;
	to->multipath_recovery_tmo = from->multipath_recovery_tmo;
	to->noop_interval = from->noop_interval;
	to->noop_timeout = from->noop_timeout;
	return memcmp(to, &own, sizeof(own)) != 0;
}

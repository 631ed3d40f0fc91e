// SPDX-License-Identifier: GPL-2.0-only
/* Checks whether a target can be used (name, portal, transport, CHAP), and reads its timers. */
#include "plan/target.h"

#include "iscsi/iscsi_name.h"
#include "plan/note.h"
#include "plan/transport.h"
#include "kmod/core/attrs.h"

/* Returns NULL, or what the target lacks: the agent never logs in with less than was configured. */
static const char *chap_fault(const struct ibu_target *t)
{
	bool user = ibu_has(&t->f, IBU_TARGET_CHAP_NAME);
	bool secret = ibu_has(&t->f, IBU_TARGET_CHAP_SECRET);
	bool reverse = ibu_has(&t->f, IBU_TARGET_REV_CHAP_NAME);

	if (t->unsound)
		return "an attribute of the target cannot be read";
	if (t->chap_type > 2)
		return "unknown CHAP type";
	if (!t->chap_type && (user || secret))
		return "CHAP credentials are given, but the CHAP type is 0";
	if (t->chap_type && !(user && secret))
		return "CHAP name or secret missing";
	if (t->chap_type == 2 && !(reverse && ibu_has(&t->f, IBU_TARGET_REV_CHAP_SECRET)))
		return "reverse CHAP name or secret missing";
	return NULL;
}

static bool has_portal(const struct ibu_target *t)
{
	return (ibu_has(&t->f, IBU_TARGET_IP_ADDR) && !ibu_addr_is_null(&t->ip)) ||
	       ibu_has(&t->f, IBU_TARGET_HOST); /* looked up later */
}

/* RFC 7143 9.2.1. Shorter secrets are used too, as other initiators do. */
#define SECRET_MIN 12

static bool has_short_secret(const struct ibu_target *t)
{
	return (t->chap_type && t->chap_secret.len < SECRET_MIN) ||
	       (t->chap_type > 1 && t->rev_chap_secret.len < SECRET_MIN);
}

/* RFC 7143 9.2.1: a secret must not serve both directions. Some targets refuse such a login. */
static bool has_equal_secrets(const struct ibu_target *t)
{
	return t->chap_type > 1 && ibu_text_eq(&t->chap_secret, &t->rev_chap_secret);
}

/* Returns NULL, or why the target cannot be used; @field is then the invalid attribute. */
static const char *target_fault(const struct ibu_target *t, enum iscsi_name_syntax syntax,
				const char **field)
{
	*field = "target-name";
	if (syntax == ISCSI_NAME_INVALID)
		return "not " ISCSI_NAME_RULE;
	*field = "ip-addr";
	if (!has_portal(t))
		return "no portal";
	*field = "transport";
	if (!plan_transport_is_known(t))
		return "unknown transport";
	*field = "chap-type";
	return chap_fault(t);
}

bool target_is_usable(struct ibu_diag *diag, unsigned int n, const struct ibu_target *t)
{
	/* A target without a name is found by discovery. */
	enum iscsi_name_syntax syntax = t->name.len ? iscsi_name_check(&t->name) :
						      ISCSI_NAME_STRICT;
	const char *field, *fault = target_fault(t, syntax, &field);

	if (fault) {
		plan_note(diag, "target", n, field, "target ignored: %s", fault);
		return false;
	}
	if (syntax == ISCSI_NAME_TOLERATED)
		plan_note(diag, "target", n, "target-name", "used unchanged, but not %s",
			  ISCSI_NAME_RULE);
	if (has_short_secret(t))
		plan_note(diag, "target", n, "chap-type",
			  "a CHAP secret is shorter than %d bytes (RFC 7143 9.2.1)", SECRET_MIN);
	if (has_equal_secrets(t))
		plan_note(diag, "target", n, "chap-type", "both directions have the same secret");
	return true;
}

int target_timers(const struct plan *plan, unsigned int n, const struct ibu_target *t,
		  struct timers *timers)
{
	struct timers_scope scope = { &t->name, n, -1 };

	if (ibu_has(&t->f, IBU_TARGET_LUN))
		scope.lun = ibu_lun_number(t->lun);
	return policy_timers(plan->root_dir, &plan->policy_targets, &plan->policy, &scope, timers);
}

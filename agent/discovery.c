// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session for discovery alone, without CHAP: nothing is said there that a target would have to be
 * trusted with. open-iscsi's needs a daemon and a database.
 */
#include "discovery.h"

#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "portal.h"
#include "wire.h"

/* A target of a thousand names is within it; what is longer is nobody's to boot from. */
#define TEXT_MAX (256 * 1024)
/* More rounds than a login without CHAP has. */
#define LOGIN_ROUNDS 10

struct discovery {
	const struct plan_path *path;
	struct deadline until;
	struct wire wire;
	bool in_text; /* the login is done */
	unsigned int rounds;
	struct pdu_numbers numbers;
	struct pdu out;
	char *text;
	size_t text_len;
	struct verdict verdict;
	const char *answer;
};

static bool fail(struct discovery *d, enum failure why, const char *answer)
{
	d->verdict = (struct verdict){ STATUS_NO_ANSWER, NEXT_TRY, why };
	d->answer = answer;
	return true;
}

static bool fail_for_good(struct discovery *d, const char *answer)
{
	d->verdict = (struct verdict){ STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };
	d->answer = answer;
	return true;
}

struct discovery *discovery_start(const struct plan *plan, const struct plan_path *path,
				  struct deadline until)
{
	struct discovery *d = calloc(1, sizeof(*d));
	struct sockaddr_in6 addr;
	socklen_t len = portal_address(path, &addr);
	unsigned int random = random_number();
	int r;

	if (!d)
		return NULL;
	d->path = path;
	d->until = until;
	d->numbers.isid[0] = 0x80; /* random format, RFC 7143 11.12.5 */
	memcpy(d->numbers.isid + 1, &random, 3);
	pdu_login_request(&d->out, &d->numbers, PDU_STAGE_OPERATIONAL, PDU_STAGE_FULL);
	pdu_add_text(&d->out, "InitiatorName", plan->initiator_name);
	pdu_add_text(&d->out, "SessionType", "Discovery");
	d->wire.fd = len ? portal_socket(plan, path, addr.sin6_family) : -1;
	r = d->wire.fd < 0 ? -EBADF : wire_connect(&d->wire, &addr, len);
	if (r && r != -EINPROGRESS)
		fail(d, FAILURE_NETWORK, "no TCP connection");
	wire_say(&d->wire, &d->out);
	return d;
}

void discovery_waits(const struct discovery *d, struct waits *waits)
{
	waits_fd(waits, d->wire.fd, wire_events(&d->wire));
	waits_until(waits, d->answer ? (struct deadline){ 0 } : d->until);
}

static void ask(struct discovery *d, uint32_t tag)
{
	pdu_text_request(&d->out, &d->numbers, tag);
	if (tag == PDU_NO_TAG)
		pdu_add_text(&d->out, "SendTargets", "All");
	d->in_text = true;
}

static bool take_login(struct discovery *d)
{
	const char *words;

	if (pdu_opcode(&d->wire.in) != PDU_LOGIN_ANSWER)
		return fail_for_good(d, "its answer to a login is none");
	d->verdict = pdu_login_verdict(&d->wire.in, &words);
	if (d->verdict.status != STATUS_OK) {
		d->answer = words;
		return true;
	}
	if (pdu_is_final(&d->wire.in)) {
		ask(d, PDU_NO_TAG);
		return false;
	}
	if (++d->rounds > LOGIN_ROUNDS)
		return fail_for_good(d, "the login does not come to an end");
	pdu_login_request(&d->out, &d->numbers, PDU_STAGE_OPERATIONAL, PDU_STAGE_FULL);
	return false;
}

static bool take_text(struct discovery *d)
{
	size_t len = pdu_data_len(&d->wire.in);
	char *text;

	if (pdu_opcode(&d->wire.in) != PDU_TEXT_ANSWER)
		return fail_for_good(d, "its answer to SendTargets is none");
	if (d->text_len + len > TEXT_MAX || ++d->rounds > TEXT_MAX / 64)
		return fail_for_good(d, "its list of targets does not come to an end");
	text = realloc(d->text, d->text_len + len + 1);
	if (!text)
		return fail_for_good(d, strerror(ENOMEM));
	memcpy(text + d->text_len, d->wire.in.data, len);
	d->text = text;
	d->text_len += len;
	if (pdu_is_final(&d->wire.in)) {
		d->verdict = (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER };
		return true;
	}
	ask(d, pdu_transfer_tag(&d->wire.in));
	return false;
}

static bool lost(struct discovery *d, int error)
{
	if (error == -EMSGSIZE)
		return fail_for_good(d, wire_words(error));
	return fail(d, error == -ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK,
		    wire_words(error));
}

/* True at an end. */
static bool go_on(struct discovery *d)
{
	int r;

	while ((r = wire_step(&d->wire)) > 0) {
		d->numbers.exp_stat_sn = pdu_stat_sn(&d->wire.in) + 1;
		if (d->in_text ? take_text(d) : take_login(d))
			return true;
		wire_say(&d->wire, &d->out);
	}
	return r && lost(d, r);
}

bool discovery_step(struct discovery *d, struct verdict *verdict, const char **answer,
		    struct discovered *found)
{
	if (!d->answer && !go_on(d)) {
		if (deadline_left_ms(d->until))
			return false;
		fail(d, FAILURE_NETWORK, "no answer to a discovery in time");
	}
	if (!d->answer && !discovery_choose(d->text ? d->text : "", d->text_len, d->path->portal,
					    d->path->port, found)) {
		d->verdict = (struct verdict){ STATUS_NO_TARGET, NEXT_TRY, FAILURE_TARGET };
		d->answer = "the portal has no target for this initiator";
	}
	*verdict = d->verdict;
	*answer = d->answer;
	return true;
}

void discovery_free(struct discovery *d)
{
	if (!d)
		return;
	wire_close(&d->wire);
	free(d->text);
	free(d);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session for discovery alone, with CHAP only where the portal wants that: nothing is said there
 * that a target would have to be trusted with. open-iscsi's needs a daemon and a database.
 */
#include "login/discovery.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "iscsi/pdu_socket.h"
#include "login/native_params.h"
#include "login/portal.h"

/* A target of a thousand names is within it; what is longer is nobody's to boot from. */
#define TEXT_MAX (256 * 1024)

struct discovery {
	const struct progress *progress;
	const struct path *path;
	struct deadline until;
	struct pdu_socket wire;
	struct login_phase_account login;
	struct login_phase x; /* what is sent is always its out */
	bool in_text; /* the login is done */
	unsigned int rounds;
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

/* Connects, to log in. */
static void begin(struct discovery *d)
{
	struct sockaddr_in6 addr;
	socklen_t len = portal_address(d->path, &addr);
	int r;

	d->wire.fd = -1;
	if (login_phase_start(&d->x, &d->login) == LOGIN_PHASE_FAILED) {
		d->verdict = d->x.verdict;
		d->answer = d->x.answer;
		return;
	}
	d->wire.fd = len ? portal_socket(d->progress, d->path, addr.sin6_family) : -1;
	r = d->wire.fd < 0 ? -EBADF : pdu_socket_connect(&d->wire, &addr, len);
	if (r && r != -EINPROGRESS)
		fail(d, FAILURE_NETWORK, "no TCP connection");
	pdu_socket_send(&d->wire, &d->x.out);
}

struct discovery *discovery_start(const struct progress *progress, const struct path *path,
				  struct deadline until)
{
	struct discovery *d = calloc(1, sizeof(*d));
	unsigned int random = random_number();

	if (!d)
		return NULL;
	d->progress = progress;
	d->path = path;
	d->until = until;
	d->login.initiator_name = progress->plan->initiator_name;
	d->login.offer = login_phase_defaults;
	d->login.isid[0] = 0x80; /* random format, RFC 7143 11.12.5 */
	memcpy(d->login.isid + 1, &random, 3);
	begin(d);
	return d;
}

void discovery_waits(const struct discovery *d, struct waits *waits)
{
	waits_fd(waits, d->wire.fd, pdu_socket_events(&d->wire));
	waits_until(waits, d->answer ? (struct deadline){ 0 } : d->until);
}

static void ask(struct discovery *d, uint32_t tag)
{
	struct pdu_numbers n = { .exp_stat_sn = pdu_stat_sn(&d->wire.in) + 1 };

	memcpy(n.isid, d->login.isid, sizeof(n.isid));
	pdu_text_request(&d->x.out, &n, tag);
	if (tag == PDU_NO_TAG)
		pdu_add_text(&d->x.out, "SendTargets", "All");
	d->in_text = true;
}

/*
 * The portal wants to know who we are, and there is an account: the target's. True: it was begun
 * anew, or has ended by that.
 */
static bool begin_with_account(struct discovery *d)
{
	const char *algorithms = d->progress->plan->policy.params[LOGIN_PARAM_CHAP_ALGS];

	if (d->x.verdict.status != STATUS_AUTH || d->login.chap.initiator.user)
		return false;
	native_account(d->path->to.target, &d->login.chap);
	if (!d->login.chap.initiator.user)
		return false;
	if (algorithms[0]) /* a portal gets no answer by one that the target would not */
		d->login.chap.algorithms = algorithms;
	pdu_socket_close(&d->wire);
	begin(d);
	return true;
}

static bool take_login(struct discovery *d)
{
	switch (login_phase_receive(&d->x, &d->wire.in)) {
	case LOGIN_PHASE_SEND:
		return false;
	case LOGIN_PHASE_DONE:
		ask(d, PDU_NO_TAG);
		return false;
	default:
		if (begin_with_account(d))
			return d->answer;
		d->verdict = d->x.verdict;
		d->answer = d->x.answer;
		return true;
	}
}

static bool take_text(struct discovery *d)
{
	size_t len = pdu_data_len(&d->wire.in);
	char *text;

	if (pdu_opcode(&d->wire.in) != PDU_TEXT_RESPONSE)
		return fail_for_good(d, "its answer to SendTargets is none");
	if (d->text_len + len > TEXT_MAX || ++d->rounds > TEXT_MAX / 64)
		return fail_for_good(d, "its list of targets does not come to an end");
	text = realloc(d->text, d->text_len + len + 1);
	if (!text)
		return fail_for_good(d, strerror(ENOMEM));
	memcpy(text + d->text_len, d->wire.in.data, len);
	d->text = text;
	d->text_len += len;
	if (pdu_has_final(&d->wire.in)) {
		d->verdict = (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER };
		return true;
	}
	ask(d, pdu_transfer_tag(&d->wire.in));
	return false;
}

static bool lost(struct discovery *d, int error)
{
	if (error == -EMSGSIZE)
		return fail_for_good(d, pdu_socket_strerror(error));
	return fail(d, error == -ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK,
		    pdu_socket_strerror(error));
}

/* True at an end. */
static bool go_on(struct discovery *d)
{
	int r;

	while ((r = pdu_socket_poll(&d->wire)) > 0) {
		if (d->in_text ? take_text(d) : take_login(d))
			return true;
		pdu_socket_send(&d->wire, &d->x.out);
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
	if (!d->answer && !discovery_choose(d->text ? d->text : "", d->text_len, d->path->to.portal,
					    d->path->to.port, found)) {
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
	pdu_socket_close(&d->wire);
	login_phase_free(&d->x);
	free(d->text);
	free(d);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks a portal for its targets over a separate TCP connection of the agent. CHAP is used only if
 * the portal demands it. open-iscsi's discovery is not used: it needs a daemon and a database.
 */
#include "login/discovery.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "iscsi/pdu_socket.h"
#include "login/native_params.h"
#include "login/portal.h"
#include "login/redirect.h"

/* Limit of the whole response in bytes: enough for a thousand target names. */
#define TEXT_MAX (256 * 1024)
#define ROUNDS_MAX (TEXT_MAX / 64)

struct discovery {
	const struct progress *progress;
	const struct path *path;
	struct deadline until;
	bool in_text; /* logged in; SendTargets was sent */
	unsigned int rounds; /* PDUs received since */
	char *text; /* of all Text Responses */
	size_t text_len;
	void *arena; /* holds @answer */
	struct verdict verdict;
	const char *answer; /* reason of the failure; NULL: no failure */
	struct login_phase_account login;
	struct redirects redirects; /* followed so far */
	struct pdu_socket wire;
	struct login_phase x; /* its @out holds each request that is sent */
};

static bool discovery_fail(struct discovery *d, enum failure why, const char *answer)
{
	d->verdict = (struct verdict){ STATUS_NO_ANSWER, NEXT_TRY, why };
	d->answer = answer;
	return true;
}

static bool discovery_fail_permanent(struct discovery *d, const char *answer)
{
	d->verdict = (struct verdict){ STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };
	d->answer = answer;
	return true;
}

/* Connects and prepares the first Login Request. A failure is in d->answer. */
static void discovery_connect(struct discovery *d)
{
	const struct login_redirect *to = redirects_last(&d->redirects);
	int ifindex = d->path->nic ? d->path->nic->ifindex : 0, r;
	struct sockaddr_in6 addr;
	socklen_t len = to ? portal_parse(d->redirects.address, to->port, ifindex, &addr) :
			     portal_address(d->path, &addr);

	d->wire.fd = -1;
	if (login_phase_start(&d->x, &d->login) == LOGIN_PHASE_FAILED) {
		d->verdict = d->x.verdict;
		d->answer = d->x.answer;
		return;
	}
	d->wire.fd = len ? portal_socket(d->progress, d->path, addr.sin6_family) : -1;
	r = d->wire.fd < 0 ? -EBADF : pdu_socket_connect(&d->wire, &addr, len);
	if (r && r != -EINPROGRESS)
		discovery_fail(d, FAILURE_NETWORK, "no TCP connection");
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
	d->login.offer.header_digest = DIGEST_NONE; /* no PDU of a discovery has one */
	d->login.offer.data_digest = DIGEST_NONE;
	d->login.isid[0] = 0x80; /* random format, RFC 7143 11.12.5 */
	memcpy(d->login.isid + 1, &random, 3);
	d->login.nth_address = random % REDIRECT_ADDRESSES;
	discovery_connect(d);
	return d;
}

void discovery_waits(const struct discovery *d, struct waits *waits)
{
	if (d->redirects.resolving)
		waits_fd(waits, d->redirects.lookup.task.pidfd, POLLIN);
	else
		waits_fd(waits, d->wire.fd, pdu_socket_events(&d->wire));
	waits_until(waits, d->answer ? (struct deadline){ 0 } : d->until);
}

static void send_text_request(struct discovery *d, uint32_t tag)
{
	struct pdu_numbers n = { .exp_stat_sn = pdu_stat_sn(&d->wire.in) + 1 };

	memcpy(n.isid, d->login.isid, sizeof(n.isid));
	pdu_text_request(&d->x.out, &n, tag);
	if (tag == PDU_NO_TAG)
		pdu_add_text(&d->x.out, "SendTargets", "All");
	d->in_text = true;
}

/*
 * The portal demands CHAP, perhaps without saying so: connects again and logs in with the target's
 * account. Returns false if there is no account or it was used already. A failure to connect is in
 * d->answer.
 */
static bool retry_with_account(struct discovery *d)
{
	const char *algorithms = d->progress->plan->policy.params[LOGIN_PARAM_CHAP_ALGS];

	if ((d->x.verdict.status != STATUS_AUTH && d->x.verdict.failure != FAILURE_DENIED) ||
	    d->login.chap.initiator.user)
		return false;
	native_account(d->path->to.target, &d->login.chap);
	if (!d->login.chap.initiator.user)
		return false;
	if (algorithms[0]) /* the policy limits discovery as it limits the login */
		d->login.chap.algorithms = algorithms;
	pdu_socket_close(&d->wire);
	discovery_connect(d);
	return true;
}

/* Connects again and offers MD5 alone. Returns false if that cannot help. */
static bool retry_with_md5(struct discovery *d)
{
	if (!login_phase_reduce_chap(&d->x, &d->login))
		return false;
	pdu_socket_close(&d->wire);
	discovery_connect(d);
	return true;
}

/* Connects to the portal of a redirect, once its name is resolved. */
static bool discovery_redirected(struct discovery *d)
{
	const char *wrong;

	pdu_socket_close(&d->wire);
	wrong = redirects_follow(&d->redirects, d->progress, d->path, &d->x.redirect, &d->arena);
	if (wrong) {
		d->verdict = (struct verdict){ STATUS_REFUSED, NEXT_TRY, FAILURE_REDIRECT };
		d->answer = wrong;
	} else if (!d->redirects.resolving) {
		discovery_connect(d);
	}
	return d->answer;
}

/* Returns true if the discovery has failed. */
static bool discovery_resolve(struct discovery *d)
{
	const char *wrong;

	if (!redirects_resolved(&d->redirects, 0, &wrong))
		return false;
	if (wrong)
		return discovery_fail(d, FAILURE_REDIRECT, wrong);
	discovery_connect(d);
	return d->answer;
}

static bool receive_login_response(struct discovery *d)
{
	switch (login_phase_receive(&d->x, &d->wire.in)) {
	case LOGIN_PHASE_SEND:
		return false;
	case LOGIN_PHASE_DONE:
		send_text_request(d, PDU_NO_TAG);
		return false;
	case LOGIN_PHASE_REDIRECTED:
		return discovery_redirected(d);
	default:
		if (retry_with_account(d) || retry_with_md5(d))
			return d->answer;
		d->verdict = d->x.verdict;
		d->answer = d->x.answer;
		return true;
	}
}

static bool receive_text_response(struct discovery *d)
{
	size_t len = pdu_data_len(&d->wire.in);
	char *text;

	if (pdu_opcode(&d->wire.in) != PDU_TEXT_RESPONSE)
		return discovery_fail_permanent(d, "reply to SendTargets is not a Text Response");
	if (d->text_len + len > TEXT_MAX || ++d->rounds > ROUNDS_MAX)
		return discovery_fail_permanent(d, "reply to SendTargets is too long");
	text = realloc(d->text, d->text_len + len + 1);
	if (!text)
		return discovery_fail_permanent(d, strerror(ENOMEM));
	memcpy(text + d->text_len, d->wire.in.data, len);
	d->text = text;
	d->text_len += len;
	/* open-iscsi also takes a response without a tag to go on for the last one. */
	if (pdu_has_final(&d->wire.in) || pdu_transfer_tag(&d->wire.in) == PDU_NO_TAG) {
		d->verdict = (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER };
		return true;
	}
	send_text_request(d, pdu_transfer_tag(&d->wire.in));
	return false;
}

static bool discovery_disconnected(struct discovery *d, int error)
{
	if (retry_with_md5(d))
		return d->answer;
	if (error == -EMSGSIZE)
		return discovery_fail_permanent(d, pdu_socket_strerror(error));
	return discovery_fail(d, error == -ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK,
			      pdu_socket_strerror(error));
}

/* Returns true if a target sent the PDU unasked: a ping or an event, which do not concern us. */
static bool is_unasked(const struct discovery *d)
{
	uint8_t opcode = pdu_opcode(&d->wire.in);

	return d->in_text && (opcode == PDU_NOP_IN || opcode == PDU_ASYNC_MESSAGE);
}

/* Handles all responses that have arrived. Returns true if the discovery is finished. */
static bool discovery_receive(struct discovery *d)
{
	int r;

	if (d->redirects.resolving && (discovery_resolve(d) || d->redirects.resolving))
		return d->answer;
	while ((r = pdu_socket_poll(&d->wire)) > 0) {
		if (is_unasked(d) && ++d->rounds <= ROUNDS_MAX) {
			pdu_socket_skip(&d->wire);
			continue;
		}
		if (d->in_text ? receive_text_response(d) : receive_login_response(d))
			return true;
		if (d->redirects.resolving)
			return false;
		pdu_socket_send(&d->wire, &d->x.out);
	}
	return r && discovery_disconnected(d, r);
}

bool discovery_step(struct discovery *d, struct verdict *verdict, const char **answer,
		    struct discovered *found)
{
	if (!d->answer && !discovery_receive(d)) {
		if (deadline_left_ms(d->until))
			return false;
		discovery_fail(d, FAILURE_NETWORK, "discovery timed out");
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
	redirects_free(&d->redirects);
	arena_free(&d->arena);
	free(d->text);
	free(d);
}

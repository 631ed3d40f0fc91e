/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs the login phase of RFC 7143 (sections 6, 11.12, 11.13, 12.1 and 13), from the first request
 * to the full feature phase. It works on PDUs, without socket or clock: engine_native.c sends them
 * over its own socket, the guard through the kernel. All bytes of the target are checked.
 */
#ifndef AGENT_ISCSI_LOGIN_PHASE_H
#define AGENT_ISCSI_LOGIN_PHASE_H

#include "iscsi/login_keys.h"
#include "iscsi/login_state.h"

enum login_phase_next {
	LOGIN_PHASE_SEND, /* send @out, and give the response to login_phase_receive() */
	LOGIN_PHASE_DONE, /* full feature phase: @params, @tpgt and @exp_stat_sn are valid */
	LOGIN_PHASE_REDIRECTED, /* connect to @redirect and start again there */
	LOGIN_PHASE_FAILED, /* see @verdict and @answer */
};

/*
 * Starts a login, or starts it again after a redirection: @x->out is the first request. @x must be
 * zeroed before the first call and must not move until login_phase_free(). Returns
 * LOGIN_PHASE_SEND, or LOGIN_PHASE_FAILED if the account cannot be used; login_phase_receive() then
 * fails too.
 */
enum login_phase_next login_phase_start(struct login_phase *x,
					const struct login_phase_account *login);
/* Processes a received response, which may have any content. */
enum login_phase_next login_phase_receive(struct login_phase *x, const struct pdu *in);
/*
 * For a login that failed, or whose connection the target closed: returns true if the target may
 * have refused the list of CHAP algorithms and would take MD5, which was in the list. Some targets
 * compare the list as text: LIO before Linux 3.15 and Synology accept none that does not begin with
 * MD5. Others choose an algorithm that they compute otherwise. @login, the account of @x, then
 * offers MD5 alone; log in again over a new connection. True at most once for an account.
 */
bool login_phase_reduce_chap(const struct login_phase *x, struct login_phase_account *login);
/* Frees and wipes @x, which may be zeroed. */
void login_phase_free(struct login_phase *x);

#endif

// SPDX-License-Identifier: GPL-2.0-only
/* Collects the parameters of a session for the kernel. */
#include "session/session_params.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "kmod/core/portable.h"

const struct session_params session_params_defaults = {
	.iface = "default",
	.recovery_tmo = 120,
	.abort_tmo = 15,
	.lu_reset_tmo = 30,
	.tgt_reset_tmo = 30,
	.fast_abort = true,
};

void session_isid(uint8_t isid[6], int sid)
{
	const uint8_t made[6] = {
		0x00, 0x02, 0x3d, (uint8_t)(sid >> 16), (uint8_t)(sid >> 8), (uint8_t)sid
	};

	memcpy(isid, made, sizeof(made));
}

void session_mark_challenges(void)
{
	AUTO_ARENA arena = NULL;
	char *id;

	if (sysfs_read(&arena, &id, "/proc/sys/kernel/random/boot_id") > 0)
		chap_mark_challenges(id);
}

static void add_bytes(struct session_values *v, enum iscsi_nl_param param, const void *text,
		      size_t len)
{
	if (text && len && v->nr < ARRAY_SIZE(v->list))
		v->list[v->nr++] = (struct iscsi_nl_value){ param, text, len };
}

static void value_add_text(struct session_values *v, enum iscsi_nl_param param, const char *text)
{
	add_bytes(v, param, text, text ? strlen(text) : 0);
}

static void add_number(struct session_values *v, enum iscsi_nl_param param, int64_t number)
{
	if (v->nr == ARRAY_SIZE(v->list))
		return;
	snprintf(v->texts[v->nr], sizeof(v->texts[0]), "%lld", (long long)number);
	value_add_text(v, param, v->texts[v->nr]);
}

/*
 * Omits an account that contains a NUL: the kernel stores strings, so iscsid would read only a
 * part.
 */
static void add_account(struct session_values *v, enum iscsi_nl_param user,
			enum iscsi_nl_param password, const struct chap_account *a)
{
	if (!a->user || memchr(a->user, '\0', a->user_len) ||
	    memchr(a->secret, '\0', a->secret_len))
		return;
	add_bytes(v, user, a->user, a->user_len);
	add_bytes(v, password, a->secret, a->secret_len);
}

static void add_timers(struct session_values *v, const struct session_params *p)
{
	add_number(v, ISCSI_PARAM_SESS_RECOVERY_TMO, p->recovery_tmo);
	add_number(v, ISCSI_PARAM_RECV_TMO, p->noop_interval);
	add_number(v, ISCSI_PARAM_PING_TMO, p->noop_timeout);
	add_number(v, ISCSI_PARAM_ABORT_TMO, p->abort_tmo);
	add_number(v, ISCSI_PARAM_LU_RESET_TMO, p->lu_reset_tmo);
	add_number(v, ISCSI_PARAM_TGT_RESET_TMO, p->tgt_reset_tmo);
	add_number(v, ISCSI_PARAM_FAST_ABORT, p->fast_abort);
}

void session_values_add(struct session_values *v, const struct session_params *p)
{
	value_add_text(v, ISCSI_PARAM_TARGET_NAME, p->target_name);
	value_add_text(v, ISCSI_PARAM_INITIATOR_NAME, p->initiator_name);
	value_add_text(v, ISCSI_PARAM_PERSISTENT_ADDRESS, p->portal);
	add_number(v, ISCSI_PARAM_PERSISTENT_PORT, p->port);
	value_add_text(v, ISCSI_PARAM_IFACE_NAME, p->iface);
	value_add_text(v, ISCSI_HOST_PARAM_NETDEV_NAME, p->netdev);
	value_add_text(v, ISCSI_HOST_PARAM_HWADDRESS, p->hwaddress);
	if (p->chap) {
		add_account(v, ISCSI_PARAM_USERNAME, ISCSI_PARAM_PASSWORD, &p->chap->initiator);
		add_account(v, ISCSI_PARAM_USERNAME_IN, ISCSI_PARAM_PASSWORD_IN, &p->chap->target);
	}
	add_timers(v, p);
	value_add_text(v, ISCSI_PARAM_BOOT_ROOT, p->boot_root);
	value_add_text(v, ISCSI_PARAM_BOOT_NIC, p->boot_nic);
	value_add_text(v, ISCSI_PARAM_BOOT_TARGET, p->boot_target);
}

/* Rounds up to a power of two, because the kernel accepts no other number (libiscsi_tcp.c). */
static unsigned int round_up_r2t(uint32_t n)
{
	unsigned int r = 1;

	while (r < n && r < 1U << 15)
		r *= 2;
	return r;
}

void session_values_add_login(struct session_values *v, const struct login_phase *x)
{
	const struct login_phase_params *p = &x->params;

	if (x->tpgt >= 0)
		add_number(v, ISCSI_PARAM_TPGT, x->tpgt);
	add_number(v, ISCSI_PARAM_MAX_RECV_DLENGTH, p->max_recv);
	add_number(v, ISCSI_PARAM_MAX_XMIT_DLENGTH, p->max_xmit);
	add_number(v, ISCSI_PARAM_HDRDGST_EN, p->header_digest == DIGEST_CRC32C);
	add_number(v, ISCSI_PARAM_DATADGST_EN, p->data_digest == DIGEST_CRC32C);
	add_number(v, ISCSI_PARAM_INITIAL_R2T_EN, p->initial_r2t);
	add_number(v, ISCSI_PARAM_MAX_R2T, round_up_r2t(p->max_r2t));
	add_number(v, ISCSI_PARAM_IMM_DATA_EN, p->immediate_data);
	add_number(v, ISCSI_PARAM_FIRST_BURST, p->first_burst);
	add_number(v, ISCSI_PARAM_MAX_BURST, p->max_burst);
	add_number(v, ISCSI_PARAM_PDU_INORDER_EN, 1);
	add_number(v, ISCSI_PARAM_DATASEQ_INORDER_EN, 1);
	add_number(v, ISCSI_PARAM_ERL, 0);
	add_number(v, ISCSI_PARAM_EXP_STATSN, x->exp_stat_sn);
}

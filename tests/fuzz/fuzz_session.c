// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes what guard and handoff read of a session: the kernel's files, which have what a target or
 * another initiator set, and the boot record. What is accepted must be fit for a login. See files.h.
 */
#include "tests/fuzz/files.h"

#include "guard/session_snapshot.h"
#include "iscsi/iscsi_name.h"
#include "session/session_sysfs.h"

#define SESSION(name) "/sys/class/iscsi_session/session1/" name
#define CONNECTION(name) "/sys/class/iscsi_connection/connection1:0/" name

static const char *const paths[] = {
	SESSION("targetname"),
	SESSION("initiatorname"),
	SESSION("username"),
	SESSION("password"),
	SESSION("username_in"),
	SESSION("password_in"),
	SESSION("state"),
	SESSION("ifacename"),
	SESSION("first_burst_len"),
	SESSION("max_burst_len"),
	SESSION("max_outstanding_r2t"),
	SESSION("initial_r2t"),
	SESSION("immediate_data"),
	CONNECTION("persistent_address"),
	CONNECTION("persistent_port"),
	CONNECTION("max_recv_dlength"),
	CONNECTION("max_xmit_dlength"),
	CONNECTION("header_digest"),
	CONNECTION("data_digest"),
	"/run/iscsi-boot/wanted",
};

/* Half a pair of credentials must never be taken: the login would be with less. */
static void check_account(const struct chap_account *a, const char *user, const char *secret)
{
	void *arena = NULL;
	char *u = NULL, *s = NULL;

	if (session_credential(&arena, 1, user, &u) || session_credential(&arena, 1, secret, &s) ||
	    !u != !s || !!a->user != !!u)
		abort();
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *copy = copy_of(data, size);
	struct session_snapshot k;

	files_take(copy, size, paths, ARRAY_SIZE(paths));
	session_snapshot_state(1);
	session_snapshot_is_recorded(1);
	if (!session_snapshot_read(&k, 1)) {
		if (!k.port || !k.portal[0] || !k.login.target_name || !k.login.initiator_name)
			abort();
		check_account(&k.login.chap.initiator, "username", "password");
		check_account(&k.login.chap.target, "username_in", "password_in");
	}
	session_snapshot_wipe(&k);
	free(copy);
	return 0;
}

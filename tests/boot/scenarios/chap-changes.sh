# shellcheck shell=bash
# groups: guard
# The CHAP secret changes at the target while the session is connected. Then the connection is lost, and later the
# target has the earlier secret again.
# Outcome: the session goes on until the connection is lost. Then the target refuses the guard's logins, which the log
# says; the disk waits, and no write fails. With the earlier secret the next login succeeds.

stock 6.12
guest_boots
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
guard_root <<'END'
before=$(written)
say change secret
come_back connected 30
fault first
come_back first 8
say restore secret
come_back second 60
END
initramfs
rootfs "$WORK/root.img"
switch lan 10.7.0.1/24
CHAP=(user secretsecret1)
guard_target 10.7.0.1
# shellcheck disable=SC2317 # called by once
new_secret() {
	tgt unbind account --tid 1 --user user
	tgt delete account --user user
	account 1 user secretsecret2
}
# shellcheck disable=SC2317 # called by on_fault
restarted_with() { # SECRET
	CHAP=(user "$1")
	target_away 1 10.7.0.1
}
once '^change secret$' new_secret
on_fault first restarted_with secretsecret2
once '^restore secret$' restarted_with secretsecret1
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15::10.7.0.1:24::eth0:none" \
	"iscsi_boot.target=iscsi://user:secretsecret1@10.7.0.1/$IQN/1"

want agent-status 0
want not-back "first FAILED"
for name in connected second; do
	verdict back | grep -q "^$name " || fail "no record was written: $name"
done
want_records "$(verdict acknowledged)"
want_log 'guard: .*session1: login refused: .*(authentication|0201|credential)'
want_no_log 'guard: .*secretsecret'
note "back with the earlier secret after $(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*guard: session1: reconnected after \([0-9.]*\) s.*/\1/p' | tail -n 1) s"

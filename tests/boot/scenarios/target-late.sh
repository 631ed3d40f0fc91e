# shellcheck shell=bash
# groups: check boots
# The machine and its storage are powered on together: first nothing listens at the portal, then it has no such
# target, then the target has no such LUN. Nothing reports the last two changes.
# Outcome: the agent logs each, retries, and boots.

stock 6.12
guest <<'END'
agent_boot
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target_stop
says() { grep -a -s -q -E "iscsi-boot: $1" "$WORK/serial.log"; }
storage_starts() {
	target_start 127.0.0.1 "$PORT"
	tgt new target --tid 2 -T "$IQN.other" # without any target, tgtd closes the connection
	tgt bind target --tid 2 -I ALL
	await says 'login: target0 .*target not found.*; retrying' || fail "the unknown target was not retried"
	tgt new target --tid 1 -T "$IQN"
	tgt bind target --tid 1 -I ALL
	await says 'disk: target0 LUN 1: the target reports no such LUN.*; retrying' ||
		fail "the missing LUN was not retried"
	lun 1 1 "$WORK/root.img"
}
once 'login: target0 .*Connection refused; retrying' storage_starts
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN"

want_log 'login: target0 .*target not found.*; retrying'
want_log 'disk: target0 LUN 1: the target reports no such LUN.*; retrying'
want_root "$IQN" "$WORK/root.img"

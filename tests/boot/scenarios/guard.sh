# shellcheck shell=bash
# groups: check guard
# CHAP both ways. The target is killed for 1 s when the machine is in its root and no iscsid is there: three
# times, the second one after the guard has crashed, the third one without a guard.
# Outcome: the guard remakes the connection, or the one that takes its place does; without it the session
# stays lost, until a guard is started. Its crash leaves no dump. No record that was written is missing.

stock 6.12
guest_boots
# shellcheck source=tests/boot/guard.lib
. "$BOOT/guard.lib"
guard_root <<'END'
fault first
come_back first 20
echo '|/tmp/busybox dd of=/tmp/core' >/proc/sys/kernel/core_pattern
kill -SEGV "$(guard_pid)"
fault second
come_back second 20
say dumped-guard "$(ls /tmp/core 2>/dev/null)"
sh -c 'kill -SEGV $$'
say dumped-shell "$(ls /tmp/core)"
kill "$(guard_pid)"
fault third
come_back third 4
/tmp/guard
come_back fourth 20
END
initramfs
rootfs "$WORK/root.img"
switch lan 10.7.0.1/24
CHAP=(us:er secretsecret1 them secretsecret2)
guard_target 10.7.0.1
for name in first second third; do on_fault $name target_away 1 10.7.0.1; done
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15::10.7.0.1:24::eth0:none" \
	"iscsi_boot.target=iscsi://us%3Aer:secretsecret1@10.7.0.1/$IQN/1?rev-user=them,rev-secret=secretsecret2"

want agent-status 0
want not-back "third FAILED"
want dumped-guard ""
want dumped-shell /tmp/core
for name in first second fourth; do
	verdict back | grep -q "^$name " || fail "the $name time it did not come back"
done
want_records "$(verdict acknowledged)"
want_no_log 'guard: .*secretsecret'
note "back after $(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*guard: session1: back after \([0-9.]*\) s.*/\1/p' | xargs) s"

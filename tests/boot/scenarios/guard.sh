# shellcheck shell=bash
# groups: check guard
# Mutual CHAP. The target is killed for 1 s three times while the machine is in its root and iscsid does not
# run: the second time after the guard has crashed, the third time without a guard.
# Outcome: the guard, or its restarted worker, restores the connection; without a guard the session stays lost
# until one is started. The crash leaves no core dump. No written record is missing. "status" shows the state of
# the guard and what it did. The guard offers only the CHAP algorithm that was configured for boot.

stock 6.12
guest_boots
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
copy_program "$WORK/root" "$TOP/build/agent/iscsi-boot-agent"
guard_root <<'END'
status() {
	/usr/sbin/iscsi-boot-agent status >/tmp/status
	say status "$1 $? $(grep -E '^  (state|remade|sessions) ' /tmp/status | xargs)"
}
status start
fault first
come_back first 60
echo '|/tmp/busybox dd of=/tmp/core' >/proc/sys/kernel/core_pattern
kill -SEGV "$(guard_pid)"
fault second
come_back second 60
say dumped-guard "$(ls /tmp/core 2>/dev/null)"
sh -c 'kill -SEGV $$'
say dumped-shell "$(ls /tmp/core)"
status second
guard=$(guard_pid)
kill "$guard"
await 60 test ! -e "/proc/$guard"
status ended
fault third
come_back third 4
/tmp/ld-linux-*.so.* --library-path /tmp /tmp/guard # as in an initramfs, whose libc is not a file of the root
come_back fourth 60
status fourth
END
initramfs
rootfs "$WORK/root.img"
switch lan 10.7.0.1/24
CHAP=(us:er secretsecret1 them secretsecret2)
guard_target 10.7.0.1
for name in first second third; do on_fault $name target_away 1 10.7.0.1; done
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15::10.7.0.1:24::eth0:none" \
	"iscsi_boot.target=iscsi://us%3Aer:secretsecret1@10.7.0.1/$IQN/1?rev-user=them,rev-secret=secretsecret2" \
	"iscsi_boot.param.node.session.auth.chap_algs=MD5"

want agent-status 0
want not-back "third FAILED"
want status "$(printf '%s\n' 'start 0 state running remade 0 sessions 1' 'second 0 state running remade 2 sessions 1' \
	'ended 13 state MISSING remade 2 sessions 1' 'fourth 0 state running remade 1 sessions 1')"
want dumped-guard ""
want dumped-shell /tmp/core
for name in first second fourth; do
	verdict back | grep -q "^$name " || fail "the connection was not restored the $name time"
done
want_records "$(verdict acknowledged)"
want_no_log 'guard: .*secretsecret'
algorithms=$(grep -a -o 'CHAP_A=[0-9,]*' "$WORK/n0.pcap" | sort | uniq -c | xargs)
[[ $algorithms =~ ^([0-9]+)\ CHAP_A=5$ && ${BASH_REMATCH[1]} -ge 8 ]] || fail "other algorithms than MD5: $algorithms"
note "back after $(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*guard: session1: reconnected after \([0-9.]*\) s.*/\1/p' | xargs) s"

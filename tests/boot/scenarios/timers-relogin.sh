# shellcheck shell=bash
# groups: timers
# iscsid in the real root adopts the session; the target is restarted; iscsid is restarted. iscsid.conf has
# other NOP-Outs; it does not set recovery_tmo and the disk's timers.
# Outcome: each time there is a new connection, and all timers have the configured values, which "status"
# confirms.

stock 6.12
guest_boots
root_does <<'END'
port() { cat /sys/class/iscsi_connection/connection1:0/local_port; }
state() { cat /sys/class/iscsi_session/session1/state; }
# After COMMAND the session has a new connection and is logged in.
relogin() { # NAME COMMAND...
	before=$(port) name=$1
	shift
	"$@"
	for i in $(seq 600); do
		[ "$(port)" != "$before" ] && [ "$(state)" = LOGGED_IN ] && break
		sleep 0.2
	done
	[ "$(port)" = "$before" ] || say "$name other connection"
	$AGENT status >/tmp/status
	say "$name status $?"
	say "$name $(grep -c -E "^  (differs|error|MISSING)" /tmp/status) differ"
	grep -E "^  (differs|error|MISSING)" /tmp/status >/dev/console
}
start_iscsid() {
	iscsid -f &
	iscsid=$!
}
mkdir -p /etc/iscsi /run/lock /tmp
mount -t tmpfs tmpfs /tmp
printf 'node.conn[0].timeo.noop_out_interval = 0\nnode.conn[0].timeo.noop_out_timeout = 0\n' \
	>/etc/iscsi/iscsid.conf
echo "InitiatorName=$(cat /sys/class/iscsi_session/session1/initiatorname)" >/etc/iscsi/initiatorname.iscsi
$AGENT status >/dev/null
say "boot status $?"
relogin adopted start_iscsid
relogin target say restart
kill $iscsid
wait $iscsid
relogin iscsid start_iscsid
kill $iscsid
END
initramfs
copy_program "$WORK/root" "$(command -v iscsid)"
rootfs "$WORK/root.img"
target_start 127.0.0.1
TGTD=${PIDS[-1]}
target 1 "$IQN" "$WORK/root.img"
(
	until grep -s -q '^restart$' "$WORK/verdict"; do sleep 0.2; done
	kill -KILL "$TGTD"
	rm -f "$TGT_IPC_SOCKET"*
	target_start 127.0.0.1 "$PORT"
	target 1 "$IQN" "$WORK/root.img"
	wait
) &
PIDS+=($!)
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN $STATIC"

want agent-status 0
want boot "status 0"
for what in adopted target iscsid; do
	want $what "other connection
status 0
0 differ"
done
want_written "$WORK/root.img"
note "adopted, target restarted, iscsid restarted: timers hold"

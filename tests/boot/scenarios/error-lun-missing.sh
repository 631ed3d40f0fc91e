# shellcheck shell=bash
# groups: check errors
# The target exists, but the LUN does not.
# Outcome: status 11 long before the deadline of 180 s; the message names the LUN.

stock 6.1
guest <<'END'
agent_boot
END
initramfs
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:7:$IQN" \
	"$STATIC"

want_failure 11 90
want_log 'error: .*LUN 7'

# shellcheck shell=bash
# groups: check errors
# The target exists, but the LUN does not.
# Outcome: the agent looks for the LUN until the deadline of 20 s; then status 11. The message names the LUN.

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
	"$STATIC iscsi_boot.deadline=20"

want_failure 11 40
want_log 'disk: target0 LUN 7: the target reports no such LUN; LUNs found: .*; retrying'
want_log 'error: .*LUN 7'

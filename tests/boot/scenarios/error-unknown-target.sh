# shellcheck shell=bash
# groups: check errors
# The portal answers, but has no such target.
# Outcome: the agent retries until the deadline of 20 s, since the target may be starting; then status 9. The
# message says that the target does not know the name.

stock 6.12
guest <<'END'
agent_boot
END
initramfs
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN.other" \
	"$STATIC iscsi_boot.deadline=20"

want_failure 9 40
want_log 'login: target0 at .*: unknown target: .*; retrying'

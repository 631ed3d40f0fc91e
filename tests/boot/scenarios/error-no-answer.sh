# shellcheck shell=bash
# groups: check errors
# Nothing listens at the portal.
# Outcome: status 7 at the deadline of 45 s; the message says that connections are refused.

stock 6.12
guest <<'END'
agent_boot
END
initramfs
target_start 127.0.0.1 # for a port that is free but for its being closed again
target_stop
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN iscsi_boot.deadline=45" \
	"$STATIC"

want_failure 7 90
want_log 'error: .*Connection refused'

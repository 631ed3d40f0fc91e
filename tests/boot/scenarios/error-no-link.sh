# shellcheck shell=bash
# groups: check errors
# The cable of the NIC is not plugged in.
# Outcome: status 6 at the deadline of 40 s; the message says that there is no carrier.

stock 6.12
guest <<'END'
agent_boot
END
initramfs
nic n0 "$MAC"
# The monitor disconnects the cable before the machine starts.
# shellcheck disable=SC2034
MONITOR="set_link n0 off"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::3260:1:$IQN iscsi_boot.deadline=40" \
	"$STATIC"

want_failure 6 80
want_log 'error: .*no carrier after'

# shellcheck shell=bash
# groups: net
# The portal is a name that DNS does not know.
# Outcome: status 7 at once, not at the deadline.

lab
stock 6.12
guest <<'END'
agent_boot
finish
END
initramfs
switch lan 10.7.0.1/24
serve interface=lan local=/lab.example/
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR iscsi_boot.target=iscsi://store.lab.example/$IQN/1" \
	"ip=10.7.0.15:::24::eth0:none nameserver=10.7.0.1"

want_failure 7 60
want_log 'error: cannot look up the portal of target0'

# shellcheck shell=bash
# groups: check errors
# The only target has a portal that is neither an address nor a possible name.
# Outcome: status 4 long before the deadline of 180 s, no session; the reason is logged and kept in
# /run/iscsi-boot.

stock 6.1
guest <<'END'
agent_boot
say kept "$(grep -c 'the portal is neither an address nor a host name' /run/iscsi-boot/log)"
say result "$(head -n 1 /run/iscsi-boot/result)"
END
initramfs
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.target=iscsi://10.0.0.256/$IQN/1"

want_failure 4 60
want kept 1
want result status=4

# shellcheck shell=bash
# groups: check errors
# A target is named, but by a host name, which cannot be looked up yet, and nothing else is there.
# Outcome: status 4 at once, no session; what is wrong is told, and kept in /run/iscsi-boot.

stock 6.1
guest <<'END'
agent_boot
say kept "$(grep -c 'target0 host -: not used' /run/iscsi-boot/log)"
say result "$(head -n 1 /run/iscsi-boot/result)"
END
initramfs
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:store.example::::$IQN"

want_failure 4 5
want kept 1
want result status=4

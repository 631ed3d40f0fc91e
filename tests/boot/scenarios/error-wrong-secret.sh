# shellcheck shell=bash
# groups: check errors
# The CHAP secret is wrong.
# Outcome: status 8 long before the deadline of 180 s; the message says that the target refuses the credentials.

stock 6.1
guest <<'END'
agent_boot
END
initramfs
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img" alice right-secret-1
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://alice:wrong-secret-1@10.0.2.2:$PORT/$IQN/1"

want_failure 8 90
want_no_log 'iscsi-boot: .*wrong-secret-1'

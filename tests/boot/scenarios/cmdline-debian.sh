# shellcheck shell=bash
# groups: check boots
# No table: Debian's iscsi_* words and the kernel's ip= on the command line.
# Outcome: the agent boots from them, the root on the LUN holds.

stock 6.1
guest_boots
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "iscsi_initiator=$INITIATOR iscsi_target_name=$IQN iscsi_target_ip=10.0.2.2" \
	"iscsi_target_port=$PORT iscsi_target_lun=1 $STATIC"

want sources cmdline
want_root "$IQN" "$WORK/root.img"

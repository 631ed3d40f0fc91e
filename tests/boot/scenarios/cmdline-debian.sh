# shellcheck shell=bash
# groups: check boots
# No table: Debian's iscsi_* parameters, which name no LUN, and the kernel's ip= on the command line.
# Outcome: the agent boots from the target's only disk (its LUN 0 is a controller); it can be written and read.

stock 6.1
guest_boots
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "iscsi_initiator=$INITIATOR iscsi_target_name=$IQN iscsi_target_ip=10.0.2.2" \
	"iscsi_target_port=$PORT $STATIC"

want sources cmdline
want_root "$IQN" "$WORK/root.img"

# shellcheck shell=bash
# groups: check boots
# No table: dracut's netroot=iscsi: and an ip= that names no device.
# Outcome: the agent boots from them, the root on the LUN can be written and read.

stock 6.12
guest_boots
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN" \
	"ip=10.0.2.15::10.0.2.2:255.255.255.0:host1::none"

want sources cmdline
want_root "$IQN" "$WORK/root.img"

# shellcheck shell=bash
# groups: check boots
# root= alone, udev's by-path name of the second partition-less disk of a target; no other word names the target,
# and none the initiator.
# Outcome: the agent logs in to that portal and target, attaches exactly that LUN, under a name made from the DMI UUID.

stock 6.12
guest_boots
initramfs
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/other.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/other.img"
lun 1 2 "$WORK/root.img"
nic n0 "$MAC"
HARDWARE+=(-uuid 4c4c4544-0032-3010-8056-c7c04f4e3132)
direct "$STATIC root=/dev/disk/by-path/ip-10.0.2.2:$PORT-iscsi-$IQN-lun-2"

want sources cmdline
want_log 'initiator: iqn\.1999-06\.invalid\.iscsi-boot:4c4c4544-0032-3010-8056-c7c04f4e3132, from the DMI UUID'
want_log 'target0 LUN 2 is /dev/sda'
want_root "$IQN" "$WORK/root.img"

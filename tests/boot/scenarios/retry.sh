# shellcheck shell=bash
# groups: boots
# The target does not exist yet at the first attempt, and iscsi_boot.on-failure=retry.
# Outcome: the agent repeats everything after a pause, and boots once the target exists.

stock 6.1
guest_boots
initramfs
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN.other" "$WORK/disk.img"
tried_again() { grep -a -s -q "iscsi-boot: boot: target0: retrying in" "$WORK/serial.log"; }
(await tried_again || await tried_again; target 2 "$IQN" "$WORK/root.img") &
PIDS+=($!)
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN" \
	"iscsi_boot.on-failure=retry"

want_log "iscsi-boot: login: error: "
want_log "iscsi-boot: boot: target0: retrying in"
want_root "$IQN" "$WORK/root.img"

# shellcheck shell=bash
# groups: boots
# The portal answers the first login with "target removed", and iscsi_boot.on-failure=retry.
# Outcome: the agent logs the error at once, repeats everything after a pause, and boots.

stock 6.1
guest_boots
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
portal_start "$PORT" 1 2 4
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$FAKE_PORT:1:$IQN" \
	"iscsi_boot.on-failure=retry"

want_log "iscsi-boot: login: error: .*target removed"
want_log "iscsi-boot: boot: target0: retrying in"
want_root "$IQN" "$WORK/root.img"

# shellcheck shell=bash
# groups: boots
# The agent cannot print the device, because the file is full or the reader is gone; or the log has no reader.
# Outcome: status 1 if the caller does not get the device; without a reader of the log boot succeeds.

stock 6.12
guest <<'END'
$AGENT boot >/dev/full
say full $?
say result "$(grep '^status=' /run/iscsi-boot/result)"
(sleep 1; $AGENT boot; say closed $?) | true
(sleep 1; $AGENT boot 2>&1 >/tmp/device; say log-closed $?) | true
say device "$(cat /tmp/device)"
agent_boot
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN"

want full 1
want result status=1
want closed 1
want log-closed 0
want device /dev/sda
want_log 'boot: error: cannot print the root disk'
want_log 'boot: error: .*: No space left on device'
want_log 'boot: error: .*: Broken pipe'
want_root "$IQN" "$WORK/root.img"

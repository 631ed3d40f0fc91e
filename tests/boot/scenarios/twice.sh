# shellcheck shell=bash
# groups: boots
# Boot is called twice at once, then once more, as a caller that retries does.
# Outcome: the second call is refused with status 1; the last call finds everything done.

stock 6.12
guest <<'END'
$AGENT boot >/tmp/first 2>/tmp/first.log &
while ! [ -e /run/iscsi-boot/lock ]; do :; done
$AGENT boot >/tmp/second 2>/tmp/second.log
say second $?
wait $!
say first $?
say device "$(cat /tmp/first)"
say device-of-second "$(cat /tmp/second)"
say refused "$(grep -c 'another iscsi-boot-agent boot is running' /tmp/second.log)"
say sessions "$(echo /sys/class/iscsi_session/*)"
agent_boot
say sessions-after "$(echo /sys/class/iscsi_session/*)"
say result "$(grep -E '^(status|disk|session)=' /run/iscsi-boot/result | xargs)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN"

want second 1
want first 0
want device /dev/sda
want device-of-second ""
want refused 1
want sessions /sys/class/iscsi_session/session1
want sessions-after /sys/class/iscsi_session/session1
want result "status=0 session=1 disk=sda"
want_root "$IQN" "$WORK/root.img"

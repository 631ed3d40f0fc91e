# shellcheck shell=bash
# groups: timers
# The root disk's LUN grows while the machine runs, and the target reports that with the next response (unit attention
# 2A/09). A real root with udev and our rules.
# Outcome: the disk has its new size at once, its uevent says so (RESIZE=1), and its timers are as before.

stock 6.12
guest_boots
root_does <<'END'
mount -t tmpfs tmpfs /tmp
disk=$(basename "$(readlink /dev/iscsi-boot/root)")
systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
size=$(cat "/sys/block/$disk/size")
say before "$size"
udevadm monitor --kernel --property --subsystem-match=block >/tmp/events &
until grep -q KERNEL /tmp/events; do usleep 100000; done
echo "grow now" >/dev/console
until [ "$(cat "/sys/block/$disk/size")" != "$size" ]; do
	dd if=/dev/zero of=/x bs=4k count=1 conv=fsync 2>/dev/null
	usleep 200000
done
say after "$(cat "/sys/block/$disk/size")"
until grep -q RESIZE /tmp/events; do usleep 100000; done
udevadm settle
say resize "$(grep RESIZE /tmp/events)"
$AGENT status >/tmp/status
say status $?
udevadm control --exit
END
initramfs
copy_udev "$WORK/root"
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
mkfifo "$WORK/async.in"
exec {ASYNC_FD}<>"$WORK/async.in"
bound "$TOP/build/async-target" 127.0.0.1 24000 "$PORT" <"$WORK/async.in" >"$WORK/async.log" 2>&1 &
PIDS+=($!)
nic n0 "$MAC"
# shellcheck disable=SC2317 # called below
grow() { echo grown >&"$ASYNC_FD"; }
once 'grow now' grow
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.target=iscsi://10.0.2.2:24000/$IQN/1"

want agent-status 0
[ "$(verdict after)" = $(($(verdict before) + 2048)) ] || fail "the disk has $(verdict after) sectors, not 2048 more than $(verdict before)"
want resize RESIZE=1
want status 0
grep -q ' reported$' "$WORK/async.log" || fail "the target did not report the change"
note "the disk grew from $(verdict before) to $(verdict after) sectors"

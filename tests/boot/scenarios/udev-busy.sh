# shellcheck shell=bash
# groups: check net
# udev runs in the image. A rule of another device takes a minute; those of the NIC take two seconds to name it.
# Outcome: the agent waits until udev has named the NIC, not for the other device: udev is still busy when the root
# disk is there.

lab
stock 6.12
guest <<'END'
systemd-udevd --daemon
udevadm trigger --action=add
agent_boot
say busy "$([ -e /run/udev/queue ] && echo yes)"
udevadm control --exit
enter_root /dev/iscsi-boot/root
END
copy_udev "$WORK/overlay"
cat >"$WORK/overlay/usr/lib/udev/rules.d/50-slow.rules" <<'END'
KERNEL=="null", SUBSYSTEM=="mem", PROGRAM="/bin/busybox sleep 60"
SUBSYSTEM=="net", KERNEL=="eth*", PROGRAM="/bin/busybox sleep 2", NAME="boot0"
ENV{MODALIAS}=="?*", RUN{builtin}+="kmod load '$env{MODALIAS}'"
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::${MAC//:/-}:none"

want_boot
want busy yes
want_log 'net: eth0: waiting until udev has named it'
want_log 'net: boot0: 10.7.0.15/24'
want_no_log 'net: eth0: 10.7.0.15'
want_no_log 'waiting until udev has no more work'

# shellcheck shell=bash
# groups: handoff
# udev in the real root, whose own rules give the device another name.
# Outcome: the device keeps its name with our .link file and our udev rule, and with each of them alone. Without
# both it is renamed.

lab
stock 6.12
guest_boots
real <<'END'
replug() {
	udevadm control --reload
	udevadm trigger --action=add --subsystem-match=net
	udevadm settle
	say "$1" "$(ls /sys/class/net | xargs)"
}
link=/run/systemd/network/00-iscsi-boot-eth0.link rule=/run/udev/rules.d/70-iscsi-boot-eth0.rules
replug both
mv $rule /run/rule
replug link
mv $link /run/link
mv /run/rule $rule
replug rule
rm $rule
replug neither
END
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2
switch lan 10.7.0.1/24
target_start 10.7.0.1 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.1:24::eth0:none"

want both "eth0 lo"
want link "eth0 lo"
want rule "eth0 lo"
want neither "ens3 lo"
want_boot

# shellcheck shell=bash
# groups: dracut generators
# dracut (newest) with systemd-networkd, and without systemd, with the parameters of netroot=iscsi:. With
# systemd-networkd also with a DHCP lease that names the target and root=/dev/root.
# Outcome: dracut's netroot finds its handler, and all machines enter their root. Without the
# target the one without systemd ends in the emergency shell.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
dracut_lans
dracut_image --add systemd-networkd --omit network-manager
dracut_netroot
dracut_case networkd singleroot "${BY_NETROOT[@]}"
dracut_case networkd-dhcp singleroot "${BY_DHCP[@]}"
# An image without systemd needs switch_root, which sid's util-linux 2.42 does not have.
install -d "$WORK/upper/usr/sbin"
[ -e "${LOWER##*:}/usr/sbin/switch_root" ] || ln -s ../bin/busybox "$WORK/upper/usr/sbin/switch_root"
make_image --omit "'systemd systemd-initrd dracut-systemd'"
dracut_case initqueue singleroot "${BY_NETROOT[@]}"
dracut_fails missing "${BY_NETROOT[@]/target0/absent}" rd.retry=5
dracut_cases_end

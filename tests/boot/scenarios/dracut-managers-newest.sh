# shellcheck shell=bash
# groups: dracut generators
# dracut (newest) with systemd-networkd, and without systemd: once with the parameters of netroot=iscsi:, once with a
# DHCP lease that names the target and root=/dev/root.
# Outcome: dracut's netroot finds its handler, and all machines enter their root.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of sid
dracut_lans
dracut_image --add systemd-networkd --omit network-manager
dracut_netroot
dracut_case networkd singleroot "${BY_NETROOT[@]}"
dracut_case networkd-dhcp singleroot "${BY_DHCP[@]}"
make_image --omit "'systemd systemd-initrd dracut-systemd'"
dracut_case initqueue singleroot "${BY_NETROOT[@]}"
dracut_cases_end

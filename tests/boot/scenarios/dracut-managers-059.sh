# shellcheck shell=bash
# groups: dracut generators
# dracut (059) with other network modules: its legacy scripts, without systemd; systemd-networkd. Each once with the
# parameters of netroot=iscsi:, once with a DHCP lease that names the target and root=/dev/root.
# Outcome: dracut's netroot finds its handler, and all machines enter their root. Without the target
# the one without systemd ends in the emergency shell.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
dracut_lans
dracut_image --add network-legacy --omit "'systemd systemd-initrd dracut-systemd network-manager'"
dracut_netroot
dracut_case legacy singleroot "${BY_NETROOT[@]}"
dracut_case legacy-dhcp singleroot "${BY_DHCP[@]}"
dracut_fails missing "${BY_NETROOT[@]/target0/absent}" rd.retry=5
make_image --add systemd-networkd --omit network-manager
dracut_case networkd singleroot "${BY_NETROOT[@]}"
dracut_case networkd-dhcp singleroot "${BY_DHCP[@]}"
dracut_cases_end

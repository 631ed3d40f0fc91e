# shellcheck shell=bash
# groups: real
# An installed Debian 12 with dracut 059, "make install" run in it, systemd-networkd with DHCP for every
# NIC: iPXE hands its LUN to GRUB.
# Outcome: it comes up in its root, which iscsid has taken over, by the firmware's address.

# shellcheck source=tests/boot/real.lib
. "$BOOT/real.lib"
debian_with dracut <<'END'
report
down poweroff
END
make_install
mkdir -p "$WORK/upper/etc/systemd/network"
printf '%s\n' '[Match]' 'Name=en*' '[Network]' DHCP=yes >"$WORK/upper/etc/systemd/network/50-all.network"
command="systemctl disable NetworkManager && systemctl enable systemd-networkd" inside
grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
sanboot

want_real
want address "ens3 10.0.2.15/24"
want_log 'dracut-initqueue|dracut: '
want_down 60
want_clean "$WORK/disk.img"
note "up after $(verdict up) s"

# shellcheck shell=bash
# groups: real
# An installed Debian 12 with initramfs-tools; QEMU loads kernel and image. The target comes from dracut's
# parameters. /etc/network/interfaces has DHCP for the NIC, as Debian's installer writes it.
# Outcome: as real-ibft; ifupdown does not change the NIC, configure_networking has nothing left to do.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
report
say dhclient "$(pgrep -c dhclient)"
say ipconfig "$(cat /run/network-of-others)"
down poweroff
END
mkdir -p "$WORK/upper/etc/network"
printf '%s\n' 'auto lo ens3' 'iface lo inet loopback' 'iface ens3 inet dhcp' >"$WORK/upper/etc/network/interfaces"
# As a script of another package, such as dropbear, does.
install -D /dev/stdin "$WORK/upper/etc/initramfs-tools/scripts/local-premount/others" <<'END'
#!/bin/sh
[ "$1" != prereqs ] || exit 0
. /scripts/functions
ipconfig() { echo "ipconfig $*" >>/run/network-of-others; }
: >/run/network-of-others
configure_networking
echo "DEVICE $DEVICE" >>/run/network-of-others
END
make_install
command="update-initramfs -u && cp /boot/vmlinuz-* /boot/initrd.img-* /guest/" inside
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
nic n0 "$MAC"
HARDWARE+=(-m 1024)
qemu -kernel "$WORK"/upper/guest/vmlinuz-* -initrd "$WORK"/upper/guest/initrd.img-* -append "$STRICT \
	root=UUID=$REAL_UUID ro nowatchdog rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN \
	ip=10.0.2.15::10.0.2.2:255.255.255.0::ens3:off"

want_real
want dhclient 0
want ipconfig "DEVICE ens3"
want address "ens3 10.0.2.15/24"
want_down 60
want_clean "$WORK/disk.img"
note "up after $(verdict up) s"

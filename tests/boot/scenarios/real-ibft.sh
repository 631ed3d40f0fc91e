# shellcheck shell=bash
# groups: real
# An installed Debian 12 with initramfs-tools, "make install" run in it: iPXE hands its LUN to GRUB.
# Outcome: it comes up in its root, which iscsid has taken over, as it does from a disk of its own.

# shellcheck source=tests/boot/real.lib
. "$BOOT/real.lib"
debian_with initramfs-tools <<'END'
iscsi-boot-agent status >/tmp/status 2>&1
say status $?
say session "$(iscsiadm -m session -P 1 | sed -n 's/.*Internal iscsid Session State: //p')"
say end
cat /tmp/status >/dev/console
journalctl -b -u iscsid -o cat >/dev/console
systemctl poweroff
END
command="make -C /src install" inside
grub_cfg ""
disk "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
cat >"$WORK/tftp/boot.ipxe" <<END
#!ipxe
set initiator-iqn $INITIATOR
set keep-san 1
sanboot --drive 0x80 iscsi:10.0.2.2::$PORT:1:$IQN || reboot
END
HARDWARE+=(-m 1024)
ipxe

want root-options rw
want status 0
want session "NO CHANGE"
want failed ""
note "up after $(verdict up) s"

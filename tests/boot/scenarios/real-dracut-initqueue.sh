# shellcheck shell=bash
# groups: real
# An installed Debian 12 with dracut 059 whose image has no systemd: its init is dracut's own.
# Outcome: as real-dracut, by our hook of the initqueue.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with dracut <<'END'
report
down reboot
END
make_install
echo 'omit_dracutmodules+=" systemd systemd-initrd dracut-systemd "' >"$WORK/upper/etc/dracut.conf.d/no-systemd.conf"
command='/usr/lib/iscsi-boot/images && lsinitrd /boot/initrd.img-* >/guest/image' inside
grep -q 'lib/dracut/hooks/initqueue/settled/.*iscsi-boot\.sh' "$WORK/upper/guest/image" || fail "our hook is not in the image"
! grep -q 'usr/lib/systemd/systemd$' "$WORK/upper/guest/image" || fail "systemd is in the image"
grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
sanboot

want_real
want_log 'iscsi-boot: boot: root disk is /dev/sd[a-z]* after'
want_log 'reboot: Restarting system'
want_down 60
want_clean "$WORK/disk.img"
note "up after $(verdict up) s"

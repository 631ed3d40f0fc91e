# shellcheck shell=bash
# groups: real
# An installed Debian 12 with initramfs-tools on a local disk and nothing to boot from by iSCSI: before and
# after "make install".
# Outcome: the same units fail, and the same modules are loaded except ours; the agent takes less than 0.5 s.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
say modules "$(lsmod | awk 'NR > 1 { print $1 }' | grep -v iscsi_boot_unified | sort | xargs)"
say ours "$(cat /sys/firmware/iscsi_boot_unified/sources)"
down poweroff
END
nic n0 "$MAC"
HARDWARE+=(-m 1024)
machine() {
	grub_cfg ""
	disk "$WORK/disk.img"
	qemu -drive "file=$WORK/disk.img,if=virtio,format=raw"
	want root-options rw
	want_down 60
	want_clean "$WORK/disk.img"
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
}
machine before
want ours ""
failed=$(verdict failed) modules=$(verdict modules) up=$(verdict up)
make_install
machine after
want ours none
want failed "$failed"
want modules "$modules"
took=$(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*iscsi-boot: .*nothing to boot from.*, after \([0-9.]*\) s.*/\1/p')
awk -v s="$took" 'BEGIN { exit !(s != "" && s < 0.5) }' || fail "the agent took ${took:-unknown} s"
note "up after $up s, and after $(verdict up) s with our software; $took s of this in the agent; failed: '$failed'"

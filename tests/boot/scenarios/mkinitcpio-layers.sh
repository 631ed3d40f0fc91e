# shellcheck shell=bash
# groups: generators
# Images with our hook for mkinitcpio, whose init is busybox: the root is in LUKS on a LUN, and in LVM over two LUNs.
# Hooks that do what Arch's encrypt and lvm2 do come behind ours, with resume= on the command line. Then an
# image with the hooks in the wrong order.
# Outcome: each machine enters its root, and says that resume= is ignored. The wrong order gives warnings.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of # its programs
stock 6.12
installed
hooks=$INSTALLED/usr/lib/initcpio
for program in /sbin/cryptsetup /sbin/lvm; do copy_from "$LOWER" "$program" "$WORK/programs"; done
mkdir -p "$INSTALLED/usr/sbin" "$INSTALLED/usr/lib/x86_64-linux-gnu"
find "$WORK/programs" -type f | while read -r file; do
	[ -e "/usr/${file#"$WORK"/programs/}" ] || install -D "$file" "$INSTALLED/usr/${file#"$WORK"/programs/}"
done
cat >"$hooks/install/encrypt" <<'END'
build() {
	map add_module dm_crypt xts aes_generic
	add_binary /usr/sbin/cryptsetup
	echo -n secret | add_file - /crypto_keyfile.bin 0600
	add_runscript
}
END
cat >"$hooks/hooks/encrypt" <<'END'
run_hook() {
	modprobe -a dm_crypt xts
	mkdir -p /run/cryptsetup
	[ -z "$cryptdevice" ] || DM_DISABLE_UDEV=1 cryptsetup open --key-file /crypto_keyfile.bin "${cryptdevice%%:*}" "${cryptdevice#*:}"
}
END
cat >"$hooks/install/lvm2" <<'END'
build() {
	add_module dm_mod
	add_binary /usr/sbin/lvm
	add_runscript
}
END
cat >"$hooks/hooks/lvm2" <<'END'
run_hook() {
	modprobe dm_mod
	mkdir -p /run/lvm /run/lock
	case $root in
	/dev/vg/*) DM_DISABLE_UDEV=1 lvm vgchange -ay --config 'activation { udev_sync=0 udev_rules=0 } devices { use_devicesfile=0 }' vg ;;
	esac
}
END
echo 'build() { :; }' >"$hooks/install/udev"
chmod +x "$hooks"/install/udev "$hooks"/*/{encrypt,lvm2}

mkinitcpio busybox_base encrypt lvm2 iscsi-boot udev
for text in '"encrypt" must come after' '"lvm2" must come after' '"udev" must come before'; do
	grep -q "iscsi-boot: $text" "$WORK/mkinitcpio.log" || fail "no warning about the order of hooks: $text"
done
mkinitcpio busybox_base iscsi-boot encrypt lvm2 filesystems
! grep -q 'must come' "$WORK/mkinitcpio.log" || fail "a warning about the right order of hooks"

switch net50 192.168.50.1/24
# shellcheck disable=SC2034 # of lib.sh
CARD=e1000
lan n0 net50 52:54:00:12:34:00
layer_targets
NIC=eth0
# shellcheck disable=SC2046 # words
dracut_case luks inluks $(layer_words luks 1) cryptdevice=/dev/sda:inside root=/dev/mapper/inside resume=/dev/sda
# shellcheck disable=SC2046 # words
dracut_case lvm2 inlvm $(layer_words lvm2 1 2) root=/dev/vg/root
grep -a -q 'iscsi-boot: ignoring resume=/dev/sda' "$WORK/serial-luks.log" || fail "resume= is not refused"
dracut_cases_end

# shellcheck shell=bash
# groups: generators
# An image of initramfs-tools with Debian's cryptsetup and lvm2: the root is in LUKS on a LUN, in LVM on a LUN, in
# LVM over two LUNs, and the disk itself by root=/dev/root; with resume=.
# Outcome: each machine enters its root, and says that resume= is ignored. Without the target there is a shell.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
debian_with initramfs-tools </dev/null
add_packages "$WORK/upper" initramfs-tools lvm2 cryptsetup-initramfs
KVER=$(basename "$LOWER"/lib/modules/*)
KDIR=$WORK
cp "$LOWER/boot/vmlinuz-$KVER" "$WORK/vmlinuz"
HARDWARE+=(-m 1024)
ours_in "$WORK/upper"
rm -f "$WORK/upper/etc/dracut.conf.d/test.conf"
mkdir -p "$WORK/upper/etc/cryptsetup-initramfs"
echo CRYPTSETUP=y >"$WORK/upper/etc/cryptsetup-initramfs/conf-hook"
printf secret >"$WORK/upper/etc/luks.key"
cat >"$WORK/upper/usr/share/initramfs-tools/hooks/key" <<'END'
#!/bin/sh
[ "$1" != prereqs ] || exit 0
. /usr/share/initramfs-tools/hook-functions
copy_file key /etc/luks.key
END
chmod +x "$WORK/upper/usr/share/initramfs-tools/hooks/key"
command="mkinitramfs -o /guest/initrd $KVER" inside
mv "$WORK/upper/guest/initrd" "$WORK/initrd.cpio"

switch net50 192.168.50.1/24
lan n0 net50 52:54:00:12:34:00
layer_targets
NIC= # any
# shellcheck disable=SC2046 # words
dracut_case luks inluks $(layer_words luks 1) root=LABEL=inluks resume=/dev/sda \
	"cryptopts=target=inside,source=UUID=$REAL_UUID,key=/etc/luks.key"
# shellcheck disable=SC2046 # words
dracut_case lvm inlvm $(layer_words lvm 1) root=/dev/vg/root
# shellcheck disable=SC2046 # words
dracut_case lvm2 inlvm $(layer_words lvm2 1 2) root=/dev/vg/root
# shellcheck disable=SC2046 # words
dracut_case disk singleroot $(layer_words plain 1) root=/dev/root
# shellcheck disable=SC2046 # words
dracut_fails missing $(layer_words absent 1) root=LABEL=absent rootdelay=5
grep -a -q 'iscsi-boot: ignoring resume=/dev/sda' "$WORK/serial-luks.log" || fail "resume= is not refused"
dracut_cases_end

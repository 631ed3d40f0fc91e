# shellcheck shell=bash
# groups: dracut generators
# The newest dracut's image, compressed by zstd, alone and in a unified kernel image (UKI) that kernel-install and ukify
# make, with the parameters in /etc/kernel/cmdline.
# Outcome: "iscsi-boot-agent check" reads both there and has the plan of these parameters; our script for images has
# made the UKI again; UEFI starts it without a boot loader, and it enters its root.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
switch net50 192.168.50.1/24
lan n0 net50 52:54:00:12:34:00
words="$STRICT root=LABEL=singleroot $(NIC=eth0 layer_words plain 1 | xargs) net.ifnames=0"
mkdir -p "$WORK/upper/etc/kernel" "$WORK/upper/boot/EFI/Linux"
echo "$words" >"$WORK/upper/etc/kernel/cmdline"
echo test >"$WORK/upper/etc/kernel/entry-token"
printf '%s\n' layout=uki BOOT_ROOT=/boot initrd_generator=dracut uki_generator=ukify >"$WORK/upper/etc/kernel/install.conf"
# shellcheck disable=SC2119
dracut_image
cp "$WORK/initrd.cpio" "$WORK/upper/guest/initrd.cpio"
uki=/boot/EFI/Linux/test-$KVER.efi
echo old >"$WORK/upper$uki"
echo hostonly=no >>"$WORK/upper/etc/dracut.conf.d/test.conf"
# No NIC is there: the plan ends with status 6.
command="/usr/lib/iscsi-boot/images
	iscsi-boot-agent check --image $uki >/guest/uki || [ \$? = 6 ]
	iscsi-boot-agent check --image /guest/initrd.cpio --cmdline '$words' >/guest/zstd || [ \$? = 6 ]" inside
path='path: target0 iqn.2024-01.example:plain at 192.168.50.1:3260, LUN 1, no CHAP'
for image in uki zstd; do
	grep -q "^$path" "$WORK/upper/guest/$image" || fail "check $image: $(tail -n 1 "$WORK/upper/guest/$image")"
done
rm "$WORK/upper/guest/initrd.cpio"

dracut_root
target_start 0.0.0.0 3260
target 1 iqn.2024-01.example:plain "$WORK/root.img"
mkdir -p "$WORK/esp/EFI/BOOT"
mv "$WORK/upper$uki" "$WORK/esp/EFI/BOOT/BOOTX64.EFI"
note "UKI of $(stat -c %s "$WORK/esp/EFI/BOOT/BOOTX64.EFI" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
uefi
HARDWARE+=(-m 1536 -drive "if=virtio,format=raw,readonly=on,file=fat:$WORK/esp")
qemu
want label singleroot
want root-kernel "$KVER"
want read-back same
want_written "$WORK/root.img"
want_no_log 'iscsi_boot_unified not loaded'

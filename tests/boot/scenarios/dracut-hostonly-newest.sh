# shellcheck shell=bash
# groups: dracut generators
# The newest dracut makes an image for this machine alone, as it does by default, where no NIC and no LUN is.
# Outcome: the image has the drivers of other NICs, udev's rules that name NICs, and Debian's iscsi.initramfs for root
# alone. A machine with a NIC of another kind enters its root, whose NIC name has not changed. The file has the
# initiator name.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
mkdir -p "$WORK/upper/etc/iscsi"
echo "ISCSI_INITIATOR=$INITIATOR" >"$WORK/upper/etc/iscsi/iscsi.initramfs"
dracut_image --hostonly --filesystems ext4
cp "$WORK/initrd.cpio" "$WORK/upper/guest/initrd.cpio"
command="lsinitrd /guest/initrd.cpio >/guest/list" inside
for file in drivers/net/ethernet/intel/ drivers/net/ethernet/broadcom/ drivers/net/virtio_net rules.d/80-net-setup-link.rules; do
	grep -q "$file" "$WORK/upper/guest/list" || fail "$file is not in the image"
done
grep -q -E '^-rw------- .* etc/iscsi/iscsi\.initramfs$' "$WORK/upper/guest/list" ||
	fail "Debian's file is not in the image for root alone"
# shellcheck disable=SC2034 # of lib.sh
CARD=e1000
switch net50 192.168.50.1/24
lan n0 net50 52:54:00:12:34:00
dracut_root
target_start 0.0.0.0 3260
target 1 iqn.2024-01.example:plain "$WORK/root.img"
words=$(NIC=ens3 layer_words plain 1)
# shellcheck disable=SC2086 # words
dracut_boots singleroot ${words/"rd.iscsi.initiator=$INITIATOR "/} root=LABEL=singleroot

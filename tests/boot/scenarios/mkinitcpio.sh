# shellcheck shell=bash
# groups: generators
# An image with our hook for mkinitcpio, whose init is busybox; iPXE's table, and only root= on the command
# line.
# Outcome: the root is mounted, with the hook files exactly as installed. Debian's file is in the image.

# shellcheck source=tests/boot/lib/generators.sh
. "$BOOT/lib/generators.sh"
stock 6.12
installed
mkdir -p "$INSTALLED/etc/iscsi"
echo ISCSI_AUTO=true >"$INSTALLED/etc/iscsi/iscsi.initramfs"
mkinitcpio busybox_base
cpio -i -t -v --quiet <"$WORK/initrd.cpio" >"$WORK/list"
grep -q -E '^-rw------- .* etc/iscsi/iscsi\.initramfs$' "$WORK/list" || fail "Debian's file is not in the image for root alone"
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
STRICT+=" root=iscsi"
ipxe_files
ipxe

want_log 'running hook \[iscsi-boot\]'
want_log 'iscsi-boot: view: NICs 1, targets 1'
want_root_of "$IQN" "$WORK/root.img"

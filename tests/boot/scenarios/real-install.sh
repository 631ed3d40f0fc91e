# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2054
# groups: real
# A live Debian without a disk runs the commands of docs/user/install-over-iscsi.md exactly as printed. They install
# Debian and our software on a LUN. iPXE learns about the LUN from the DHCP options of that page, and boots it.
# Outcome: every command succeeds; the root is mounted as in real-ibft, with the timer that the page sets.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
PAGE=$TOP/docs/user/install-over-iscsi.md
# block KIND...: prints the page's blocks of that kind.
block() {
	awk -v kind="\`\`\`$1" '$0 == "```" { in_it = 0 } in_it { print } $0 == kind { in_it = 1; found = 1 }
		END { exit !found }' "$PAGE" || fail "$PAGE has no block $1"
}

debian_with initramfs-tools <<'END'
set +e
bash -ex /guest/walk 2>&1
say walk $?
say swap "$(awk 'NR > 1 { print $1 }' /proc/swaps)"
report
say timeout "$(cat /sys/block/sda/device/timeout)"
down poweroff
END
rm "$WORK/upper/etc/iscsi/initiatorname.iscsi" "$WORK/upper/etc/fstab"
block "sh installed" >"$WORK/upper/guest/walk"
cp -a "$WORK/upper" "$WORK/live"

# The installed system has the page's packages and an agent built with them: building in the live system would
# take too long.
add_packages "$WORK/upper" initramfs-tools linux-image-amd64 linux-headers-amd64 grub-pc initramfs-tools open-iscsi dkms openssl zram-tools gcc libc6-dev make pkg-config libkmod-dev libmnl-dev libssl-dev nettle-dev
packages=
. <(sed -n 's/^    packages/packages/p' "$PAGE")
grep -q -x "add_packages .* initramfs-tools ${packages//,/ }" "$BOOT/scenarios/$NAME.sh" ||
	fail "the scenario does not install the page's packages: $packages"
copy=$WORK/upper/checkout
mkdir -p "$copy/tests"
cp -a "$TOP"/{Makefile,Kbuild,COPYING,dkms.conf,kmod,agent,docs} "$copy/"
cp -a "$TOP"/tests/{deps,packages.txt,tests.mk} "$copy/tests/"
command="cd /checkout && make agent" inside "$WORK/upper"
mkdir "$WORK/live/srv"
mv "$copy" "$WORK/live/srv/iscsi-boot-unified"
echo MODULES=dep >>"$WORK/upper/etc/initramfs-tools/conf.d/test"
install -D -m 644 /dev/stdin "$WORK/upper/etc/default/grub.d/test.cfg" <<-END
	GRUB_TIMEOUT=0
	GRUB_CMDLINE_LINUX_DEFAULT=
	GRUB_CMDLINE_LINUX="nowatchdog $STRICT"
	GRUB_TERMINAL=console
END
archive=$WORK/live/srv/debian.tar
export archive
# Leaves out drivers that no such machine has, to save time for unpacking. tar reports that a directory of an
# overlay changes while it is read (status 1).
in_tree "$WORK/upper" "$LOWER" 'cd "$tree" && tar --exclude="./var/cache/apt/*" --exclude="*/kernel/sound" \
	--exclude="*/kernel/drivers/gpu" --exclude="*/kernel/drivers/media" --exclude="*/kernel/drivers/infiniband" \
	--exclude="*/kernel/drivers/net/wireless" -cf "$archive" . || [ $? = 1 ]' || fail "cannot make the archive"

# The live system, and our files built here.
block "sh live" >"$WORK/live/guest/walk"
cat >"$WORK/live/guest/scenario" <<'END'
set +e
bash -ex /guest/walk 2>&1
say walk $?
down poweroff
END
export image=$WORK/live.img
truncate -s 4G "$image"
in_tree "$WORK/live" "$LOWER" 'mke2fs -q -t ext4 -d "$tree" "$image"' || fail "cannot make the live system"
cp "$LOWER"/boot/{vmlinuz,initrd.img}-* "$WORK/"
rm -rf "$WORK/live" "$WORK/upper"

truncate -s 3G "$WORK/disk.img"
IQN=iqn.2024-01.example:disk
switch lan 192.168.1.10/24
target_start 192.168.1.10 3260
target 1 "$IQN" "$WORK/disk.img"
serve "$(block dnsmasq)"
tap n0 lan
NET=(-netdev tap,id=n0,ifname=n0,script=no,downscript=no,vnet_hdr=off -device "virtio-net-pci,netdev=n0,mac=$MAC")
LIMIT=2400
HARDWARE=(-m 2048 -smp 2 "${NET[@]}")
# None of our programs runs in the live system; its kernel 6.1 may warn at a logout (iscsi_ctrl flushes pm's
# work).
COMPLAINTS=${COMPLAINTS#WARNING:|} qemu -kernel "$WORK"/vmlinuz-* -initrd "$WORK"/initrd.img-* \
	-append "root=/dev/vda rw nowatchdog ${STRICT/panic_on_warn=1/}" \
	-drive "file=$image,if=virtio,format=raw,cache=unsafe"
cp "$WORK/serial.log" "$WORK/serial-1.log"
want walk 0
want_unmounted "$WORK/disk.img"
installed=$(verdict down)
rm "$image"

LIMIT=1200
qemu -machine graphics=off -boot n
want walk 0
want_real
want timeout 120
want swap /dev/zram0
want_log 'Command line: .*root=UUID='
want_no_log 'Command line:.*(netroot|iscsi_)'
want_down 60
want_clean "$WORK/disk.img"
note "installed in ${installed%.*} s, up after $(verdict up) s"

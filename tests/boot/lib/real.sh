# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2120
# Functions for the scenarios real-*: an installed Debian on a LUN, in which "make install" was run.
# They need root.

REAL_UUID=5eb1f2c0-1e55-4c5f-9c5b-0b0ea7d1c0de
AT=1048576 # byte offset of the partition
LIMIT=1200 # Debian takes long to start, even longer on a busy machine

# in_tree UPPER LOWER COMMAND: runs COMMAND with LOWER and the changes in UPPER mounted at $tree.
in_tree() {
	mkdir -p "$1" "$1.work" "$WORK/tree"
	tree=$WORK/tree top=$TOP unshare -m sh -ec '
		mount -t overlay -o "lowerdir=$2,upperdir=$1,workdir=$1.work" tree "$tree"
		eval "$3"' sh "$@"
}

# inside [UPPER]: runs $command in that Debian, with this checkout at /src.
inside() {
	in_tree "${1-$WORK/upper}" "$LOWER" '
		mkdir -p "$tree/src"
		mount --rbind /dev "$tree/dev"
		mount -t proc proc "$tree/proc"
		mount -t sysfs -o ro sys "$tree/sys"
		mount -t tmpfs run "$tree/run"
		mount -t tmpfs tmp "$tree/tmp"
		mount --bind "$top" "$tree/src"
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive \
			chroot "$tree" sh -ec "$command"' >>"$WORK/inside.log" 2>&1 ||
		fail "a command in Debian failed: $(tail -n 1 "$WORK/inside.log"); see inside.log"
}

# debian_with GENERATOR: prepares that Debian without our software. Standard input is the script that it runs
# once it is up.
debian_with() {
	LOWER=$("$BOOT/real-root" "$1") || fail "cannot make a Debian with $1"
	mkdir -p "$WORK/upper/guest" "$WORK/upper/etc/systemd/system/multi-user.target.wants"
	install -d "$WORK/upper/etc/iscsi"
	echo "UUID=$REAL_UUID / ext4 errors=remount-ro 0 1" >"$WORK/upper/etc/fstab"
	echo real >"$WORK/upper/etc/hostname"
	# Compression takes most of the time of making an image.
	mkdir -p "$WORK/upper/etc/initramfs-tools/conf.d" "$WORK/upper/etc/dracut.conf.d"
	echo COMPRESSLEVEL=1 >"$WORK/upper/etc/initramfs-tools/conf.d/test"
	echo 'compress="zstd -1 -q -T0"' >"$WORK/upper/etc/dracut.conf.d/test.conf"
	echo "InitiatorName=$INITIATOR" >"$WORK/upper/etc/iscsi/initiatorname.iscsi"
	chmod 600 "$WORK/upper/etc/iscsi/initiatorname.iscsi"
	install "$BOOT"/guest/{lib.sh,real} "$WORK/upper/guest/"
	install -m 644 "$BOOT/guest/real.service" "$WORK/upper/etc/systemd/system/real.service"
	ln -s ../real.service "$WORK/upper/etc/systemd/system/multi-user.target.wants/real.service"
	install -D -m 644 "$BOOT/guest/watch.service" "$WORK/upper/etc/systemd/system/watch.service"
	mkdir "$WORK/upper/etc/systemd/system/sysinit.target.wants"
	ln -s ../watch.service "$WORK/upper/etc/systemd/system/sysinit.target.wants/watch.service"
	cat >"$WORK/upper/guest/scenario"
}

# add_packages UPPER GENERATOR PACKAGE...: installs more packages in that Debian.
add_packages() {
	local debs
	debs=$("$BOOT/real-packages" "${@:2}") || fail "cannot get the packages ${*:3}"
	mkdir -p "$1"
	cp -a "$debs" "$1/packages"
	command="dpkg -i /packages/*.deb && rm -r /packages" inside "$1"
}

# make_install: runs "make install" in it, as a user does. All scenarios of a run share the result.
make_install() {
	local made=$IMAGES/installed-${LOWER##*/}
	shared "$made" installed
	LOWER=$made:$LOWER
}
installed() { # UPPER
	local upper=$1
	mkdir -p "$1/etc"
	cp -a "$WORK/upper/etc/." "$1/etc/"
	command="make -C /src install" inside "$upper"
}

# disk FILE: makes a disk with Debian in a partition, which a BIOS boots with GRUB by /grub.cfg.
disk() {
	root_in "$1"
	grub i386-pc "$WORK/core.img" biosdisk
	[ "$(stat -c %s "$WORK/core.img")" -lt $((AT - 512)) ] || fail "GRUB's core image is too big"
	dd if=/usr/lib/grub/i386-pc/boot.img of="$1" bs=440 count=1 conv=notrunc status=none
	dd if="$WORK/core.img" of="$1" bs=512 seek=1 conv=notrunc status=none
	# One active Linux partition, from sector 2048 to the end.
	printf '\x80\0\0\0\x83\0\0\0\0\x08\0\0\0\xf8\x5f\0' | put_at 446 "$1"
	printf '\x55\xaa' | put_at 510 "$1"
}

# uefi_disk FILE: the same for UEFI, which finds GRUB at the path for removable disks.
uefi_disk() {
	AT=$((32 << 20))
	root_in "$1"
	grub x86_64-efi "$WORK/bootx64.efi" fat
	mformat -i "$1@@$((1 << 20))" -T $((31 << 11)) -h 64 -s 32 :: || fail "cannot make the EFI system partition"
	mmd -i "$1@@$((1 << 20))" ::/EFI ::/EFI/BOOT
	mcopy -i "$1@@$((1 << 20))" "$WORK/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI || fail "cannot copy GRUB"
	# The EFI system partition, from sector 2048 to 65535, and one Linux partition, from there to the end.
	printf '\0\0\0\0\xef\0\0\0\0\x08\0\0\0\xf8\0\0' | put_at 446 "$1"
	printf '\0\0\0\0\x83\0\0\0\0\0\x01\0\0\0\x5f\0' | put_at 462 "$1"
	printf '\x55\xaa' | put_at 510 "$1"
}

root_in() { # FILE
	rm -f "$1"
	truncate -s 3G "$1"
	image=$1 in_tree "$WORK/upper" "$LOWER" "mke2fs -q -t ext4 -U $REAL_UUID -E offset=$AT -d \"\$tree\" \
		\"\$image\" $(((3 << 20) - (AT >> 10)))k" || fail "cannot make the file system"
}

grub() { # PLATFORM FILE MODULE...
	cat >"$WORK/early.cfg" <<-END
		serial --unit=0
		terminal_output serial
		search --no-floppy --fs-uuid --set=root $REAL_UUID
		configfile /grub.cfg
	END
	grub-mkimage -O "$1" -p /grub -c "$WORK/early.cfg" -o "$2" part_msdos ext2 serial terminal search \
		search_fs_uuid configfile linux normal echo minicmd "${@:3}" || fail "cannot make a GRUB image"
}

put_at() { dd of="$2" bs=1 seek="$1" conv=notrunc status=none; }

# grub_cfg PARAMETER...: makes GRUB boot that Debian with these kernel command-line parameters and root=.
grub_cfg() {
	cat >"$WORK/upper/grub.cfg" <<-END
		linux /vmlinuz root=UUID=$REAL_UUID ro nowatchdog $STRICT $*
		initrd /initrd.img
		boot
	END
}

# Runs a machine whose NIC has iPXE, which makes a table for the target's LUN and boots from it.
sanboot() {
	cat >"$WORK/tftp/boot.ipxe" <<-END
		#!ipxe
		set initiator-iqn $INITIATOR
		set keep-san 1
		sanboot --drive 0x80 iscsi:10.0.2.2::$PORT:1:$IQN || reboot
	END
	[ ${#HARDWARE[@]} -gt 0 ] || HARDWARE=(-m 1024)
	ipxe
}

# target_of FILE: starts a target whose LUN 1 is FILE.
target_of() {
	target_start 127.0.0.1
	target 1 "$IQN" "$1"
}

# want_real [TOUCHED]: the root is mounted for writing, iscsid has adopted the same session, and the timers
# have the configured values. No network manager has changed the NIC, and no unit has failed.
want_real() {
	want root-options rw
	want status 0
	want session "NO CHANGE"
	want sessions session1
	want touched "${1-0}"
	want failed ""
}

# when TEXT: the time in seconds at which the console logged TEXT.
when() { tr -d '\r' <"$WORK/serial.log" | sed -n "s/^\[ *\([0-9.]*\)\] $1.*/\1/p" | tail -n 1; }

# want_down SECONDS [SINCE]: the machine went down within SECONDS after the command to do so, or after SINCE.
want_down() {
	local end
	end=$(when 'reboot: ')
	[ -n "$end" ] || fail "the machine did not go down: $(last_line)"
	DOWN=$(awk -v a="${2-$(verdict down)}" -v b="$end" 'BEGIN { printf "%.1f", b - a }')
	awk -v s="$DOWN" -v most="$1" 'BEGIN { exit !(s <= most) }' || fail "going down took $DOWN s, more than $1"
}

# want_clean FILE [LAST]: systemd (or the program that logs LAST) unmounted everything, and so FILE shows.
want_clean() {
	want_log "${2-All filesystems unmounted}"
	want_unmounted "$1"
}

# Checks the file system including its journal: e2fsck -n alone ignores a journal that needs recovery.
want_unmounted() { # FILE
	e2fsck -fn "$1?offset=$AT" >"$WORK/e2fsck.log" 2>&1 || fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
	dumpe2fs -h "$1?offset=$AT" >"$WORK/dumpe2fs.log" 2>&1 || fail "dumpe2fs: $(tail -n 1 "$WORK/dumpe2fs.log")"
	! grep -w needs_recovery "$WORK/dumpe2fs.log" || fail "the file system was not unmounted"
}

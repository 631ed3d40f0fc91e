# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Machines whose firmware (EDK2's OVMF) logs in by its own initiator and writes a table. Sourced by scenarios.

# shellcheck source=tests/boot/lib/tables.sh
. "$BOOT/lib/tables.sh"

# OVMF has a driver for this NIC alone.
# shellcheck disable=SC2034 # of lab.sh
CARD=virtio-net-pci
# shellcheck disable=SC2034 # of tables.sh
ORIGIN="EDK2's own initiator in Debian's ovmf $(dpkg-query -W -f '${Version}' ovmf)"

# edk2: gives the machine OVMF with the settings of its initiator on standard input (edk2-vars.c), and a FAT disk with
# GRUB, which starts the kernel.
edk2() {
	local efi=$WORK/esp/EFI/BOOT
	mkdir -p "$efi"
	cp "$KDIR/vmlinuz" "$efi/"
	gzip -1 <"$WORK/initrd.cpio" >"$efi/initrd.gz"
	printf '%s\n' "linux /EFI/BOOT/vmlinuz $STRICT" 'initrd /EFI/BOOT/initrd.gz' boot reboot \
		>"$WORK/grub.cfg"
	edk2_grub
	uefi
	edk2_settings
	# Newer OVMF has no network without random numbers.
	HARDWARE+=(-device virtio-rng-pci
		-drive "if=virtio,format=raw,readonly=on,file=fat:$WORK/esp")
}

# edk2_grub: makes GRUB with the commands in $WORK/grub.cfg.
edk2_grub() {
	grub-mkimage -O x86_64-efi -p /EFI/BOOT -c "$WORK/grub.cfg" -o "$WORK/esp/EFI/BOOT/BOOTX64.EFI" \
		part_msdos fat linux boot reboot || fail "cannot make a GRUB image"
}

# edk2_settings: gives OVMF other settings, as before its first start.
edk2_settings() {
	cp "$OVMF/OVMF_VARS_4M.fd" "$WORK/vars.fd"
	"$TOP/build/edk2-vars" "$WORK/vars.fd" || fail "cannot write the variables of the initiator"
}

# edk2_lio NAME KEY=VALUE...: boots by a target of the kernel's own (LIO), with these CHAP settings of edk2-vars. The
# table is edk2-NAME. Call it after "stock".
edk2_lio() {
	# shellcheck source=tests/boot/lib/equal.sh
	. "$BOOT/lib/equal.sh"
	local word auth=attrib/authentication=1
	for word in "${@:2}"; do
		case ${word%%=*} in
		user) auth+=" auth/userid=${word#*=}" ;;
		secret) auth+=" auth/password=${word#*=}" ;;
		rev-user) auth+=" auth/userid_mutual=${word#*=}" ;;
		rev-secret) auth+=" auth/password_mutual=${word#*=}" ;;
		esac
	done
	MODULES+=(iscsi_target_mod target_core_file virtio_blk)
	lab
	table_guest
	initramfs
	switch lan 10.7.0.1/24
	rootfs "$WORK/root.img"
	lio "$WORK/root.img" <<<"lio_target $IQN /dev/vda $auth"
	cable n0 lan
	card n0 "$MAC" addr=2
	edk2 <<-END
		initiator name=$INITIATOR
		attempt mac=$MAC local=10.7.0.15/24 target=$IQN ip=10.7.0.2 lun=1 ${*:2}
	END
	qemu
	want_boot
	want_lio
	want_table "edk2-$1"
	want_no_log 'one-way-secr|both-ways-secr'
}

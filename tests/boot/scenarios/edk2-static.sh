# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator, whose settings are UEFI variables: one target, static IPv4. GRUB starts the kernel from a FAT
# disk.
# Outcome: the firmware logs in and writes the table edk2-static; the agent boots from it.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
lab
stock 6.12
table_guest
initramfs
switch lan 10.0.2.2/24
san 10.0.2.2
cable n0 lan
card n0 "$MAC" addr=2
edk2 <<-END
	initiator name=$INITIATOR
	attempt mac=$MAC local=10.0.2.15/24 gateway=10.0.2.2 target=$IQN ip=10.0.2.2 lun=1
END
qemu

want_boot
want sources ibft
want_table edk2-static

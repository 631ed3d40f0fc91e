# shellcheck shell=bash
# groups: real
# An installed Debian 12 with initramfs-tools on a UEFI machine: iPXE hands its LUN to UEFI, which starts GRUB
# from the LUN's EFI system partition.
# Outcome: as real-ibft, by the table in ACPI.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
report
say uefi "$(cat /sys/firmware/efi/fw_platform_size)"
say location "$(cat /sys/firmware/iscsi_boot_unified/ibft/location)"
say sources "$(cat /sys/firmware/iscsi_boot_unified/sources)"
down poweroff
END
make_install
grub_cfg ""
uefi_disk "$WORK/disk.img"
target_of "$WORK/disk.img"
uefi
sanboot

want_real
want uefi 64
want location acpi
want sources ibft
want_down 60
want_clean "$WORK/disk.img"
note "up after $(verdict up) s"

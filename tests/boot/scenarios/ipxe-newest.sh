# shellcheck shell=bash
# groups: firmware
# UEFI with the newest iPXE (sid's): a VLAN, which Debian 12's lacks; one drive by two NICs; an IPv6 target of a NIC
# that has IPv4, too.
# Outcome: each table is the one that tests/data keeps. The agent boots from it, in the VLAN; but for the IPv6 target,
# whose address iPXE cut to four bytes.

# shellcheck source=tests/boot/lib/tables.sh
. "$BOOT/lib/tables.sh"
lab
stock 6.12
table_guest
initramfs
ROM=,romfile=
ipxe_lab
uefi
LOCATION=acpi
# As a program on a disk: with its option ROM, the firmware's own PXE would load iPXE's script.
mkdir -p "$WORK/esp/EFI/BOOT"
cp "$("$BOOT/newest-ipxe")/ipxe.efi" "$WORK/esp/EFI/BOOT/BOOTX64.EFI" || fail "cannot get the newest iPXE"
HARDWARE+=(-drive "if=virtio,format=raw,readonly=on,file=fat:$WORK/esp" -boot c)
drive="sanhook --drive 0x80"

ipxe_boots newest-vlan 'vcreate --tag 42 net0' 'set net0-42/ip 10.0.4.15' 'set net0-42/netmask 255.255.255.0' \
	'ifopen net0-42' "$drive iscsi:10.0.4.2:::1:$IQN"
want_boot
want_wire n0 "vlan 42 and src 10.0.4.15 and dst 10.0.4.2"
ipxe_boots newest-two-nics 'set net1/ip 10.0.3.15' 'set net1/netmask 255.255.255.0' 'ifopen net1' \
	"$drive iscsi:10.0.2.2:::1:$IQN iscsi:10.0.3.2:::1:$IQN"
want agent-status 0
ipxe_boots newest-ipv6 "$drive iscsi:[fec0::2]:::1:$IQN"
want agent-status 4

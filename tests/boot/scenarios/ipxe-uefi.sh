# shellcheck shell=bash
# groups: firmware
# UEFI with iPXE: three drives of two targets, an IPv6 target of a NIC without IPv4, CHAP.
# Outcome: each table is the one that tests/data keeps. The agent boots from it; but for the IPv6 target, whose address
# iPXE cut to four bytes.

# shellcheck source=tests/boot/lib/tables.sh
. "$BOOT/lib/tables.sh"
lab
stock 6.12
table_guest
initramfs
ipxe_lab
uefi
LOCATION=acpi
drive="sanhook --drive 0x80"
DATA=iqn.2026-11.org.example:data
cp "$WORK/root.img" "$WORK/data.img"
target 2 "$DATA" "$WORK/data.img"
lun 2 2 "$WORK/data.img"

ipxe_boots uefi-drives "$drive iscsi:10.0.2.2:::1:$IQN" "sanhook --drive 0x81 iscsi:10.0.2.2:::1:$DATA" \
	"sanhook --drive 0x82 iscsi:10.0.2.2:::2:$DATA"
want agent-status 0
ipxe_boots uefi-ipv6 "$drive iscsi:[fec0::2]:::1:$IQN"
want agent-status 4
account 1 alice one-way-secret
ipxe_boots uefi-chap 'set username alice' 'set password one-way-secret' "$drive iscsi:10.0.2.2:::1:$IQN"
want_boot
want_no_log 'one-way-secret'

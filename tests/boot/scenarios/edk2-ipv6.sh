# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator and a target by IPv6; the NIC's address in the firmware is set by hand. A first attempt, whose
# portal does not answer, takes longer than the detection of duplicates of that address: see edk2-ipv6-link-local.
# Outcome: the firmware writes the table edk2-ipv6 with whole addresses; the agent boots from it.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
lab
stock 6.12
table_guest
initramfs
switch lan fec0::2/64
san '[fec0::2]'
cable n0 lan
card n0 "$MAC" addr=2
edk2 <<-END
	initiator name=$INITIATOR
	address mac=$MAC ip=fec0::15/64 gateway=fec0::2
	attempt mac=$MAC target=$IQN ip=fec0::3 lun=1
	attempt mac=$MAC target=$IQN ip=fec0::2 lun=1
END
qemu

want_boot
want sources ibft
want_table edk2-ipv6
want_wire n0 "ip6 src fec0::15 and dst fec0::2 and tcp dst port 3260"

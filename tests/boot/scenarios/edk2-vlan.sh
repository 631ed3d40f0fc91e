# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator in a VLAN, which a UEFI variable gives to the NIC.
# Outcome: the firmware logs in there and writes the table edk2-vlan; the agent makes the VLAN and boots; every frame to
# and from the target has its tag.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
lab
stock 6.12
table_guest
initramfs
switch lan
trunk lan 42 10.0.2.2/24
san 10.0.2.2
cable n0 lan
card n0 "$MAC" addr=2
edk2 <<-END
	initiator name=$INITIATOR
	vlan mac=$MAC id=42 priority=3
	attempt mac=$MAC vlan=42 local=10.0.2.15/24 gateway=10.0.2.2 target=$IQN ip=10.0.2.2 lun=1
END
qemu

want_boot
want sources ibft
want_table edk2-vlan
want_wire n0 "vlan 42 and src 10.0.2.15 and dst 10.0.2.2"
want_no_wire n0 "ip and tcp" # which matches untagged frames only

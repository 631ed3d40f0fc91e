# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator and a target by IPv6, which it reaches from its link-local address. It does so wherever it
# connects before the detection of duplicates of its other addresses has ended.
# Outcome: the firmware writes the table edk2-ipv6-link-local: a link-local address, no gateway, and a portal outside of
# the NIC's subnet. The agent boots from it, and finds the portal on the link.

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
	address mac=$MAC gateway=fec0::2
	attempt mac=$MAC target=$IQN ip=fec0::2 lun=1
END
qemu

want_boot
want sources ibft
want_table edk2-ipv6-link-local
want_log 'added route to portal fec0::2'
want_wire n0 "ip6 src fe80::5054:ff:fe12:3456 and dst fec0::2 and tcp dst port 3260"

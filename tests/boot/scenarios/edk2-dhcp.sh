# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator takes the machine's address and the target (a root path) by DHCP.
# Outcome: the firmware writes the table edk2-dhcp with its lease; the agent boots from it, without asking a DHCP
# server again before the root is there.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
lab
stock 6.12
table_guest
initramfs
switch lan 10.0.2.2/24
san 10.0.2.2
serve interface=lan dhcp-range=10.0.2.0,static "dhcp-host=$MAC,10.0.2.15" dhcp-option=option:router,10.0.2.2 \
	dhcp-option=option:dns-server,10.0.2.3 "dhcp-option=option:root-path,iscsi:10.0.2.2:6:3260:1:$IQN"
cable n0 lan
card n0 "$MAC" addr=2
edk2 <<-END
	initiator name=$INITIATOR
	attempt mac=$MAC dhcp=target
END
qemu

want_boot
want sources ibft
want_table edk2-dhcp
want_wire n0 "src 10.0.2.2 and udp dst port 68"
want_no_log "iscsi-boot: dhcp: .*asking"

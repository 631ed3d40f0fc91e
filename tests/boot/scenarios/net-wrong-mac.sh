# shellcheck shell=bash
# groups: check net
# The table has the MAC address of another machine's NIC, as after a board was replaced, but the right PCI
# address.
# Outcome: the agent finds the NIC by its PCI address, and boots.

lab
stock 6.12
guest <<'END'
agent_boot
say match "$(cat $VIEW/nic0/netdev/match)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.0.2.2/24
san 10.0.2.2
table ipxe-bios "$MAC=>52:54:00:99:99:99" "iqn.2024-01.example:disk=>$IQN"
cable n0 lan
card n0 "$MAC" addr=3
direct

want match pci
want_boot
want_wire n0 "ether src $MAC and src 10.0.2.15 and tcp dst port 3260"

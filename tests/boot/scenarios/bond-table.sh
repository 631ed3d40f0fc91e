# shellcheck shell=bash
# groups: check net
# The NIC of the firmware's table is the second member of a bond; only it has a cable. One member is named
# by ifname=. The table's address is on the command line nowhere. No driver is loaded when the plan is made first.
# Outcome: the bond has the address and the MAC of the table's NIC, and the machine boots by it.

lab
stock 6.1
guest <<'END'
agent_boot
for n in bond0 lan1 eth1; do
	say $n "$(ip -o -4 addr show $n 2>/dev/null | awk '{ print $4 }')"
done
say mac "$(cat /sys/class/net/bond0/address)"
say members "$(cat /sys/class/net/bond0/bonding/slaves)"
say active "$(cat /sys/class/net/bond0/bonding/active_slave)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.0.2.2/24
san 10.0.2.2
table ipxe-bios "iqn.2024-01.example:disk=>$IQN"
cable n0 lan
card n0 "$MAC" addr=3
lan n1 lan 52:54:00:12:34:57
# shellcheck disable=SC2034
MONITOR="set_link n1 off"
direct bond=bond0:lan1,eth0:mode=1 ifname=lan1:52:54:00:12:34:57

want bond0 10.0.2.15/24
want lan1 ""
want mac "$MAC"
want members "lan1 eth0"
want active eth0
want_boot

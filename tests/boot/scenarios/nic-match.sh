# shellcheck shell=bash
# groups: check
# Which device is matched: nic0 has a MAC; nic1 has a MAC that no device has, and the PCI address of a virtio
# NIC. Then more devices get the same MAC: a bond, its port, VLANs, a pair of veth devices.
# Outcome: a permanent MAC of hardware wins, stacked devices never match, and two matches of a kind are
# reported.

stock 6.12
guest <<'END'
modprobe iscsi_boot_unified
# bonding makes bond0 by itself
for module in e1000 virtio_net bonding 8021q veth; do modprobe $module; done
nic() { echo "$(cat "$1/status") $(cat "$1/ifname") $(cat "$1/match")"; }
nics() { say "$1" "$(nic $VIEW/nic0/netdev), $(nic $VIEW/nic1/netdev)"; }
rename() { for d in /sys/class/net/*/; do ! grep -q "$1" "$d/address" || ip link set "$(basename "$d")" name "$2"; done; }
rename 52:54:00:aa:00:01 first
rename 52:54:00:aa:00:02 second
nics plain
ip link set bond0 address 52:54:00:aa:00:01
ip link set second down
ip link set second master bond0
ip link set bond0 up
ip link add link bond0 name bond0.7 type vlan id 7
ip link add link first name first.7 type vlan id 7
say same-mac "$(grep -l 52:54:00:aa:00:01 /sys/class/net/*/address | wc -l)"
nics bonded
ip link set first address 52:54:00:aa:00:99
nics other-address
ip link set second nomaster
ip link set second down
ip link del bond0
ip link add v0 address 52:54:00:bb:00:09 type veth
nics of-software
ip link add v1 type veth
ip link set v1 address 52:54:00:bb:00:09
nics two-of-a-kind
END
initramfs
table two-nics "mac=52:54:00:aa:00:02 bdf=00:04.0=>mac=52:54:00:bb:00:09 bdf=00:05.0"
nic n0 52:54:00:aa:00:01 addr=3
HARDWARE+=(-netdev "user,id=n1" -device "virtio-net-pci,netdev=n1,mac=52:54:00:aa:00:02,romfile=,addr=5")
direct

want plain "down first perm-addr, down second pci"
want same-mac 5
want bonded "down first perm-addr, up second pci"
want other-address "down first perm-addr, up second pci"
want of-software "down first perm-addr, down v0 mac"
want two-of-a-kind "down first perm-addr, down v0 mac ambiguous"

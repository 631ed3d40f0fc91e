# shellcheck shell=bash
# groups: net
# ifname= gives each of two NICs the name that the kernel gave the other one; the root is reached by one of
# them.
# Outcome: both have the configured names, and the path uses the configured NIC.

lab
stock 6.12
guest <<'END'
agent_boot
for n in eth0 eth1; do say "$n" "$(cat /sys/class/net/$n/address)"; done
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan0 10.7.0.1/24
switch lan1 10.7.1.1/24
san 10.7.1.1
lan n0 lan0 52:54:00:aa:00:01
lan n1 lan1 52:54:00:aa:00:02
direct "$(root_at 10.7.1.1) ifname=eth0:52:54:00:aa:00:02 ifname=eth1:52:54:00:aa:00:01" \
	"ip=10.7.1.15:::24::eth0:none"

want eth0 52:54:00:aa:00:02
want eth1 52:54:00:aa:00:01
want_boot
want_wire n1 "src 10.7.1.15 and dst 10.7.1.1 and tcp dst port 3260"

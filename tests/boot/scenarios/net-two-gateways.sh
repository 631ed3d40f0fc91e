# shellcheck shell=bash
# groups: net
# Two NICs on two networks, each with a gateway, and the target, which has two portals, behind both.
# Outcome: a session by each NIC, each through its own gateway; neither takes the other's.

lab
stock 6.12
guest_boots --wait-all
initramfs
switch lan0
switch lan1
host target
for n in 0 1; do
	host "router$n"
	wire "" "up$n" "router$n" near
	ip link set "up$n" master "lan$n"
	wire "router$n" far target "eth$n"
	at "router$n" sysctl -q -w net.ipv4.ip_forward=1
	at "router$n" ip addr add "10.7.$n.254/24" dev near
	at "router$n" ip addr add "10.8.$n.1/24" dev far
	at "router$n" ip route add "10.8.$((1 - n)).0/24" via "10.8.$n.2"
	at target ip addr add "10.8.$n.2/24" dev "eth$n"
	at target ip route add "10.7.$n.0/24" via "10.8.$n.1"
done
rootfs "$WORK/root.img"
# shellcheck disable=SC2034
TARGET_AT=(nsenter -n -t "${HOST_PID[target]}" --)
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan0 52:54:00:aa:00:01
lan n1 lan1 52:54:00:aa:00:02
direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15::10.7.0.254:24::eth0:none::52:54:00:aa:00:01" \
	"ip=10.7.1.15::10.7.1.254:24::eth1:none::52:54:00:aa:00:02" \
	"iscsi_boot.target=iscsi://10.8.0.2/$IQN/1?nic=52:54:00:aa:00:01" \
	"iscsi_boot.target=iscsi://10.8.1.2/$IQN/1?nic=52:54:00:aa:00:02"

want_boot 2
want_wire n0 "src 10.7.0.15 and dst 10.8.0.2 and tcp dst port 3260"
want_wire n1 "src 10.7.1.15 and dst 10.8.1.2 and tcp dst port 3260"
want_no_wire n0 "tcp and (host 10.7.1.15 or host 10.8.1.2)"
want_no_wire n1 "tcp and (host 10.7.0.15 or host 10.8.0.2)"

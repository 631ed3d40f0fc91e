# shellcheck shell=bash
# groups: check net
# ifname= renames the NIC, vlan= names the VLAN on it, which has its own MTU; rd.route= leads to a portal in
# another network, without a gateway.
# Outcome: the devices have the configured names, MTUs and addresses; the root is reached by that route, and no
# parameter is logged as unknown.

lab
stock 6.12
guest <<'END'
agent_boot
for n in san san.42; do say "$n" "$(cat /sys/class/net/$n/mtu) $(/usr/sbin/ip -o addr show dev $n | grep -c 'inet6* \(10\|fd\)')"; done
say eth0 "$(ls /sys/class/net | grep -c eth0)"
say route "$(/usr/sbin/ip route show 10.8.0.0/16)"
say default "$(/usr/sbin/ip route show default)"
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
# shellcheck disable=SC2034
MTU=9000
switch lan 10.7.0.1/24
router lan 10.7.0.254/24
# shellcheck disable=SC2034
TARGET_AT=(nsenter -n -t "${HOST_PID[far]}" --)
san 10.8.0.2
lan n0 lan "$MAC"
direct "$(root_at 10.8.0.2) ifname=san:$MAC vlan=san.42:san ip=10.7.0.15:::24::san:none" \
	"ip=[fd07::15]:::64::san:none ip=10.9.0.15:::24::san.42:none:4000" \
	"iscsi_boot.target=iscsi://10.9.0.1:9/$IQN/1" \
	"rd.route=10.8.0.0/16:10.7.0.254"

want eth0 0
want san "4000 2"
want san.42 "4000 1"
want route "10.8.0.0/16 via 10.7.0.254 dev san src 10.7.0.15 "
want default ""
want_root "$IQN" "$WORK/root.img"
want_wire n0 "src 10.7.0.15 and dst 10.8.0.2 and tcp dst port 3260"
want_no_log 'command line, byte [0-9]+: rd\.route'
[ "$(grep -a -c 'net: san: waiting for its carrier' "$WORK/serial.log")" = 1 ] || fail "the agent logged it for each address"

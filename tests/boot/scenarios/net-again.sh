# shellcheck shell=bash
# groups: check net
# The NIC is already up with its addresses and routes, configured by another program; boot is called twice.
# Outcome: the agent boots, and neither call changes a link, an address or a route.

lab
stock 6.12
guest <<'END'
# watched COMMAND...: reports what it changes in the network, by ip-monitor, between two changes of our own.
mark() {
	until grep -q "mtu $1 " /tmp/changes; do
		ip link set lo mtu 65536
		ip link set lo mtu "$1"
	done
}
watched() {
	/usr/sbin/ip -o monitor link address route >/tmp/changes &
	mark 60001
	"$@"
	mark 60002
	kill $!
	grep -v ': lo: <' /tmp/changes | while read -r line; do say change "$line"; done
}
ip link set lo up
modprobe e1000
echo 1 >/proc/sys/net/ipv6/conf/eth0/addr_gen_mode # no automatic address
ip link set eth0 up
ip addr add 10.7.0.15/24 dev eth0
/usr/sbin/ip -6 addr add fd07::15/64 dev eth0 nodad # busybox does not support nodad
await_log 'eth0.*Link is Up'
until /usr/sbin/ip -o link show eth0 | grep -q 'state UP'; do :; done
ip route add default via 10.7.0.254
watched agent_boot
watched "$AGENT" boot
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.254:24::eth0:none" \
	"ip=[fd07::15]:::64::eth0:none"

want change ""
want_boot

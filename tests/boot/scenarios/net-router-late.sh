# shellcheck shell=bash
# groups: check net
# A static IPv6 address without a gateway; the target is behind a router that joins the network when the agent
# has waited for long.
# Outcome: the agent waits for the router, and boots through it.

lab
stock 6.12
guest_boots
initramfs
switch lan
router lan fd07::fe/64
ip link set uplink nomaster
printf '%s\n' user=root group=root port=0 no-resolv no-hosts pid-file= interface=near enable-ra \
	"dhcp-range=fd07::,ra-only,64,infinite" >"$WORK/ra.conf"
bound nsenter -n -t "${HOST_PID[router]}" -- dnsmasq -k -C "$WORK/ra.conf" &
PIDS+=($!)
# shellcheck disable=SC2034
TARGET_AT=(nsenter -n -t "${HOST_PID[far]}" --)
san '[fd08::2]'
lan n0 lan "$MAC"
once 'net: eth0: waiting for a router' later 2 ip link set uplink master lan
direct "$(root_at '[fd08::2]') ip=[fd07::15]:::64::eth0:none"

want_boot
want_log 'net: eth0: waiting for a router'
want_wire n0 "src net fd07::/64 and dst fd08::2 and tcp dst port 3260"

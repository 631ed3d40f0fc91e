# shellcheck shell=bash
# groups: check net
# The machine has an address without a network (/32), and a gateway outside of it.
# Outcome: the agent reaches the target behind that gateway, and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan
router lan 192.168.255.1/32
at router ip route add 10.7.0.15/32 dev near
# shellcheck disable=SC2034
TARGET_AT=(nsenter -n -t "${HOST_PID[far]}" --)
san 10.8.0.2
lan n0 lan "$MAC"
direct "$(root_at 10.8.0.2) ip=10.7.0.15::192.168.255.1:255.255.255.255::eth0:none"

want_boot
want_wire n0 "src 10.7.0.15 and tcp dst port 3260"
want_wire n0 "src 10.8.0.2 and ip[8] == 63"

# shellcheck shell=bash
# groups: check net
# ip= that names no device; of three NICs one has a cable, and one was up before.
# Outcome: the agent uses the one with the cable. It takes down again the NIC that it brought up without
# success, and leaves up the NIC that was up.

lab
stock 6.12
guest <<'END'
modprobe e1000
ip link set eth2 up
agent_boot
for n in 0 1 2; do say eth$n "$(($(cat /sys/class/net/eth$n/flags) & 1))"; done
enter_root /dev/iscsi-boot/root
END
initramfs
switch dark
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 dark 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
lan n2 dark 52:54:00:aa:00:03
# shellcheck disable=SC2034
MONITOR="set_link n0 off
set_link n2 off"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24:::none"

want eth0 0
want eth1 1
want eth2 1
want_boot
want_wire n1 "src 10.7.0.15 and tcp dst port 3260"
want_no_wire n0 "arp or tcp"

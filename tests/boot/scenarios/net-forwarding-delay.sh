# shellcheck shell=bash
# groups: net
# The switch port has carrier, but forwards nothing for 30 s (spanning tree) after the NIC is up.
# Outcome: the agent sends an ARP request each second until the target answers. It logs once that it waits and
# once that the wait is over, and boots without a failed connection attempt.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
switch nowhere
ip link set n0 master nowhere
once 'net: eth0: ready' later 30 ip link set n0 master lan
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"

want_boot
want_log 'net: 10.7.0.1 answers after (29|3[0-9])\.'
[ "$(grep -a -c 'net: waiting until 10.7.0.1 answers' "$WORK/serial.log")" = 1 ] || fail "the agent logged it more than once"
want_no_log '; retrying'

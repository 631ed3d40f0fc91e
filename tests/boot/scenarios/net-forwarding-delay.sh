# shellcheck shell=bash
# groups: net
# The switch port has carrier, but passes nothing for 30 s (spanning tree) after the NIC is up.
# Outcome: the agent keeps asking, and boots once the port passes frames.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
ip link set n0 nomaster
once 'net: eth0: ready' later 30 ip link set n0 master lan
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"

want_root "$IQN" "$WORK/root.img"

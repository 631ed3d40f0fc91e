# shellcheck shell=bash
# groups: check net
# The NIC is plugged in after the agent has started to wait for it.
# Outcome: the agent loads its driver and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
cable n0 lan
once 'net: waiting for the network device' plug n0 "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none::$MAC"

want_boot
want_log 'net: waiting for the network device'

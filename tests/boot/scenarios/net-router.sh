# shellcheck shell=bash
# groups: check net
# The target is on another network, behind a router.
# Outcome: the agent boots through that gateway; the answers have passed a router.

lab
stock 6.12
guest_boots
initramfs
switch lan
router lan 10.7.0.254/24
# shellcheck disable=SC2034
TARGET_AT=(nsenter -n -t "${HOST_PID[far]}" --)
san 10.8.0.2
lan n0 lan "$MAC"
direct "$(root_at 10.8.0.2) ip=10.7.0.15::10.7.0.254:24::eth0:none"

want_boot
want_wire n0 "src 10.7.0.15 and tcp dst port 3260"
want_wire n0 "src 10.8.0.2 and ip[8] == 63"
want_no_wire n0 "src 10.8.0.2 and ip[8] != 63"

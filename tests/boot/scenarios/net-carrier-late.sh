# shellcheck shell=bash
# groups: net
# The cable is plugged in 20 s after the agent has started to wait for it.
# Outcome: the agent logs once that it waits, logs once that the carrier is up, and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
# shellcheck disable=SC2034
MONITOR="set_link n0 off"
once 'net: eth0: waiting for its carrier' later 20 monitor "set_link n0 on"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"

want_boot
[ "$(grep -a -c 'net: eth0: waiting for its carrier' "$WORK/serial.log")" = 1 ] || fail "the agent logged it more than once"
want_log 'net: eth0: carrier after (2[0-9]|[3-9][0-9]|[0-9]{3,})\.'

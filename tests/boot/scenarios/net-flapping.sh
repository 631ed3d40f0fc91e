# shellcheck shell=bash
# groups: check net
# The carrier comes up, is lost while the agent logs in, and comes up again.
# Outcome: the agent boots; it logs once that it waits for the carrier, and once that it is up.

lab
stock 6.12
guest_boots
initramfs
# shellcheck disable=SC2034
CARD=virtio-net-pci
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
# shellcheck disable=SC2034
MONITOR="set_link n0 off"
once 'net: eth0: waiting for its carrier' monitor "set_link n0 on" "set_link n0 off" "set_link n0 on"
go_and_come() {
	monitor "set_link n0 off"
	later 3 monitor "set_link n0 on"
}
once 'net: eth0: ready' go_and_come
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"

want_root "$IQN" "$WORK/root.img"
once_only() { [ "$(grep -a -c "$1" "$WORK/serial.log")" = 1 ] || fail "not logged exactly once: $1"; }
once_only 'net: eth0: waiting for its carrier'
once_only 'net: eth0: carrier after'

# shellcheck shell=bash
# groups: check net
# The NIC is renamed while the agent waits for its carrier, and the cable is plugged in then.
# Outcome: the agent, which identifies it by its MAC, boots with the new name.

lab
stock 6.12
guest <<'END'
(await_log 'net: eth0: waiting for its carrier' && ip link set eth0 name lan0 &&
	echo "lab: renamed" >/dev/kmsg) &
agent_boot
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
# shellcheck disable=SC2034
MONITOR="set_link n0 off"
once 'lab: renamed' monitor "set_link n0 on"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none::$MAC"

want_boot
want_log 'net: lan0: 10.7.0.15/24'
want_no_log 'net: eth0: 10.7.0.15'

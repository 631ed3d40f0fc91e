# shellcheck shell=bash
# groups: check net
# modprobe cannot find the NIC driver of the image; another program loads it when the agent has waited for long.
# Outcome: the agent waits for the device, and boots.

lab
stock 6.12
guest <<'END'
mv /usr/lib/modules/*/kernel/drivers/net/ethernet/intel/e1000/e1000.ko* /tmp/
(await_log 'net: waiting for the network device' && insmod /tmp/e1000.ko*) &
agent_boot
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"

want_boot
want_log 'net: waiting for the network device'

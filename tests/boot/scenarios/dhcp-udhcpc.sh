# shellcheck shell=bash
# groups: check net
# ip=dhcp that names no device, with busybox's udhcpc in the image: address, MTU, host name, DNS. The client
# identifies itself by the MAC, as the real root does.
# Outcome: the agent boots with the values of the server.

lab
stock 6.12
guest <<'END'
agent_boot
say mtu "$(cat /sys/class/net/eth0/mtu)"
say resolv "$(tr '\n' ' ' </run/iscsi-boot/resolv.conf)"
say hostname "$(hostname)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h "dhcp-host=id:01:$MAC,10.7.0.55,node1" \
	dhcp-option=26,1400 domain=lab.example
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=dhcp iscsi_boot.dhcp-client=udhcpc"

want_boot
want mtu 1400
want hostname node1
want resolv "nameserver 10.7.0.1 search lab.example "
want_log 'dhcp: eth0: 10\.7\.0\.55/24 for 3600 s from 10\.7\.0\.1, by udhcpc after'
want_wire n0 "src 10.7.0.55 and tcp dst port 3260"

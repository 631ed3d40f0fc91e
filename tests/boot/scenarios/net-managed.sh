# shellcheck shell=bash
# groups: check net
# A network manager owns the NIC, as its files in /run and its process show, and configures it late. In a second
# machine a manager has left its files there, but does not own this NIC.
# Outcome: the agent does not change the NIC while the manager owns it, waits for the address and boots.

lab
stock 6.12
guest <<'END'
modprobe e1000
mkdir -p /run/systemd/netif/links /run/NetworkManager/devices
printf '[device]\nmanaged=true\n' >/run/NetworkManager/devices/$(cat /sys/class/net/eth0/ifindex)
echo ADMIN_STATE=pending >/run/systemd/netif/links/$(cat /sys/class/net/eth0/ifindex)
cat >/tmp/systemd-network <<'EOF'
#!/bin/sh
. /guest/lib.sh
await_log 'net: eth0: managed by systemd-networkd'
echo ADMIN_STATE=configuring >/run/systemd/netif/links/$(cat /sys/class/net/eth0/ifindex)
echo "before $(($(cat /sys/class/net/eth0/flags) & 1))" >&3
ip link set eth0 up
await_log 'net: eth0: waiting for its address'
ip addr add 10.7.0.77/24 dev eth0
sleep 1000
EOF
chmod +x /tmp/systemd-network
/tmp/systemd-network &
agent_boot
say addresses "$(/usr/sbin/ip -o -4 addr show dev eth0 | sed 's/.*inet \([^ ]*\).*/\1/' | xargs)"
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"

want before 0
want addresses 10.7.0.77/24
want_boot
want_wire n0 "src 10.7.0.77 and tcp dst port 3260"

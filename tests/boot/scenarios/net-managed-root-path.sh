# shellcheck shell=bash
# groups: check net
# NetworkManager owns the NIC, as its files in /run and its process show, and gets the lease; the target is named by
# the root path of that lease alone.
# Outcome: the agent takes the root path from the manager's file, does not change the NIC, and boots.

lab
stock 6.12
guest <<'END'
modprobe e1000
mkdir -p /run/NetworkManager/devices
file=/run/NetworkManager/devices/$(cat /sys/class/net/eth0/ifindex)
printf '[device]\nmanaged=true\n' >$file
cat >/tmp/NetworkManager <<EOF
#!/bin/sh
. /guest/lib.sh
await_log 'net: eth0: managed by NetworkManager'
ip link set eth0 up
ip addr add 10.7.0.77/24 dev eth0
printf '[device]\nmanaged=true\nroot-path=iscsi:10.7.0.1:::1:$(sed 's/.*test.target=\([^ ]*\).*/\1/' /proc/cmdline)\n' >$file.new
mv $file.new $file
sleep 1000
EOF
chmod +x /tmp/NetworkManager
/tmp/NetworkManager &
agent_boot
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=dhcp ip=eth0:dhcp test.target=$IQN"

want_boot
want_log 'dhcp: eth0: the root path names target0'
want_wire n0 "src 10.7.0.77 and tcp dst port 3260"
want_no_wire n0 "udp port 67"

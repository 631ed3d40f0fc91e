# shellcheck shell=bash
# groups: net
# A firmware's NIC that gets its address by DHCP; its table has no lease; dhcpcd is in the image.
# Outcome: the agent boots. The server knows the machine by its MAC, and the client wrote nothing outside
# /run/iscsi-boot.

lab
stock 6.12
guest <<'END'
mkdir -p /var/lib/dhcpcd
touch /tmp/before
agent_boot
say outside "$(find / -xdev -newer /tmp/before ! -type d ! -path '/tmp/*' ! -path '/dev/*' ! -path '/etc/mtab' | tr '\n' ' ')"
say in-run "$(ls -d /run/dhcpcd 2>/dev/null)"
enter_root /dev/iscsi-boot/root
END
program dhcpcd
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h "dhcp-host=id:01:$MAC,10.7.0.55"
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=eth0:dhcp"

want_boot
want outside ""
want in-run ""
want_log 'dhcp: eth0: 10\.7\.0\.55/24 for 3600 s from 10\.7\.0\.1, by dhcpcd after'
want_wire n0 "src 10.7.0.55 and tcp dst port 3260"

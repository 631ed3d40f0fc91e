# shellcheck shell=bash
# groups: check net
# ip= with a MAC address at its end: dracut gives it to the device.
# Outcome: the device has that address from its first packet on, and files for the real root keep it.

lab
stock 6.12
guest <<'END'
agent_boot
say address "$(cat /sys/class/net/eth0/address)"
say link "$(grep -c -e '^PermanentMACAddress=52:54:00:12:34:56$' -e '^MACAddress=52:54:00:ee:00:01$' /run/systemd/network/00-iscsi-boot-eth0.link)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan 52:54:00:12:34:56
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none:1500:52:54:00:ee:00:01"

want address 52:54:00:ee:00:01
want link 2
want_boot
agent_within 30
want_wire n0 "ether src 52:54:00:ee:00:01 and tcp dst port 3260"
want_no_wire n0 "ether src 52:54:00:12:34:56"

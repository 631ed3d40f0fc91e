# shellcheck shell=bash
# groups: handoff
# DHCPv6 by dhcpcd, and systemd-networkd in the real root.
# Outcome: networkd gets the same address, by the same DUID and IAID, and removes no address.

lab
stock 6.12
guest_boots
program dhcpcd
real <<'END'
/lib/systemd/systemd-networkd-wait-online --timeout=60 --interface=eth0:routable && say online yes
say deleted "$(grep -c 'Deleted.*inet6 fd07' /run/changes)"
cat /run/changes >/dev/console
END
wants systemd-networkd.service
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2
switch lan fd07::1/64
target_start '[fd07::1]' 3260
target 1 "$IQN" "$WORK/root.img"
serve interface=lan enable-ra dhcp-range=fd07::50,fd07::60,64,1h
lan n0 lan "$MAC"
direct "$(root_at '[fd07::1]') ip=eth0:dhcp6"

want online yes
want deleted 0
want_boot
want_no_log 'detected conn error'
leases=$(sed -n 's/^[0-9]* [0-9]* \(fd07::[^ ]*\) .*/\1/p' "$WORK/leases")
[ "$leases" = "${leases%%$'\n'*}" ] || fail "there are two leases: $leases"
[ "$(grep -c 'DHCPREPLY(lan) fd07::' "$WORK/dnsmasq.log")" -ge 2 ] || fail "networkd has no lease, see dnsmasq.log"

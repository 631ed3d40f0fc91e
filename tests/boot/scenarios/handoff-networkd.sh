# shellcheck shell=bash
# groups: check handoff
# The firmware's lease, and systemd-networkd in the real root, which is started a second time.
# Outcome: networkd requests the lease with the firmware's identity and renews it. It never removes an address
# or a route, the session is not affected, and the device keeps its name.

lab
stock 6.12
guest <<'END'
agent_boot
say interface "$(cat /run/initramfs/open-iscsi.interface)"
enter_root /dev/iscsi-boot/root
END
real <<'END'
online() {
	/lib/systemd/systemd-networkd-wait-online --timeout=120 --interface=eth0:routable && say online "$1"
}
renewals() { grep -c 'eth0 *inet 10.7.0.77/24' /run/changes; }
online first
systemctl restart systemd-networkd
online again
# T1 is 5 s; networkd then sets the renewed address again.
before=$(renewals) tries=0
while [ "$(renewals)" = "$before" ] && [ $tries -lt 1200 ]; do usleep 100000; tries=$((tries + 1)); done
say deleted "$(grep -c Deleted /run/changes)"
say file "$(journalctl -o cat -u systemd-networkd | grep -c 'eth0: Configuring with /run/systemd/network/00-iscsi')"
cat /run/changes >/dev/console
END
wants systemd-networkd.service
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2
switch lan 10.7.0.1/24
# As if the firmware had requested the lease: the server gives the address to no other client.
echo "$(($(date +%s) + 3600)) $MAC 10.7.0.77 * 01:$MAC" >"$WORK/leases"
serve interface=lan dhcp-range=10.7.0.70,10.7.0.90,2m dhcp-option=option:T1,5
target_start 10.7.0.1 3260
target 1 "$IQN" "$WORK/root.img"
table ipxe-bios "10.0.2.15=>10.7.0.77" "10.0.2.2=>10.7.0.1" "10.0.2.3=>10.7.0.1" "iqn.2024-01.example:disk=>$IQN"
lan n0 lan "$MAC"
direct

want interface eth0
want online $'first\nagain'
want file 2
want deleted 0
want_boot
want_no_log 'detected conn error'
acks=$(grep -c "DHCPACK(lan) 10.7.0.77 $MAC" "$WORK/dnsmasq.log")
[ "$acks" -ge 3 ] || fail "the lease was acknowledged $acks times, not twice and for the renewal"
[ "$(grep -c DHCPACK "$WORK/dnsmasq.log")" = "$acks" ] || fail "another lease was given, see dnsmasq.log"

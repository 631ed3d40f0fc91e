# shellcheck shell=bash
# groups: dracut handoff
# dracut (newest) with systemd-networkd, which gets the lease by ip=lan0:dhcp (systemd-network-generator). The real root
# has first no network manager, then Debian 12's systemd-networkd.
# Outcome: networkd of the image acts, and the agent waits for its address. In the real root iscsi-boot-lease renews the
# lease, then networkd does, with the same identity: there is one lease, and nothing is taken from the NIC. But for the
# route of its subnet, which the image's networkd made with metric 1024, once there is one of metric 0.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of sid
dracut_lans
dracut_image --add systemd-networkd --omit network-manager
make -s -C "$TOP" install DESTDIR="$WORK/real" >/dev/null || fail "make install"
install -D -m 644 "$BOOT/guest/lease" "$WORK/real/guest/lease"
mkdir -p "$WORK/real/etc"
echo NAME=real >"$WORK/real/etc/os-release" # without it systemd does not enter the root
real <<'END'
LEASE_NIC=lan0
. /guest/lease
say managed "$(sed -n 's/.*net: \(lan0: managed by .*\)/\1/p' /run/iscsi-boot/log | head -n 1)"
say files "$(ls /run/NetworkManager/conf.d /run/network | xargs)"
await_renewed 2
lease_report
systemctl start systemd-networkd
/lib/systemd/systemd-networkd-wait-online --timeout=120 --interface=lan0:routable && say online yes
await_renewed $(($(renewed) + 3))
lease_report
END
debian "$WORK/root.img" systemd-sysv udev iproute2 libkmod2 libmnl0 libssl3
e2label "$WORK/root.img" singleroot
serve "dhcp-range=192.168.50.150,192.168.50.250,2m" dhcp-option=option:T1,5 \
	"dhcp-host=52:54:00:12:34:00,192.168.50.101"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
# shellcheck disable=SC2034
LIMIT=1200
once 'emergency (mode|shell)|Refusing to continue' monitor quit
direct root=LABEL=singleroot rw rd.neednet=1 "rd.iscsi.initiator=$INITIATOR" ip=lan0:dhcp \
	"netroot=iscsi:192.168.50.1:::1:$IQN"

want managed "lan0: managed by systemd-networkd, left unchanged"
want files "/run/NetworkManager/conf.d: 00-iscsi-boot-lan0.conf /run/network: ifstate.lan0"
want online yes
want lease-status $'0 iscsi-boot-lease ok\n0 systemd-networkd ok'
want lease-address $'192.168.50.101/24\n192.168.50.101/24'
want deleted $'0\n1'
want_log 'Deleted 192.168.50.0/24 dev lan0 .* metric 1024'
want read-back same
want_written "$WORK/root.img"
leases=$(grep -c 52:54:00:12:34:00 "$WORK/leases")
[ "$leases" = 1 ] || fail "there are $leases leases"

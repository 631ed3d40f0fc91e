# shellcheck shell=bash
# groups: handoff
# The firmware's lease, and the newest systemd-networkd (Debian sid) in the real root, which is started a second time.
# Outcome: networkd renews the lease; it replaces neither the address nor the connected route. "status" says how long
# the lease holds.

stock 6.12
install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP"/build/agent/iscsi-boot-{guard,lease}
guest_boots
make -s -C "$TOP" install DESTDIR="$WORK/real" >/dev/null || fail "make install"
install -D -m 644 "$BOOT/guest/lease" "$WORK/real/guest/lease"
mkdir -p "$WORK/real/etc/systemd/system"
ln -s /dev/null "$WORK/real/etc/systemd/system/iscsid.service" # sid's udev rules start it
real <<'END'
. /guest/lease
online() {
	/lib/systemd/systemd-networkd-wait-online --timeout=240 --interface=eth0:routable && say online "$1"
}
say systemd "$(systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p')"
ip -o route show dev eth0 | grep '^10\.7\.0\.0/24' >/run/before
systemctl start systemd-networkd
online first
systemctl restart systemd-networkd
online again
# iscsi-boot-lease may have kept the lease while networkd was away: it counts a renewal by networkd after that.
await_renewed $(($(renewed) + 2))
ip -o route show dev eth0 | grep '^10\.7\.0\.0/24' >/run/after
cat /run/before /run/after >/dev/console
say routes "$(cat /run/after)"
cmp /run/before /run/after && say same yes
lease_report
say left "$(sed -n 's/^  left  *\([0-9]*\) s of \([0-9]*\) s/\1 \2/p' /run/status)"
END
initramfs
debian_newest "$WORK/root.img"
switch lan 10.7.0.1/24
echo "$(($(date +%s) + 3600)) $MAC 10.7.0.77 * 01:$MAC" >"$WORK/leases"
serve interface=lan dhcp-range=10.7.0.70,10.7.0.90,2m dhcp-option=option:T1,5
target_start 10.7.0.1 3260
target 1 "$IQN" "$WORK/root.img"
table ipxe-bios "10.0.2.15=>10.7.0.77" "10.0.2.2=>10.7.0.1" "10.0.2.3=>10.7.0.1" "iqn.2024-01.example:disk=>$IQN"
lan n0 lan "$MAC"
HARDWARE+=(-m 1024)
# shellcheck disable=SC2034
LIMIT=1200
direct

[ "$(verdict systemd)" -ge 257 ] || fail "systemd $(verdict systemd) is not the newest"
want online $'first\nagain'
want same yes
want deleted 0
want lease-address 10.7.0.77/24
want lease-status "0 systemd-networkd ok"
read -r left all < <(verdict left)
[[ $all = 120 && $left -gt 100 ]] || fail "$left of $all s left, though networkd renews after 5 s"
want_root "$IQN" "$WORK/root.img"
want_no_log 'detected conn error'
note "systemd $(verdict systemd)"

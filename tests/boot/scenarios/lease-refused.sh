# shellcheck shell=bash
# groups: lease
# A real root without a network manager. Its DHCP server refuses the address from a certain time on, and offers another
# one; later it grants the address again.
# Outcome: the address stays. The log tells the refusal and the other address once each, with what to try; "status" exits
# with 15 once less than a quarter of the lease is left, and with 0 when the lease is granted again.

# shellcheck source=tests/boot/lib/lease.sh
. "$BOOT/lib/lease.sh"
stock 6.12
install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP"/build/agent/iscsi-boot-{guard,lease}
install -D -m 644 "$BOOT/guest/lease" "$WORK/root/guest/lease"
guest_boots
root_does <<'END'
. /guest/lease
state() { sed -n 's/.* state=//p' /run/iscsi-boot/lease; }
await_state() { until [ "$(state)" = "$1" ]; do usleep 200000; done; }
await_renewed 1
say fault other
await_state other-address
$AGENT status >/run/status
say refused "$?"
until [ "$($AGENT status >/run/status; echo $?)" = 15 ]; do usleep 500000; done
say low "$(sed -n '/^lease/,/^  state/ s/^  left *\([0-9]*\) s of \([0-9]*\) s/\1 \2/p' /run/status)"
say fault same
await_state ok
lease_report
END
server() { # LINE...
	[ ! -e "$WORK/dnsmasq.pid" ] || kill "$(<"$WORK/dnsmasq.pid")"
	: >"$WORK/leases"
	serve interface=lan dhcp-option=option:T1,5 "$@"
	echo "${PIDS[-1]}" >"$WORK/dnsmasq.pid"
}
rootfs "$WORK/root.img"
initramfs
switch lan 10.7.0.1/24
server dhcp-range=10.7.0.70,10.7.0.90,2m "dhcp-host=$MAC,$ADDRESS"
guard_target 10.7.0.1
on_fault other server dhcp-range=10.7.0.100,10.7.0.110,2m
on_fault same server dhcp-range=10.7.0.70,10.7.0.90,2m "dhcp-host=$MAC,$ADDRESS"
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=eth0:dhcp"

want refused 0
read -r left all < <(verdict low)
[[ $all = 120 && $left -lt 30 ]] || fail "status 15 with $left of $all s left"
want lease-address "$ADDRESS/24"
want lease-status "0 iscsi-boot-lease ok"
[ "$(console | grep -c "lease: error: cannot renew the lease of $ADDRESS on eth0: the DHCP server refuses it")" = 1 ] ||
	fail "the refusal was not told once"
want_log "lease: error: .*: the DHCP server gives 10\.7\.0\.1[01][0-9] instead; the address stays"
want_log "lease: try: check the DHCP server; reserve $ADDRESS for $MAC there"
want_root "$IQN" "$WORK/root.img"

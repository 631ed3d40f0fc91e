# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
# Functions for the scenarios lease-*: a lease of 60 s, which must be renewed ten times while the real root runs,
# also while the target is away for 70 s.

# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"

LIMIT=1500
ADDRESS=10.7.0.77

# lease_server: a DHCP server (busybox's udhcpd) that grants leases of 60 s. $WORK/udhcpd.log has what it sent, each
# line with the second.
lease_server() {
	printf '%s\n' start\ 10.7.0.70 end\ 10.7.0.90 interface\ lan max_leases\ 20 "lease_file $WORK/udhcpd.leases" \
		"pidfile $WORK/udhcpd.pid" "static_lease $MAC $ADDRESS" 'option lease 60' 'option subnet 255.255.255.0' \
		>"$WORK/udhcpd.conf"
	: >"$WORK/udhcpd.leases"
	bound busybox udhcpd -f -I 10.7.0.1 "$WORK/udhcpd.conf" \
		> >(while read -r line; do printf '%(%s)T %s\n' -1 "$line"; done >"$WORK/udhcpd.log") 2>&1 &
	PIDS+=($!)
	await grep -q 'started' "$WORK/udhcpd.log" || fail "udhcpd does not start"
}

# lease_machine: the usual image, with guard and iscsi-boot-lease; the network with target and DHCP server.
lease_machine() {
	install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP"/build/agent/iscsi-boot-{guard,lease}
	guest_boots
	initramfs
	switch lan 10.7.0.1/24
	lease_server
	guard_target 10.7.0.1
	on_fault away target_away 70 10.7.0.1
	lan n0 lan "$MAC"
}

# lease_root FILE PACKAGE...: a Debian root of these packages, with the agent. Standard input is its script; before it
# are the functions of guest/lease, after it what all report.
lease_root() {
	make -s -C "$TOP" install DESTDIR="$WORK/real" >/dev/null || fail "make install"
	install -D -m 644 "$BOOT/guest/lease" "$WORK/real/guest/lease"
	{ echo '. /guest/lease'; cat; echo lease_report; } | real
	debian "$1" systemd-sysv udev iproute2 libkmod2 libmnl0 libssl3 "${@:2}"
}

# want_leases KEEPER: the lease was renewed ten times, never late, by KEEPER; nothing was taken from the NIC.
want_leases() {
	local line before=0 most=0 acks=0
	while read -r line; do
		((before == 0 || line - before <= most)) || most=$((line - before))
		before=$line acks=$((acks + 1))
	done < <(sed -n "s/^\([0-9]*\) .*[Ss]ending ACK to $ADDRESS.*/\1/p" "$WORK/udhcpd.log")
	[ "$acks" -ge 11 ] || fail "the lease was acknowledged $acks times, see udhcpd.log"
	[ "$most" -lt 60 ] || fail "the lease ended: $most s between two acknowledgements"
	want lease-address "$ADDRESS/24"
	[ "$(verdict lease-status)" = "0 $1 ok" ] || fail "status: $(verdict lease-status)"
	want deleted 0
	want_log 'guard: session1: reconnected after'
	want_root "$IQN" "$WORK/root.img"
	note "$acks acknowledgements, at most $most s apart, by $1"
}

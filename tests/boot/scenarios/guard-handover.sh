# shellcheck shell=bash
# groups: guard handoff
# Debian's root with systemd and iscsid. iscsid starts while the target is reachable. In a second machine it is
# started while the target is away, so that the guard has to restore the root before iscsid can start. Then the
# target is killed again, and then iscsid. A third machine is told that the guard shall not stand by.
# Outcome: the guard stands by once iscsid works, or exits, and iscsid restores the connection after that. In
# between there is only one new connection, by which iscsid adopts the session. systemd starts iscsid again by our
# drop-in, and it adopts the session again.

stock 6.1
# shellcheck disable=SC2034
LIMIT=400
guest_boots
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
install -D "$GUARD" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
# The commands that run while the target is away read only files of the kernel.
real <<'END'
. /guest/iscsid
echo "InitiatorName=$(cat /sys/class/iscsi_session/session1/initiatorname)" >/etc/iscsi/initiatorname.iscsi
sync
is() { while read -r state </sys/class/iscsi_session/session1/state; [ "$state" != "$1" ]; do :; done; }
port() {
	read -r port </sys/class/iscsi_connection/connection1:0/local_port
	echo "$port"
}
read -r words </proc/cmdline
read -r guard </run/iscsi-boot/guard
say alive "$(tr '\0' ' ' <"/proc/$guard/cmdline")"
case $words in
*scenario=outage*)
	echo 3 >/proc/sys/vm/drop_caches
	say fault first
	is FAILED
	systemctl start iscsid &
	is LOGGED_IN
	port >/run/port
	wait $! ;;
*)
	port >/run/port
	systemctl start iscsid ;;
esac
adopted 1
await_log 'guard: iscsid .process [0-9]*. is running'
say port "$(cat /run/port)"
say port-of-iscsid "$(port)"
# It exits soon after it has said so.
case $words in *standby=off*) timeout 20 tail --pid="$guard" -f /dev/null ;; esac
say left "$(cat "/proc/$guard/comm" 2>/dev/null)"
say fault second
adopted 2
case $words in *standby=off*) exec sh /guest/root-init ;; esac
systemctl kill -s KILL iscsid
journalctl -q -o cat -f -n all -t iscsid | grep -m 3 'operational after recovery' >/dev/console
say restarts "$(systemctl show -P NRestarts iscsid)"
END
iscsid_root
initramfs
debian "$WORK/fresh.img" systemd-sysv udev open-iscsi iproute2 grep coreutils dash sed
switch lan 10.7.0.1/24
lan n0 lan "$MAC"

machine() { # there|outage LEFT [PARAMETER]
	cp --sparse=always "$WORK/fresh.img" "$WORK/root.img"
	rm -f "$WORK/verdict" "$WORK/serial.log"
	guard_target 10.7.0.1
	[ "$1" = there ] || on_fault first target_away 2 10.7.0.1
	on_fault second target_away 2 10.7.0.1
	direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.1:24::eth0:none" "scenario=$1" "${3-}"
	kill -KILL "$(<"$WORK/tgtd.pid")"
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	# Counts the connections with a Login Request, from the one before iscsid to iscsid's first. While iscsid logs in,
	# the guard may try whether the portal answers: it connects, and sends nothing.
	on_wire n0 "tcp dst port 3260 and tcp[(tcp[12] & 0xf0) >> 2] & 0x3f = 3" |
		sed -n 's/.* > .* [0-9.]*\.\([0-9]*\) > .*/\1/p' | uniq |
		sed -n "/^$(verdict port)$/,/^$(verdict port-of-iscsid)$/p" >"$WORK/connections-$1"
	echo "$1:"
	{
		cat "$WORK/connections-$1"
		grep -a -E 'guard:|operational|conn error' "$WORK/serial-$1.log"
	} | cut -c 1-150
	want alive "@iscsi-boot-guard "
	want left "$2"
	[ -z "$2" ] || want restarts 1
	want_written "$WORK/root.img"
	# A machine that is slow may have read the first port only once iscsid had its own.
	[ "$(verdict port)" = "$(verdict port-of-iscsid)" ] || [ "$(wc -l <"$WORK/connections-$1")" = 2 ] ||
		fail "$1: $(wc -l <"$WORK/connections-$1") connections, not 2, see connections-$1"
}
machine there iscsi-boot-guar
want_no_log 'guard: session1: reconnected'
machine outage iscsi-boot-guar
want_log 'guard: session1: reconnected'
machine there '' iscsi_boot.guard-standby=off
want_no_log 'guard: session1: reconnected'
note "the guard stood by or exited, only iscsid connected"

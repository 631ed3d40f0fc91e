# shellcheck shell=bash
# groups: guard handoff
# Debian's root with systemd and iscsid. Its iscsid starts while the target is there; in a second machine it
# is told to while the target is away, and the guard has to bring the root back that it starts from. Then
# the target is killed again, when the guard has ended.
# Outcome: the guard leaves once iscsid works, and no connection is made by both: each time that the target
# comes back there is one login, and one when iscsid takes the session over.

stock 6.12
LIMIT=400
guest_boots
# shellcheck source=tests/boot/guard.lib
. "$BOOT/guard.lib"
install -D "$GUARD" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
real <<'END'
. /guest/iscsid
echo "InitiatorName=$(cat /sys/class/iscsi_session/session1/initiatorname)" >/etc/iscsi/initiatorname.iscsi
read -r words </proc/cmdline
say alive "$(grep -c . /run/iscsi-boot/guard) $(tr '\0' ' ' <"/proc/$(cat /run/iscsi-boot/guard)/cmdline")"
say port "$(cat /sys/class/iscsi_connection/connection1:0/local_port)"
case $words in *scenario=outage*)
	echo 3 >/proc/sys/vm/drop_caches
	say fault first
	grep -q -m 1 FAILED /sys/class/iscsi_session/session1/state
	while ! grep -q FAILED /sys/class/iscsi_session/session1/state; do :; done ;;
esac
systemctl start iscsid
adopted 1
await_log 'guard: iscsid .process [0-9]*. works'
say left "$(ls -d "/proc/$(cat /run/iscsi-boot/guard)" 2>/dev/null)"
say fault second
adopted 2
END
iscsid_root
initramfs
debian "$WORK/fresh.img" systemd-sysv udev open-iscsi iproute2 grep coreutils dash sed
switch lan 10.7.0.1/24
lan n0 lan "$MAC"

machine() { # there|outage; LOGINS since the boot's own
	local port times
	cp --sparse=always "$WORK/fresh.img" "$WORK/root.img"
	rm -f "$WORK/verdict" "$WORK/serial.log"
	guard_target 10.7.0.1
	on_fault first target_away 2 10.7.0.1
	on_fault second target_away 2 10.7.0.1
	direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.1:24::eth0:none" "scenario=$1"
	kill -KILL "$(<"$WORK/tgtd.pid")"
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	port=$(verdict port)
	# Whom the target let connect since then, and when.
	on_wire n0 "tcp src port 3260 and tcp[tcpflags] & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)" |
		sed -n "/\.$port: /,\$p" >"$WORK/connections-$1"
	echo "$1:"
	{
		cat "$WORK/connections-$1"
		grep -a -E 'guard:|operational|conn error' "$WORK/serial-$1.log"
	} | cut -c 1-150
	want alive "1 @iscsi-boot-guard "
	want left ""
	want_written "$WORK/root.img"
	[ "$(wc -l <"$WORK/connections-$1")" = "$2" ] ||
		fail "$1: $(wc -l <"$WORK/connections-$1") connections, not $2, see connections-$1"
}
machine there 3
machine outage 4
note "connections: 3 and 4; the guard left each time"

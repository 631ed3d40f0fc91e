# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016 # the quoted text runs in the machine
# Functions for the scenarios fault-* and the soak: a machine writes records to its root disk all the time while
# its target or the network fails. Afterwards they check what was written.
# The saver is the program that restores lost connections: none, iscsid or guard; or both: iscsid, which is
# started again when it ends, and the guard behind it (standby.sh).

TARGET_IP=10.7.0.1
MACHINE_IP=10.7.0.15

# fault_lab SAVER: prepares the network and the contents of the images.
fault_lab() {
	SAVER=$1
	[ -n "$(echo 'guard reset 0 3.5 0.1 0.4' | lateness guard 3)" ] || fail "lateness() accepts a late saver"
	WORDS="$(root_at "$TARGET_IP") ip=$MACHINE_IP:::24::eth0:none"
	: >"$WORK/times"
	lab
	rm "$WORK/overlay/guest/trace" # these scenarios do not examine the agent
	stock 6.12
	switch lan "$TARGET_IP/24"
	# shellcheck disable=SC2034
	CARD=virtio-net-pci # it reports a restored link at once
	tap n0 lan
	HARDWARE+=(-netdev "tap,id=n0,ifname=n0,script=no,downscript=no,vnet_hdr=off")
	card n0 "$MAC"
	HARDWARE+=(-chardev "pipe,id=hand,path=$WORK/hand" -serial chardev:hand)
	mkfifo "$WORK/hand.in" "$WORK/hand.out"
	exec {HAND_FD}<>"$WORK/hand.in"
	mkdir -p "$WORK/overlay/fault"
	install "$(command -v busybox)" "$WORK/overlay/fault/busybox"
	install "$TOP/build/fault-writer" "$WORK/overlay/fault/writer"
	install "$BOOT/guest/fault.sh" "$WORK/overlay/fault/fault.sh"
	case $SAVER in guard | both)
		install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP/build/agent/iscsi-boot-guard" ||
			fail "iscsi-boot-guard is missing; run: make agent" ;;
	esac
	guest <<-'END'
		for module in $(cat /fault/modules 2>/dev/null); do modprobe "$module"; done
		agent_boot
		cp -r /fault /run/
		enter_root /dev/iscsi-boot/root
	END
}

# Prepares the root, which has no init system; iscsid is a copy of this host's.
fault_root() {
	root_does <<-'END'
		mkdir -p /etc/iscsi /run/lock
		: >/etc/iscsi/iscsid.conf
		echo "InitiatorName=$(cat /sys/class/iscsi_session/session1/initiatorname)" \
			>/etc/iscsi/initiatorname.iscsi
		/run/fault/busybox sh /run/fault/fault.sh
	END
	[ -n "${NO_ISCSID-}" ] || copy_program "$WORK/root" "$(command -v iscsid)"
	rootfs "$WORK/root.img"
	grow "$WORK/root.img"
	target_lives
}

# Makes room for all records; the file stays sparse.
grow() {
	truncate -s 2G "$1"
	resize2fs -f "$1" >"$WORK/resize2fs.log" 2>&1 || fail "cannot grow ${1##*/}"
}

# fault_boot: starts the machine; returns once it writes and its saver runs.
fault_boot() {
	truncate -s 0 "$WORK/acks" "$WORK/wire"
	bound "$TOP/build/fault-check" stamp <"$WORK/hand.out" >"$WORK/acks" &
	PIDS+=($!)
	bound "$TOP/build/fault-wire" n0 3260 >"$WORK/wire" &
	WIRE=$!
	PIDS+=("$WIRE")
	direct "$WORDS" &
	MACHINE=$!
	PIDS+=("$MACHINE")
	within "$LIMIT" acknowledged 0 || machine_fails "no record is written"
	case $SAVER in
	iscsid) start_saver_iscsid ;;
	both) standby_starts ;;
	esac
}

# Starts iscsid in the machine and waits until it has replaced the connection of each session by one of its own.
start_saver_iscsid() {
	local now=$EPOCHREALTIME
	hand start_iscsid
	within 120 sent "$now" SYN || machine_fails "iscsid adopts no session"
	within 120 acknowledged "$SEGMENT" || machine_fails "no record is acknowledged on iscsid's connection"
}

# reported KEY VALUE: the last value that the machine reported under KEY is VALUE.
reported() { [ "$(verdict "$1" | tail -n 1)" = "$2" ]; }

# hand COMMAND: sends COMMAND to a shell in the machine that runs from memory.
hand() { echo "$*" >&"$HAND_FD"; }

# within SECONDS COMMAND...: waits until COMMAND succeeds, at most that long and only while the machine runs.
within() {
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		[ $SECONDS -lt $end ] && kill -0 "$MACHINE" 2>/dev/null || return 1
		sleep 0.1
	done
}

machine_fails() {
	kill -0 "$MACHINE" 2>/dev/null || wait "$MACHINE" || exit 1 # direct has reported the reason
	fail "$*: $(last_line)"
}

# acknowledged TIME: succeeds if a record was acknowledged after TIME; sets ACK to its time.
acknowledged() {
	ACK=$(tail -n 100 "$WORK/acks" | awk -v after="$1" '$2 == "ack" && $1 > after { print $1; exit }')
	[ -n "$ACK" ]
}

# writes N: waits until N more records are acknowledged.
writes() {
	local before
	before=$(wc -l <"$WORK/acks")
	within 120 eval "[ \$(wc -l <\"\$WORK/acks\") -ge $((before + $1)) ]" || machine_fails "the machine stopped writing"
}

# sent TIME WHAT: succeeds if a segment with that mark (SYN) was captured after TIME; sets SEGMENT to its time.
sent() {
	SEGMENT=$(tail -n 20000 "$WORK/wire" |
		awk -v after="$1" -v what="$2" '!found && $1 > after && $4 == what { print $1; found = 1 }')
	[ -n "$SEGMENT" ]
}

guard_leaves() {
	within 120 grep -a -q 'guard: iscsid (.*) is running' "$WORK/serial.log" ||
		machine_fails "the guard does not hand over to iscsid"
}

### Faults: fault KIND SECONDS. A fault ends when its function returns, or earlier where it calls is_over.

is_over() { OVER=$EPOCHREALTIME STARVED=$(starved); }

# Prints how many seconds all threads of the machine and of the target have waited for a CPU of this host.
starved() {
	local file
	for file in $(grep -a -l -F -- "file:$WORK/serial.log" /proc/[0-9]*/cmdline) "/proc/$TGTD/cmdline"; do
		cat "${file%cmdline}"task/*/schedstat
	done 2>/dev/null |
		awk '{ waited += $2 } END { printf "%.2f", waited / 1e9 }'
}

fault_target() {
	target_dies
	(bound sleep "$1")
	target_lives
}

target_dies() {
	end_process "$TGTD"
	rm -f "$TGT_IPC_SOCKET"*
}

end_process() {
	local i
	kill -KILL "$1"
	wait "$1" 2>/dev/null || true
	for i in "${!PIDS[@]}"; do [ "${PIDS[i]}" != "$1" ] || unset "PIDS[i]"; done
}

target_lives() {
	target_start "${LISTEN:-$TARGET_IP}" 3260
	TGTD=${PIDS[-1]}
	target 1 "$IQN" "$WORK/root.img"
}

fault_link() {
	monitor "set_link n0 off"
	(bound sleep "$1")
	monitor "set_link n0 on"
}

# The network drops frames in both directions.
fault_silence() {
	ip link set n0 nomaster
	(bound sleep "$1")
	ip link set n0 master lan
}

# This fault has no duration. Records whose writes had begun may still be acknowledged after it.
fault_reset() {
	local over
	over=$("$TOP/build/fault-wire" n0 3260 reset) || fail "no write was interrupted by a reset"
	is_over
	OVER=$over
	within 60 sent "$OVER" SYN || fail "no new connection after a reset"
	FROM=$SEGMENT
}

# The firewall of the real root loses its rules and drops everything until it gets new ones.
fault_firewall() {
	hand 'firewall_flushed'
	(bound sleep "$1")
	hand 'firewall_up'
	within 120 reported firewall up || machine_fails "the firewall did not start"
}

# While the target is away, the saver is killed. iscsid is started again by hand; the guard's worker process is
# restarted by the guard.
fault_saver() {
	target_dies
	case $SAVER in
	guard) hand 'kill -9 "$(head -n 1 /run/iscsi-boot/guard)"' ;;
	iscsid) hand 'end_iscsid KILL; start_iscsid' ;;
	esac
	(bound sleep "$1")
	target_lives
}

# The same, but iscsid is started and takes over from the guard. NEXT: the saver then, iscsid or both.
fault_iscsid() {
	target_dies
	case ${NEXT-iscsid} in
	iscsid) hand start_iscsid ;;
	both) hand keep_iscsid ;;
	esac
	SAVER=${NEXT-iscsid}
	(bound sleep "$1")
	target_lives
}

# iscsid is stopped while the target is away, and started again later.
fault_stopped() {
	target_dies
	hand 'end_iscsid TERM'
	(bound sleep "$1")
	target_lives
	is_over
	hand 'start_iscsid'
}

# fault KIND SECONDS [LIMIT]: causes the fault and measures until a record is acknowledged again, which must be
# within LIMIT s (120) after its end.
fault() {
	writes 10
	OVER='' FROM='' HANGS=$(hangs)
	"fault_$1" "$2"
	[ -n "$OVER" ] || is_over
	within "${3-120}" is_decided "${FROM:-$OVER}" || machine_fails "$1 $2 s: no record is acknowledged after it"
	if [ -n "$ACK" ]; then measure "$1" "$2"; else is_stuck "$1 $2 s"; fi
}

# Prints how often iscsid hung: it left the session lost while the portal answered, and the guard terminated it.
hangs() { grep -a -c 'does not reconnect a session whose portal answers: terminating it' "$WORK/serial.log" || true; }

# measure KIND SECONDS: appends a line to the file times: SAVER KIND SECONDS, seconds from the end of the fault
# to the record, seconds from TCP's attempt to the record (see tried), and seconds that the machine waited for a
# CPU.
measure() {
	local late starved bound=${BOUND:-5}
	tried "$1"
	# The guard gives an iscsid that hangs 30 s (guard-standby).
	[ "$(hangs)" = "$HANGS" ] || bound=35
	late=$(awk -v ack="$ACK" -v over="$OVER" -v segment="$SEGMENT" 'BEGIN {
		printf "%.2f %.2f", ack - over, segment < ack ? ack - segment : ack - over }')
	starved=$(awk -v a="$STARVED" -v b="$(starved)" 'BEGIN { printf "%.2f", a < b ? b - a : 0 }')
	echo "$SAVER $1 $2 $late $starved" >>"$WORK/times"
	echo "$1 $2 s: back ${late% *} s after its end, ${late#* } s after TCP's attempt, waited $starved s for a CPU"
	[ -z "$(tail -n 1 "$WORK/times" | lateness guard 3)$(tail -n 1 "$WORK/times" | lateness both "$bound")" ] ||
		fail "$1 $2 s: back too late: $late, waited $starved s for a CPU"
}

# tried KIND: sets SEGMENT to the time of the attempt that got the record through. This is the first SYN after
# the end of the fault. Where the connection survives, it is the last segment that either side retransmitted:
# TCP alone decides when. The other side may have lost a segment too, and the sender may then wait once more.
# Segments that the target sent during a silence were never captured here, so the first data that it sends
# afterwards may be a retransmission.
tried() {
	SEGMENT=$(tail -n 20000 "$WORK/wire" | awk -v over="$OVER" -v ack="$ACK" -v kind="$1" '
		$1 <= over || $1 >= ack { next }
		$4 == "SYN" && $3 == "to" && !syn { syn = $1 }
		$4 == "AGAIN" || (kind == "silence" && $3 == "from" && $2 > 0 && !heard++) { last = $1 }
		END { print syn ? syn : last ? last : over }')
}

is_decided() { acknowledged "$1" || { [ "$SAVER" != both ] && iscsid_is_stuck; }; }

# iscsid 2.1.8 can retry forever, see docs/results/faults.md: the kernel refuses to bind each of its new connections
# until the previous one is stopped, which iscsid does not do.
iscsid_is_stuck() {
	[ "$(tail -n 5 "$WORK/serial.log" | grep -a -c "iscsid: can't bind conn .* retcode -107")" = 5 ]
}

# is_stuck WHAT: ends the scenario; the records are checked as after a power failure.
is_stuck() {
	power_off
	note "$*: iscsid cannot bind a new connection (its own defect); no record is lost, of $RECORDS"
	exit 0
}

# lateness SAVER SECONDS: prints the lines of standard input, in the format of times, whose service was restored
# later than that. The time counts from the end of the fault where the kernel sees that end (RST, FIN). For
# other faults it counts from the next attempt of TCP, or from the SYN where timeout, abort and reset are over
# before. The time that the machine waited for a CPU of this host does not count.
lateness() {
	awk -v saver="$1" -v bound="$2" '$1 == saver {
		late = ($2 ~ /^(link|silence|iscsid|firewall)$/ || ($2 == "stopped" && saver == "iscsid") ? $5 : $4) - $6
		if (late > bound) print late, $0
	}'
}

### Checks

# fault_end: the machine writes some more, stops and powers off; then every acknowledged record must be there.
fault_end() {
	writes 10
	hand stop
	wait "$MACHINE" || exit 1
	end_process "$WIRE"
	want agent-status 0
	want_written "$WORK/root.img"
	want_records "$WORK/root.img"
}

# Cuts the machine's power. lost.img is its root after the journal is replayed, as the next mount does.
power_off() {
	echo end >>"$WORK/verdict" # else sound() fails: the machine did not write this line
	monitor quit
	wait "$MACHINE" || exit 1
	end_process "$WIRE"
	cp --sparse=always "$WORK/root.img" "$WORK/lost.img"
	e2fsck -fp "$WORK/lost.img" >"$WORK/e2fsck.log" 2>&1 || [ $? = 1 ] ||
		fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
	want_records "$WORK/lost.img"
}

fault_note() { note "$RECORDS records; back after, minimum/median/maximum: $(times_summary <"$WORK/times")"; }

# iscsid says "Login I/O error" of a connection.
FS_ERRORS='[^n] I/O error|EXT4-fs error|JBD2: .*[Ee]rror|[Rr]emounting filesystem read-only|[Oo]fflin'

# want_records IMAGE: the file system saw no error, and every acknowledged record is in IMAGE. Sets RECORDS to
# their number. It also checks that fault-check finds a wrong byte.
want_records() {
	local at byte
	want_no_log "$FS_ERRORS"
	! dumpe2fs -h "$1" 2>/dev/null | grep -q 'FS Error count' || fail "the file system has recorded errors"
	debugfs -R "dump /records $WORK/records" "$1" 2>/dev/null
	RECORDS=$("$TOP/build/fault-check" records "$WORK/records" "$WORK/acks" 2>"$WORK/lost") ||
		fail "$(tail -n 1 "$WORK/lost")"
	at=$((16384 * (RECORDS / 2) + 8000))
	byte=$(od -A n -t u1 -j $at -N 1 "$WORK/records")
	printf '%b' "\\0$(printf %o $((byte ^ 1)))" | dd of="$WORK/records" bs=1 seek=$at conv=notrunc 2>/dev/null
	! "$TOP/build/fault-check" records "$WORK/records" "$WORK/acks" >/dev/null 2>&1 ||
		fail "fault-check does not find a wrong byte"
	rm "$WORK/records"
}

# times_summary: prints, for each fault and length in standard input, the seconds since the end of the fault and
# since TCP's first attempt after it.
times_summary() {
	sort -k 1,2 -k 3,3n -k 4,4n | awk '
		function spread(t,    s) {
			s = t[1] "/" t[int((n + 1) / 2)] "/" t[n]
			return n == 1 ? t[1] : s
		}
		function print_summary() {
			if (n) printf "%s%s %s s (%s)", printed++ ? ", " : "", key, spread(over), spread(segment)
			n = 0
		}
		$1 ": " $2 " " $3 " s" != key { print_summary(); key = $1 ": " $2 " " $3 " s" }
		{ n++; over[n] = $4; segment[n] = $5 }
		END { print_summary() }'
}

### Lists of faults: SAVER

fault_short() {
	fault_machine "$1"
	for _ in 1 2 3; do fault reset 0; done
	fault target 5
	fault_end
	fault_note
}

fault_long() {
	local seconds
	# shellcheck disable=SC2034
	LIMIT=2400
	fault_machine "$1"
	for seconds in 60 300; do
		fault target $seconds
		fault link $seconds 300
		fault silence $seconds 300
	done
	fault_end
	fault_note
}

# fault_machine SAVER [PARAMETER...]: prepares everything and starts the machine with these parameters; returns
# once it writes.
fault_machine() {
	fault_lab "$1"
	WORDS+=" ${*:2}"
	initramfs
	fault_root
	fault_boot
}

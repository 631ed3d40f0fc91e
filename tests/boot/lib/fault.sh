# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016 # what is quoted is for the machine
# What the scenarios fault-* and the soak share: a machine that writes records to its root disk without
# end, whatever happens to its target and to the network between, and the judgement of what was written.
# Who remakes lost connections is the saver: none, iscsid or guard.

TARGET_IP=10.7.0.1
MACHINE_IP=10.7.0.15

# fault_lab SAVER: the network, what is put into the images.
fault_lab() {
	SAVER=$1
	[ -n "$(echo 'guard reset 0 3.5 0.1 0.4' | lateness guard 3)" ] || fail "who is late is not seen"
	WORDS="$(root_at "$TARGET_IP") ip=$MACHINE_IP:::24::eth0:none"
	: >"$WORK/times"
	lab
	rm "$WORK/overlay/guest/trace" # the agent is not what is looked at here
	stock 6.12
	switch lan "$TARGET_IP/24"
	# shellcheck disable=SC2034
	CARD=virtio-net-pci # which tells at once that the link is back
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
	[ "$SAVER" != guard ] || install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP/build/agent/iscsi-boot-guard" ||
		fail "no guard; make agent"
	guest <<-'END'
		for module in $(cat /fault/modules 2>/dev/null); do modprobe "$module"; done
		agent_boot
		cp -r /fault /run/
		enter_root /dev/iscsi-boot/root
	END
}

# The root without an init system; iscsid is this host's.
fault_root() {
	root_does <<-'END'
		mkdir -p /etc/iscsi /run/lock
		: >/etc/iscsi/iscsid.conf
		echo "InitiatorName=$(cat /sys/class/iscsi_session/session1/initiatorname)" \
			>/etc/iscsi/initiatorname.iscsi
		/run/fault/busybox sh /run/fault/fault.sh
	END
	copy_program "$WORK/root" "$(command -v iscsid)"
	rootfs "$WORK/root.img"
	grow "$WORK/root.img"
	target_lives
}

# Room for all records; sparse.
grow() {
	truncate -s 2G "$1"
	resize2fs -f "$1" >"$WORK/resize2fs.log" 2>&1 || fail "cannot grow ${1##*/}"
}

# fault_boot: starts the machine, and returns once it writes and its saver is there.
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
	[ "$SAVER" != iscsid ] || iscsid_starts
}

# It makes a connection of its own of each session that is there.
iscsid_starts() {
	local now=$EPOCHREALTIME
	hand start_iscsid
	within 120 sent "$now" SYN || machine_fails "iscsid takes no session over"
	within 120 acknowledged "$SEGMENT" || machine_fails "iscsid's connection is of no use"
}

# tells KEY VALUE: what the hand has said.
tells() { [ "$(verdict "$1" | tail -n 1)" = "$2" ]; }

# hand COMMAND: what the machine does, in a shell that is in its memory.
hand() { echo "$*" >&"$HAND_FD"; }

# within SECONDS COMMAND...
within() {
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		[ $SECONDS -lt $end ] && kill -0 "$MACHINE" 2>/dev/null || return 1
		sleep 0.1
	done
}

machine_fails() {
	kill -0 "$MACHINE" 2>/dev/null || wait "$MACHINE" || exit 1 # it said why
	fail "$*: $(last_line)"
}

# acknowledged TIME: a record was, later than that; when, in ACK.
acknowledged() {
	ACK=$(tail -n 100 "$WORK/acks" | awk -v after="$1" '$2 == "ack" && $1 > after { print $1; exit }')
	[ -n "$ACK" ]
}

# writes N: so many records more.
writes() {
	local before
	before=$(wc -l <"$WORK/acks")
	within 120 eval "[ \$(wc -l <\"\$WORK/acks\") -ge $((before + $1)) ]" || machine_fails "it writes no more"
}

# sent TIME WHAT: such a segment (SYN) passed later than that; when, in SEGMENT.
sent() {
	SEGMENT=$(tail -n 20000 "$WORK/wire" |
		awk -v after="$1" -v what="$2" '!found && $1 > after && $4 == what { print $1; found = 1 }')
	[ -n "$SEGMENT" ]
}

guard_leaves() {
	within 120 grep -a -q 'guard: iscsid (.*) works' "$WORK/serial.log" || machine_fails "the guard does not leave"
}

### Faults: fault KIND SECONDS. Each ends by itself; is_over says when that is not as it returns.

is_over() { OVER=$EPOCHREALTIME STARVED=$(starved); }

# Seconds that the machine and the target have waited for a processor of this host, all of their threads.
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

# Frames are lost on the way, both ways.
fault_silence() {
	ip link set n0 nomaster
	(bound sleep "$1")
	ip link set n0 master lan
}

# Over as soon as it happens; what was on its way is acknowledged still.
fault_reset() {
	local over
	over=$("$TOP/build/fault-wire" n0 3260 reset) || fail "no write was cut that made a new connection"
	is_over
	OVER=$over
	within 60 sent "$OVER" SYN || fail "no new connection after a reset"
	FROM=$SEGMENT
}

# The firewall of the real root loses its rules, and is strict before it has new ones.
fault_firewall() {
	hand 'firewall_flushed'
	(bound sleep "$1")
	hand 'firewall_up'
	within 120 tells firewall up || machine_fails "no firewall"
}

# While the target is away, its saver is killed: iscsid, which somebody starts again; the guard that works,
# whose place another one takes.
fault_saver() {
	target_dies
	case $SAVER in
	guard) hand 'kill -9 "$(head -n 1 /run/iscsi-boot/guard)"' ;;
	iscsid) hand 'end_iscsid KILL; start_iscsid' ;;
	esac
	(bound sleep "$1")
	target_lives
}

# The same, and iscsid comes: it takes over from the guard.
fault_iscsid() {
	target_dies
	hand 'start_iscsid'
	SAVER=iscsid
	(bound sleep "$1")
	target_lives
}

# iscsid is stopped while the target is away, and somebody starts it later.
fault_stopped() {
	target_dies
	hand 'end_iscsid TERM'
	(bound sleep "$1")
	target_lives
	is_over
	hand 'start_iscsid'
}

# fault KIND SECONDS [LIMIT]: brings it upon the machine, and measures until a record is acknowledged again,
# within LIMIT s (120) of its end.
fault() {
	writes 10
	OVER='' FROM=''
	"fault_$1" "$2"
	[ -n "$OVER" ] || is_over
	within "${3-120}" is_decided "${FROM:-$OVER}" || machine_fails "$1 $2 s: nothing is acknowledged after it"
	if [ -n "$ACK" ]; then measure "$1" "$2"; else is_stuck "$1 $2 s"; fi
}

# measure KIND SECONDS: into times SAVER KIND SECONDS, how long it took from its end and from TCP's try, see
# tried, and what of it the machine waited for this host.
measure() {
	local late starved
	tried "$1"
	late=$(awk -v ack="$ACK" -v over="$OVER" -v segment="$SEGMENT" 'BEGIN {
		printf "%.2f %.2f", ack - over, segment < ack ? ack - segment : ack - over }')
	starved=$(awk -v a="$STARVED" -v b="$(starved)" 'BEGIN { printf "%.2f", a < b ? b - a : 0 }')
	echo "$SAVER $1 $2 $late $starved" >>"$WORK/times"
	echo "$1 $2 s: back ${late% *} s after its end, ${late#* } s after TCP's try, starved for $starved s"
	[ -z "$(tail -n 1 "$WORK/times" | lateness guard 3)" ] || fail "$1 $2 s: back too late: $late, starved for $starved s"
}

# tried KIND: the try that brought the record, in SEGMENT: the first SYN after the end, or where the connection
# lives on the last segment that either side sent again, which TCP alone decides: the other side may have lost
# one too, and the sender may wait longer once more. What the target sent into silence never passed here, so its
# first data after it may be that.
tried() {
	SEGMENT=$(tail -n 20000 "$WORK/wire" | awk -v over="$OVER" -v ack="$ACK" -v kind="$1" '
		$1 <= over || $1 >= ack { next }
		$4 == "SYN" && $3 == "to" && !syn { syn = $1 }
		$4 == "AGAIN" || (kind == "silence" && $3 == "from" && $2 > 0 && !heard++) { last = $1 }
		END { print syn ? syn : last ? last : over }')
}

is_decided() { acknowledged "$1" || iscsid_is_stuck; }

# iscsid (2.1.8) goes on for ever, see docs/results/faults.md: the kernel refuses it each connection that it makes,
# until somebody stops the one before.
iscsid_is_stuck() {
	[ "$(tail -n 5 "$WORK/serial.log" | grep -a -c "iscsid: can't bind conn .* retcode -107")" = 5 ]
}

# Then what was written is judged as after a loss of power, and that is all.
is_stuck() {
	power_off
	note "$*: iscsid binds no connection any more, by a defect of its own; no record is lost, of $RECORDS"
	exit 0
}

# lateness SAVER SECONDS: those of standard input, as in times, after which service was back later than that:
# than the end of what the kernel sees (RST, FIN), of others than the next try of TCP, or the SYN where timeout,
# abort and reset are over before. What the machine waited for this host does not count.
lateness() {
	awk -v saver="$1" -v bound="$2" '$1 == saver {
		late = ($2 ~ /^(reset|target|saver)$/ ? $4 : $5) - $6
		if (late > bound) print late, $0
	}'
}

### Judgement

# fault_end: the machine writes on, stops and goes down; then all that it was told to be written is there.
fault_end() {
	writes 10
	hand stop
	wait "$MACHINE" || exit 1
	end_process "$WIRE"
	want agent-status 0
	want_written "$WORK/root.img"
	want_records "$WORK/root.img"
}

# The machine loses its power; its root with the journal read, as the next mount does, is lost.img.
power_off() {
	echo end >>"$WORK/verdict" # as if it had
	monitor quit
	wait "$MACHINE" || exit 1
	end_process "$WIRE"
	cp --sparse=always "$WORK/root.img" "$WORK/lost.img"
	e2fsck -fp "$WORK/lost.img" >"$WORK/e2fsck.log" 2>&1 || [ $? = 1 ] ||
		fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
	want_records "$WORK/lost.img"
}

fault_note() { note "$RECORDS records; back after, smallest/middle/greatest: $(times_told <"$WORK/times")"; }

FS_ERRORS='I/O error|EXT4-fs error|JBD2: .*[Ee]rror|[Rr]emounting filesystem read-only|[Oo]fflin'

# want_records IMAGE: nothing that the file system was told failed, and every acknowledged record is there,
# their number in RECORDS; a judge that does not see a wrong byte is none.
want_records() {
	local at byte
	want_no_log "$FS_ERRORS"
	! dumpe2fs -h "$1" 2>/dev/null | grep -q 'FS Error count' || fail "the file system counts errors"
	debugfs -R "dump /records $WORK/records" "$1" 2>/dev/null
	RECORDS=$("$TOP/build/fault-check" records "$WORK/records" "$WORK/acks" 2>"$WORK/lost") ||
		fail "$(tail -n 1 "$WORK/lost")"
	at=$((16384 * (RECORDS / 2) + 8000))
	byte=$(od -A n -t u1 -j $at -N 1 "$WORK/records")
	printf '%b' "\\0$(printf %o $((byte ^ 1)))" | dd of="$WORK/records" bs=1 seek=$at conv=notrunc 2>/dev/null
	! "$TOP/build/fault-check" records "$WORK/records" "$WORK/acks" >/dev/null 2>&1 ||
		fail "the judge does not see a wrong byte"
	rm "$WORK/records"
}

# Of each kind and length in standard input: seconds since its end, and since TCP tried again after it.
times_told() {
	sort -k 1,2 -k 3,3n -k 4,4n | awk '
		function spread(t,    s) {
			s = t[1] "/" t[int((n + 1) / 2)] "/" t[n]
			return n == 1 ? t[1] : s
		}
		function tell() {
			if (n) printf "%s%s %s s (%s)", told++ ? ", " : "", key, spread(over), spread(segment)
			n = 0
		}
		$1 ": " $2 " " $3 " s" != key { tell(); key = $1 ": " $2 " " $3 " s" }
		{ n++; over[n] = $4; segment[n] = $5 }
		END { tell() }'
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

# fault_machine SAVER: all of it, until it writes.
fault_machine() {
	fault_lab "$1"
	initramfs
	fault_root
	fault_boot
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Functions for the scenarios guard-*: a root whose target goes away and comes back, a writer that reports each
# record only once it is on the disk, and a check that all of these records are there.

GUARD=$TOP/build/agent/iscsi-boot-guard

# guard_root: standard input is the script for the real root. Everything that the script needs runs from memory,
# because the files of the root are unreachable while the target is away.
guard_root() {
	install -D "$GUARD" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
	install "$GUARD" "$WORK/root/guard"
	cat >"$WORK/root/in-memory" <<-'END'
		exec 3>/dev/ttyS1
		say() { echo "$*" >&3; }
		uptime() { read -r up _ </proc/uptime; echo "$up"; }
		state() { read -r s </sys/class/iscsi_session/session1/state; echo "$s"; }
		# Writes records of 512 bytes; /tmp/written is the number of those that are on the disk.
		write_on() {
			n=0
			while :; do
				n=$((n + 1))
				printf '%-511s\n' "record $n" >/tmp/record
				dd if=/tmp/record of=/records bs=512 seek=$((n - 1)) count=1 conv=notrunc,fsync 2>/dev/null ||
					{ say write-error $n; continue; }
				echo $n >/tmp/written.new
				mv /tmp/written.new /tmp/written
			done
		}
		written() { read -r w </tmp/written; echo "$w"; }
		# await SECONDS COMMAND...: waits until COMMAND succeeds, at most that long.
		await() {
			until=$(($(cut -d . -f 1 /proc/uptime) + $1))
			shift
			until "$@"; do
				[ "$(cut -d . -f 1 /proc/uptime)" -lt $until ] || return 1
				usleep 20000
			done
		}
		is_lost() { [ "$(state)" = FAILED ]; }
		writes() { [ "$(written)" -ge $((before + 2)) ]; }
		# fault NAME: the host takes the target away and starts it again.
		fault() {
			before=$(written)
			say "fault $1"
			await 60 is_lost || say "fault $1 was not seen"
			before=$(written)
		}
		come_back() { # NAME SECONDS
			if await "$2" writes; then say "back $1 $(uptime)"; else say "not-back $1 $(state)"; fi
		}
		guard_pid() { read -r p </run/iscsi-boot/guard; echo "$p"; }
		write_on &
		await 60 test -e /tmp/written
		. /tmp/scenario
		kill $!
		echo "demo: done" >/dev/console
		say acknowledged "$(written)"
		sync
		say end
		poweroff -f
	END
	cat >"$WORK/root/steps"
	root_does <<-'END'
		mount -t tmpfs tmpfs /tmp
		cp /usr/bin/busybox /guard /in-memory /lib64/ld-linux-*.so.* /lib/*-linux-gnu/libc.so.6 /tmp
		cp /steps /tmp/scenario
		exec /tmp/busybox sh /tmp/in-memory
	END
}

# guard_target ADDRESS: starts the target, also again in a new process. CHAP=(USER SECRET ...) is for CHAP;
# OTHERS is the number of further targets, $IQN.2 and so on.
CHAP=()
OTHERS=0
guard_target() { # ADDRESS
	local tid
	target_start "$1" 3260
	target 1 "$IQN" "$WORK/root.img" "${CHAP[@]}"
	for ((tid = 2; tid < 2 + OTHERS; tid++)); do
		truncate -s 1M "$WORK/$tid.img"
		target $tid "$IQN.$tid" "$WORK/$tid.img"
	done
	echo "${PIDS[-1]}" >"$WORK/tgtd.pid"
}

# on_fault NAME COMMAND...: runs COMMAND when the machine reports that fault.
on_fault() { once "^fault $1\$" "${@:2}"; }

# target_away SECONDS ADDRESS: kills the target, which ends its connections, and starts it again.
target_away() {
	kill -KILL "$(<"$WORK/tgtd.pid")"
	rm -f "$TGT_IPC_SOCKET"*
	sleep "$1"
	guard_target "$2"
}

# want_records NUMBER: every record that the machine reported as written is on the disk, and no write failed.
want_records() {
	local number=$1
	[ "$number" -gt 0 ] || fail "nothing was written"
	debugfs -R "cat /records" "$WORK/root.img" 2>/dev/null | head -c $((number * 512)) >"$WORK/records"
	seq "$number" | sed 's/^/record /' | awk '{ printf "%-511s\n", $0 }' | cmp -s - "$WORK/records" ||
		fail "some of $number records are not in root.img"
	[ -z "$(verdict write-error)" ] || fail "writes failed: $(verdict write-error | head -n 1)"
	e2fsck -fy "$WORK/root.img" >"$WORK/e2fsck.log" 2>&1 || [ $? = 1 ] || fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
}

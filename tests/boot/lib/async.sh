# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A target that sends Async Messages, redirects logins and reports a grown LUN (tests/boot/tools/async-target.c), in
# front of tgtd. For scenarios that use fault.sh; the target's portals are port 3260 and 3261 of $TARGET_IP.

# async_machine SAVER: as fault_machine.
async_machine() {
	# shellcheck disable=SC2034 # of target_lives
	LISTEN=127.0.0.1
	fault_lab "$1"
	initramfs
	mkfifo "$WORK/async.in"
	exec {ASYNC_FD}<>"$WORK/async.in"
	bound "$TOP/build/async-target" "$TARGET_IP" 3260 3260 <"$WORK/async.in" >"$WORK/async.log" 2>&1 &
	PIDS+=($!)
	fault_root
	fault_boot
	fault_load
}

# Writes large files beside the records, until fault_unload.
fault_load() {
	hand ': >/run/load; while [ -e /run/load ]; do dd if=/dev/zero of=/load bs=256k count=16 conv=fsync 2>/dev/null;' \
		'[ -s /run/load ] || say load running; [ ! -e /run/load ] || echo once >>/run/load; done'
	within 60 reported load running || machine_fails "there is no load"
}
fault_unload() { hand 'rm /run/load'; }

# noted WHAT [AFTER]: succeeds if the target has noted that since line $NOTES; sets NOTED to its time.
noted() {
	NOTED=$(tail -n "+$((NOTES + 1))" "$WORK/async.log" | awk -v what="$1" '$2 == what { print $1; exit }')
	[ -n "$NOTED" ]
}

notes() { awk -v what="$1" '$2 == what' "$WORK/async.log" | wc -l; }

# async DELAY COMMAND...: gives the target that command, and waits until the machine has logged in again, which it may do
# after DELAY seconds.
async() { # DELAY COMMAND...
	local delay=$1
	shift
	NOTES=$(wc -l <"$WORK/async.log")
	echo "$*" >&"$ASYNC_FD"
	within 60 noted asked || machine_fails "no session for: $*"
	is_over
	# shellcheck disable=SC2034 # of fault()
	OVER=$(awk "BEGIN { printf \"%.6f\", $NOTED + $delay }")
	within 90 noted login || machine_fails "no login after: $*"
	# shellcheck disable=SC2034 # of fault()
	FROM=$NOTED
}

# Kinds of fault(), with the seconds that the target names.
fault_logout() { async 0 logout "$1"; }
fault_negotiate() { async 0 negotiate "$1"; }
fault_drop() { async "$1" drop "$1"; }
fault_drop-all() { async "$1" drop-all "$1"; }

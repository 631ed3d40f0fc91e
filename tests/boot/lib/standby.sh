# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016 # the quoted text runs in the machine
# Functions for the scenarios standby-* and the soak: iscsid has the sessions and the guard stands by.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"

# standby_machine [PARAMETER...]: prepares everything and starts the machine with these parameters; returns once
# it writes, iscsid has the session and the guard stands by.
standby_machine() {
	standby_lab both
	WORDS+=" $*"
	initramfs
	fault_root
	fault_boot
}

standby_lab() { # SAVER
	fault_lab "$1"
	touch "$WORK/overlay/fault/traced"
	install "$TOP/build/slow-calls.so" "$WORK/overlay/fault/slow-calls.so"
}

standby_starts() {
	hand keep_iscsid
	within 120 stands_by || machine_fails "the guard does not stand by"
}

# Succeeds if iscsid had the sessions when the guard reported its last change.
stands_by() {
	grep -a -E 'guard: (warning: )?iscsid \(process [0-9]+\) (is running|has ended)' "$WORK/serial.log" | tail -n 1 |
		grep -a -q 'is running'
}

# iscsid_returns: waits until iscsid has the sessions again.
iscsid_returns() { within 120 stands_by || machine_fails "iscsid does not get the sessions again"; }

### Faults of iscsid, while the target is away. iscsid is started again 2 s after its end.

away() { # SECONDS
	(bound sleep "$1")
	target_lives
	is_over
}

# Its program has to be read from the lost disk again.
fault_killed() {
	hand 'echo 3 >/proc/sys/vm/drop_caches; kill -9 $(pidof iscsid)'
	target_dies
	away "$1"
}

# It runs no longer, but it exists.
fault_hung() {
	hand 'kill -STOP $(pidof iscsid)'
	target_dies
	away "$1"
}

fault_memory() {
	hand squeeze_iscsid
	target_dies
	away "$1"
}

# Its program cannot be started until the fault is over.
fault_binary() {
	hand 'chmod 0 /usr/sbin/iscsid; sync; kill -9 $(pidof iscsid); say binary unreadable'
	within 60 reported binary unreadable || machine_fails "the program is still readable"
	target_dies
	away "$1"
	hand 'chmod 755 /usr/sbin/iscsid; say binary readable'
}

# Its configuration and its record of the session are garbage.
fault_database() {
	hand "dir='/etc/iscsi/nodes/$IQN/$TARGET_IP,3260,1'; mkdir -p \"\$dir\""
	hand 'for file in "$dir/default" /etc/iscsi/iscsid.conf; do head -c 5000 /dev/urandom >"$file"; done; sync'
	hand 'kill -9 $(pidof iscsid)'
	target_dies
	away "$1"
	hand 'rm -rf /etc/iscsi/nodes; : >/etc/iscsi/iscsid.conf'
}

# It ends as an administrator wants, and is started once the target is back.
fault_stopped() {
	case $SAVER in
	both) hand ': >/run/iscsid-is-stopped; kill -TERM $(pidof iscsid)' ;;
	*) hand 'end_iscsid TERM' ;;
	esac
	target_dies
	away "$1"
	case $SAVER in
	both) hand 'rm /run/iscsid-is-stopped' ;;
	*) hand start_iscsid ;;
	esac
}

# The target listens before it knows its LUNs, and closes each connection while iscsid, which is slow, sets its parameters:
# until iscsid retries forever (docs/results/faults.md), or for SECONDS and 20 more.
fault_window() {
	local before
	before=$(cannot_bind)
	hand slow_iscsid
	target_dies
	bound "$TOP/build/fault-close" "$TARGET_IP" 3260 >"$WORK/closed" &
	CLOSER=$!
	PIDS+=("$CLOSER")
	within $(($1 + 20)) eval '[ "$(cannot_bind)" != "$before" ]' || true
	end_process "$CLOSER"
	hand 'rm /run/iscsid-is-slow'
	target_lives
	is_over
}

# standby_bound KIND: prints after how many seconds service must be back: 5, or where iscsid may exist and not
# reconnect also those of the policy.
standby_bound() {
	case $1 in hung | memory | window) echo 35 ;; *) echo 5 ;; esac
}

### Checks

# How often the kernel has refused a connection of iscsid so far because the one before was not stopped.
cannot_bind() { grep -a -c "can't bind conn .* retcode -107" "$WORK/serial.log" || true; }

# How often the guard terminated an iscsid that was blocked, and one that did not reconnect.
terminated() { # blocked|reconnect
	grep -a -c "guard: warning: iscsid (process [0-9]*) .*$1.*: terminating it" "$WORK/serial.log" || true
}

# want_one_actor REQUESTS: the kernel's trace of this machine shows no session with two actors at a time, and at
# least that many requests (4).
want_one_actor() {
	verdict trace | awk -f "$BOOT/lib/actors.awk" >"$WORK/actors"
	! grep -q '^two actors' "$WORK/actors" || fail "$(grep -m 1 '^two actors' "$WORK/actors")"
	[ "$(awk -v least="$1" '$1 == "processes" && $4 >= least' "$WORK/actors")" ] || fail "trace: $(<"$WORK/actors")"
	# shellcheck disable=SC2034 # for notes
	ACTORS=$(<"$WORK/actors")
}

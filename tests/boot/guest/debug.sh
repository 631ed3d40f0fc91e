# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Functions for scenarios in a machine with the debug kernel.

MODULE=$(find /lib/modules -name iscsi_boot_unified.ko)
DEBUG=/sys/kernel/debug
mount -t debugfs debugfs $DEBUG

# lifecycle TEST ARGUMENT...: runs the program of that name and passes on what it reports.
lifecycle() {
	/usr/sbin/lifecycle "$@" "$MODULE" >/tmp/said 2>/tmp/error
	say "lifecycle-$1 $? $(cat /tmp/error)"
	cat /tmp/said >&3
}

# filter KIND FUNCTION: sets the address range of FUNCTION, which failslab looks for among the callers.
filter() {
	sort /proc/kallsyms | awk -v name="$2" -v file=$DEBUG/failslab/"$1" '
		start { print "0x" start >(file "-start"); print "0x" $1 >(file "-end"); exit }
		$3 == name { start = $1 }'
}

# fail_below [FUNCTION]: makes every allocation fail in turn, also with GFP_KERNEL, except those of kmemleak.
# With FUNCTION, only the allocations of its callees fail.
fail_below() {
	echo 0 >$DEBUG/failslab/verbose
	echo N >$DEBUG/failslab/ignore-gfp-wait
	[ -e $DEBUG/failslab/reject-start ] || return
	filter reject kmemleak_alloc
	[ $# = 0 ] || filter require "$1"
}

fail_anywhere() {
	[ -e $DEBUG/failslab/require-end ] || return
	echo 0 >$DEBUG/failslab/require-start
	echo 0xffffffffffffffff >$DEBUG/failslab/require-end
}

# Reports the leaks that kmemleak finds; it ignores objects younger than 5 s.
leaks() {
	echo scan >$DEBUG/kmemleak
	sleep 6
	echo scan >$DEBUG/kmemleak
	cat $DEBUG/kmemleak
	say kmemleak "$(grep -c '^unreferenced' $DEBUG/kmemleak)"
}

# Lockdep turns itself off after its first report and when its tables are full.
lockdep_awake() { say debug-locks "$(sed -n 's/.*debug_locks: *//p' /proc/lockdep_stats)"; }

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# What scenarios do inside a machine with the debug kernel.

MODULE=$(find /lib/modules -name iscsi_boot_unified.ko)
DEBUG=/sys/kernel/debug
mount -t debugfs debugfs $DEBUG

# program KEY ARGUMENT...: runs it and reports what it reports.
lifecycle() {
	/usr/sbin/lifecycle "$@" "$MODULE" >/tmp/said 2>/tmp/error
	say "lifecycle-$1 $? $(cat /tmp/error)"
	cat /tmp/said >&3
}

# filter KIND FUNCTION: failslab looks for it among the callers.
filter() {
	sort /proc/kallsyms | awk -v name="$2" -v file=$DEBUG/failslab/"$1" '
		start { print "0x" start >(file "-start"); print "0x" $1 >(file "-end"); exit }
		$3 == name { start = $1 }'
}

# Every allocation is a candidate, GFP_KERNEL too, but for those of who watches; with FUNCTION, only
# those made below it.
fail_below() { # [FUNCTION]
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

# What kmemleak finds that nobody points to any more; it looks only at what is older than 5 s.
leaks() {
	echo scan >$DEBUG/kmemleak
	sleep 6
	echo scan >$DEBUG/kmemleak
	cat $DEBUG/kmemleak
	say kmemleak "$(grep -c '^unreferenced' $DEBUG/kmemleak)"
}

# Lockdep turns itself off after the first thing it says, and where its tables are full.
lockdep_awake() { say debug-locks "$(sed -n 's/.*debug_locks: *//p' /proc/lockdep_stats)"; }

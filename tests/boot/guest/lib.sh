# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Functions for scenarios inside the test machine, in the initramfs and in the real root.

AGENT=/usr/sbin/iscsi-boot-agent
# shellcheck disable=SC2034 # scenarios use it
VIEW=/sys/firmware/iscsi_boot_unified

say() { echo "$*" >&3; }

finish() {
	say end
	sync
	poweroff -f
}

# dump NAME DIR: reports every directory and file below DIR with mode and content, in base64.
dump() { /guest/walk "$1" "$2" >&3; }

# agent_boot [OPTION...]: runs the agent's boot as an initramfs does. If /guest/trace exists, strace records all
# of its waits.
WAITS=poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,epoll_pwait2,nanosleep,clock_nanosleep,\
rt_sigtimedwait,alarm,setitimer,timer_settime,timerfd_settime
agent_boot() {
	say "agent-start $(cut -d ' ' -f 1 /proc/uptime)"
	if [ -e /guest/trace ]; then
		strace -D -f --seccomp-bpf -qq -ttt -o /tmp/trace \
			-e signal=none -e "trace=$WAITS,execve,clone,clone3,fork,vfork" "$AGENT" boot --kmsg "$@"
	else
		"$AGENT" boot "$@"
	fi
	say "agent-status $?"
	say "agent-end $(cut -d ' ' -f 1 /proc/uptime)"
	[ ! -e /tmp/trace ] || say "trace $(gzip -c /tmp/trace | base64 -w 0)"
}

# await_log REGEX: waits until the kernel log has a matching line, also an earlier one.
await_log() { grep -q -m 1 -E "$1" /dev/kmsg; }

# Mounts the root device and switches to it; its /sbin/init is root-init.
enter_root() { # DEVICE
	modprobe ext4
	mount -t ext4 "$1" /newroot || { say "mount failed"; finish; }
	for dir in dev proc sys run; do
		mount --move /$dir /newroot/$dir
	done
	exec switch_root /newroot /sbin/init
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# What scenarios do inside the test machine, in the initramfs and in the real root.

AGENT=/usr/sbin/iscsi-boot-agent
# shellcheck disable=SC2034 # scenarios use it
VIEW=/sys/firmware/iscsi_boot_unified

say() { echo "$*" >&3; }

finish() {
	say end
	sync
	poweroff -f
}

# dump NAME DIR: every directory and file below DIR with mode and content, in base64 for the way.
dump() {
	find "$2" | sort | while read -r path; do
		mode=$(stat -c %a "$path")
		if [ -L "$path" ]; then
			say "$1 link $mode $path $(readlink "$path" | base64 -w 0)"
		elif [ -d "$path" ]; then
			say "$1 dir $mode $path"
		elif content=$(base64 -w 0 "$path" 2>/dev/null); then
			say "$1 file $mode $path $content"
		else
			say "$1 unreadable $mode $path"
		fi
	done
}

# Runs the agent's boot step as an initramfs would.
agent_boot() {
	say "agent-start $(cut -d ' ' -f 1 /proc/uptime)"
	"$AGENT" boot
	say "agent-status $?"
	say "agent-end $(cut -d ' ' -f 1 /proc/uptime)"
}

# Mounts the root device and goes there; its /sbin/init is root-init.
enter_root() { # DEVICE
	modprobe ext4
	mount -t ext4 "$1" /newroot || { say "mount failed"; finish; }
	for dir in dev proc sys run; do
		mount --move /$dir /newroot/$dir
	done
	exec switch_root /newroot /sbin/init
}

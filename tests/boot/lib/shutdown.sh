# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Functions for the scenarios shutdown-*: a machine whose root is on a LUN goes down by $VERB. Its target is
# reachable, or lost before the shutdown, or lost during it; the connection is closed or goes silent.

# Makes the kernel and initramfs that kexec starts.
kexec_files() {
	local root=$WORK/kexec.d
	userland "$root"
	cat >"$root/init" <<-'END'
		#!/bin/sh
		mount -t proc proc /proc
		mount -t devtmpfs devtmpfs /dev
		stty -F /dev/ttyS1 raw
		echo "arrived by kexec" >/dev/ttyS1
		poweroff -f
	END
	chmod +x "$root/init"
	pack "$root" "$WORK/overlay/kexec.cpio"
	cp "$KDIR/vmlinuz" "$WORK/overlay/vmlinuz"
	copy_program "$WORK/overlay" "$(command -v kexec)"
	copy_program "$WORK/root" "$(command -v kexec)"
	rm -rf "$root"
}

shutdown_guest() {
	guest <<-'END'
		[ ! -e /vmlinuz ] || kexec -l /vmlinuz --initrd=/kexec.cpio --append="console=ttyS0 panic=-1" ||
			say kexec-load failed
		agent_boot
		enter_root /dev/iscsi-boot/root
	END
	install -D "$TOP/build/agent/iscsi-boot-shutdown" \
		"$WORK/root/usr/lib/iscsi-boot/iscsi-boot-shutdown"
	install "$TOP/agent/hooks/arm" "$WORK/root/usr/lib/iscsi-boot/arm"
	# PID 1 and its shell run from memory; all other files of the root cannot be read without the target.
	cat >"$WORK/root/down" <<-'END'
		exec 3>/dev/ttyS1
		say() { echo "$*" >&3; }
		uptime() { read -r up _ </proc/uptime; echo "$up"; }
		word() { sed "s/.*scenario\.$1=\([a-z]*\).*/\1/" /proc/cmdline; }
		verb=$(word verb) when=$(word when) how=$(word how)
		# hangs: a part of the disk that is not in the page cache cannot be read.
		hangs() {
			unread=$((unread + 2000)) # set here: a background job has a copy of the variables
			dd if=/dev/sda of=/dev/null count=1 skip=$unread 2>/dev/null &
			sleep 1
			kill -0 $! 2>/dev/null
		}
		lose() {
			say "lose $how"
			case $how in
			ends) while grep -q LOGGED_IN /sys/class/iscsi_session/session1/state; do sleep 0.1; done ;;
			silent) until hangs; do :; done ;;
			esac
			say "lost $(uptime)"
		}
		sync
		echo 3 >/proc/sys/vm/drop_caches
		[ "$when" != before ] || lose
		say "down $(uptime)"
		say end
		/run/iscsi-boot/shutdown "$verb"
		say "calm $? $(uptime)"
		dd if=/dev/zero of=/dirty bs=64k count=16 2>/dev/null
		[ "$when" != middle ] || lose
		mount -o remount,ro /
		say "last $(uptime)"
		case $verb in
		kexec) kexec -e -x ;; # without -x kexec takes the network down first
		*) $verb -f ;;
		esac
		while :; do sleep 1; done
	END
	root_does <<-'END'
		/usr/lib/iscsi-boot/arm
		[ ! -e /stand-by ] || . /stand-by
		mount -t tmpfs tmpfs /tmp
		cp /usr/bin/busybox /down /tmp
		exec /tmp/busybox sh /tmp/down
	END
}

# Before the machine goes down, iscsid has the session and the guard stands by.
shutdown_standby() {
	install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP/build/agent/iscsi-boot-guard"
	copy_program "$WORK/root" "$(command -v iscsid)"
	cat >"$WORK/root/stand-by" <<-'END'
		mkdir -p /etc/iscsi /run/lock
		: >/etc/iscsi/iscsid.conf
		echo "InitiatorName=$(cat /sys/class/iscsi_session/session1/initiatorname)" >/etc/iscsi/initiatorname.iscsi
		setsid iscsid -f >/dev/null 2>&1 &
		until grep -q '^iscsid=' /run/iscsi-boot/guard; do sleep 0.1; done
	END
}

# shutdown_case WHEN HOW: the machine is down within 30 s after the command to go down.
shutdown_case() { # there -|before ends|before silent|middle ends|middle silent
	local from to took watcher tgtd
	rootfs "$WORK/root.img"
	target_start 127.0.0.1
	tgtd=${PIDS[-1]}
	rm -f "$WORK/verdict" # of the previous machine
	target 1 "$IQN" "$WORK/root.img"
	(
		until grep -s -q '^lose ' "$WORK/verdict"; do sleep 0.1; done
		[ "$2" = ends ] || { monitor "set_link n0 off"; exit; }
		kill -KILL "$tgtd"
	) &
	watcher=$!
	PIDS+=("$watcher")
	direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN $STATIC" \
		"scenario.verb=$VERB scenario.when=$1 scenario.how=$2"
	kill "$watcher" 2>/dev/null || true
	wait "$watcher" || true
	unset 'PIDS[-1]' # qemu
	unset 'PIDS[-1]' # the watcher
	kill -KILL "$tgtd" 2>/dev/null || true
	wait "$tgtd" || true
	unset 'PIDS[-1]'
	rm -f "$TGT_IPC_SOCKET"*
	cp "$WORK/serial.log" "$WORK/serial-$1-$2.log"
	cp "$WORK/verdict" "$WORK/verdict-$1-$2"
	want agent-status 0
	[ "$1" = there ] || want lose "$2"
	from=$(verdict down)
	to=$(tr -d '\r' <"$WORK/serial.log" | sed -n "s/^\[ *\([0-9.]*\)\] .*$LAST_WORDS.*/\1/p" | tail -n 1)
	[ -n "$to" ] || fail "$1 $2: the kernel did not log \"$LAST_WORDS\": $(last_line)"
	took=$(awk -v a="$from" -v b="$to" 'BEGIN { printf "%.1f", b - a }')
	awk -v s="$took" 'BEGIN { exit !(s <= 30) }' || fail "$1 $2: down after $took s"
	[ "$VERB" != kexec ] || want arrived "by kexec"
	TOOK="${TOOK-}${TOOK:+, }$1${2/-/}: $took s"
}

shutdown_cases() {
	shutdown_guest
	initramfs
	nic n0 "$MAC"
	shutdown_all
	note "$TOOK"
}

shutdown_all() {
	shutdown_case there -
	shutdown_case before ends
	shutdown_case before silent
	shutdown_case middle ends
	shutdown_case middle silent
}

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs once while dracut waits for the root device: attaches the root disk.

# shellcheck disable=SC2154 # dracut's
rm -f "$job"
mkdir -p /run/lock
/usr/sbin/iscsi-boot-agent boot --kmsg >/dev/null
status=$?
case $status in
0 | 12)
	/usr/lib/iscsi-boot/root-device attached
	# A resumed kernel would not have its sessions: makes writing the resume device there have no effect.
	mount --bind /dev/null /sys/power/resume && echo 'umount /sys/power/resume' >"$hookdir/cleanup/10-iscsi-boot.sh"
	;;
3) ;;
*) warn "iscsi-boot-agent ended with status $status; see iscsi-boot-agent(8)" ;;
esac

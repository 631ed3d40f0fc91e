#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# dracut sources this when it reads the command line. Its netroot does so again for the root path of a DHCP lease,
# which is then in $netroot. Without rootok dracut ends the boot.

[ -n "$root" ] || root=$(getarg root=)
# shellcheck disable=SC2154 # dracut's
for word in "$root" "$netroot" $(getargs netroot=) $(getarg iscsiroot= >/dev/null && echo iscsi); do
	case $word in
	iscsi | iscsi:*) ;;
	*) continue ;;
	esac
	# shellcheck disable=SC2034 # dracut's
	rootok=1
	# kdump mounts what it needs by itself; but netroot ends the boot without any root.
	case $root in
	"")
		root=/dev/root
		[ ! -e /proc/vmcore ] || root=iscsi
		;;
	# The root is the disk itself.
	iscsi | iscsi:* | dhcp | dhcp4 | dhcp6) root=/dev/root ;;
	esac
done
unset word

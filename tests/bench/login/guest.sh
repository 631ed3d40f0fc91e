# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash disable=SC2154,SC3045
# The machine that is measured. It prepares itself and waits; in that state it is saved, and each run starts
# from there. A line at the third serial port says which way to use and with what delay. At the end it reports
# the result.

TO=10.7.0.1
HERE=10.7.0.15
NAME=iqn.2026-11.org.example:root

# Arch Linux's wiki, "ISCSI/Boot": the hook with a static address. Several targets, one after another.
way_hook() { # TARGETS LUN
	ifconfig eth0 $HERE netmask 255.255.255.0
	sleep 2
	i=0
	while [ $i -lt "$1" ]; do
		iscsistart -i iqn.2026-11.org.example:host1 -t "$NAME$(of "$2" $i)" -g 1 -a $TO
		i=$((i + 1))
	done
}
of() { if [ "$1" = any ]; then echo ".$2"; else echo .many; fi; }

# The same, from the firmware's table.
way_firmware() { iscsistart -N && iscsistart -b; }

way_agent() { # TARGETS
	if [ "$1" = 1 ]; then exec $AGENT boot; else exec $AGENT boot --wait-all; fi
}

way_other() { # TARGETS
	AGENT=/guest/other-agent
	way_agent "$@"
}

# Runs in a shell of its own, which is the first process of the way.
if [ "${1-}" = way ]; then
	# shellcheck source=tests/boot/guest/lib.sh
	. /guest/lib.sh
	shift
	"way_$1" "$2" "$3"
	exit
fi

cold() { grep -q -w bench=cold /proc/cmdline; }

ready() {
	modprobe sch_netem
	modprobe tcp_diag
	cold || for m in virtio_pci virtio_net iscsi_ibft iscsi_boot_unified iscsi_tcp sd_mod crc32c_generic \
		crc32c_intel; do modprobe $m; done
	ip link set lo up
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	echo "+cpu +memory" >/sys/fs/cgroup/cgroup.subtree_control
	stty -F /dev/ttyS2 raw -echo
	exec 4</dev/ttyS2
	say ready
	while read -r go way targets disks lun delay last <&4; do
		[ "$go $last" != "go end" ] || break
	done
	say going
}

ready
engine=$way
case $way in
native | open-iscsi) way=agent ;;
other) engine=native ;;
esac
echo "engine=$engine" >/etc/iscsi-boot-agent.conf
[ "$delay" = 0 ] || /usr/sbin/tc qdisc add dev eth0 root netem delay "${delay}ms" limit 20000
CLOCK_TO=$TO /guest/stopwatch "$disks" "$lun" 400 sh /scenario way "$way" "$targets" "$lun" >/tmp/result 2>/tmp/log
echo "complete $?" >>/tmp/result
cat /tmp/result >&3
say log "$(gzip -c /tmp/log | base64 -w 0)"
# Closes the connections, so that the target ends its sessions.
/usr/sbin/ss -K dst $TO >/dev/null
[ "$delay" = 0 ] || sleep 0.1
say over
sleep 10

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# In the real root of a machine that faults are brought upon: a writer, and a hand that does what the third
# serial port says, a line each, until "stop". It runs from memory, with nothing of the root.
cd /
exec 3>/dev/ttyS1 4<>/dev/ttyS2
stty -F /dev/ttyS2 raw -echo
# A task waits as long as a fault lasts.
echo 0 >/proc/sys/kernel/hung_task_timeout_secs

say() { echo "$*" >&3; }

# iscsid, without records: it knows the sessions that are there.
start_iscsid() {
	iscsid -f >/dev/console 2>&1 &
	echo $! >/run/fault/iscsid
}
end_iscsid() { kill "-$1" "$(cat /run/fault/iscsid)"; } # SIGNAL

# It is useful when it listens to the kernel: group 1 of NETLINK_ISCSI (8).
iscsid_listens() {
	pid=$(cat /run/fault/iscsid)
	awk -v pid="$pid" '$2 == 8 && $3 == pid && $4 ~ /1$/ { found = 1 } END { exit !found }' /proc/net/netlink
}

/run/fault/writer /records "${PAUSE:-20}" >&4 &
writer=$!
while read -r line <&4; do
	[ "$line" != stop ] || break
	eval "$line" &
done
kill $writer
wait $writer

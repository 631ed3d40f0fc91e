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

# iscsid, without records: it knows the sessions that are there. It ends its process group with it.
start_iscsid() {
	setsid iscsid -f >/dev/console 2>&1 &
}

# Until no process of it is left; one that waits for the disk does so even if it is killed.
end_iscsid() { # SIGNAL
	# shellcheck disable=SC2046 # may be several
	kill "-$1" $(pidof iscsid)
	while pidof iscsid >/dev/null; do usleep 100000; done
}

# What lets the session through is that its connection was there before; nothing else comes in.
firewall_up() {
	nft -f - <<-'END' || return
		table inet filter
		flush table inet filter
		table inet filter {
			chain input {
				type filter hook input priority 0; policy drop;
				ct state established,related accept
			}
			chain output {
				type filter hook output priority 0; policy accept;
			}
		}
	END
	say firewall up
}
firewall_flushed() { nft flush chain inet filter input; }

/run/fault/writer /records "${PAUSE:-20}" >&4 &
writer=$!
while read -r line <&4; do
	[ "$line" != stop ] || break
	eval "$line" &
done
kill $writer
wait $writer

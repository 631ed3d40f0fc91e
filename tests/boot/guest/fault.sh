# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# The real root of the fault scenarios: runs the writer, and executes each line that arrives at the third serial
# port, until "stop". Everything runs from memory; no file of the root is needed.
cd /
exec 3>/dev/ttyS1 4<>/dev/ttyS2
stty -F /dev/ttyS2 raw -echo
# Tasks are blocked as long as a fault lasts.
echo 0 >/proc/sys/kernel/hung_task_timeout_secs

say() { echo "$*" >&3; }

# Starts iscsid without node records; it adopts the existing sessions. setsid: it signals its process group at
# exit.
start_iscsid() {
	setsid iscsid -f >/dev/console 2>&1 &
}

# Waits until no process of iscsid is left. A process that waits for the disk exits only after that wait.
end_iscsid() { # SIGNAL
	# shellcheck disable=SC2046 # may be several
	kill "-$1" $(pidof iscsid)
	while pidof iscsid >/dev/null; do usleep 100000; done
}

# Incoming packets are accepted only for established connections, such as that of the session.
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

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

# Like systemd with our drop-in: starts iscsid again 2 s after it ended. It may be started from the lost disk.
keep_iscsid() {
	preload=
	[ ! -e /run/fault/slow-calls.so ] || preload=/run/fault/slow-calls.so
	while :; do
		LD_PRELOAD=$preload setsid iscsid -f >/dev/console 2>&1
		usleep 2000000
		while [ -e /run/iscsid-is-stopped ]; do usleep 100000; done
	done &
}

# limit_iscsid CONTROLLER FILE VALUE...: limits what the running iscsid gets; not the next one.
limit_iscsid() {
	mkdir -p /run/cgroup
	mount -t cgroup2 cgroup2 /run/cgroup 2>/dev/null
	echo "+$1" >/run/cgroup/cgroup.subtree_control
	mkdir -p "/run/cgroup/$1"
	for pid in $(pidof iscsid); do echo "$pid" >"/run/cgroup/$1/cgroup.procs"; done
	group=/run/cgroup/$1
	shift
	while [ $# -gt 0 ]; do
		echo "$2" >"$group/$1"
		shift 2
	done
}

# Each of its allocations waits.
squeeze_iscsid() { limit_iscsid memory memory.max 65536 memory.high 0; }

# Each of its messages to the kernel waits, see slow-calls.c.
slow_iscsid() { : >/run/iscsid-is-slow; }

# Reports each request about a connection, with the process that makes it.
trace_actors() {
	mkdir -p /run/tracing
	mount -t tracefs tracefs /run/tracing
	cd /run/tracing || return
	{
		echo 'p:actors/stop iscsi_if_stop_conn conn=%di:x64'
		echo 'p:actors/bind iscsi_sw_tcp_conn_bind conn=%si:x64'
		echo 'p:actors/send iscsi_conn_send_pdu conn=%di:x64'
		echo 'p:actors/start iscsi_conn_start conn=%di:x64'
	} >kprobe_events
	echo 1 >events/actors/enable
	echo 'comm ~ "iscsi*"' >events/sched/sched_process_exit/filter
	echo 1 >events/sched/sched_process_exit/enable
	while read -r line; do say trace "$line"; done <trace_pipe &
	tracer=$!
	cd /
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

[ ! -e /run/fault/traced ] || trace_actors
/run/fault/writer /records "${PAUSE:-20}" >&4 &
writer=$!
while read -r line <&4; do
	[ "$line" != stop ] || break
	eval "$line" &
done
kill $writer
wait $writer
[ -z "$tracer" ] || kill "$tracer"

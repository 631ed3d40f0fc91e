# SPDX-License-Identifier: GPL-2.0-only
# Reads the kernel's trace of the requests about each iSCSI connection, in lines
#
#   PROCESS-PID [CPU] FLAGS TIME: EVENT: (...) conn=ADDRESS
#
# and prints each moment with two actors: a process gives the kernel a socket, sends a login or starts the
# connection (bind, send, start) although another process was the last that stopped it; or a process stops a
# connection between bind and start of another one that exists. The last line is "PROCESSES N REQUESTS N", or more.
function process(    p) { p = $0; sub(/^ */, "", p); sub(/ +\[.*/, "", p); return p }
/sched_process_exit:/ {
	p = process()
	for (c in attempt) if (attempt[c] == p) delete attempt[c]
	next
}
match($0, / (stop|bind|send|start): /) {
	what = substr($0, RSTART + 1, RLENGTH - 3)
	p = process()
	conn = $NF
	if (p ~ /^kworker/) next
	requests++
	if (!(p in seen)) { seen[p] = 1; processes++ }
	if (what == "stop") {
		if (conn in attempt && attempt[conn] != p) print "two actors: " attempt[conn] " has begun a login: " $0
		owner[conn] = p
		delete attempt[conn]
		next
	}
	if (conn in owner && owner[conn] != p) print "two actors: " owner[conn] " stopped the connection: " $0
	if (what == "bind") attempt[conn] = p
	if (what == "start") delete attempt[conn]
}
END { print "processes", processes + 0, "requests", requests + 0 }

# SPDX-License-Identifier: GPL-2.0-only
# Reads the output of strace -f -ttt. Prints each wait of the agent's own processes that timed out, each sleep
# and each timer, and last "waits N", the number of waits. After an execve a process is not the agent's own.
{
	pid = $1
	text = $0
	sub(/^[0-9]+ +[0-9.]+ /, "", text)
	if (sub(/ *<unfinished \.\.\.>$/, "", text)) {
		begun[pid] = text
		next
	}
	if (sub(/^<\.\.\. [a-z0-9_]+ resumed>/, "", text)) {
		text = begun[pid] text
		delete begun[pid]
	}
	line[++n] = text
	by[n] = pid
}

text ~ /^execve\(.*= 0$/ && text !~ /iscsi-boot-agent", / && !(pid in other) { other[pid] = n }
text ~ /^(v?fork|clone3?)\(.*= [0-9]+$/ {
	child = text
	sub(/.*= /, "", child)
	parent[child] = pid
	born[child] = n
}

function foreign(pid, at) {
	if ((pid in other) && at >= other[pid])
		return 1
	return (pid in parent) && foreign(parent[pid], born[pid])
}

END {
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^(execve|v?fork|clone3?)\(/ || foreign(by[i], i))
			continue
		waits++
		# A poll with timeout 0 does not wait.
		if (line[i] ~ /^p?poll\(.*, (0|\{tv_sec=0, tv_nsec=0\}(, .*)?)\) += /)
			continue
		if (line[i] ~ /^epoll_p?wait2?\(.*, (0|\{tv_sec=0, tv_nsec=0\})(, .*)?\) += /)
			continue
		if (line[i] ~ /^p?(poll|select)6?\(.*= 0( \(Timeout\))?$/ ||
		    line[i] ~ /^epoll_p?wait2?\(.*= 0$/ || line[i] ~ /^rt_sigtimedwait\(.*EAGAIN/ ||
		    line[i] ~ /^(clock_)?nanosleep\(/ || line[i] ~ /^(alarm|setitimer|timer)/)
			print line[i]
	}
	print "waits " waits + 0
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Functions of both benches: they check what is to be measured, say how long it takes, and leave no process behind.

# refuse TEXT...: ends the bench before it has begun.
refuse() {
	printf 'bench: %s\n' "$*" >&2
	exit 2
}

# known_settings NAME...: refuses a variable BENCH_... that is not in the list.
known_settings() {
	local set
	for set in $(compgen -v BENCH_); do
		[[ " $* " == *" ${set#BENCH_} "* ]] || refuse "unknown setting $set; known: ${*/#/BENCH_}"
	done
}

# number NAME VALUE LEAST MOST: refuses a value that is not a number in this range.
number() {
	if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || [ $((10#$2)) -lt "$3" ] || [ $((10#$2)) -gt "$4" ]; then
		refuse "$1=$2 is not a number from $3 to $4"
	fi
}

# one_of WHAT VALUE KNOWN...: refuses an unknown value.
one_of() {
	[[ " ${*:3} " == *" $2 "* ]] || refuse "unknown $1 '$2'; known: ${*:3}"
}

# announce SECONDS: says how long the bench will take, and when it will end.
announce() {
	printf 'bench: takes about %d min, until %(%H:%M)T; Ctrl-C ends it at any time\n' \
		$((($1 + 59) / 60)) $(($(printf '%(%s)T' -1) + $1)) >&2
}

# Ends the processes that "apart" started, and then us.
stop_apart() {
	local inner=
	trap '' INT TERM HUP
	if [ -n "${APART-}" ]; then
		# unshare waits for its child, the first process of the namespace; the others end with that one.
		read -r inner _ <"/proc/$APART/task/$APART/children" || true
		kill -TERM "${inner:-$APART}" 2>/dev/null || true
		for _ in {1..50}; do
			kill -0 "$APART" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "${inner:-$APART}" "$APART" 2>/dev/null || true
		wait "$APART" 2>/dev/null || true
	fi
	exit 130
}

# apart UNSHARE-OPTION... -- COMMAND...: runs COMMAND in a separate PID namespace. However the bench ends, the
# kernel ends all processes of the namespace too. Returns the status of COMMAND.
apart() {
	local options=() status=0
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	[ "$(id -u)" = 0 ] || options+=(-r)
	trap stop_apart INT TERM HUP
	setpriv --pdeathsig KILL -- unshare "${options[@]}" -p -f --mount-proc --kill-child "$@" &
	APART=$!
	wait "$APART" || status=$?
	APART=
	trap - INT TERM HUP
	return $status
}

# prepare COMMAND...: runs a command that may fetch or build something, without its output.
prepare() {
	if [ "$(id -u)" = 0 ]; then apart -- "$@"; else "$@"; fi >/dev/null
}

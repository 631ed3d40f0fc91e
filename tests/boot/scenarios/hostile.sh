# shellcheck shell=bash
# groups: hostile errors
# Targets that break the protocol, close after any byte, answer one byte a second, redirect in circles, demand
# unsupported features, cannot authenticate, or reflect our own challenge (tools/hostile-target.c,
# lib/hostile.cases).
# Outcome: each gets its own message and status within its limit, and no session is left. Then a valid target
# boots.

stock 6.12
SLACK=4 BY_ITSELF=10
sed '/^#/d' "$BOOT/lib/hostile.cases" >"$WORK/overlay/hostile"
guest <<'END'
target() { # NAME [USER [MORE]]
	echo "iscsi_boot.target=iscsi://$2$portal/$iqn:$1/1$3"
}
boot_at() { # KEY LIMIT WORDS...
	key=$1 limit=$2
	shift 2
	echo "$common iscsi_boot.deadline=$limit $*" >/tmp/cmdline
	start=$(cut -d ' ' -f 1 /proc/uptime)
	$AGENT boot >/tmp/device 2>/tmp/said
	status=$?
	cat /tmp/said >/dev/console
	say "$key $status $start $(cut -d ' ' -f 1 /proc/uptime) $(sed -n 's/.*login: error: cannot log in to .* as [^ ]*: //p' /tmp/said | tr '\n' ' ')"
	sessions=$(ls /sys/class/iscsi_session | wc -l)
	[ "$sessions" = 0 ] || say "left-$key $sessions sessions"
}
read -r common </proc/cmdline
read -r portal iqn </portal
: >/tmp/cmdline
mount --bind /tmp/cmdline /proc/cmdline
boot_at first 60 "$(target 0204)" # this one loads the modules
n=0
while IFS='|' read -r name _ limit user more _; do
	boot_at "case-$((n += 1))" "$limit" "$(target "$name" "$user" "$more")"
done </hostile
# Closes the connection after every byte of two responses; many logins at once.
for first in 0 48 96; do
	words=
	for byte in $(seq $first $((first + 47))); do words="$words $(target close-$byte)"; done
	boot_at close-$first 8 "$words"
	say closed-$first "$(grep 'closed by the target; retrying' /tmp/said | grep -o 'target[0-9][0-9]*' | sort -u | wc -l)"
done
boot_at reflected 20 "$(target reflect-to me:secretsecret1@)" \
	"$(target reflect-from me:secretsecret1@ '?rev-user=it,rev-secret=othersecret22')"
echo "$common $(target honest)" >/tmp/cmdline
agent_boot
umount /proc/cmdline
enter_root /dev/iscsi-boot/root
END
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN:honest" "$WORK/root.img"
hostile_start "$PORT"
echo "10.0.2.2:$HOSTILE_PORT $IQN" >"$WORK/overlay/portal"
initramfs none
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.engine=native"

judge() { # NAME STATUS LIMIT MESSAGE: checks what the machine reported
	local status start end answer took
	read -r status start end answer
	took=$(awk "BEGIN { print $end - $start }")
	if [ "$status" != "$2" ]; then
		echo "FAIL $1: status $status, not $2: $answer"
	elif awk "BEGIN { exit !($took > $3) }"; then
		echo "FAIL $1: took $took s, more than $3"
	elif ! grep -q -E -- "$4" <<<"$answer"; then
		echo "FAIL $1: unexpected message: $answer"
	else
		echo "PASS $1: status $status after $took s: ${answer:0:100}"
	fi
}

cases() {
	local name status limit words first n=0
	while IFS='|' read -r name status limit _ _ words; do
		[ "$limit" = 20 ] && limit=$BY_ITSELF || limit=$((limit + SLACK))
		n=$((n + 1))
		judge "$name" "$status" "$limit" "$words" < <(verdict "case-$n")
	done <"$WORK/overlay/hostile"
	for first in 0 48 96; do
		judge "closes at each of 48 bytes from $first" 7 $((8 + SLACK)) network < <(verdict "close-$first")
		want "closed-$first" 48
	done
	judge "reflects our challenge" 8 $BY_ITSELF "CHAP_C is the initiator's own challenge" < <(verdict reflected)
}

cases >"$WORK/cases"
! grep -q '^left-' "$WORK/verdict" || fail "$(grep -m 1 '^left-' "$WORK/verdict")"
! grep -q ^FAIL "$WORK/cases" || fail "$(grep -m 1 ^FAIL "$WORK/cases")"
want_no_log 'iscsi-boot: .*(secretsecret1|othersecret22)'
want_root "$IQN:honest" "$WORK/root.img"
note "$(grep -c . "$WORK/cases") cases"

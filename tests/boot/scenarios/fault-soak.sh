# shellcheck shell=bash
# groups: faults soak
# Random faults for SOAK_HOURS (0.02), one after another, on one root; SOAK_SEED selects the sequence. From time
# to time the machine is rebooted or loses its power. After each boot the guard runs until iscsid starts.
# In two of three boots it stands by then, iscsid has faults of its own, and is started again after its end.
# Outcome: no acknowledged record is lost, and the file system sees no error; with the guard, also behind iscsid,
# service is back in time, and the trace shows one actor at any time. For iscsid alone, which has no such limit,
# the times are printed, and how often it could not bind a connection any more, which is its own defect: then the
# machine is switched off.

# shellcheck source=tests/boot/lib/standby.sh
. "$BOOT/lib/standby.sh"
SOAK_HOURS=${SOAK_HOURS:-0.02}
SOAK_SEED=${SOAK_SEED:-$((SRANDOM % 1000000))}
UNTIL=$(awk -v now="$SECONDS" -v h="$SOAK_HOURS" 'BEGIN { printf "%d", now + 3600 * h }')
# shellcheck disable=SC2034
LIMIT=$((UNTIL + 900))
FAULTS=0 STARTS=0 WRITTEN=0 STUCK=0 SAVED=0 GONE='' PICKED=
trap 'told_why; leave' EXIT
told_why() {
	[ ! -s "$WORK/reason" ] || sed -i "1s/^/seed $SOAK_SEED, fault $FAULTS ($PICKED), boot $STARTS, $WRITTEN records before it: /" \
		"$WORK/reason"
}

pick() { shift $((RANDOM % $#)); PICKED=$1; }

# Most faults are short; some are longer than any timeout.
length() {
	SPAN=$((RANDOM % 8))
	[ $((RANDOM % 8)) != 0 ] || SPAN=$((RANDOM % 60))
}

soak_ends() {
	fault_end
	want_one_actor 0
	count_saved
	WRITTEN=$((WRITTEN + RECORDS))
}

soak_power() {
	[ -n "$GONE" ] || writes 10
	power_off
	want_one_actor 0
	count_saved
	WRITTEN=$((WRITTEN + RECORDS))
}

# Counts the windows after which iscsid could not bind a connection.
count_saved() {
	SAVED=$((SAVED + $(awk '/: terminating it/ && hung { n++ }
		/retcode -107|: terminating it/ { hung = /retcode -107/ }
		END { print n + 0 }' "$WORK/serial.log")))
}

is_stuck() { STUCK=$((STUCK + 1)) GONE=1; }

boot() {
	STARTS=$((STARTS + 1))
	SAVER=guard GONE=''
	pick both both iscsid
	NEXT=$PICKED WORDS=$SOAK_WORDS
	[ "$NEXT" = both ] || WORDS+=" iscsi_boot.guard-standby=off"
	fault_boot
}

standby_lab guard
SOAK_WORDS=$WORDS
initramfs
fault_root
RANDOM=$SOAK_SEED
boot
while [ $SECONDS -lt "$UNTIL" ]; do
	case $SAVER in
	both) pick target link silence reset reset killed killed stopped hung memory binary database window reboot power ;;
	*) pick target target link silence silence reset reset reset saver iscsid reboot power ;;
	esac
	case $PICKED:$SAVER in iscsid:iscsid) PICKED=stopped ;; esac
	case $PICKED in
	reboot) soak_ends; boot ;;
	power) soak_power; boot ;;
	reset) fault reset 0 300 ;;
	iscsid) length; fault iscsid "$SPAN" 300; [ -n "$GONE" ] || guard_leaves ;;
	*) length; BOUND=$(standby_bound "$PICKED") fault "$PICKED" "$SPAN" 300 ;;
	esac
	[ "$SAVER" != both ] || iscsid_returns
	FAULTS=$((FAULTS + 1))
	[ -z "$GONE" ] || { echo "fault $FAULTS: iscsid is stuck"; soak_power; boot; }
	writes $((RANDOM % 50))
	echo "fault $FAULTS: $PICKED, at $SECONDS s"
done
soak_ends
by() { grep -c "^$1 " "$WORK/times" || true; } # SAVER
note "seed $SOAK_SEED: $FAULTS faults, $STARTS boots, $WRITTEN records; under the guard $(by guard) faults, none late;" \
	"under iscsid with the guard behind it $(by both), none late, $SAVED times it could not bind a connection;" \
	"under iscsid $(by iscsid), $(lateness iscsid 3 <"$WORK/times" | wc -l) later than 3 s," \
	"$STUCK never, by its own defect;" \
	"back after, minimum/median/maximum: $(awk '{ $3 = "any"; print }' "$WORK/times" | times_summary)"

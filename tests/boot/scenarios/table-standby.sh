# shellcheck shell=bash
# groups: boots
# The table has a boot-selected target, and a valid one of another name that is not. First both are there; then the
# selected one does not exist at its portal; then no host has the address of that portal; then it demands CHAP.
# Outcome: the agent uses the selected one alone; then twice the other one after half of the time until the deadline,
# for which the selected one is tried; then the other one at once. Boot ends as soon as the root is on a disk.

lab
stock 6.12
guest_boots
initramfs
OTHER=iqn.2026-11.org.example:other
switch lan0 10.7.0.1/24
switch lan1 10.7.1.1/24
rootfs "$WORK/root.img"
cp "$WORK/root.img" "$WORK/other.img"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
target 2 "$OTHER" "$WORK/other.img"
cable n0 lan0
cable n1 lan1
NETWORK=("${HARDWARE[@]}")
DEADLINE=30

# machine PORTAL NAME: boots with this selected target; the other one is at 10.7.1.1.
machine() {
	rm -f "$WORK/verdict" "$WORK/serial.log"
	HARDWARE=("${NETWORK[@]}")
	table intel-x540 "192.168.1.10=>$1" "192.168.2.10=>10.7.1.1" "192.168.1.20=>10.7.0.15" "192.168.2.20=>10.7.1.15" \
		"lun=0=>lun=1" "a0:36:9f:00:00:=>52:54:00:aa:00:" "bdf=03:00.0=>bdf=00:03.0" "bdf=03:00.1=>bdf=00:04.0" \
		"nic=1 name=iqn.2024-01.example:disk=>nic=1 name=$OTHER" "iqn.2024-01.example:disk=>$2"
	card n0 52:54:00:aa:00:01 addr=3
	card n1 52:54:00:aa:00:02 addr=4
	direct iscsi_boot.deadline=$DEADLINE
}

# want_other LEAST MOST: the root is on the other disk; the agent took that time.
want_other() {
	want_root "$OTHER" "$WORK/other.img"
	want_log 'boot: warning: no boot-selected target is up: trying target1'
	agent_within "$2"
	awk -v s="$SPENT" -v least="$1" 'BEGIN { exit !(s >= least) }' || fail "took $SPENT s, less than $1"
	TIMES+=" $SPENT"
}

machine 10.7.0.1 "$IQN"
want_boot
want_no_wire n1 "tcp dst port 3260"
want_no_log 'no boot-selected target is up'
machine 10.7.0.1 iqn.2026-11.org.example:missing
want_other 15 $((DEADLINE - 1))
machine 10.7.0.9 "$IQN"
want_other 15 $((DEADLINE - 1))
account 1 alice one-way-secret
machine 10.7.0.1 "$IQN"
want_other 0 14
note "the other disk after s:$TIMES, with a missing target, a dead portal, and one that wants CHAP"

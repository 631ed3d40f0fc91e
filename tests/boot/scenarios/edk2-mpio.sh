# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator in multipath mode: two NICs on two networks, static and by DHCP. Then either portal and either
# NIC dies when the kernel has started.
# Outcome: the firmware writes the table edk2-mpio, in which one target of two is boot-selected. With both paths up the
# agent uses both. With one dead the root is there by the other, and the agent waits at most 1 s longer than with one
# path alone.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
lab
stock 6.12
guest <<'END'
idle() { cut -d ' ' -f 2 /proc/uptime; }
say idle-start "$(idle)"
agent_boot
say idle-end "$(idle)"
say location "$(cat $VIEW/ibft/location)"
say table "$(base64 -w 0 $VIEW/ibft/table)"
say targets "$(cat $VIEW/target*/flags | xargs)"
if grep -q -w both-paths /proc/cmdline; then
	$AGENT boot --wait-all >/tmp/device
	say all-status $?
fi
say portals "$(cat /sys/class/iscsi_connection/*/persistent_address | sort | xargs)"
enter_root /dev/iscsi-boot/root
END
initramfs
MAC1=52:54:00:12:34:57
switch lan0
switch lan1
both_portals() {
	ip addr replace 10.0.2.2/24 dev lan0
	ip addr replace 10.0.3.2/24 dev lan1
}
both_portals
rootfs "$WORK/root.img"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
serve interface=lan1 dhcp-range=10.0.3.0,static "dhcp-host=$MAC1,10.0.3.15" dhcp-option=option:router,10.0.3.2 \
	dhcp-option=option:dns-server,10.0.3.3
cable n0 lan0
card n0 "$MAC" addr=2
cable n1 lan1
card n1 "$MAC1" addr=3
first="attempt mac=$MAC mode=mpio local=10.0.2.15/24 gateway=10.0.2.2 target=$IQN ip=10.0.2.2 lun=1"
second="attempt mac=$MAC1 mode=mpio dhcp=address target=$IQN ip=10.0.3.2 lun=1"

# machine CASE ATTEMPTS FLAGS PORTALS COMMAND...: boots; COMMAND runs when the kernel starts. The flags of the table's
# targets and the portals that are logged in must be these. Notes the agent's time, and that of it in which the machine's
# processor was idle: all of its waiting.
declare -A SPENT_IN IDLE_IN
machine() {
	local watcher
	rm -f "$WORK/verdict" "$WORK/serial.log"
	both_portals
	edk2_settings <<<"initiator name=$INITIATOR"$'\n'"$2"
	once 'Linux version' "${@:5}"
	watcher=${PIDS[-1]}
	qemu
	wait "$watcher"
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	want agent-status 0
	want targets "$3"
	want portals "$4"
	want_root "$IQN" "$WORK/root.img" "$(wc -w <<<"$4")"
	SPENT_IN[$1]=$SPENT
	IDLE_IN[$1]=$(awk -v a="$(verdict idle-start)" -v b="$(verdict idle-end)" 'BEGIN { printf "%.1f", b - a }')
}

# with_dead ...: as machine, which waits at most 1 s longer than with one path alone, measured next to it. What it
# computes does not count, as a busy host slows that by seconds; so does an answer that comes late, hence three tries.
with_dead() {
	for _ in 1 2 3; do
		machine "$@"
		awk -v a="${IDLE_IN[$1]}" -v b="${IDLE_IN[one]}" 'BEGIN { exit !(a > b + 1) }' || return 0
		machine one "$first" 3 10.0.2.2 true
	done
	fail "$1: waited ${IDLE_IN[$1]} s; with one path alone ${IDLE_IN[one]} s"
}

times() { echo "${SPENT_IN[$1]} s, idle ${IDLE_IN[$1]} s"; }

edk2 <<<"initiator name=$INITIATOR"
both=$first$'\n'$second
machine one "$first" 3 10.0.2.2 true
sed -i 's/console=ttyS0/both-paths &/' "$WORK/grub.cfg"
edk2_grub
machine both "$both" "3 1" "10.0.2.2 10.0.3.2" true
want all-status 0
want_table edk2-mpio
sed -i 's/both-paths //' "$WORK/grub.cfg"
edk2_grub
with_dead first-portal "$both" "3 1" 10.0.3.2 ip addr del 10.0.2.2/24 dev lan0
with_dead first-nic "$both" "3 1" 10.0.3.2 monitor "set_link n0 off"
with_dead second-portal "$both" "3 1" 10.0.2.2 ip addr del 10.0.3.2/24 dev lan1
with_dead second-nic "$both" "3 1" 10.0.2.2 monitor "set_link n1 off"
note "one path: $(times one)$(for name in first-portal first-nic second-portal second-nic; do
	printf '; %s dead: %s' "$name" "$(times "$name")"; done)"

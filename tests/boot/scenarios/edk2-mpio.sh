# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator in multipath mode: two NICs on two networks, static and by DHCP. Then either portal and either
# NIC is dead once the kernel has started, and last the second portal is dead in the firmware, too.
# Outcome: the firmware writes the table edk2-mpio, in which one target of two is boot-selected. With both paths up the
# agent uses both. With one dead the root is there by the other, at most 1 s later than with one path alone.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
lab
stock 6.12
guest <<'END'
agent_boot
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
switch lan0 10.0.2.2/24
switch lan1 10.0.3.2/24
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

# machine CASE ATTEMPTS FLAGS PORTALS [COMMAND...]: boots; COMMAND runs when the kernel starts. The flags of the table's
# targets and the portals that are logged in must be these. Sets SPENT.
machine() {
	local saver=
	rm -f "$WORK/verdict" "$WORK/serial.log"
	edk2_settings <<<"initiator name=$INITIATOR"$'\n'"$2"
	[ $# = 4 ] || { once 'Linux version' "${@:5}"; saver=${PIDS[-1]}; }
	qemu
	[ -z "$saver" ] || wait "$saver"
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	want agent-status 0
	want targets "$3"
	want portals "$4"
	want_root "$IQN" "$WORK/root.img" "$(wc -w <<<"$4")"
	SPENT_IN[$1]=$SPENT
}
declare -A SPENT_IN

# with_dead CASE ATTEMPTS... as machine: the time is compared with that of one path, measured next to it. A busy host may
# slow one of both, so there are three tries.
with_dead() {
	for _ in 1 2 3; do
		machine "$@"
		! later_than_one "$1" || { machine one "$first" 3 10.0.2.2; continue; }
		return 0
	done
	fail "$1: took ${SPENT_IN[$1]} s; one path alone takes ${SPENT_IN[one]} s"
}
later_than_one() { awk -v a="${SPENT_IN[$1]}" -v b="${SPENT_IN[one]}" 'BEGIN { exit !(a > b + 1) }'; }

edk2 <<<"initiator name=$INITIATOR"
both=$first$'\n'$second
machine one "$first" 3 10.0.2.2
sed -i 's/console=ttyS0/both-paths &/' "$WORK/grub.cfg"
edk2_grub
machine both "$both" "3 1" "10.0.2.2 10.0.3.2"
want all-status 0
want_table edk2-mpio
sed -i 's/both-paths //' "$WORK/grub.cfg"
edk2_grub
with_dead first-portal "$both" "3 1" 10.0.3.2 ip addr del 10.0.2.2/24 dev lan0
ip addr add 10.0.2.2/24 dev lan0
with_dead first-nic "$both" "3 1" 10.0.3.2 monitor "set_link n0 off"
with_dead second-portal "$both" "3 1" 10.0.2.2 ip addr del 10.0.3.2/24 dev lan1
ip addr add 10.0.3.2/24 dev lan1
with_dead second-nic "$both" "3 1" 10.0.2.2 monitor "set_link n1 off"
note "one path ${SPENT_IN[one]} s$(for name in first-portal first-nic second-portal second-nic; do
	printf ', %s dead %s s' "$name" "${SPENT_IN[$name]}"; done)"

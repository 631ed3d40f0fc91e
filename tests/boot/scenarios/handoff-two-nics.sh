# shellcheck shell=bash
# groups: handoff
# Two NICs in one subnet, each with a path of its own, mutual CHAP; Debian's iscsid in the real root; then the
# target restarts.
# Outcome: iscsid adopts both by records bound to the MAC of each NIC; iscsiadm reads them, also as interfaces.
# After the restart each session uses its own NIC again, and a manual login works with the record alone.

lab
stock 6.12
guest_boots --wait-all
real <<'END'
. /guest/iscsid
adopted 2
bound() { cat /sys/class/iscsi_session/session*/ifacename | sort | xargs; }
say bound "$(bound)"
say nodes "$(iscsiadm -m node -P 1 | grep Iface | sort | xargs)"
say ifaces "$(iscsiadm -m iface | grep iscsi-boot | sort | xargs)"
agent_status first
say restart
adopted 4
say again "$(bound)"
agent_status second
# The session that the root is not mounted from.
device=$(stat -c %d /)
device=$(readlink "/sys/dev/block/$((device >> 8)):$((device & 255))")
for session in /sys/class/iscsi_session/session*; do
	[ -d "$(echo "$session"/device/target*/*/block/"${device##*/}")" ] || other=$(cat "$session/ifacename")
done
iscsiadm -m node -I "$other" --logout >/dev/console 2>&1
say left "$(ls -d /sys/class/iscsi_session/session* | wc -l)"
iscsiadm -m node -I "$other" --login >/dev/console 2>&1
say login $?
say hand "$(bound)"
say nops "$(cat /sys/class/iscsi_connection/*/ping_tmo | xargs)"
iscsiadm -m node -I "$other" --logout >/dev/console 2>&1
END
wants iscsi-boot-handoff.service iscsid.service open-iscsi.service
iscsid_root
initramfs
debian "$WORK/root.img" systemd-sysv udev open-iscsi libkmod2 libmnl0 libssl3 grep coreutils dash sed
switch lan 10.7.0.1/24 10.7.0.2/24
CHAP=(me secret-of-12-bytes they another-secret)
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img" "${CHAP[@]}"
once '^restart$' target_restart 0.0.0.0 "${CHAP[@]}"
lan n0 lan 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
KEYS="rev-user=they,rev-secret=another-secret"
direct "rd.iscsi.initiator=$INITIATOR" \
	"ip=10.7.0.15:::24::eth0:none ifname=eth0:52:54:00:aa:00:01 ip=10.7.0.16:::24::eth1:none ifname=eth1:52:54:00:aa:00:02" \
	"iscsi_boot.target=iscsi://me:secret-of-12-bytes@10.7.0.1/$IQN/1?nic=52:54:00:aa:00:01,$KEYS" \
	"iscsi_boot.target=iscsi://me:secret-of-12-bytes@10.7.0.2/$IQN/1?nic=52:54:00:aa:00:02,$KEYS"

want bound "iscsi-boot-nic0 iscsi-boot-nic1"
want nodes "Iface Name: iscsi-boot-nic0 Iface Name: iscsi-boot-nic1"
want ifaces "iscsi-boot-nic0 tcp,52:54:00:aa:00:01,<empty>,<empty>,<empty> iscsi-boot-nic1 tcp,52:54:00:aa:00:02,<empty>,<empty>,<empty>"
want first 0
want again "iscsi-boot-nic0 iscsi-boot-nic1"
want second 0
want left 1
want login 0
want hand "iscsi-boot-nic0 iscsi-boot-nic1"
want nops "0 0"
want_no_log 'Could not read data from db'
want_root "$IQN" "$WORK/root.img"
for i in 0 1; do
	want_wire n$i "dst host 10.7.0.$((i + 1)) and dst port 3260 and src host 10.7.0.$((i + 15))"
	want_no_wire n$i "dst host 10.7.0.$((2 - i)) and dst port 3260"
done

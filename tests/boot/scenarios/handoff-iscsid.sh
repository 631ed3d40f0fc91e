# shellcheck shell=bash
# groups: check handoff
# Debian's open-iscsi in the real root, with systemd and our installed units. There is no initiator name,
# iscsid.conf has its default NOP-Outs, and there is a record of an earlier boot. Then the target is restarted.
# Outcome: iscsid adopts the session by our record and by nothing else: no NOP-Out, and the configured timers,
# which "status" confirms. iscsiadm reads the record; iscsid recovers the session.

stock 6.12
guest_boots
install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP/build/agent/iscsi-boot-guard"
mkdir -p "$WORK/real/etc/iscsi/nodes/iqn.x:"{old,other}/10.0.2.9,3260,1
printf '%s\n' '# BEGIN RECORD of iscsi-boot-agent' 'node.name = iqn.x:old' '# END RECORD' \
	>"$WORK/real/etc/iscsi/nodes/iqn.x:old/10.0.2.9,3260,1/default"
printf '%s\n' '# BEGIN RECORD 2.1.8' 'node.name = iqn.x:other' 'node.tpgt = 1' 'node.startup = manual' \
	'node.conn[0].address = 10.0.2.9' 'node.conn[0].port = 3260' 'iface.iscsi_ifacename = default' \
	'iface.transport_name = tcp' '# END RECORD' \
	>"$WORK/real/etc/iscsi/nodes/iqn.x:other/10.0.2.9,3260,1/default"
real <<'END'
. /guest/iscsid
adopted 1
say name "$(cat /etc/iscsi/initiatorname.iscsi | grep -v '^#')"
say nodes "$(iscsiadm -m node | sort | xargs)"
say onboot "$(iscsiadm -m node -T "$(cat /sys/class/iscsi_session/session1/targetname)" -o show |
	grep -c -e 'node.startup = onboot' -e 'node.session.scan = manual')"
say session "$(iscsiadm -m session -P 3 | sed -n 's/^\t*\(Iface Initiatorname\|iSCSI [SC].* State\|Internal.*\|Recovery Timeout\|.*sda.*\): */\1=/p' | xargs)"
say unit "$(systemctl show -P Result iscsi-boot-handoff)"
await_log 'guard: iscsid .process [0-9]*. is running'
agent_status first
say guard "$(grep -E '^  (state|remade) ' /run/status | xargs)"
say restart
adopted 2
agent_status second
END
wants iscsi-boot-handoff.service iscsid.service open-iscsi.service
iscsid_root
initramfs
debian "$WORK/root.img" systemd-sysv udev open-iscsi libkmod2 libmnl0 libssl3 grep coreutils dash sed
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
once '^restart$' target_restart
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN $STATIC"

want name "InitiatorName=$INITIATOR"
want nodes "10.0.2.2:$PORT,1 $IQN 10.0.2.9:3260,1 iqn.x:other"
want onboot 2
want unit success
want first 0
want guard "state standing by remade 0"
want second 0
want_no_log 'Could not read data from db'
want_root "$IQN" "$WORK/root.img"

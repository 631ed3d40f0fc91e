# shellcheck shell=bash
# groups: boots openiscsi
# iSER over an Ethernet card (soft-RoCE) to the kernel's own target in a second machine, with CHAP and dracut's
# parameters. At the end the shutdown program runs, with a reachable target and with the cable disconnected.
# Outcome: open-iscsi logs in although native was configured, over RDMA and without TCP. The session has
# transport iser, with timers, root and data as with TCP; no module of iscsi_tcp is loaded. The guard logs that
# it ignores the session, and does. Commands that wait for the lost session fail, and the session is removed.

# shellcheck source=tests/boot/lib/equal.sh
. "$BOOT/lib/equal.sh"
stock 6.12
MODULES+=(iscsi_target_mod target_core_file virtio_blk rdma_rxe crc32_generic ib_iser ib_isert)
program rdma iscsiadm
install -D -t "$WORK/overlay/usr/lib/iscsi-boot" "$TOP/build/agent/iscsi-boot-guard"
copy_program "$WORK/lio" "$(command -v rdma)"
guest <<'END'
modprobe -a e1000 rdma_rxe
rdma link add rxe0 type rxe netdev eth0 # the RDMA device
$AGENT plan >/tmp/plan
say plan "$(grep -E '^(engine|path):' /tmp/plan | xargs)"
agent_boot
say transports "$(cd /sys/class/iscsi_transport; echo *)"
say proc-name "$(cat /sys/class/scsi_host/host*/proc_name)"
say iface "$(iscsiadm -m session -P 1 | sed -n 's/.*Iface \(Name\|Transport\): //p' | xargs)"
$AGENT status >/tmp/status
say status $? "$(grep -E '^  (state|sessions) ' /tmp/status | xargs)"
enter_root /dev/iscsi-boot/root
END
root_does <<'END'
mount -o remount,ro /
cp /usr/bin/busybox /shutdown /down /run
exec /run/busybox sh /run/down
END
install -T "$TOP/build/agent/iscsi-boot-shutdown" "$WORK/root/shutdown"
cat >"$WORK/root/down" <<'END'
exec 3>/dev/ttyS1
say() { echo "$*" >&3; }
session() { echo /sys/class/iscsi_session/session*; }
cat() { /run/busybox cat "$@"; }
/run/shutdown
say shutdown-well $? "$(cat "$(session)/state")" "$(cat "$(session)/recovery_tmo")"
/run/busybox ip link set eth0 down
/run/busybox dd if=/dev/sda of=/dev/null iflag=direct count=1 & # it would wait for a day
/run/shutdown
lost=$?
wait $!
say waited $?
while [ -e /sys/class/iscsi_session/session1 ]; do :; done # it is removed without our help
say shutdown-lost $lost "$(session)"
say end
/run/busybox poweroff -f -n
END
initramfs
switch lan 10.7.0.1/24
rootfs "$WORK/root.img"
lio "$WORK/root.img" <<END
modprobe -a rdma_rxe ib_isert
rdma link add rxe0 type rxe netdev eth0
lio_target $IQN /dev/vda attrib/authentication=1 auth/userid=client auth/password=client-secret \
	np/10.7.0.2:3260/iser=1
END
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15:::24::eth0:none rd.iscsi.transport=iser" \
	"netroot=iscsi:client:client-secret@10.7.0.2::3260:1:$IQN iscsi_boot.engine=native"

want plan "engine: open-iscsi (native cannot speak iser) path: target0 $IQN at 10.7.0.2:3260, LUN 1, CHAP, iser, nic0 (the only configured NIC), root disk"
want transports iser
want proc-name iscsi_iser
want iface "iser iser"
want status "0 state running sessions"
want shutdown-well "0 LOGGED_IN 20"
want shutdown-lost "7 /sys/class/iscsi_session/session*"
want waited 1
want_log 'guard: warning: session1: not guarded: its transport is iser, not tcp'
want_no_log 'guard: session[0-9]* to iqn'
want_wire n0 'udp port 4791 and len > 600' # RoCE, data
want_no_wire n0 'tcp'
want_lio
want_root "$IQN" "$WORK/root.img"

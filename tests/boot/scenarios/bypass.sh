# shellcheck shell=bash
# groups: check boots
# rd.iscsi.bypass with the words of Oracle's cloud images, on a machine whose root is a local disk: its driver is
# loaded while the agent already works, and no target answers.
# Outcome: status 3 as soon as the disk appears, long before the deadline; nothing is logged in.

stock 6.12
guest <<'EOF'
(await_log 'net: eth0: ready' && modprobe virtio_blk) &
agent_boot --kmsg
say sessions "$(ls /sys/class/iscsi_session 2>/dev/null | wc -w)"
say status-plan "$($AGENT plan >/tmp/plan; grep -c '^bypass: no iSCSI if /dev/vda ' /tmp/plan)"
EOF
MODULES+=(virtio_blk)
initramfs
truncate -s 8M "$WORK/disk.img"
nic n0 "$MAC"
HARDWARE+=(-drive "file=$WORK/disk.img,if=virtio,format=raw")
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::1:1:iqn.2015-02.oracle.boot:uefi" \
	"rd.iscsi.bypass root=/dev/vda rd.iscsi.param=node.session.timeo.replacement_timeout=6000 $STATIC"

want agent-status 3
want sessions 0
want status-plan 1
want_log 'rd.iscsi.bypass: root= is /dev/vda, which needs no iSCSI'
want_log 'boot: the root needs no iSCSI, after'
agent_within 60

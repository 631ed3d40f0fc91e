# shellcheck shell=bash
# groups: check boots
# Parameters of open-iscsi in dracut's form and in our own; one is a timer, one is unknown.
# Outcome: the session has them, the unknown one is logged, and the machine boots.

stock 6.12
guest <<'END'
agent_boot
s=/sys/class/iscsi_session/session1
say abort "$(cat $s/abort_tmo)"
say burst "$(cat $s/max_burst_len)"
say recovery "$(cat $s/recovery_tmo)"
say can-queue "$(cat /sys/class/scsi_host/host*/can_queue)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN" \
	"rd.iscsi.param=node.session.timeo.replacement_timeout=6000" \
	"rd.iscsi.param=node.session.err_timeo.abort_timeout=17" \
	"iscsi_boot.param.node.session.iscsi.MaxBurstLength=65536" \
	"iscsi_boot.param.node.session.cmds_max=64" \
	"iscsi_boot.param.node.session.unknown=1"

want agent-status 0
want abort 17
want burst 65536
want recovery 6000
want can-queue 49 # of 64; the kernel keeps 15 for management commands
want_log 'plan: warning: command line, byte [0-9]+: .* is not a known node'
want root-target "$IQN"
want read-back same
want_written "$WORK/root.img"

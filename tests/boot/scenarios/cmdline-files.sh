# shellcheck shell=bash
# groups: check boots
# No table, and no parameter but the NIC's on the kernel's command line: target and policy are in
# /etc/cmdline.d, as dracut's kernel_cmdline= and kdump's images have them, credentials in Debian's file.
# Outcome: the agent boots from that target; diagnostics name the file; the module shows nothing.

stock 6.12
target_start 127.0.0.1
mkdir -p "$WORK/overlay/etc/cmdline.d" "$WORK/overlay/etc/iscsi"
echo "netroot=iscsi:10.0.2.2::$PORT:1:$IQN rd.iscsi.initiator=$INITIATOR" >"$WORK/overlay/etc/cmdline.d/95iscsi.conf"
printf 'iscsi_boot.guard=maybe\niscsi_boot.deadline=77\n' >"$WORK/overlay/etc/cmdline.d/96-policy.conf"
printf '%s\n' "export ISCSI_USERNAME='us er'" 'ISCSI_PASSWORD="secret 123456" # CHAP' \
	>"$WORK/overlay/etc/iscsi/iscsi.initramfs"
mkdir -m 0 "$WORK/overlay/etc/cmdline.d/97-dir.conf"
guest <<'END'
agent_boot
say sources "$(cat $VIEW/sources)"
say kept "$(stat -c %a /run/iscsi-boot/cmdline)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target 1 "$IQN" "$WORK/root.img" "us er" "secret 123456"
nic n0 "$MAC"
direct "$STATIC"

want sources cmdline
want kept 600
want_log '/etc/cmdline.d/96-policy.conf, byte 0: guard=: must be yes or no'
want_log 'file /etc/cmdline.d/97-dir.conf: Is a directory; the file is ignored'
want_log 'deadline 77 s'
want_no_log 'secret 123456'
want_root "$IQN" "$WORK/root.img"

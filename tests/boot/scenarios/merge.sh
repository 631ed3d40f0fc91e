# shellcheck shell=bash
# groups: check boots
# Table and command line together: the NIC is the table's, the target the command line's.
# Outcome: both are shown; only the command line's target is used, over the table's NIC, and without the
# credentials of the table's target.

stock 6.1
guest <<'END'
agent_boot
for file in sources nic0/source target0/source target0/selected target1/source target1/selected \
	target1/chap-type; do
	say "$file" "$(cat $VIEW/$file)"
done
say credentials "$(cd $VIEW; echo target0/chap-secret target1/chap-*)"
say username "$(cat /sys/class/iscsi_session/session*/username)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
table ipxe-bios 'lun=1 nic=0=>lun=1 nic=0 chap-type=1 chap-name=theirs chap-secret=theirs-secret'
nic n0 "$MAC" addr=3
direct "netroot=iscsi:10.0.2.2::$PORT:1:$IQN ip=::::host1:enp3s0:none BOOTIF=01-${MAC//:/-}"

want sources "ibft cmdline"
want target0/source ibft
want target0/selected 0
want target1/source cmdline
want target1/selected 1
want target1/chap-type 0
want credentials "target0/chap-secret target1/chap-type"
want username "(null)"
want_root "$IQN" "$WORK/root.img"

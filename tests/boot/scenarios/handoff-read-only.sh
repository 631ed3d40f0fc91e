# shellcheck shell=bash
# groups: handoff
# /etc/iscsi of the real root is read-only, and its initiator name is to be generated (GenerateName=yes), which
# Debian does at each start of iscsid. The session has CHAP.
# Outcome: records and name are in an overlay in memory, readable by root only. iscsid adopts the session by
# them, with the name that the machine booted with. The files on the disk are unchanged.

stock 6.12
guest <<'END'
agent_boot
say sources "$(cat $VIEW/sources)"
modprobe ext4
modprobe overlay
mount -t ext4 /dev/iscsi-boot/root /newroot
mount --bind /newroot/etc/iscsi /newroot/etc/iscsi
mount -o remount,bind,ro /newroot/etc/iscsi
for dir in dev proc sys run; do mount --move /$dir /newroot/$dir; done
exec switch_root /newroot /sbin/init
END
mkdir -p "$WORK/real/etc/iscsi"
echo GenerateName=yes >"$WORK/real/etc/iscsi/initiatorname.iscsi"
real <<'END'
. /guest/iscsid
adopted 1
say type "$(stat -f -c %T /etc/iscsi)"
say name "$(grep -v '^#' /etc/iscsi/initiatorname.iscsi)"
say record "$(stat -c %a /etc/iscsi/nodes/*/*/default) $(stat -c %a /run/iscsi-boot/etc-iscsi-upper/nodes)"
say chap "$(iscsiadm -m node -T "$(cat /sys/class/iscsi_session/session1/targetname)" -S -o show | grep 'auth.password =')"
say unit "$(systemctl show -P Result iscsi-boot-handoff)"
agent_status first
/usr/sbin/iscsi-boot-agent handoff 2>/run/again
say again "$? $(wc -l </run/again) $(grep -c ' /etc/iscsi overlay' /proc/mounts)"
END
wants iscsi-boot-handoff.service iscsid.service open-iscsi.service
iscsid_root
MODULES+=(overlay)
initramfs
debian "$WORK/root.img" systemd-sysv udev open-iscsi libkmod2 libmnl0 libssl3 grep coreutils dash sed
target_start 127.0.0.1
# shellcheck disable=SC2016 # no shell's
target 1 "$IQN" "$WORK/root.img" "us er" 'se"c#r=et $x'
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://us%20er:se%22c%23r%3Det%20%24x@10.0.2.2:$PORT/$IQN/1"

want name "InitiatorName=$INITIATOR"
want record "600 700"
# shellcheck disable=SC2016 # no shell's
want chap 'node.session.auth.password = se"c#r=et $x'
want unit success
want first 0
want again "0 0 1"
want_no_log 'Could not read data from db'
want_root "$IQN" "$WORK/root.img"
[ "$(debugfs -R 'cat /etc/iscsi/initiatorname.iscsi' "$WORK/root.img" 2>/dev/null)" = GenerateName=yes ] ||
	fail "the name on the disk was changed"
! debugfs -R 'ls -p /etc/iscsi' "$WORK/root.img" 2>/dev/null | grep nodes || fail "the disk contains records"

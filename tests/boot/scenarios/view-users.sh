# shellcheck shell=bash
# groups: check secrets
# Who reads which file of the view: root, another user, root of a user namespace, root of a container with its own
# /sys and network namespace. Then the module is loaded where another file is mounted over /proc/cmdline.
# Outcome: all but root read only what the rule of docs/user/sysfs-abi.md lets every user read, the container no
# device; the other file is not read.

stock 6.12
copy_program "$WORK/overlay" "$(command -v unshare)"
copy_program "$WORK/overlay" "$(command -v setpriv)"
guest <<'END'
modprobe iscsi_boot_unified
modprobe e1000
/guest/walk root $VIEW >&3
/usr/sbin/setpriv --reuid 65534 --regid 65534 --clear-groups /guest/walk user $VIEW >&3
/usr/sbin/setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user --map-root-user \
	/guest/walk namespace $VIEW >&3
unshare --mount --net --pid --fork sh -c 'mount -t sysfs sysfs /sys &&
	/usr/sbin/setpriv --bounding-set -sys_admin --inh-caps -all /guest/walk container '$VIEW >&3
rmmod iscsi_boot_unified
echo "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:fake" >/tmp/cmdline
unshare --mount sh -c 'mount --bind /tmp/cmdline /proc/cmdline && modprobe iscsi_boot_unified'
say mounted "$(cat $VIEW/sources) $(cat $VIEW/diagnostics)"

# shellcheck shell=bash
# groups: dracut generators
# dracut (newest) with its network module, and the words that its own iSCSI module leaves: netroot= and
# rd.neednet=1. In a second machine a DHCP lease names the target, and root=/dev/root is its disk.
# Outcome: dracut's netroot finds its handler, and both machines enter their root.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of sid
dracut_lans
dracut_image --add network
dracut_root
target_start 0.0.0.0 3260
target 1 iqn.2009-06.dracut:target0 "$WORK/root.img"
dracut_boots singleroot "root=LABEL=singleroot rw rd.neednet=1 rd.iscsi.initiator=$INITIATOR" \
	"netroot=iscsi:192.168.50.1:::1:iqn.2009-06.dracut:target0" \
	"ip=192.168.50.101:::255.255.255.0::lan0:none"

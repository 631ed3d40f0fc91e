# shellcheck shell=bash
# groups: dracut generators
# The layout and the parameters of dracut-ng's TEST-70-ISCSI, dracut 059 and newest: a root path by DHCP, one target,
# two targets that hold a RAID0 with LVM and are behind one NIC each, and a firmware table.
# Outcome: each of the four machines enters its root.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
dracut_lans
dracut_image --add network --kernel-cmdline "'rw rd.auto'"
dracut_targets
dracut_dhcp
who=rd.iscsi.initiator=$INITIATOR

dracut_case dhcp singleroot root=/dev/root netroot=dhcp ip=lan0:dhcp "$who"
dracut_case target0 singleroot root=LABEL=singleroot netroot=iscsi:192.168.50.1::::iqn.2009-06.dracut:target0 \
	ip=192.168.50.101::192.168.50.1:255.255.255.0:iscsi-1:lan0:off "$who"
dracut_case target1-target2 sysroot root=LABEL=sysroot ip=dhcp \
	netroot=iscsi:192.168.51.1::::iqn.2009-06.dracut:target1 \
	netroot=iscsi:192.168.50.1::::iqn.2009-06.dracut:target2 "$who"
table ipxe-bios "52:54:00:12:34:56=>52:54:00:12:34:00" "10.0.2.15=>192.168.50.101" 10.0.2.2=\>192.168.50.1 \
	10.0.2.3=\>192.168.50.1 "iqn.2024-01.example:disk=>iqn.2009-06.dracut:target0"
dracut_case ibft singleroot root=LABEL=singleroot rd.iscsi.ibft=1 rd.iscsi.firmware=1
dracut_cases_end

# shellcheck shell=bash
# groups: dracut generators
# The layout and the parameters of dracut-ng's TEST-71-ISCSI-MULTI, dracut 059 and newest: two targets behind one
# NIC each, which hold a RAID0 with LVM on it.
# Outcome: each of the four machines enters its root, and so does a fifth whose parameters name the LUNs.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
dracut_lans
dracut_image --add network
dracut_targets
dracut_dhcp
words=(rw rd.auto root=LABEL=sysroot "rd.iscsi.initiator=$INITIATOR"
	netroot=iscsi:192.168.51.1::::iqn.2009-06.dracut:target1
	netroot=iscsi:192.168.50.1::::iqn.2009-06.dracut:target2)
static=(ip=192.168.50.101:::255.255.255.0::lan0:off ip=192.168.51.101:::255.255.255.0::lan1:off)
routed=(ip=192.168.50.101::192.168.50.1:255.255.255.0::lan0:off ip=192.168.51.101::192.168.51.1:255.255.255.0::lan1:off)

dracut_case static sysroot "${words[@]}" "${static[@]}"
dracut_case waitnet sysroot "${words[@]}" "${static[@]}" rd.iscsi.firmware rd.iscsi.waitnet=0
dracut_case testroute sysroot "${words[@]}" "${static[@]}" rd.iscsi.firmware rd.iscsi.waitnet=0 rd.iscsi.testroute=0
dracut_case routed sysroot "${words[@]}" "${routed[@]}" rd.iscsi.firmware rd.iscsi.waitnet=0 rd.iscsi.testroute=0
dracut_case luns sysroot rw rd.auto root=LABEL=sysroot "rd.iscsi.initiator=$INITIATOR" "${static[@]}" \
	netroot=iscsi:192.168.51.1:::2:iqn.2009-06.dracut:target1 netroot=iscsi:192.168.50.1:::3:iqn.2009-06.dracut:target2
dracut_cases_end

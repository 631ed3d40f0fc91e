# shellcheck shell=bash
# groups: faults
# Two paths to the root, and one falls silent forever. First the root is on multipath. Then there is no
# multipath, and the silent path is not the root's.
# Outcome: multipath continues by the other path once NOP-Outs and recovery_tmo have expired; without multipath
# the root is not affected. No record is lost, and there is no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_lab none
LISTEN=0.0.0.0
switch lan1 10.7.1.1/24
lan n1 lan1 52:54:00:aa:00:02
guest <<'END'
modprobe virtio_pci
modprobe virtio_net
modprobe dm_multipath
modprobe dm_service_time
systemd-udevd --daemon
agent_boot --wait-all
udevadm settle
say root-portal "$(sed -n 's/^portal=//p' /run/iscsi-boot/result)"
device=/dev/iscsi-boot/root
if grep -q rd.multipath /proc/cmdline; then
	printf 'defaults {\nfind_multipaths no\npath_grouping_policy multibus\n}\n' >/etc/multipath.conf
	multipathd -d >/run/multipathd.log 2>&1 &
	for i in $(seq 200); do
		[ "$(ls /sys/block/dm-*/slaves 2>/dev/null | wc -w)" = 2 ] && break
		sleep 0.1
	done
	udevadm settle
	device=/dev/$(basename /sys/block/dm-*)
	multipathd shutdown
fi
udevadm control --exit
say paths "$(ls /sys/class/iscsi_session | wc -l)"
cp -r /fault /run/
enter_root "$device"
END
MODULES+=(dm_multipath dm_service_time scsi_dh_alua)
copy_udev "$WORK/overlay"
copy_multipath "$WORK/overlay"
initramfs
fault_root
WORDS="rd.iscsi.initiator=$INITIATOR"
WORDS+=" ip=10.7.0.15:::24::eth0:none ifname=eth0:$MAC ip=10.7.1.15:::24::eth1:none ifname=eth1:52:54:00:aa:00:02"
WORDS+=" iscsi_boot.target=iscsi://10.7.0.1/$IQN/1?nic=$MAC"
WORDS+=" iscsi_boot.target=iscsi://10.7.1.1/$IQN/1?nic=52:54:00:aa:00:02"

# Errors of the lost path are handled by multipath, so they do not count.
ANY_ERRORS=$FS_ERRORS
FS_ERRORS='I/O error,? (on )?dev(ice)? dm-|EXT4-fs error|JBD2: .*[Ee]rror|[Rr]emounting filesystem read-only'
SINGLE=$WORDS
WORDS+=" rd.multipath"
fault_boot
want paths 2
GONE=$EPOCHREALTIME
ip link set n0 nomaster
within 120 grep -q -a 'Failing path' "$WORK/serial.log" || machine_fails "multipath did not report a failing path"
within 120 acknowledged "$EPOCHREALTIME" || machine_fails "no record is acknowledged by the other path"
BACK=$(awk -v a="$GONE" -v b="$ACK" 'BEGIN { printf "%.1f", b - a }')
fault_end
ALL=$RECORDS
cp "$WORK/serial.log" "$WORK/serial-multipath.log"

ip link set n0 master lan
WORDS=$SINGLE FS_ERRORS=$ANY_ERRORS
fault_boot
want paths 2
case $(verdict root-portal) in
10.7.0.1) OTHER=n1 ;;
10.7.1.1) OTHER=n0 ;;
*) fail "the root has no known portal" ;;
esac
ip link set "$OTHER" nomaster
writes 300
writes 10
power_off # here the machine does not shut down by itself
note "multipath: back $BACK s after one path was lost; $((ALL + RECORDS)) records"

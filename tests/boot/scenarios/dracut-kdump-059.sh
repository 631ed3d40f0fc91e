# shellcheck shell=bash disable=SC2317,SC2034
# groups: dracut generators
# dracut (059, newest) makes an image as kdump does where the dump goes to a LUN that has no firmware table: netroot= and
# rd.neednet in files of the image, a profile of NetworkManager, --mount, no root=. A kernel crashes and starts it in the
# memory of crashkernel=, once with ip= from its command line, once without.
# Outcome: the agent is in the image, since kdump's device is on the LUN. It uses the NIC that NetworkManager configured
# and mounts nothing itself. The messages of the crashed kernel are on the LUN afterwards.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
switch net50 192.168.50.1/24
lan n0 net50 52:54:00:12:34:00
module=$WORK/upper/usr/lib/dracut/modules.d/99kdumpbase
mkdir -p "$module"
cat >"$module/module-setup.sh" <<END
check() { [[ \$IN_KDUMP ]]; }
depends() { echo base shutdown; }
install() {
	inst_multiple vmcore-dmesg mkdir sync grep mountpoint systemctl stty umount
	inst_script "\$moddir/kdump.sh" /usr/bin/kdump.sh
	inst_simple "\$moddir/kdump-capture.service" "\$systemdsystemunitdir/kdump-capture.service"
	\$SYSTEMCTL -q --root "\$initdir" add-wants initrd.target kdump-capture.service
	inst_simple "\$moddir/kdump.nmconnection" /etc/NetworkManager/system-connections/kdump.nmconnection
	chmod 600 "\$initdir/etc/NetworkManager/system-connections/kdump.nmconnection"
	echo "netroot=iscsi:@192.168.50.1::::iqn.2024-01.example:plain" >"\$initdir/etc/cmdline.d/50iscsi.conf"
	echo "rd.iscsi.initiator=$INITIATOR" >>"\$initdir/etc/cmdline.d/50iscsi.conf"
	echo rd.neednet >"\$initdir/etc/cmdline.d/50neednet.conf"
}
END
cat >"$module/kdump-capture.service" <<'END'
[Unit]
After=initrd.target initrd-parse-etc.service sysroot.mount dracut-initqueue.service dracut-pre-mount.service
After=dracut-mount.service dracut-pre-pivot.service
Before=initrd-cleanup.service
OnFailure=emergency.target
OnFailureJobMode=isolate

[Service]
Type=oneshot
ExecStart=/usr/bin/kdump.sh
StandardOutput=journal+console
StandardError=journal+console
END
cat >"$module/kdump.sh" <<'END'
#!/bin/sh
stty -F /dev/ttyS1 raw -echo
exec 3>/dev/ttyS1
mkdir -p /kdumproot/var/crash
vmcore-dmesg /proc/vmcore >/kdumproot/var/crash/vmcore-dmesg.txt
echo "cpus $(grep -c ^processor /proc/cpuinfo)" >&3
echo "memory $(grep MemTotal /proc/meminfo)" >&3
echo "mounted $(grep -c ' /sysroot ' /proc/mounts)" >&3
echo "units $(systemctl --no-legend --plain list-units --failed)" >&3
umount /kdumproot
echo end >&3
systemctl -f poweroff
END
printf '%s\n' '[connection]' id=kdump uuid=5eb1f2c0-1e55-4c5f-9c5b-0b0ea7d1c0de type=ethernet '[ethernet]' \
	mac-address=52:54:00:12:34:00 '[ipv4]' method=manual address1=192.168.50.101/24 may-fail=false '[ipv6]' method=disabled \
	>"$module/kdump.nmconnection"
chmod +x "$module/kdump.sh"
ENVIRONMENT="IN_KDUMP=1" dracut_image --hostonly --hostonly-mode strict --add "'kdumpbase iscsi-boot'" \
	--omit "'rdma plymouth resume ifcfg earlykdump crypt lvm mdraid'" --filesystems ext4 \
	--add-drivers "'virtio_net virtio_pci sd_mod ext4'" \
	--mount "'/dev/disk/by-label/singleroot /kdumproot ext4 rw,x-initrd.mount'"
mv "$WORK/initrd.cpio" "$WORK/overlay/kdump.cpio"
mv "$WORK/vmlinuz" "$WORK/overlay/vmlinuz"

stock 6.12
program kexec
cat <<END | guest
kexec -p /vmlinuz --initrd=/kdump.cpio --append="console=ttyS0 \$(cat /proc/cmdline | grep -o 'ip=[^ ]*') irqpoll nr_cpus=1 \\
	reset_devices cgroup_disable=memory mce=off numa=off udev.children-max=2 panic=10 acpi_no_memhotplug nokaslr novmcoredd" ||
	say kexec failed
echo c >/proc/sysrq-trigger
END
initramfs
dracut_root
target_start 0.0.0.0 3260
# The first kernel crashes, as it should.
sound() {
	local line
	line=$(sed '1,/sysrq: Trigger a crash/d; 1,/Linux version/d' "$WORK/serial.log" | complaint) && fail "second kernel: $line"
	grep -q '^end$' "$WORK/verdict" || fail "the machine stopped before the end: $(last_line)"
}
saves() { # PARAMETER...
	once 'emergency (mode|shell)|Refusing to continue' monitor quit
	direct crashkernel=320M "$@"
	want cpus 1
	want mounted 0
	want units ""
	want_log 'iscsi-boot: boot: root disk is /dev/sd[a-z]* after'
	e2fsck -fn "$WORK/root.img" >"$WORK/e2fsck.log" 2>&1 || fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
	debugfs -R "cat /var/crash/vmcore-dmesg.txt" "$WORK/root.img" 2>/dev/null | grep -q 'sysrq: Trigger a crash' ||
		fail "the messages of the crashed kernel are not on the LUN"
}
target 1 iqn.2024-01.example:plain "$WORK/root.img"
cp --sparse=always "$WORK/root.img" "$WORK/clean.img"
for way in profile ip; do
	parameters=()
	[ $way = profile ] || parameters=(ip=192.168.50.101:::255.255.255.0:::none)
	if (saves "${parameters[@]}"); then
		echo "PASS $way" >>"$WORK/cases"
	else
		echo "FAIL $way: $(cat "$WORK/reason")" >>"$WORK/cases"
	fi
	mv "$WORK/serial.log" "$WORK/serial-$way.log"
	mv "$WORK/verdict" "$WORK/verdict-$way"
	cp --sparse=always "$WORK/clean.img" "$WORK/root.img"
done
! grep -q ^FAIL "$WORK/cases" || fail "$(grep -c ^FAIL "$WORK/cases") of 2 failed"

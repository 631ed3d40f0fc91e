#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# dracut.modules(7): what "iscsi-boot-agent boot" needs in an image, with systemd or without. That ours
# acts and not dracut's own module iscsi is decided in dracut.conf.d/90-iscsi-boot.conf.

check() {
	require_binaries /usr/sbin/iscsi-boot-agent
}

depends() {
	echo rootfs-block
}

# The NICs' drivers, of this host alone where the image is made for it.
installkernel() {
	hostonly="" instmods iscsi_boot_unified iscsi_ibft iscsi_tcp libiscsi libiscsi_tcp \
		scsi_transport_iscsi sd_mod crc32c crc32c_generic crc32c_intel af_packet 8021q
	instmods '=drivers/net/ethernet' '=drivers/net/phy' '=drivers/net/mdio' '=drivers/net/usb' \
		virtio_net vmxnet3 hv_netvsc xen-netfront
	# shellcheck disable=SC2154 # dracut's
	modprobe -q -S "$kernel" --show-depends iscsi_boot_unified >/dev/null ||
		dwarn "iscsi-boot: no module iscsi_boot_unified for kernel $kernel (dkms status tells why):" \
			"there the agent reads firmware and command line itself"
}

install() {
	local file
	inst_multiple /usr/sbin/iscsi-boot-agent udevadm
	# A login by iscsistart; DHCP clients; the rest is ours.
	inst_multiple -o iscsistart dhcpcd udhcpc /usr/lib/klibc/bin/ipconfig
	for file in /lib/klibc-*.so /usr/lib/iscsi-boot/iscsi-boot-guard; do
		[[ ! -x $file ]] || inst "$file"
	done
	inst_multiple -o /etc/iscsi/initiatorname.iscsi /etc/iscsi-boot-agent.conf
	# By which udev names a NIC as the real root will.
	inst_multiple -o /{usr/lib,etc}/systemd/network/*.link
	inst_dir /etc
	# shellcheck disable=SC2154 # dracut's
	grep -q -s '^root:' "$initdir/etc/passwd" ||
		echo 'root:x:0:0:root:/root:/bin/sh' >>"$initdir/etc/passwd"
	# With systemd units call the agent, else the script does while dracut waits for the root.
	# shellcheck disable=SC2154 # dracut's
	if dracut_module_included systemd; then
		for file in iscsi-boot.service iscsi-boot-guard.service; do
			inst_simple "$systemdsystemunitdir/$file"
			$SYSTEMCTL -q --root "$initdir" enable "$file"
		done
	else
		inst_hook initqueue/settled 10 "$moddir/iscsi-boot.sh"
		dracut_need_initqueue
	fi
}

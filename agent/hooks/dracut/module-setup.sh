#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# dracut.modules(7): adds the files for "iscsi-boot-agent boot" to an image with or without systemd.
# dracut.conf.d/90-iscsi-boot.conf disables dracut's own module iscsi.

check() {
	require_binaries /usr/sbin/iscsi-boot-agent
}

depends() {
	echo rootfs-block
}

# Adds NIC drivers: those of this host only if the image is built for this host.
installkernel() {
	hostonly="" instmods iscsi_boot_unified iscsi_ibft iscsi_tcp libiscsi libiscsi_tcp \
		scsi_transport_iscsi sd_mod crc32c crc32c_generic crc32c_intel af_packet 8021q bonding
	instmods '=drivers/net/ethernet' '=drivers/net/phy' '=drivers/net/mdio' '=drivers/net/usb' \
		virtio_net vmxnet3 hv_netvsc xen-netfront
	# shellcheck disable=SC2154 # dracut's
	modprobe -q -S "$kernel" --show-depends iscsi_boot_unified >/dev/null ||
		dwarn "iscsi-boot: no module iscsi_boot_unified for kernel $kernel (see dkms status):" \
			"the agent will read firmware table and command line itself"
}

install() {
	local file
	inst_multiple /usr/sbin/iscsi-boot-agent udevadm
	# Optional: iscsistart for logins by open-iscsi, DHCP clients.
	inst_multiple -o iscsistart dhcpcd udhcpc /usr/lib/klibc/bin/ipconfig
	for file in /lib/klibc-*.so /usr/lib/iscsi-boot/iscsi-boot-guard; do
		[[ ! -x $file ]] || inst "$file"
	done
	inst_multiple -o /etc/iscsi/initiatorname.iscsi /etc/iscsi-boot-agent.conf
	# udev then gives NICs the same names as in the real root.
	inst_multiple -o /{usr/lib,etc}/systemd/network/*.link
	inst_dir /etc
	# shellcheck disable=SC2154 # dracut's
	grep -q -s '^root:' "$initdir/etc/passwd" ||
		echo 'root:x:0:0:root:/root:/bin/sh' >>"$initdir/etc/passwd"
	# With systemd, units start the agent; else the script does while dracut waits for the root device.
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

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# dracut.modules(7): adds the files for "iscsi-boot-agent boot" to an image with or without systemd.
# dracut.conf.d/90-iscsi-boot.conf disables dracut's own module iscsi.

check() {
	require_binaries /usr/sbin/iscsi-boot-agent || return 1
	# An image that only has to mount certain devices, such as kdump's, needs it if one is on iSCSI.
	# shellcheck disable=SC2154 # dracut's
	[[ ! ${mount_needs-} ]] || [[ -e /run/iscsi-boot/wanted ]] || for_each_host_dev_and_slaves block_is_iscsi || return 255
}

depends() {
	echo rootfs-block
	# shellcheck disable=SC2154 # dracut's
	! compgen -G "$dracutbasedir/modules.d/??initqueue" >/dev/null || echo initqueue # since 108
}

# Adds NIC drivers. Those of this host alone are enough only if hostonly_mode is "strict", or before 109, which
# made every image host-only without that being asked for.
installkernel() {
	local nics='=drivers/net/ethernet =drivers/net/phy =drivers/net/mdio =drivers/net/usb' version=${DRACUT_VERSION-0}
	hostonly="" instmods iscsi_boot_unified iscsi_ibft iscsi_tcp libiscsi libiscsi_tcp \
		scsi_transport_iscsi sd_mod crc32c crc32c_generic crc32c_intel af_packet 8021q bonding
	# shellcheck disable=SC2086 # words
	hostonly=$(if ((10#${version%%[!0-9]*} >= 109)); then optional_hostonly; else echo "${hostonly-}"; fi) \
		instmods $nics virtio_net vmxnet3 hv_netvsc xen-netfront
	# shellcheck disable=SC2154 # dracut's
	modprobe -q -S "$kernel" --show-depends iscsi_boot_unified >/dev/null ||
		dwarn "iscsi-boot: no module iscsi_boot_unified for kernel $kernel (see dkms status):" \
			"the agent will read firmware table and command line itself"
}

# A DHCP client is optional. busybox contains one.
install_dhcp_client() {
	local client
	inst_multiple -o dhcpcd udhcpc /usr/lib/klibc/bin/ipconfig
	for client in /usr/sbin/{dhcpcd,udhcpc} /sbin/{dhcpcd,udhcpc} /usr/bin/udhcpc /usr/lib/klibc/bin/ipconfig; do
		# shellcheck disable=SC2154 # dracut's
		[[ ! -e $initdir$client ]] || return
	done
	if busybox udhcpc --help >/dev/null 2>&1; then
		inst_multiple busybox
		ln -s "$(type -P busybox)" "$initdir/usr/sbin/udhcpc"
	else
		dwarn "iscsi-boot: no DHCP client for the image; try: install dhcpcd or busybox"
	fi
}

# Modules with a network bring dracut's netroot, which ends the boot unless it finds these two.
install_netroot() {
	! dracut_module_included iscsi || return
	# shellcheck disable=SC2154 # dracut's
	inst_script "$moddir/iscsiroot.sh" /sbin/iscsiroot
	inst_hook cmdline 90 "$moddir/parse-iscsi-boot.sh"
}

install() {
	local file
	inst_multiple /usr/sbin/iscsi-boot-agent /usr/lib/iscsi-boot/root-device udevadm readlink sed tail tr mkdir mv rm cat
	# Optional: iscsistart for logins by open-iscsi.
	inst_multiple -o iscsistart
	install_dhcp_client
	for file in /lib/klibc-*.so /usr/lib/iscsi-boot/iscsi-boot-{guard,lease}; do
		[[ ! -x $file ]] || inst "$file"
	done
	inst_multiple -o /etc/iscsi/initiatorname.iscsi /etc/iscsi-boot-agent.conf
	# Debian's boot parameters belong to the machine, not to a generator. They may hold secrets.
	if [[ -r /etc/iscsi/iscsi.initramfs ]]; then
		inst_simple /etc/iscsi/iscsi.initramfs
		chmod 600 "$initdir/etc/iscsi/iscsi.initramfs"
	fi
	# udev then gives NICs the same names as in the real root. Since 110 no other module brings these rules.
	inst_multiple -o /{usr/lib,etc}/systemd/network/*.link
	inst_rules 75-net-description.rules 80-net-name-slot.rules 80-net-setup-link.rules 81-net-dhcp.rules \
		"$moddir/92-iscsi-boot-root.rules"
	inst_dir /etc
	grep -q -s '^root:' "$initdir/etc/passwd" ||
		echo 'root:x:0:0:root:/root:/bin/sh' >>"$initdir/etc/passwd"
	install_netroot
	# With systemd, units start the agent; else the script does while dracut waits for the root device.
	# shellcheck disable=SC2154 # dracut's
	if dracut_module_included systemd; then
		for file in iscsi-boot{,-guard,-lease}.service; do
			inst_simple "$systemdsystemunitdir/$file"
			$SYSTEMCTL -q --root "$initdir" enable "$file"
		done
		for file in systemd-hibernate-resume{,@}.service; do
			inst_simple /usr/lib/iscsi-boot/no-resume.conf "$systemdsystemunitdir/$file.d/iscsi-boot.conf"
			# A network manager starts after the unit that resumes, and the agent may wait for it.
			if dracut_module_included net-lib || dracut_module_included network; then
				sed -i '/^After=/d' "$initdir$systemdsystemunitdir/$file.d/iscsi-boot.conf"
			fi
		done
		# shellcheck disable=SC2154 # dracut's
		ln -sf /usr/sbin/iscsi-boot-agent "$initdir$systemdutildir/system-generators/iscsi-boot-generator"
	else
		inst_hook initqueue/settled 10 "$moddir/iscsi-boot.sh"
		dracut_need_initqueue
	fi
}

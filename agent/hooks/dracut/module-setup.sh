#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# dracut.modules(7): adds the files for "iscsi-boot-agent boot" to an image with or without systemd.
# dracut.conf.d/90-iscsi-boot.conf disables dracut's own module iscsi.

# In an image for this machine alone, or that mounts certain devices only, as kdump's does, 255 leaves the module out
# unless it is asked for. An image that is made in a chroot is for another machine.
check() {
	require_binaries /usr/sbin/iscsi-boot-agent || return 1
	# shellcheck disable=SC2154 # dracut's
	[[ $hostonly || ${mount_needs-} ]] || return 0
	! (for_each_host_dev_and_slaves block_is_iscsi) || return 0
	[[ ! ${mount_needs-} ]] || return 255
	[[ $(stat -L -c %d:%i /proc/1/root/. 2>/dev/null) == "$(stat -c %d:%i /)" ]] || return 0
	! wants_iscsi || return 0
	dwarn "iscsi-boot: nothing here boots from iSCSI, so the image is made without iscsi-boot;" \
		"try: echo 'add_dracutmodules+=\" iscsi-boot \"' >/etc/dracut.conf.d/iscsi-boot.conf"
	return 255
}

# True if this machine boots from iSCSI, or will by its configuration.
wants_iscsi() {
	[[ ! -e /run/iscsi-boot/wanted && ! -e /etc/iscsi/iscsi.initramfs ]] || return 0
	# shellcheck disable=SC2154 # dracut's
	! grep -q -s -i iscsi /etc/kernel/cmdline /etc/default/grub{,.d/*} /{boot,efi}/loader/entries/*.conf \
		<<<"${kernel_cmdline-}" - || return 0
	/usr/sbin/iscsi-boot-agent plan >/dev/null 2>&1
	(($? != 3)) # nothing to boot from
}

depends() {
	echo rootfs-block
	# shellcheck disable=SC2154 # dracut's
	! compgen -G "$dracutbasedir/modules.d/??initqueue" >/dev/null || echo initqueue # since 108
	# kdump has NetworkManager's profiles of this machine in its image, and none of its ip=.
	[[ ! ${IN_KDUMP-} ]] || ! type -P NetworkManager >/dev/null || echo network
}

# Prints the parameters for one device's session, "MAJOR:MINOR" of which is given.
session_words() {
	local device session connection name address port initiator
	device=$(readlink -f "/sys/dev/block/$1")
	[[ $device =~ /(session([0-9]+))/target[^/]*/[0-9:]*:([0-9]+)/ ]] || return 1
	session=/sys/class/iscsi_session/${BASH_REMATCH[1]}
	connection=/sys/class/iscsi_connection/connection${BASH_REMATCH[2]}:0
	read -r name <"$session/targetname" && read -r initiator <"$session/initiatorname" || return 1
	read -r address <"$connection/persistent_address" && read -r port <"$connection/persistent_port" || return 1
	[[ $address != *:* ]] || address="[$address]"
	# The kernel's number of a LUN has the addressing method: flat is 0x4000 and more.
	echo "netroot=iscsi:$address::$port:$((BASH_REMATCH[3] < 16384 ? BASH_REMATCH[3] : BASH_REMATCH[3] & 16383)):$name"
	echo "rd.iscsi.initiator=$initiator"
	address=${address#[}
	ip_params_for_remote_addr "${address%]}" && echo
}

# Prints the parameters with which this machine's root would be found; CHAP's are left to the user. A table of the
# firmware needs none.
cmdline() {
	if [[ -e /sys/firmware/ibft || -e /sys/firmware/iscsi_boot_unified/ibft ]]; then
		echo rd.iscsi.firmware=1
	else
		for_each_host_dev_and_slaves_all session_words | sort -u
	fi
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

# A root that was found by other means than parameters or firmware, such as an installer's iscsiadm, gets the parameters
# into the image. kdump writes its own.
install_cmdline() {
	local words
	# shellcheck disable=SC2154 # dracut's
	[[ ${hostonly_cmdline-} == yes ]] && ! dracut_module_included kdumpbase || return 0
	! FORCE='' /usr/lib/iscsi-boot/iscsi-boot-check --if-iscsi --root "$initdir" >/dev/null 2>&1 || return 0
	words=$(cmdline)
	[[ ! $words ]] || echo "$words" >"$initdir/etc/cmdline.d/20-iscsi-boot.conf"
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
	install_cmdline
	# With systemd, units start the agent; else the script does while dracut waits for the root device.
	# shellcheck disable=SC2154 # dracut's
	if dracut_module_included systemd; then
		for file in iscsi-boot{,-guard,-lease}.service; do
			inst_simple "$systemdsystemunitdir/$file"
			$SYSTEMCTL -q --root "$initdir" enable "$file"
		done
		inst_simple /usr/lib/iscsi-boot/networkd.conf "$systemdsystemunitdir/systemd-networkd.service.d/iscsi-boot.conf"
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

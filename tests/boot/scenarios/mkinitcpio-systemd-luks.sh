# shellcheck shell=bash disable=SC2317
# groups: generators
# An image with our hook for mkinitcpio, whose init is systemd, and a hook that does what Arch's sd-encrypt does: the root
# is in LUKS on a LUN. Then with a LUN that is not there.
# Outcome: the first machine enters its root. The second one reaches the emergency shell, since the limit of systemd for
# the device is not longer than the agent's deadline and 30 s, at least 90 s.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of # its programs
stock 6.12
installed
copy_from "$LOWER" /sbin/dmsetup "$WORK/programs"
units=$("$BOOT/debian-root" systemd-sysv udev kmod)/usr/lib/systemd/system
hook=$INSTALLED/usr/lib/initcpio/install/sd-encrypt
cat >"$hook" <<END
build() {
	local file
	map add_module dm_crypt xts aes_generic sha256_generic dm_mod
	echo -n secret | add_file - /etc/luks.key 0600
	for file in cryptsetup{,-pre}.target remote-cryptsetup.target; do
		add_file "$units/\$file" "/usr/lib/systemd/system/\$file"
	done
	for file in 55-dm 60-persistent-storage-dm 95-dm-notify; do
		add_file "$LOWER/usr/lib/udev/rules.d/\$file.rules" "/usr/lib/udev/rules.d/\$file.rules"
	done
	for file in \$(cd "$WORK/programs" && find . -type f); do
		[ -e "\$BUILDROOT/\$file" ] || add_file "$WORK/programs/\$file" "/\${file#./}" 0755
	done
}
END
chmod +x "$hook"
mkinitcpio systemd_base iscsi-boot sd-encrypt filesystems

switch net50 192.168.50.1/24
lan n0 net50 52:54:00:12:34:00
dracut_root
stack luks
target_start 0.0.0.0 3260
target 1 iqn.2024-01.example:luks "$WORK/luks-1.img"
words="root=/dev/mapper/inside rd.luks.name=$REAL_UUID=inside rd.luks.key=$REAL_UUID=/etc/luks.key"
# shellcheck disable=SC2046,SC2086 # words
dracut_case luks inluks $(NIC=eth0 layer_words luks 1) $words
(
	sound() { :; }
	once 'emergency mode|sulogin' monitor quit
	# shellcheck disable=SC2046,SC2086 # words
	direct $(NIC=eth0 layer_words luks 9) $words iscsi_boot.deadline=30
)
want_log 'FAILED.*Failed to start .*iSCSI root device'
want_log 'Timed out waiting for device'
want_log 'emergency mode|sulogin'
dracut_cases_end

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Images that other generators make with our hooks. Sourced by scenarios.

# installed: runs "make install" into the directory $INSTALLED.
installed() {
	INSTALLED=$WORK/installed
	make -s -C "$TOP" install DESTDIR="$INSTALLED" >"$WORK/install.log" 2>&1 || fail "make install"
}

# as_installed COMMAND...: runs COMMAND with the installed files visible in /usr, and those of $INSTALLED/etc/iscsi.
as_installed() {
	# shellcheck disable=SC2016 # for the inner one
	unshare -m sh -ec 'mount -t overlay -o "lowerdir=$1/usr:/usr" usr /usr
		[ ! -d "$1/etc/iscsi" ] || mount -t overlay -o "lowerdir=$1/etc/iscsi:/etc/iscsi" iscsi /etc/iscsi
		shift; exec "$@"' sh "$INSTALLED" "$@"
}

# busybox_base DIR: makes the tree of mkinitcpio's hook "base": busybox, the init, and one directory for programs.
busybox_base() {
	local applet
	mkdir -p "$1"/{usr/{bin,lib,local},dev,proc,sys,run,tmp,etc,new_root}
	for applet in bin sbin; do ln -s usr/bin "$1/$applet"; done
	for applet in lib lib64; do ln -s usr/lib "$1/$applet"; done
	ln -s bin "$1/usr/sbin"
	ln -s lib "$1/usr/lib64"
	install "$(command -v busybox)" "$1/usr/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$1/usr/bin/$applet"
	done
	install "$BOOT/guest/mkinitcpio" "$1/init"
}

# systemd_base DIR: makes the tree of mkinitcpio's hook "systemd": only these units, the units they require, and
# these rules. Here they are of Debian's systemd, which the scenario's root has, too.
SYSTEMD_UNITS=(initrd-{cleanup,parse-etc,switch-root,udevadm-cleanup-db}.service
	initrd{,-fs,-root-fs,-root-device,-switch-root}.target kmod-static-nodes.service
	{local-fs,local-fs-pre,paths,reboot,slices,sockets,swap,timers,rescue,emergency}.target
	systemd-{fsck@,journald,modules-load,tmpfiles-setup-dev,udevd,udev-trigger}.service
	systemd-{journald-audit,journald-dev-log,udevd-control,udevd-kernel}.socket)
SYSTEMD_RULES=(50-udev-default 60-persistent-storage 64-btrfs 80-drivers 99-systemd)
systemd_base() {
	local tree from=$1.from unit rule
	tree=$("$BOOT/debian-root" systemd-sysv udev kmod) || fail "cannot make a tree with systemd"
	cp -a "$tree" "$1"
	rm -rf "$1"/etc/systemd/system/* "$1/etc/passwd"
	mv "$1/usr/lib/systemd/system" "$from"
	mkdir "$1/usr/lib/systemd/system"
	required_units "$from" "${SYSTEMD_UNITS[@]}" | sort -u | while read -r unit; do
		cp -a "$from/$unit" "$1/usr/lib/systemd/system/"
	done
	cp -a "$from"/*.wants "$1/usr/lib/systemd/system/"
	find "$1/usr/lib/systemd/system" -xtype l -delete
	rm -rf "$from"
	for rule in "$1"/usr/lib/udev/rules.d/*; do
		[[ " ${SYSTEMD_RULES[*]/%/.rules} " == *" ${rule##*/} "* ]] || rm "$rule"
	done
	ln -s usr/lib/systemd/systemd "$1/init"
	echo 'NAME=initramfs' >"$1/etc/initrd-release"
	ln -s initrd.target "$1/usr/lib/systemd/system/default.target"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
	mkdir -p "$1/sysroot"
}
required_units() { # DIR UNIT...
	local unit required
	for unit in "${@:2}"; do
		[ -e "$1/$unit" ] || continue
		echo "$unit"
		read -ra required < <(sed -n -E 's/^(Requires|OnFailure)=//p' "$1/$unit" | xargs)
		required_units "$1" "${required[@]}"
	done
}

# mkinitcpio BASE [HOOK...]: makes an image with our hook, $WORK/initrd.cpio. BASE is the function that makes the
# tree. The HOOKs are iscsi-boot and filesystems unless given.
mkinitcpio() {
	local hooks=$INSTALLED/usr/lib/initcpio
	[ $# -gt 1 ] || set -- "$1" iscsi-boot filesystems
	"$1" "$WORK/base"
	echo 'build() { add_module ext4; }' >"$hooks/install/filesystems"
	chmod +x "$hooks/install/filesystems"
	cmp "$TOP/agent/hooks/mkinitcpio/install" "$hooks/install/iscsi-boot" || fail "the installed build hook differs"
	cmp "$TOP/agent/hooks/mkinitcpio/runtime" "$hooks/hooks/iscsi-boot" || fail "the installed runtime hook differs"
	as_installed "$BOOT/mkinitcpio" "$KDIR" "$(module_for "$KVER")" "$WORK/base" "$WORK/initrd.cpio" \
		"${@:2}" >"$WORK/mkinitcpio.log" 2>&1 ||
		fail "mkinitcpio: $(tail -n 1 "$WORK/mkinitcpio.log")"
	note "image of $(gzip -1 <"$WORK/initrd.cpio" | wc -c | awk '{ printf "%.1f MB", $1 / 1e6 }'), gzip -1"
	rm -rf "$WORK/base" "$WORK/initrd.cpio.d"
}

# want_root_of: like want_root, for an image that does not report the agent's status itself.
want_root_of() { # IQN FILE [PATHS]
	want_log 'iscsi-boot: boot: root disk is /dev/sd[a-z]* after'
	want root-target "$1"
	want_session "$1" "${3-1}"
	want read-back same
	want_written "$2"
}

# shellcheck shell=bash
# groups: real
# The life of an installed Debian 12: a kernel is installed, its headers later; it is removed; it is installed
# with its headers. Our package is upgraded, then upgraded to a version that cannot be built for that kernel.
# That version boots; then our package is removed.
# Outcome: each image contains the module if it could be built; otherwise that is logged, and the agent boots
# without it. Nothing of our package is left.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
report
down poweroff
END
# Images are made a dozen times, so they are small: only the files of the hooks, and the file system.
echo MODULES=list >>"$WORK/upper/etc/initramfs-tools/conf.d/test"
echo ext4 >"$WORK/upper/etc/initramfs-tools/modules"
NOW=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TOP/dkms.conf")
stock 6.1
OLD=$KVER
stock 6.12

run_inside() { command=$* inside; }
# logged TEXT: the last command printed TEXT.
logged() { grep -F "$1" "$WORK/inside.log" >/dev/null || fail "not logged: $1"; }
forget() { mv "$WORK/inside.log" "$WORK/inside-$((++PART)).log"; }
# Checks the version of the module in an image, or "none".
holds() { # RELEASE VERSION
	run_inside "rm -rf /tmp/image && unmkinitramfs /boot/initrd.img-$1 /tmp/image &&
		modinfo -F version /tmp/image/usr/lib/modules/$1/updates/dkms/iscsi_boot_unified.ko >/held ||
		echo none >/held"
	[ "$(cat "$WORK/upper/held")" = "$2" ] || fail "the image of $1 has module $(cat "$WORK/upper/held"), not $2"
	rm "$WORK/upper/held"
	forget
}
# Lists all files except those of apt, dpkg, ldconfig, DKMS (its key) and this scenario.
files() {
	run_inside "cd / && find . -xdev \\( -path ./src -o -path ./guest -o -path ./grub.cfg -o -path ./var/log \
		-o -path ./var/cache -o -path './var/lib/dkms/mok.*' \\) -prune -o -print | sort >/guest/$1"
}
# Files that every system has.
mkdir -p "$WORK/upper/usr/share/man/man8"
PART=0
files before
run_inside "make -C /src install"
holds "$OLD" "$NOW"

archives=/var/cache/apt/archives
run_inside "dpkg -i $archives/linux-image-*.deb"
logged "W: iscsi-boot: no module iscsi_boot_unified for kernel $KVER"
holds "$KVER" none
run_inside "dpkg -i \$(ls $archives/*.deb | grep -v linux-image)"
holds "$KVER" "$NOW"
run_inside "dpkg -P linux-headers-$KVER linux-image-$KVER
	dkms status >/guest/status; ls /lib/modules >>/guest/status"
grep -F -q "$KVER" "$WORK/upper/guest/status" && fail "files of the removed kernel are left"
run_inside "dpkg -i $archives/*.deb"
holds "$KVER" "$NOW"

# upgrade VERSION: upgrades to a copy of this checkout with that version.
upgrade() {
	mkdir -p "$WORK/upper/new/build" "$WORK/upper/new/tests"
	cp -a "$TOP"/{Makefile,Kbuild,COPYING,dkms.conf,kmod,agent,docs} "$WORK/upper/new/"
	cp -a "$TOP"/tests/{deps,packages.txt,tests.mk} "$WORK/upper/new/tests/"
	cp -a "$TOP"/build/{agent,obj,have-libs} "$WORK/upper/new/build/"
	sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$1\"/" "$WORK/upper/new/dkms.conf"
	sed -i "s/MODULE_VERSION(.*)/MODULE_VERSION(\"$1\")/" "$WORK/upper/new/kmod/main.c"
}
upgrade 0.9.1
run_inside "make -C /new install && dkms status >/guest/status && ls /usr/src >>/guest/status"
grep -q -F "$NOW" "$WORK/upper/guest/status" && fail "a file is left: $(grep -F -m 1 "$NOW" "$WORK/upper/guest/status")"
holds "$OLD" 0.9.1
holds "$KVER" 0.9.1
upgrade 0.9.2
cat >>"$WORK/upper/new/kmod/main.c" <<'END'
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#error this cannot be built
#endif
END
run_inside "make -C /new install"
logged "Note: no module for kernel $KVER"
holds "$OLD" 0.9.2
holds "$KVER" none

grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
sanboot
want_real
want kernel "$KVER"
want_log 'iscsi_boot_unified not loaded; the agent reads table and command line itself'
want_down 60
want_clean "$WORK/disk.img"

run_inside "make -C /new uninstall"
holds "$OLD" none
run_inside "rm -r /new; dpkg -P \$(for f in $archives/*.deb; do dpkg-deb -f \$f Package; done)"
files after
same "$WORK/upper/guest/before" "$WORK/upper/guest/after" "what is left"

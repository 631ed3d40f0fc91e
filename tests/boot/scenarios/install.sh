# shellcheck shell=bash
# groups: check install
# "make install" into a directory, for all initramfs generators, and "make uninstall" from it.
# Outcome: paths in the installed files have PREFIX, and nothing is left afterwards.
# no machine: it looks at installed files only

make_into() { MAKEFLAGS="" make -s -C "$TOP" "$1" DESTDIR="$WORK/dest" PREFIX=/opt >"$WORK/make.log" 2>&1 ||
	fail "make $1: $(tail -n 1 "$WORK/make.log")"; }
make_into install
for file in opt/sbin/iscsi-boot-agent opt/lib/iscsi-boot/{arm,images,iscsi-boot-{shutdown,guard,handoff}} \
	opt/share/man/man{5/iscsi-boot-agent.conf.5,8/iscsi-boot-agent.8} \
	opt/lib/systemd/system/sysinit.target.wants/iscsi-boot-arm.service \
	usr/share/initramfs-tools/{hooks,scripts/local-top,conf-hooks.d}/iscsi-boot etc/iscsi-boot-agent.conf \
	etc/kernel/header_postinst.d/iscsi-boot; do
	[ -s "$WORK/dest/$file" ] || fail "not installed: $file"
done
! grep -r -I -m 1 -e '/usr/s\?bin/iscsi-boot' -e /usr/lib/iscsi-boot "$WORK/dest" \
	--include='iscsi-boot*' --include='*.rules' --exclude-dir=man8 || fail "a path does not begin with PREFIX"
make_into uninstall
! grep "was changed" "$WORK/make.log" || fail "uninstall takes an installed file for one that the user has changed"
left=$(find "$WORK/dest" -mindepth 1 | head -n 1)
[ -z "$left" ] || fail "left behind: $left"

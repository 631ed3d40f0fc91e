# shellcheck shell=bash
# groups: check boots
# "make dkms-install", with separate DKMS trees and a separate key, for every kernel of the scenarios.
# Outcome: DKMS builds, signs and installs the module for all; the newest kernel boots with the installed
# module.

stock 6.12
mapfile -t releases < <("$BOOT/kernels")
by_dkms "${releases[@]}"
for release in "${releases[@]}"; do
	module=$(find "$WORK/dkms/modules/$release/updates/dkms" -name 'iscsi_boot_unified.ko*')
	[ -n "$module" ] || fail "no module installed for $release"
	[ -n "$(modinfo -F signer "$module" 2>/dev/null)" ] || fail "the module is not signed for $release"
done

guest <<'END'
agent_boot
say sources "$(cat $VIEW/sources)"
say srcversion "$(cat /sys/module/iscsi_boot_unified/srcversion)"
enter_root /dev/iscsi-boot/root
END
initramfs "$module"
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN $STATIC"

want sources cmdline
want srcversion "$(modinfo -F srcversion "$module")"
want_root "$IQN" "$WORK/root.img"

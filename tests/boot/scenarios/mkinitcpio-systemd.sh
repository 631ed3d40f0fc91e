# shellcheck shell=bash
# groups: generators
# An image with our hook for mkinitcpio, whose init is systemd; two paths, of which the second portal starts
# only after the root is mounted.
# Outcome: the unit finishes before systemd waits for the root device, and the guard runs before the root is
# mounted. The second path logs in while systemd continues, and the root has both. Without a target, the unit's
# failure is shown on the console.

# shellcheck source=tests/boot/lib/generators.sh
. "$BOOT/lib/generators.sh"
lab
stock 6.12
# shellcheck disable=SC2034 # of lib.sh
LIMIT=900
installed
mkinitcpio systemd_base
real <<'END'
say unit "$(journalctl -o cat -u iscsi-boot.service | grep -c '^/dev/sda$')"
journalctl -o cat _PID=1 | sed -n 's/^\(Finished iscsi-boot\|Reached target initrd-root-device\)\..*/\1/p
	s/^\(Started iscsi-boot-guard\|Mounting sysroot\)\..*/\1/p' | while read -r event; do say "order $event"; done
END
mkdir -p "$WORK/real/etc"
echo NAME=real >"$WORK/real/etc/os-release" # without it systemd does not accept the directory as a root
debian "$WORK/root.img" systemd-sysv udev kmod
switch lan 10.7.0.1/24
lan n0 lan "$MAC"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
once 'boot: root disk is' ip addr add 10.7.0.2/24 dev lan
HARDWARE+=(-m 1024)
direct "root=UUID=$(blkid -o value -s UUID "$WORK/root.img") rw ip=10.7.0.15:::24::eth0:none" \
	"rd.iscsi.initiator=$INITIATOR" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1" "iscsi_boot.target=iscsi://10.7.0.2/$IQN/1"

want unit 1
want order "Finished iscsi-boot
Reached target initrd-root-device
Started iscsi-boot-guard
Mounting sysroot"
want_log 'target1 .* at 10.7.0.2:3260 .*session2'
want_root_of "$IQN" "$WORK/root.img" 2

(
	# shellcheck disable=SC2317 # direct of lib.sh calls it
	sound() { :; }
	once 'FAILED.*Failed to start .*iSCSI root device' monitor quit
	direct "root=UUID=$(blkid -o value -s UUID "$WORK/root.img") rw ip=10.7.0.15:::24::eth0:none" \
		"rd.iscsi.initiator=$INITIATOR iscsi_boot.deadline=20" \
		"iscsi_boot.target=iscsi://10.7.0.1/$IQN.other/1"
)
want_log 'iscsi-boot: login: error: cannot log in'
want_log 'FAILED.*Failed to start .*iSCSI root device'

# shellcheck shell=bash
# groups: guard generators
# systemd in the initramfs and in the real root, which has none of our units. PID 1 is executed again
# (daemon-reexec), then the target is killed for a second.
# Outcome: the unit of the guard is active all the time, and the guard restores the connection.

# shellcheck source=tests/boot/lib/generators.sh
. "$BOOT/lib/generators.sh"
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
lab
stock 6.12
installed
mkinitcpio systemd_base
real <<'END'
is() { while read -r state </sys/class/iscsi_session/session1/state; [ "$state" != "$1" ]; do :; done; }
read -r before _ </run/iscsi-boot/guard
systemctl daemon-reexec
say unit "$(systemctl show -P ActiveState -P FragmentPath iscsi-boot-guard | xargs)"
say alive "$(tr '\0' ' ' <"/proc/$before/cmdline")"
sync
say fault first
is FAILED
is LOGGED_IN
read -r after _ </run/iscsi-boot/guard
[ "$before" = "$after" ] && say same yes
END
mkdir -p "$WORK/real/etc"
echo NAME=real >"$WORK/real/etc/os-release" # without it systemd does not accept the directory as a root
debian "$WORK/root.img" systemd-sysv udev kmod
switch lan 10.7.0.1/24
lan n0 lan "$MAC"
guard_target 10.7.0.1
on_fault first target_away 1 10.7.0.1
HARDWARE+=(-m 1024)
direct "root=UUID=$(blkid -o value -s UUID "$WORK/root.img") rw ip=10.7.0.15:::24::eth0:none" \
	"$(root_at 10.7.0.1)" net.ifnames=0

want unit "active /run/systemd/system/iscsi-boot-guard.service"
want alive "@iscsi-boot-guard --stay "
want same yes
want_log 'guard: session1: reconnected'
want_root_of "$IQN" "$WORK/root.img"

# shellcheck shell=bash
# groups: real
# UEFI with Secure Boot, Debian's shim, GRUB and kernel, a table in ACPI. The module is built and signed by DKMS
# with a key that is not enrolled. In that boot "mokutil --import" requests it; before the next boot it is
# confirmed in MokManager by keyboard.
# Outcome: first the kernel rejects the module, as it rejects an unsigned one. The agent logs why and what to
# do, and boots without it. Then the module is loaded. The kernel is locked down both times.

stock 6.1
by_dkms "$KVER"
program mokutil
MODULES+=(efivarfs)
guest <<'END'
modprobe efivarfs
mount -t efivarfs efivarfs /sys/firmware/efi/efivars
mount -t securityfs securityfs /sys/kernel/security
say state "$(mokutil --sb-state | head -n 1)"
say lockdown "$(sed 's/.*\[\(.*\)\].*/\1/' /sys/kernel/security/lockdown)"
say unsigned "$(insmod /guest/unsigned.ko 2>&1)"
agent_boot
say view "$(cat $VIEW/sources)"
[ -e $VIEW ] || printf 'mokpw\nmokpw\n' | mokutil --import /guest/mok.pub
say imported $?
say key "$(mokutil --test-key /guest/mok.pub)"
enter_root /dev/iscsi-boot/root
END
install -D -m 644 "$(module_for "$KVER")" "$WORK/overlay/guest/unsigned.ko"
cp "$WORK/dkms/mok.pub" "$WORK/overlay/guest/"
initramfs "$(find "$WORK/dkms/modules/$KVER/updates/dkms" -name 'iscsi_boot_unified.ko*')"
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
table ipxe-bios "port=3260=>port=$PORT" "iqn.2024-01.example:disk=>$IQN"
nic n0 "$MAC" addr=3
secure_boot

qemu
want_locked() {
	want state "SecureBoot enabled"
	want lockdown integrity
	want unsigned "insmod: can't insert '/guest/unsigned.ko': Key was rejected by service"
}
want_locked
want view ""
want imported 0
want key "/guest/mok.pub is already in the enrollment request"
want_log 'cannot load iscsi_boot_unified: .*; try: mokutil --import /var/lib/dkms/mok.pub'
want_log 'iscsi_boot_unified not loaded; the agent reads table and command line itself'
want_root "$IQN" "$WORK/root.img"
mv "$WORK/serial.log" "$WORK/serial-1.log"

press() { local key; for key; do monitor "sendkey $key"; done; }
# drawn TEXT KEY...: presses the keys once the screen shows TEXT. A screen has no lines, so "once" cannot be
# used.
drawn() {
	(
		until grep -a -q -z -F -- "$1" "$WORK/serial.log" 2>/dev/null; do (bound sleep 0.2); done
		press "${@:2}"
	) &
	PIDS+=($!)
}
drawn 'Press any key to perform MOK' ret
drawn 'Enroll MOK' down ret
drawn 'View key 0' down ret
drawn 'Enroll the key' down ret
drawn 'Password' m o k p w ret
drawn 'Reboot' ret
HARDWARE+=(-action reboot=reset)
qemu
want_locked
want view ibft
want key "/guest/mok.pub is already enrolled"
want_root "$IQN" "$WORK/root.img"

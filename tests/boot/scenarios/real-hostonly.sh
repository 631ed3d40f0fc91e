# shellcheck shell=bash
# groups: real
# An installed Debian 12 with dracut 059, which makes a hostonly image of its own and boots it.
# Outcome: it boots both times; the first image has all NIC drivers, the second only that of this machine.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with dracut <<'END'
report
image=$(realpath /initrd.img)
say drivers "$(lsinitrd "$image" | sed -n 's|.*/drivers/net/ethernet/.*/\(.*\.ko\)|\1|p' | sort | xargs)"
[ -e /second ] || {
	touch /second
	dracut -q --hostonly --force "$image" "$(uname -r)"
	say made $?
}
down poweroff
END
make_install
grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
machine() {
	sanboot
	want_real
	want_down 60
	want_clean "$WORK/disk.img"
}
machine
want made 0
[[ $(verdict drivers) == *e1000.ko*tg3.ko* ]] || fail "not all drivers: $(verdict drivers)"
up=$(verdict up)
mv "$WORK/serial.log" "$WORK/serial-1.log"
machine
want drivers e1000.ko
note "up after $up s, and after $(verdict up) s"

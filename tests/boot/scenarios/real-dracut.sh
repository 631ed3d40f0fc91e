# shellcheck shell=bash
# groups: real
# An installed Debian 12 with dracut 059, "make install" run in it, systemd-networkd with DHCP for every NIC;
# iPXE hands its LUN to GRUB. It goes down by dracut's shutdown, which makes the initramfs the root and unmounts
# the old root. Then it does so without the target: once it is lost before the shutdown, once at its last step
# (reboot).
# Outcome: it boots into its root, which iscsid has adopted, with the firmware's address. It goes down cleanly,
# and within 30 s without the target.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with dracut <<'END'
carrier() { read -r on </sys/class/net/ens3/carrier; [ "$on" = 1 ]; }
report
say networkd "$(networkctl --no-legend list ens3 | awk '{ print $4, $5 }')"
say shutdown "$(systemctl is-active dracut-shutdown)"
# As dracut's own modules for multipath, RAID and encrypted disks do.
: >/run/initramfs/.need_shutdown
read -r turn 2>/dev/null </turn || turn=there
case $turn in
there) echo before >/turn; down poweroff; exit ;;
before) echo middle >/turn ;;
middle) down reboot; exit ;;
esac
sync
say end
say lose
while carrier; do :; done
read -r up _ </proc/uptime
say "down $up"
kill -38 1 # SIGRTMIN+4: poweroff
while :; do sleep 1; done
END
make_install
HARDWARE=(-m 2048)
mkdir -p "$WORK/upper/etc/systemd/network" "$WORK/upper/etc/systemd/system/dracut-shutdown.service.d"
# dracut unpacks the image into /run, which takes an emulated CPU about the 90 s that systemd allows.
printf '%s\n' '[Service]' TimeoutStopSec=10min \
	>"$WORK/upper/etc/systemd/system/dracut-shutdown.service.d/test.conf"
printf '%s\n' '[Match]' 'Name=en*' '[Network]' DHCP=yes >"$WORK/upper/etc/systemd/network/50-all.network"
command="systemctl disable NetworkManager && systemctl enable systemd-networkd" inside
grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
machine() { # there|before|middle [WHEN]: the target stops when the console or the machine logs WHEN
	rm -f "$WORK/serial.log" "$WORK/verdict"
	[ $# = 1 ] || once "$2" monitor "set_link n0 off"
	sanboot
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	want_real
	want networkd "routable configured"
	want shutdown active
	want address "ens3 10.0.2.15/24"
	want_log 'dracut-initqueue|dracut: '
}
machine there
want_log 'reboot: Power down'
up=$(verdict up)
want_log 'shutdown: session1: recovery_tmo 20, timeout 5 of its disks'
want_no_log 'root disk lost'
want_down 240 # most of it is unpacking the image
took="$DOWN s"
want_clean "$WORK/disk.img" 'dracut Warning: Unmounted /oldroot\.'

machine before '^lose'
want_log 'root disk lost: forcing poweroff'
want_log 'reboot: Power down'
want_down 30
took+=", $DOWN s without the target"

last='dracut Warning: Killing all remaining processes'
machine middle "$last"
want_log 'reboot: Restarting system'
want_down 30 "$(when "$last")"
note "up after $up s; down after $took, $DOWN s from its loss at last"

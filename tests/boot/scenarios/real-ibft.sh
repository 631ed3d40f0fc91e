# shellcheck shell=bash
# groups: real
# An installed Debian 12 with initramfs-tools, "make install" run in it: iPXE hands its LUN to GRUB. Its
# NetworkManager runs, is restarted, and its networking is switched off. The target is away for 60 s under load;
# in a second boot it is gone when the machine goes down.
# Outcome: it boots into its root, which iscsid has adopted. NetworkManager does not change the NIC, and no
# write fails. It goes down cleanly, and within 30 s without the target.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
carrier() { read -r on </sys/class/net/ens3/carrier; [ "$on" = 1 ]; }
# The root is lost, so no program can be started; a signal tells systemd to power off.
lost() {
	sync
	say end
	say lose
	while carrier; do :; done
	read -r up _ </proc/uptime
	say "down $up"
	kill -38 1 # SIGRTMIN+4: poweroff
	while :; do sleep 1; done
}
load() {
	n=0
	while [ ! -e /run/enough ]; do
		dd if=/dev/urandom of=/load bs=64k count=16 conv=fsync 2>/dev/null || echo failed >>/run/errors
		n=$((n + 1))
		echo $n >/run/count
	done
}
network_manager() {
	say nm "$(nmcli -g RUNNING general), $(nmcli -g GENERAL.STATE device show ens3)"
}
report
[ ! -e /second ] || lost
touch /second
network_manager
errors=$(journalctl -k -o cat | grep -c 'conn error')
systemctl restart NetworkManager
nm-online -q -s -t 120
network_manager
nmcli networking off
network_manager
nmcli networking on
touched
say noticed $(($(journalctl -k -o cat | grep -c 'conn error') - errors))
iscsiadm -m session --rescan
udevadm settle
iscsi-boot-agent status
say rescan $?
load &
say outage
while carrier; do :; done
until carrier; do sleep 1; done
before=$(cat /run/count)
while [ "$(cat /run/count)" -lt $((before + 3)) ]; do sleep 1; done
touch /run/enough
wait
say errors "$(cat /run/errors 2>/dev/null)$(journalctl -k -o cat | grep -c -i 'I/O error')"
iscsi-boot-agent status
say after $?
down reboot
END
make_install
grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
outage() {
	monitor "set_link n0 off"
	(bound sleep 60)
	monitor "set_link n0 on"
}
once '^outage' outage
sanboot
want_real $'0\n0'
want nm $'running, 10 (unmanaged)\nrunning, 10 (unmanaged)\nrunning, 10 (unmanaged)'
want noticed 0
want address "ens3 10.0.2.15/24"
want rescan 0
want errors 0
want after 0
want_log 'reboot: Restarting system'
want_down 60
want_clean "$WORK/disk.img"
up=$(verdict up)
cp "$WORK/serial.log" "$WORK/serial-1.log"

once '^lose' monitor "set_link n0 off"
sanboot
want_real
want_log 'reboot: Power down'
want_down 30
note "up after $up s, down without the target after $DOWN s"

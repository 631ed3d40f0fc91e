# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034
# groups: real
# The life of our packages in an installed Debian 12 whose root is on a LUN. Debian's own script boots it, by
# /etc/iscsi/iscsi.initramfs. "apt install ./*.deb" and a reboot: the agent boots it. "apt purge" and a reboot:
# Debian's script again.
# Outcome: the images were rebuilt each time; "status" is green with our packages; purge leaves no file.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
files() { find / -xdev \( -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /tmp \
	-o -path /guest -o -path '/var/lib/dkms/mok.*' -o -path /var/lib/systemd -o -path /root -o -path /etc/iscsi \
	-o -path /var/tmp \) -prune -o -print | grep -v -x -e '/\(first\|second\|files\)' | sort; }
quiet() { # WORD COMMAND...
	word=$1
	shift
	DEBIAN_FRONTEND=noninteractive "$@" </dev/null >/run/quiet.log 2>&1
	say "$word" $?
	cat /run/quiet.log
}
say by "$([ -e /run/iscsi-boot/root ] && echo agent || echo debian)"
say sessions "$(ls /sys/class/iscsi_session)"
if [ ! -e /first ]; then
	touch /first /files
	files >/files
	quiet installed apt-get install -y /guest/debs/*.deb
	say images "$(grep -c 'update-initramfs: Generating' /run/quiet.log)"
	say enabled "$(cd /etc/systemd/system && ls -d *.wants/iscsi-boot-* | wc -l)"
	say verify "$(dpkg --verify iscsi-boot-agent iscsi-boot-unified-dkms)"
	down reboot
elif [ ! -e /second ]; then
	touch /second
	report
	say made-by "$(iscsi-boot-agent show | awk '$1 == "made-by" { print $2 }')"
	quiet purged apt-get purge -y iscsi-boot-agent iscsi-boot-unified-dkms
	files | diff /files - >/run/left
	say left "$(grep -c '^[<>]' /run/left)"
	cat /run/left
	down reboot
else
	down poweroff
fi
END
LIMIT=3000
HARDWARE=(-m 1024 -smp 2)
target_start 127.0.0.1
mkdir -p "$WORK/upper/etc/iscsi" "$WORK/upper/guest/debs"
cat >"$WORK/upper/etc/iscsi/iscsi.initramfs" <<END
ISCSI_INITIATOR=$INITIATOR
ISCSI_TARGET_NAME=$IQN
ISCSI_TARGET_IP=10.0.2.2
ISCSI_TARGET_PORT=$PORT
ISCSI_TARGET_GROUP=1
END
make -s -C "$TOP" deb >"$WORK/deb.log" 2>&1 || fail "make deb: $(tail -n 1 "$WORK/deb.log")"
cp "$TOP"/build/dist/iscsi-boot-{agent,unified-dkms}_*.deb "$WORK/upper/guest/debs/"
command='update-initramfs -u -k all' inside
grub_cfg "ip=10.0.2.15::10.0.2.2:255.255.255.0::ens3:off"
disk "$WORK/disk.img"
target 1 "$IQN" "$WORK/disk.img"
# saved N: keeps the logs of boot N.
saved() { cp "$WORK/serial.log" "$WORK/serial-$1.log"; }

sanboot
want by debian
want installed 0
want images 1
want enabled 3
want verify ""
saved 1

sanboot
want by agent
want_real
want made-by module
want purged 0
want left 0
saved 2

sanboot
want by debian
want sessions session1
want_down 60
want_clean "$WORK/disk.img"
note "installed, booted, purged; the last boot was up after $(verdict up) s"

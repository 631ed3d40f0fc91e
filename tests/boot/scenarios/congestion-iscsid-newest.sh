# shellcheck shell=bash
# groups: handoff
# The session uses the congestion control "reno". The handoff writes the record, and then iscsid of Debian sid, the first
# release of open-iscsi that reads it, adopts the session.
# Outcome: the connection that iscsid makes uses "reno" too.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
stock 6.12
guest <<'END'
modprobe tcp_diag
agent_boot
congestion() { /usr/sbin/ss -tniH dst 10.0.2.2 | grep -o -w -e reno -e cubic | sort -u | xargs; }
port() { cat /sys/class/iscsi_connection/connection1:0/local_port; }
adopted() { [ "$(port)" != "$before" ] && [ "$(cat /sys/class/iscsi_session/session1/state)" = LOGGED_IN ]; }
say "connection boot $(congestion)"
mkdir -p /var/lib/iscsi/nodes /etc/iscsi
/usr/sbin/iscsi-boot-handoff
say record "$(cat /var/lib/iscsi/nodes/*/*/* | grep congestion)"
for dir in dev proc sys run tmp etc/iscsi var/lib/iscsi; do
	mkdir -p /sid/$dir
	mount --bind /$dir /sid/$dir
done
before=$(port)
chroot /sid /usr/sbin/iscsid -f &
tries=0
until adopted || [ $((tries += 1)) = 600 ]; do usleep 100000; done
say "connection iscsid $(congestion)"
END
MODULES+=(tcp_diag)
program ss
copy_program "$WORK/overlay" "$TOP/build/agent/iscsi-boot-handoff"
mkdir -p "$WORK/overlay/sid/etc" "$WORK/overlay/etc/iscsi"
for file in /usr/sbin/iscsid $(chroot "$LOWER" ldd /usr/sbin/iscsid | grep -o '/[^ ]*'); do
	install -D "$LOWER$file" "$WORK/overlay/sid$file"
done
ln -s /sid/usr/sbin/iscsid "$WORK/overlay/usr/sbin/iscsid"
echo 'root:x:0:0:root:/:/bin/sh' >"$WORK/overlay/sid/etc/passwd"
cp "$LOWER/etc/iscsi/iscsid.conf" "$WORK/overlay/etc/iscsi/"
initramfs none
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN iscsi_boot.tcp.congestion=reno"

want agent-status 0
want record "node.conn[0].tcp.congestion_control = reno"
want connection "boot reno"$'\n'"iscsid reno"

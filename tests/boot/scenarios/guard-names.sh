# shellcheck shell=bash
# groups: guard
# The portal redirects the first login to a host name, and the sessions use the congestion control "reno". The
# target is killed twice while a program writes to the disk. /etc/hosts has the name only until boot is through.
# Outcome: the guard follows the redirect by the address that boot found, and its connections use "reno" too; no
# write fails.

stock 6.12
guest <<'END'
modprobe tcp_diag
agent_boot
: >/etc/hosts
disk=$(readlink -f /dev/iscsi-boot/root)
congestion() { /usr/sbin/ss -tniH dst 10.0.2.2 | grep -o -w -e reno -e cubic | sort -u | xargs; }
peer() { /usr/sbin/ss -tnH dst 10.0.2.2 | sed 's/.*10\.0\.2\.2://' | xargs; }
say "connection boot $(congestion) $(peer)"
dd if=/dev/urandom of=/tmp/pattern bs=1M count=1 2>/dev/null
while [ ! -e /tmp/stop ]; do
	dd if=/tmp/pattern of="$disk" bs=64k oflag=direct conv=notrunc 2>/dev/null || say "failed write"
done &
count=0
for fault in first second; do
	say "fault $fault"
	grep -m $((count += 1)) 'guard: session1: reconnected' /dev/kmsg >/dev/null
	say "connection $fault $(congestion) $(peer)"
done
touch /tmp/stop
wait
say read "$(dd if="$disk" bs=64k count=16 iflag=direct 2>/dev/null | md5sum)"
say pattern "$(md5sum </tmp/pattern)"
END
MODULES+=(tcp_diag)
program ss
IQN=iqn.2026-11.org.example:redirect-name
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
install -D "$GUARD" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
mkdir -p "$WORK/overlay/etc"
echo "10.0.2.2 far.example" >"$WORK/overlay/etc/hosts"
initramfs none
truncate -s 8M "$WORK/root.img"
guard_target 127.0.0.1
for name in first second; do on_fault $name target_away 1 127.0.0.1; done
hostile_start 3260
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.tcp.congestion=reno" \
	"iscsi_boot.target=iscsi://10.0.2.2:$HOSTILE_PORT/$IQN/1"

want agent-status 0
want connection "$(printf '%s reno 20001\n' boot first second)"
want read "$(verdict pattern)"
want failed ""
note "logins: $(grep -c redirect-name "$WORK/hostile.log"); back after" \
	"$(console | sed -n 's/.*guard: session1: reconnected after \([0-9.]*\) s.*/\1/p' | xargs) s"

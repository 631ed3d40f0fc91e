# shellcheck shell=bash
# groups: real
# An installed Debian 12 with initramfs-tools that boots by Debian's /etc/iscsi/iscsi.initramfs alone: CHAP and
# three portals, the first without an answer. "make install" is run in it. The command line names no target.
# Outcome: the root is mounted; file and image are for root alone, and diagnostics name lines of the file. "check"
# finds the disk by the image, not by parameters of another target. Without the file update-initramfs keeps the
# old image.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools <<'END'
report
say kept "$(stat -c '%a %U' /run/iscsi-boot/cmdline)"
say portals "$(/usr/sbin/iscsi-boot-agent plan 2>/dev/null | grep -c '^path: .*CHAP')"
say secret "$(/usr/sbin/iscsi-boot-agent show 2>&1 | grep -c 'sec ret')"
sums() { cat /boot/initrd.img-* | sha256sum; }
iscsi-boot-agent check
say check $?
iscsi-boot-agent check --cmdline "netroot=iscsi:10.0.2.2:::1:iqn.2024-01.example:other ip=dhcp" >/run/other 2>&1
say other $?
cat /run/other
mv /etc/iscsi/iscsi.initramfs /root/
# Fewer modules, which this machine copies slowly.
echo MODULES=list >/etc/initramfs-tools/conf.d/policy
before=$(sums)
update-initramfs -u >/run/refused 2>&1
say refused $?
cat /run/refused
say why "$(grep -c 'error: .*boot by the image' /run/refused)"
[ "$before" = "$(sums)" ] && say image unchanged
down poweroff
END
# shellcheck disable=SC2034 # for real.sh
LIMIT=1800
target_start 127.0.0.1
mkdir -p "$WORK/upper/etc/iscsi"
cat >"$WORK/upper/etc/iscsi/iscsi.initramfs" <<END
# see README.Debian
export ISCSI_INITIATOR="$INITIATOR"
ISCSI_TARGET_NAME=$IQN
ISCSI_TARGET_IP="10.0.2.77 10.0.2.2 10.0.2.78" # two of these are switched off
ISCSI_TARGET_PORT=$PORT
ISCSI_USERNAME='us er'
ISCSI_PASSWORD=secret\ 123456
ISCSI_TARGET_GROUP=1
logger loaded
END
make_install
command='cp /etc/iscsi/iscsi.initramfs /guest/ && update-initramfs -u && cp /boot/vmlinuz-* /boot/initrd.img-* /guest/ &&
	lsinitramfs -l /guest/initrd.img-* >/guest/list && stat -L -c %a /boot/initrd.img-* >/guest/mode' inside
[ "$(cat "$WORK/upper/guest/mode")" = 600 ] || fail "other users can read the image: $(cat "$WORK/upper/guest/mode")"
grep -q -E '^-rw------- .* etc/iscsi/iscsi\.initramfs$' "$WORK/upper/guest/list" || fail "the file is not in the image"
! grep -q 'scripts/local-top/iscsi$' "$WORK/upper/guest/list" || fail "open-iscsi's script is in the image"
disk "$WORK/disk.img"
target 1 "$IQN" "$WORK/disk.img"
account 1 "us er" "secret 123456"
nic n0 "$MAC"
HARDWARE+=(-m 1024)
qemu -kernel "$WORK"/upper/guest/vmlinuz-* -initrd "$WORK"/upper/guest/initrd.img-* -append "$STRICT \
	root=UUID=$REAL_UUID ro nowatchdog ip=10.0.2.15::10.0.2.2:255.255.255.0::ens3:off"

want root-options rw
want session "NO CHANGE"
# Two portals do not answer, which that unit finds out sooner or later.
[[ "$(verdict failed)" =~ ^(iscsi-boot-paths\.service)?$ ]] || fail "failed units: $(verdict failed)"
want kept "600 root"
want portals 3
want secret 0
want check 0
want other 1
want refused 3
want why 1
want image unchanged
want_log "file /etc/iscsi/iscsi.initramfs: line 9: only assignments are read"
want_down 60
want_clean "$WORK/disk.img"
note "up after $(verdict up) s"

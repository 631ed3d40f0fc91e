# shellcheck shell=bash
# groups: check secrets
# Who reads which file of the view: root, another user, root of a user namespace, root of a container with its own
# /sys and network namespace. Then the module is loaded where another file is mounted over /proc/cmdline.
# Outcome: all but root read only what the rule of docs/user/sysfs-abi.md lets every user read, the container no
# device; the other file is not read.

stock 6.12
copy_program "$WORK/overlay" "$(command -v unshare)"
copy_program "$WORK/overlay" "$(command -v setpriv)"
guest <<'END'
modprobe iscsi_boot_unified
modprobe e1000
/guest/walk root $VIEW >&3
/usr/sbin/setpriv --reuid 65534 --regid 65534 --clear-groups /guest/walk user $VIEW >&3
/usr/sbin/setpriv --reuid 65534 --regid 65534 --clear-groups /usr/sbin/unshare --user --map-root-user \
	/guest/walk namespace $VIEW >&3
/usr/sbin/unshare --mount --net --pid --fork sh -c 'mount -t sysfs sysfs /sys &&
	/usr/sbin/setpriv --bounding-set -sys_admin --inh-caps -all /guest/walk container '$VIEW >&3
rmmod iscsi_boot_unified
echo "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:fake" >/tmp/cmdline
/usr/sbin/unshare --mount sh -c 'mount --bind /tmp/cmdline /proc/cmdline && modprobe iscsi_boot_unified'
say mounted "$(cat $VIEW/sources) $(grep /proc/cmdline $VIEW/diagnostics)"
END
initramfs
table two-nics
nic n0 52:54:00:aa:00:01 addr=3
direct "ip=10.0.0.7:::24:host:eth9:none:9000:10.0.0.2:10.0.0.3" \
	"iscsi_boot.target=iscsi://user:secretsecret@10.0.0.9/iqn.a:b?nic=eth9,tpgt=7" \
	"iscsi_boot.target=iscsi://user@host.name/iqn.a:c?secret-file=/etc/chap"

# What the kernel shows of a session, its disk and its NIC to every user, and the form of the view.
public() {
	printf '%s\n' abi-version errors generation initiator-source isid sources warnings
	printf 'nicN/%s\n' firmware-index flags from-cmdline gateway hostname ifname ip-addr mac method mtu origin pci-bdf \
		prefix-len set-mac source subnet-mask vlan
	printf 'nicN/netdev/%s\n' carrier ifindex ifname mac match mtu operstate pci status
	printf 'targetN/%s\n' chap-type firmware-index firmware-nic-assoc flags from-cmdline host ip-addr lun lun-number \
		nic-assoc port selected source target-name tpgt transport usable
}
# read_by KEY: the names of the files that this reader could read, with N for numbers.
read_by() {
	verdict "$1" | sed -n -E 's,^file [0-7]+ [^ ]*/iscsi_boot_unified/([^ ]*).*,\1,p' |
		sed -E 's/(nic|target)[0-9]+/\1N/' | LC_ALL=C sort -u
}
public | LC_ALL=C sort >"$WORK/public"
for who in root user namespace container; do read_by $who >"$WORK/by-$who"; done
for who in user namespace container; do
	more=$(LC_ALL=C comm -13 "$WORK/public" "$WORK/by-$who" | xargs)
	[ -z "$more" ] || fail "$who reads $more"
done
same "$WORK/by-user" "$WORK/by-namespace" "files that root of a user namespace reads"
{ grep -v /netdev/ "$WORK/by-user"; echo nicN/netdev/status; } | LC_ALL=C sort >"$WORK/by-stranger"
same "$WORK/by-stranger" "$WORK/by-container" "files that a container reads"
[ "$(verdict container | sed -n 's,^file [0-7]* .*/netdev/,,p' | sort -u)" = "status $(echo absent | base64)" ] ||
	fail "a container sees a device: $(verdict container | grep -m 1 /netdev/)"
[ "$(wc -l <"$WORK/by-user")" -gt 40 ] || fail "a user reads only $(xargs <"$WORK/by-user")"
[ "$(wc -l <"$WORK/by-root")" -gt "$(($(wc -l <"$WORK/by-user") + 15))" ] || fail "root reads only $(wc -l <"$WORK/by-root") files"
case $(verdict mounted) in
"ibft "*" cmdline /proc/cmdline "*": another file is mounted over it") ;;
*) fail "another file over /proc/cmdline: $(verdict mounted)" ;;
esac
note "$(wc -l <"$WORK/by-user") of $(wc -l <"$WORK/by-root") kinds of files are for every user"

# shellcheck shell=bash
# Uses the files of the module at random for USE_SECONDS (60) of the machine's time, in the kernel that the sourcing
# scenario has selected. A second is about two of computing time, where the clock counts instructions. SMALL: that kernel has no inotify and no file handles. USE_SEED selects the sequence of each process; how they interleave differs.

USE_SECONDS=${USE_SECONDS:-60}
USE_SEED=${USE_SEED:-$((SRANDOM % 1000000))}
# shellcheck disable=SC2034
LIMIT=$((USE_SECONDS * 20 + 3600)) CPU_LIMIT=$((USE_SECONDS * 5 + 1800))
WORDS="rd.iscsi.initiator=iqn.2026-11.org.example:host1 ip=10.0.0.7:::24::eth1:none "
WORDS+="iscsi_boot.target=iscsi://user:secretsecret@10.0.0.9/iqn.a:b?nic=eth1"
trap 'told_seed; leave' EXIT
told_seed() { [ ! -s "$WORK/reason" ] || sed -i "1s/^/seed $USE_SEED: /" "$WORK/reason"; }

guest <<GUEST
[ ! -e /guest/debug.sh ] || . /guest/debug.sh
[ ! -e /guest/plant ] || insmod /usr/sbin/iscsi_boot_plant.ko bug=race
modprobe -a virtio_pci virtio_net 2>/dev/null
rmmod iscsi_boot_unified 2>/dev/null
MODULE=\$(find /lib/modules -name iscsi_boot_unified.ko)
/usr/sbin/random-use $USE_SEED $USE_SECONDS "\$MODULE" 'cmdline="$WORDS"' >/tmp/used 2>/tmp/error
say random-use "\$? \$(cat /tmp/error)"
cat /tmp/used >&3
[ ! -e "\${DEBUG-}/kmemleak" ] || { leaks; lockdep_awake; }
GUEST
install -D "$TOP/build/random-use" "$WORK/overlay/usr/sbin/random-use"
initramfs
table two-nics
HARDWARE+=(-netdev "user,id=n0" -device "virtio-net-pci,netdev=n0,mac=52:54:00:aa:00:01,romfile=")
direct "pci=noacpi,nomsi loglevel=6 rcupdate.rcu_expedited=1 $WORDS"

want random-use "0 "
# Each kind was done, and those that can succeed did.
while read -r kind times succeeded; do
	[ "$times" -gt 0 ] || fail "$kind was not done"
	case $kind in
	mmap | write | ioctl | driver) ;;
	inotify | handle) [ "$succeeded" -gt 0 ] || [ -n "${SMALL-}" ] || fail "$kind never succeeded in $times times" ;;
	*) [ "$succeeded" -gt 0 ] || fail "$kind never succeeded in $times times" ;;
	esac
done < <(verdict used)
USES=$(verdict used | awk '{ n += $2; s += $3 } END { print n " uses, " s " with success" }')
note "seed $USE_SEED, $USE_SECONDS s: $USES; $(verdict used | awk '/^load /{ print $3 " loads" } /^rename /{ print $3 " renames" } /^netns /{ print $3 " namespaces" }' | xargs)"

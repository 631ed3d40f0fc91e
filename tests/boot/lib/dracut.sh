# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034
# Images made by dracut of Debian 12 (059) or of sid (the newest), with our module; the machines that boot them.
# They need root.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
# shellcheck source=tests/boot/lib/generators.sh
. "$BOOT/lib/generators.sh"

# dracut_of: selects the dracut, its kernel, and the programs that an image gets. A scenario NAME-newest has those of
# sid, each other one those of bookworm. One file may be both, NAME-newest.sh being a link to NAME-059.sh.
dracut_of() {
	local suite=bookworm
	[[ $NAME != *-newest ]] || suite=sid
	LOWER=$("$BOOT/dracut-root" "$suite") || fail "cannot make a Debian with dracut of $suite"
	KVER=$(basename "$LOWER"/lib/modules/*)
	KDIR=$WORK
	cp "$LOWER/boot/vmlinuz-$KVER" "$WORK/vmlinuz"
	HARDWARE+=(-m 1024)
	CARD=virtio-net-pci
}

# dracut_image [OPTION...]: makes $WORK/initrd.cpio with our module, as "make install" leaves it.
dracut_image() {
	local made=$IMAGES/dracut-${LOWER##*/}
	mkdir -p "$WORK/upper/guest" "$WORK/upper/etc/dracut.conf.d"
	# Compression takes most of the time of making an image.
	# With 3cpio, the newest dracut takes the level alone.
	echo 'compress="zstd -1 -q -T0" compress_level_zstd=1' >"$WORK/upper/etc/dracut.conf.d/test.conf"
	shared "$made" ours_in
	LOWER=$made:$LOWER
	make_image "$@"
	note "image of $(stat -c %s "$WORK/initrd.cpio" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
}
# The module is built there, from the sources that DKMS gets.
ours_in() { # DIR
	make -s -C "$TOP" install DESTDIR="$1" >"$WORK/install.log" 2>&1 || fail "make install"
	command="cd /usr/src/iscsi-boot-unified-*
		make -C /lib/modules/$KVER/build M=\$PWD modules
		install -D -m 644 -t /usr/lib/modules/$KVER/updates iscsi_boot_unified.ko
		depmod $KVER" inside "$1"
}
# make_image OPTION...: makes another image, of the same installation.
make_image() {
	command="${ENVIRONMENT-} dracut -q --force --no-hostonly $* --kver $KVER /guest/initrd" inside
	grep -a 'iscsi-boot: ' "$WORK/inside.log" || true
	mv "$WORK/upper/guest/initrd" "$WORK/initrd.cpio"
}

# dracut_netroot: one target, and the parameters with which netroot looks for its handler, by netroot= and by DHCP.
dracut_netroot() {
	dracut_root
	target_start 0.0.0.0 3260
	target 1 iqn.2009-06.dracut:target0 "$WORK/root.img"
	dracut_dhcp
	BY_NETROOT=(root=LABEL=singleroot rw rd.neednet=1 "rd.iscsi.initiator=$INITIATOR"
		netroot=iscsi:192.168.50.1:::1:iqn.2009-06.dracut:target0 ip=192.168.50.101:::255.255.255.0::lan0:none)
	BY_DHCP=(root=/dev/root rw netroot=dhcp ip=lan0:dhcp "rd.iscsi.initiator=$INITIATOR")
}

### Disks with layers, which a machine makes once for all scenarios of a run

# stack KIND: copies the disks of KIND to $WORK/KIND-1.img, ...: "raid" (RAID0 of two, and LVM on it, label sysroot),
# "luks" (LUKS with the passphrase "secret", label inluks), "lvm" (one physical volume) and "lvm2" (two of them,
# linear), both with the volume vg/root (label inlvm).
declare -A STACK_DISKS=([raid]=2 [luks]=1 [lvm]=1 [lvm2]=2)
stack() {
	ROOTFS=$WORK/root.img shared "$IMAGES/stack-$1" make_stack "$1"
	cp --sparse=always "$IMAGES/stack-$1"/*.img "$WORK/"
}

make_stack() { # KIND DIR
	local n tree
	tree=$("$BOOT/dracut-root" bookworm) || fail "cannot make a Debian with dracut of bookworm"
	mkdir -p "$2/overlay/usr/"{bin,sbin,lib,lib64}
	for n in bin sbin lib lib64; do ln -s "usr/$n" "$2/overlay/$n"; done
	for n in /sbin/mdadm /sbin/lvm /sbin/cryptsetup /sbin/e2label; do copy_from "$tree" "$n" "$2/overlay"; done
	local WORK=$2 MODULES=("${MODULES[@]}" virtio_blk raid0 md_mod dm_mod dm_crypt xts aes_generic) KDIR KVER
	local HARDWARE=(-m 768 -drive "file=$2/root.img,if=virtio,format=raw")
	stock 6.12
	cp --sparse=always "$ROOTFS" "$2/root.img"
	for ((n = 1; n <= STACK_DISKS[$1]; n++)); do
		truncate -s 96M "$2/$1-$n.img"
		HARDWARE+=(-drive "file=$2/$1-$n.img,if=virtio,format=raw")
	done
	stack_script "$1" | guest
	initramfs none
	direct
	want made yes
	rm -r "$2/overlay" "$2"/*.cpio "$2/root.img"
}


stack_script() { # KIND
	cat <<-'END'
		set -e
		trap finish EXIT
		export LVM_SUPPRESS_FD_WARNINGS=1 DM_DISABLE_UDEV=1
		modprobe -a virtio_blk virtio_pci
		mkdir -p /run/lvm /run/cryptsetup
		lvm() { /usr/sbin/lvm "$@" --config 'activation { udev_sync=0 udev_rules=0 } devices { use_devicesfile=0 }'; }
		copy() { dd if=/dev/vda of="$1" bs=1M; e2label "$1" "$2"; sync; }
	END
	case $1 in
	raid) echo 'modprobe -a raid0 dm_mod
		mdadm --create /dev/md0 --run --level=stripe --raid-devices=2 /dev/vdb /dev/vdc
		lvm pvcreate -ff -y /dev/md0; lvm vgcreate dracut /dev/md0; lvm lvcreate --yes -l 100%FREE -n root dracut
		copy /dev/dracut/root sysroot
		lvm vgchange -an dracut; mdadm --stop /dev/md0' ;;
	luks) echo 'modprobe -a dm_mod dm_crypt
		cryptsetup() { printf secret | /usr/sbin/cryptsetup -q --key-file - "$@"; }
		cryptsetup luksFormat --uuid 5eb1f2c0-1e55-4c5f-9c5b-0b0ea7d1c0de --pbkdf pbkdf2 --pbkdf-force-iterations 1000 /dev/vdb
		cryptsetup open /dev/vdb inside; copy /dev/mapper/inside inluks; /usr/sbin/cryptsetup close inside' ;;
	lvm*) echo 'modprobe -a dm_mod; set -- /dev/vd[b-z]
		lvm pvcreate -ff -y "$@"; lvm vgcreate vg "$@"; lvm lvcreate --yes -l 100%FREE -n root vg
		copy /dev/vg/root inlvm; lvm vgchange -an vg' ;;
	esac
	echo 'sync; say made yes'
}

copy_from() { # TREE PROGRAM TO
	local file
	for file in "$2" $(chroot "$1" ldd "$2" | grep -o '/[^ ]*'); do
		[ -e "$3$file" ] || install -D "$1$file" "$3$file"
	done
}

### The layout of dracut-ng's tests of root on iSCSI

# dracut_lans: two networks with the addresses of those tests, and the machine's NICs lan0 and lan1 on them.
dracut_lans() {
	switch net50 192.168.50.1/24
	switch net51 192.168.51.1/24
	lan n0 net50 52:54:00:12:34:00
	lan n1 net51 52:54:00:12:34:01
	mkdir -p "$WORK/upper/etc/systemd/network"
	printf '%s\n' '[Match]' MACAddress=52:54:00:12:34:00 '[Link]' Name=lan0 >"$WORK/upper/etc/systemd/network/01-lan0.link"
	printf '%s\n' '[Match]' MACAddress=52:54:00:12:34:01 '[Link]' Name=lan1 >"$WORK/upper/etc/systemd/network/01-lan1.link"
}

# dracut_targets: their three targets. target0 shows the root as LUN 1; target1 and target2 show the two disks of a
# RAID0 as LUNs 2 and 3. Each may be used from one address only, target1 only from net51.
dracut_targets() {
	local n
	dracut_root
	stack raid
	target_start 0.0.0.0 3260
	for n in 0 1 2; do
		tgt new target --tid $((n + 1)) -T "iqn.2009-06.dracut:target$n" || fail "cannot make target$n"
	done
	lun 1 1 "$WORK/root.img"
	lun 2 2 "$WORK/raid-1.img"
	lun 3 3 "$WORK/raid-2.img"
	tgt bind target --tid 1 -I 192.168.50.101
	tgt bind target --tid 2 -I 192.168.51.101
	tgt bind target --tid 3 -I 192.168.50.101
}

# dracut_root: the root file system, which systemd accepts as one, with the label singleroot. Not all of those
# parameters have it mounted for writing.
dracut_root() {
	mkdir -p "$WORK/root/etc" "$WORK/root/guest"
	cp "$BOOT/guest/root-init" "$WORK/root/guest/"
	# busybox's switch_root does not move these mounts.
	printf '%s\n' '#!/bin/sh' '[ -e /proc/mounts ] || mount -t proc proc /proc' \
		'[ -e /sys/class ] || mount -t sysfs sys /sys' '[ -c /dev/ttyS1 ] || mount -t devtmpfs dev /dev' \
		'mount -o remount,rw /' 'exec sh /guest/root-init' >"$WORK/root/usr/sbin/init"
	chmod +x "$WORK/root/usr/sbin/init"
	echo NAME=real >"$WORK/root/etc/os-release"
	cat >>"$WORK/root/scenario" <<-'END'
		say label "$(dd if="/dev/${device##*/}" bs=1 skip=1144 count=16 2>/dev/null | tr -d '\0')" # ext4's s_volume_name
	END
	rootfs "$WORK/root.img"
	e2label "$WORK/root.img" singleroot
}

# dracut_dhcp: the DHCP server of those tests.
dracut_dhcp() {
	serve "dhcp-range=set:net50,192.168.50.150,192.168.50.250,255.255.255.0" \
		"dhcp-range=set:net51,192.168.51.150,192.168.51.250,255.255.255.0" \
		"dhcp-host=52:54:00:12:34:00,set:iscsi-0,192.168.50.101,iscsi-0" \
		"dhcp-host=52:54:00:12:34:01,set:iscsi-1,192.168.51.101,iscsi-1" \
		'dhcp-option=tag:iscsi-0,option:root-path,"iscsi:192.168.50.1:::1:iqn.2009-06.dracut:target0"' \
		'dhcp-option=tag:iscsi-1,option:root-path,"iscsi:192.168.51.1:::1:iqn.2009-06.dracut:target1"'
}

# dracut_case NAME LABEL PARAMETER...: the same as one test of several; dracut_cases_end fails if one has failed.
# $CASES, if set, names those to run.
dracut_case() {
	case " ${CASES-$1} " in *" $1 "*) ;; *) return ;; esac
	if (dracut_boots "${@:2}"); then
		echo "PASS $1" >>"$WORK/cases"
	else
		echo "FAIL $1: $(cat "$WORK/reason")" >>"$WORK/cases"
	fi
	mv "$WORK/serial.log" "$WORK/serial-$1.log"
	mv "$WORK/verdict" "$WORK/verdict-$1"
}
dracut_cases_end() { ! grep -q ^FAIL "$WORK/cases" || fail "$(grep -c ^FAIL "$WORK/cases") of $(wc -l <"$WORK/cases") failed"; }

# dracut_fails NAME PARAMETER...: as one test, the agent fails and the machine ends in the emergency shell.
dracut_fails() {
	case " ${CASES-$1} " in *" $1 "*) ;; *) return 0 ;; esac
	(
		# shellcheck disable=SC2317 # direct of lib.sh calls it
		sound() { :; }
		once "$EMERGENCY" monitor quit
		direct "${@:2}" iscsi_boot.deadline=30
	) || true
	if console | sed '1,/iscsi-boot: boot: failed with status/d' | grep -q -E "$EMERGENCY"; then
		echo "PASS $1" >>"$WORK/cases"
	else
		echo "FAIL $1: no emergency shell after the agent's failure: $(last_line)" >>"$WORK/cases"
	fi
	mv "$WORK/serial.log" "$WORK/serial-$1.log"
}
EMERGENCY='emergency (mode|shell)|Dropping to (a|debug) shell|ash: can.t access tty'

# dracut_boots LABEL PARAMETER...: a machine with these parameters enters the root with that label and uses it.
dracut_boots() {
	local label=$1
	once 'emergency (mode|shell)|Refusing to continue' monitor quit
	direct "${@:2}"
	want label "$label"
	want root-fs ext4
	want root-kernel "$KVER"
	want read-back same
	want_no_log 'No handler for netroot type|Refusing to continue|iscsi_boot_unified not loaded'
	[ "$label" != singleroot ] || want_written "$WORK/root.img"
}

### Roots with layers

# layer_targets: targets of 192.168.50.1, whose LUNs are the disks of each kind of stack(), and target "plain".
layer_targets() {
	local kind
	dracut_root
	target_start 0.0.0.0 3260
	target 1 iqn.2024-01.example:plain "$WORK/root.img"
	for kind in luks lvm lvm2; do stack $kind; done
	target 2 iqn.2024-01.example:luks "$WORK/luks-1.img"
	target 3 iqn.2024-01.example:lvm "$WORK/lvm-1.img"
	target 4 iqn.2024-01.example:lvm2 "$WORK/lvm2-1.img"
	lun 4 2 "$WORK/lvm2-2.img"
}

# layer_words KIND LUN...: the parameters for these LUNs.
layer_words() {
	local lun
	echo "rw rd.iscsi.initiator=$INITIATOR ip=192.168.50.101:::255.255.255.0::${NIC-lan0}:off"
	for lun in "${@:2}"; do echo "iscsi_boot.target=iscsi://192.168.50.1/iqn.2024-01.example:$1/$lun"; done
}

# shellcheck disable=SC2046 # words
layer_cases() {
	local luks=rd.luks
	dracut_case luks inluks $(layer_words luks 1) root=LABEL=inluks \
		"$luks.name=$REAL_UUID=inside" "$luks.key=$REAL_UUID=/etc/luks.key"
	dracut_case lvm inlvm $(layer_words lvm 1) root=/dev/vg/root rd.lvm.vg=vg resume=/dev/vg/swap
	CASES=${CASES-lvm} said_no_resume
	dracut_case lvm2 inlvm $(layer_words lvm2 1 2) root=LABEL=inlvm
	dracut_case disk singleroot rw "rd.iscsi.initiator=$INITIATOR" "root=iscsi:192.168.50.1:::1:iqn.2024-01.example:plain" \
		ip=192.168.50.101:::255.255.255.0::lan0:off
	CASES=${CASES-missing} layer_missing
	dracut_cases_end
}

# Judged by the log of the case before.
said_no_resume() {
	case " $CASES " in *" lvm "*) ;; *) return 0 ;; esac
	if grep -a -q 'iscsi-boot: .*ignoring resume=' "$WORK/serial-lvm.log"; then
		echo "PASS no-resume" >>"$WORK/cases"
	else
		echo "FAIL no-resume: no line says that resume= is ignored" >>"$WORK/cases"
	fi
}

# shellcheck disable=SC2046 # words
layer_missing() {
	local began ended
	case " $CASES " in *" missing "*) ;; *) return 0 ;; esac
	(
		# shellcheck disable=SC2317 # direct of lib.sh calls it
		sound() { :; }
		once 'emergency (mode|shell)' monitor quit
		direct $(layer_words plain 9) root=LABEL=absent
	)
	began=$(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*\[ *\([0-9]*\)\..*iscsi-boot: boot: failed with status.*/\1/p')
	ended=$(tr -d '\r' <"$WORK/serial.log" | grep -a -c 'Timed out waiting for device')
	if [ -n "$began" ] && [ "$ended" -gt 0 ]; then
		echo "PASS missing" >>"$WORK/cases"
	else
		echo "FAIL missing: no emergency shell after the failure" >>"$WORK/cases"
	fi
	mv "$WORK/serial.log" "$WORK/serial-missing.log"
}

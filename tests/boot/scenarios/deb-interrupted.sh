# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034
# groups: real
# dpkg is killed at each step of installing our packages, of their upgrade from "make install", and of their removal;
# then it goes on, as a user has it. At last the disk with the images is full.
# Outcome: each time dpkg finishes and the image is the right one; no image is ever cut short; with a full disk the
# old image stays, the message says so, and the package is configured.
# no machine: it is about files that dpkg and update-initramfs write

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
debian_with initramfs-tools </dev/null
# Small images: only the files of the hooks, and the file system.
echo MODULES=list >>"$WORK/upper/etc/initramfs-tools/conf.d/test"
echo ext4 >"$WORK/upper/etc/initramfs-tools/modules"
make -s -C "$TOP" deb >"$WORK/deb.log" 2>&1 || fail "make deb: $(tail -n 1 "$WORK/deb.log")"
mkdir -p "$WORK/upper/guest/debs"
cp "$TOP"/build/dist/iscsi-boot-{agent,unified-dkms}_*.deb "$WORK/upper/guest/debs/"

cat >"$WORK/upper/guest/interrupt" <<'END'
#!/bin/bash
# interrupt N DPKG-ARGUMENT...: runs dpkg and kills it and its children at the Nth line of its status. Status 1 if
# dpkg was done before.
n=$1
shift
exec 8>&1
# The status has a pipe of its own, which dpkg need not share with what its scripts print.
coproc DPKG { exec setsid dpkg --status-fd 9 "$@" 9>&1 >&8 2>&8 8>&- </dev/null; }
dpkg=$DPKG_PID
while read -r line; do
	echo "$line"
	[[ $line == status:* ]] || continue
	n=$((n - 1))
	[ $n -gt 0 ] || { kill -KILL -- -"$dpkg"; wait "$dpkg"; exit 0; }
done <&"${DPKG[0]}"
wait "$dpkg"
exit 1
END
chmod +x "$WORK/upper/guest/interrupt"
cat >"$WORK/upper/guest/steps" <<'END'
#!/bin/bash
# steps: interrupts each step, goes on, and checks the image.
set -e
kernel=$(ls /lib/modules)
packages="iscsi-boot-agent iscsi-boot-unified-dkms"
has() { # yes|no
	lsinitramfs "/boot/initrd.img-$kernel" >/tmp/list || { echo "WRONG: the image is cut short"; exit 1; }
	[ "$(grep -q '^usr/sbin/iscsi-boot-agent$' /tmp/list && echo yes || echo no)" = "$1" ] ||
		{ echo "WRONG: the agent is in the image: not $1, after $what"; exit 1; }
}
whole() { lsinitramfs "/boot/initrd.img-$kernel" >/dev/null || { echo "WRONG: the image is cut short"; exit 1; }; }
install_again() {
	dpkg --configure -a
	dpkg -i /guest/debs/*.deb
	has yes
	[ -z "$(dpkg --audit)" ] || { echo "WRONG: $(dpkg --audit)"; exit 1; }
}
step=1
while what="step $step of installing" && /guest/interrupt $step -i /guest/debs/*.deb; do
	whole
	install_again
	dpkg -P $packages
	has no
	step=$((step + 2))
done
echo "STEPS install $step"
has yes
step=1
while what="step $step of removing" && /guest/interrupt $step -P $packages; do
	whole
	dpkg --configure -a || true
	dpkg -P $packages
	has no
	install_again
	step=$((step + 2))
done
echo "STEPS remove $step"
has no
make -C /src install
[ -e /usr/src/iscsi-boot-unified-* ] || { echo "WRONG: make install"; exit 1; }
what="an upgrade from make install"
install_again
[ "$(dkms status iscsi-boot-unified | wc -l)" = 1 ] || { echo "WRONG: $(dkms status)"; exit 1; }
dpkg -P $packages
has no
# The disk is full: there is room for the old image only.
mkdir /tmp/boot
cp -a /boot/. /tmp/boot
size=$(du -sk /boot | cut -f 1)
mount -t tmpfs -o size=$((size + 64))k full /boot
cp -a /tmp/boot/. /boot/
before=$(sha256sum </boot/initrd.img-$kernel)
dpkg -i /guest/debs/*.deb 2>&1 | tee /tmp/full
grep -q 'not all images were rebuilt' /tmp/full || { echo "WRONG: a full disk is not told"; exit 1; }
[ "$before" = "$(sha256sum </boot/initrd.img-$kernel)" ] || { echo "WRONG: a full disk changed the image"; exit 1; }
[ -z "$(dpkg --audit)" ] || { echo "WRONG: $(dpkg --audit)"; exit 1; }
umount /boot
echo "ALL RIGHT"
END
chmod +x "$WORK/upper/guest/steps"
command='bash /guest/steps' inside
grep -q '^ALL RIGHT$' "$WORK/inside.log" || fail "$(grep -m 1 WRONG "$WORK/inside.log" || tail -n 1 "$WORK/inside.log")"
note "$(sed -n 's/^STEPS //p' "$WORK/inside.log" | xargs)"

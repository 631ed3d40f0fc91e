# shellcheck shell=bash disable=SC2034
# groups: real
# An installed Debian 12 with initramfs-tools that runs from its LUN. apt installs another kernel with its
# headers; the image is made with MODULES=dep, that is for this machine only. Then it reboots.
# Outcome: DKMS has built the module for that kernel before its image was made; the machine boots into its root
# with that kernel, as real-ibft.

# shellcheck source=tests/boot/lib/real.sh
. "$BOOT/lib/real.sh"
stock 6.1
OLD=$KVER
stock 6.12
debian_with initramfs-tools <<'END'
report
say made-by "$(iscsi-boot-agent show | awk '$1 == "made-by" { print $2 }')"
say module "$(modinfo -n iscsi_boot_unified)"
[ ! -e /second ] || { down poweroff; exit; }
touch /second
echo MODULES=dep >/etc/initramfs-tools/conf.d/dep
read -r began _ </proc/uptime
DEBIAN_FRONTEND=noninteractive dpkg -i /var/cache/apt/archives/*.deb </dev/null >/upgrade.log 2>&1
say upgraded $?
read -r ended _ </proc/uptime
cat /upgrade.log
say took "$began $ended"
say images "$(grep -c 'update-initramfs: Generating /boot/initrd.img-6.12' /upgrade.log)"
iscsi-boot-agent status
say after $?
down reboot
END
make_install
grub_cfg ""
disk "$WORK/disk.img"
target_of "$WORK/disk.img"
LIMIT=3000
HARDWARE=(-m 2048 -smp 2)
sanboot
want_real
want kernel "$OLD"
want made-by module
want upgraded 0
want images 1
want after 0
want_down 60
want_clean "$WORK/disk.img"
took=$(verdict took | awk '{ printf "%.0f", $2 - $1 }')
cp "$WORK/serial.log" "$WORK/serial-1.log"

sanboot
want_real
want kernel "$KVER"
want made-by module
want module "/lib/modules/$KVER/updates/dkms/iscsi_boot_unified.ko.xz" # compressed like that kernel's own
want_down 60
want_clean "$WORK/disk.img"
note "upgraded in $took s; up after $(verdict up) s with $KVER"

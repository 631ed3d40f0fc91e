# shellcheck shell=bash
# groups: dracut generators
# dracut (059, newest): the root is in LUKS on a LUN, in LVM on a LUN, and in LVM over two LUNs; with resume=; and
# the disk itself by root=iscsi:... without another parameter.
# Outcome: each machine enters its root, and says why it does not resume from hibernation. With a LUN that is missing
# the machine ends in the emergency shell 30 s after the agent has given up.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
dracut_lans
mkdir -p "$WORK/upper/etc"
printf secret >"$WORK/upper/etc/luks.key"
dracut_image --add "'crypt lvm resume'" --include /etc/luks.key /etc/luks.key
layer_targets
layer_cases

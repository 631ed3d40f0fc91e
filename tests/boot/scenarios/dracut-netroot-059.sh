# shellcheck shell=bash
# groups: dracut generators
# dracut (059, newest) with its network module, here NetworkManager, and the parameters that its own iSCSI module
# leaves: netroot= and rd.neednet=1.
# Outcome: dracut's netroot finds its handler, and the machine enters its root.

# shellcheck source=tests/boot/lib/dracut.sh
. "$BOOT/lib/dracut.sh"
dracut_of
dracut_lans
dracut_image --add network
dracut_netroot
dracut_boots singleroot "${BY_NETROOT[@]}"

# shellcheck shell=bash
# groups: faults guard
# A root without open-iscsi: the guard alone reconnects for life. All faults of the others: link, silence, reset,
# target, the guard's worker killed, the real root's firewall flushed.
# Outcome: no record is lost, the file system sees no error, and service is back in time.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
MODULES+=(nf_tables nft_ct nf_conntrack)
fault_lab guard
echo nf_tables nft_ct >"$WORK/overlay/fault/modules"
copy_program "$WORK/root" "$(command -v nft)"
initramfs
NO_ISCSID=1 fault_root
fault_boot
for kind in reset target link silence saver; do fault $kind 5; done
fault saver 30
hand 'firewall_up'
within 60 reported firewall up || machine_fails "the firewall did not start"
fault firewall 5
fault firewall 20
fault reset 0
fault_end
fault_note

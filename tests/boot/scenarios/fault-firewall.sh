# shellcheck shell=bash
# groups: faults
# The real root's firewall accepts only packets of established connections. It starts while the session is
# connected, its rules are flushed while its policy is to drop, and it starts again.
# Outcome: the session survives; lost data is retransmitted; no record is lost, and there is no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
MODULES+=(nf_tables nft_ct nf_conntrack)
fault_lab iscsid
echo nf_tables nft_ct >"$WORK/overlay/fault/modules"
copy_program "$WORK/root" "$(command -v nft)"
initramfs
fault_root
fault_boot
hand 'firewall_up'
within 60 reported firewall up || machine_fails "the firewall did not start"
fault firewall 5
fault firewall 20
fault reset 0
fault_end
fault_note

# shellcheck shell=bash
# groups: faults
# The real root's firewall lets in only what belongs to connections that are there; it is started under
# the session's connection, its rules are flushed while its policy is to drop, and it is started again.
# Outcome: the session passes; what was lost meanwhile is sent again; no record, no error.

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
within 60 reported firewall up || machine_fails "no firewall"
fault firewall 5
fault firewall 20
fault reset 0
fault_end
fault_note

# shellcheck shell=bash
# Loads and unloads the module in the debug kernel. The sourcing scenario sets LOADS and ROUNDS.

WORDS="rd.iscsi.initiator=iqn.2026-11.org.example:host1 ip=10.0.0.7:::24::eth9:none "
WORDS+="iscsi_boot.target=iscsi://user:secretsecret@10.0.0.9/iqn.a:b?nic=eth9"
guest <<GUEST
. /guest/debug.sh
lifecycle load $LOADS
lifecycle notify $ROUNDS
leaks
lockdep_awake
GUEST
initramfs
table two-nics
HARDWARE+=(-netdev "user,id=n0"
	-device "virtio-net-pci,netdev=n0,mac=52:54:00:aa:00:01,romfile=")
# Grace periods are expedited because there are many. Informational kernel messages are not printed.
direct "pci=noacpi,nomsi loglevel=6 rcupdate.rcu_expedited=1 $WORDS"

want lifecycle-load "0 "
want lifecycle-notify "0 "
want loads "$LOADS"
want_no_leak
note "$LOADS loads, $(verdict events) events, $(verdict reads) reads, $(verdict wakes) wakes;" \
	"$(verdict notified) changes reported"

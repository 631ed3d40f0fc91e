# shellcheck shell=bash
# groups: check openiscsi
# The machine of busy.sh with iscsistart as login engine (iscsi_boot.engine=open-iscsi).
# Outcome: the same.

ENGINE=open-iscsi
STRICT="iscsi_boot.engine=$ENGINE $STRICT"
# shellcheck source=/dev/null
. "$BOOT/scenarios/busy.sh"

# shellcheck shell=bash
# groups: boots openiscsi
# The machine of killed.sh, where iscsistart logs in (iscsi_boot.engine=open-iscsi).
# Outcome: the same.

ENGINE=open-iscsi
STRICT="iscsi_boot.engine=$ENGINE $STRICT"
# shellcheck source=/dev/null
. "$BOOT/scenarios/killed.sh"

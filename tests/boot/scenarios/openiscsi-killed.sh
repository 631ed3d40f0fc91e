# shellcheck shell=bash
# groups: boots openiscsi
# The machine of killed.sh with iscsistart as login engine (iscsi_boot.engine=open-iscsi).
# Outcome: the same.

ENGINE=open-iscsi
STRICT="iscsi_boot.engine=$ENGINE $STRICT"
# shellcheck source=/dev/null
. "$BOOT/scenarios/killed.sh"

# shellcheck shell=bash
# groups: secrets openiscsi
# The machine of secrets-view.sh with iscsistart as login engine (iscsi_boot.engine=open-iscsi).
# Outcome: the same.

ENGINE=open-iscsi
STRICT="iscsi_boot.engine=$ENGINE $STRICT"
# shellcheck source=/dev/null
. "$BOOT/scenarios/secrets-view.sh"

# shellcheck shell=bash
# groups: boots openiscsi
# The machine of error-wrong-secret.sh with iscsistart as login engine (iscsi_boot.engine=open-iscsi).
# Outcome: the same.

ENGINE=open-iscsi
STRICT="iscsi_boot.engine=$ENGINE $STRICT"
# shellcheck source=/dev/null
. "$BOOT/scenarios/error-wrong-secret.sh"

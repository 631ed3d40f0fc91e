# shellcheck shell=bash
# groups: secrets openiscsi
# The machine of secrets-memory.sh, where iscsistart logs in (iscsi_boot.engine=open-iscsi).
# Outcome: the same.

ENGINE=open-iscsi
STRICT="iscsi_boot.engine=$ENGINE $STRICT"
# shellcheck source=/dev/null
. "$BOOT/scenarios/secrets-memory.sh"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Functions for the scenarios that log in to targets with the quirks of tests/quirks.h: hostile-target edits the
# logins on their way to tgt.

# quirk_list: prints the names of the quirks that a real target can have, with "chap" behind those that need CHAP.
# QUIRKS=REGEX in the environment limits them.
quirk_list() {
	sed -n 's/^\t{ \(\.name = \)*"\([^"]*\)".*/\2 &/p' "$TOP/tests/quirks.h" | grep -v unit_only |
		grep -E "^(${QUIRKS-.*}) " |
		sed 's/^\([^ ]*\) .*\.chap = true.*/\1 chap/; s/^\([^ ]*\) \t.*/\1/'
}

# quirk_targets PREFIX [SUFFIX]: makes the target PREFIX:NAME for each quirk, with the account NAMESUFFIX and the secret
# secretsecret1 if it needs CHAP. Their disk is $WORK/disk.img. Call target_start before.
TID=0
quirk_targets() {
	local name chap digest
	while read -r name chap; do
		TID=$((TID + 1))
		if [ -n "$chap" ]; then
			target $TID "$1:$name" "$WORK/disk.img" "$name${2-}" secretsecret1
		else
			target $TID "$1:$name" "$WORK/disk.img"
		fi
		[ "$name" != digests-forced ] || for digest in HeaderDigest DataDigest; do
			tgt update target --tid $TID --name $digest --value CRC32C || fail "cannot set $digest"
		done
	done < <(quirk_list)
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record of open-iscsi as text: lines "KEY = VALUE" between two comments. What stands here of its
 * readers is that of 2.1.8 (usr/idbm.c), which takes a line to pieces in arrays of fixed size
 * without a look at their ends: so what we put there is judged, and what is too long is left out.
 */
#ifndef AGENT_HANDOFF_RECORD_FILE_H
#define AGENT_HANDOFF_RECORD_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct record_field {
	const char *key;
	const char *value;
};

struct record {
	struct record_field *fields;
	unsigned int nr, room;
	/* We made it: so it says itself, until iscsiadm writes it anew for whoever changes it. */
	bool recorded_disks;
	bool no_memory;
	void *arena; /* private; wiped when freed, since it may hold secrets */
};

/* What may stand in a line: printable, no blanks at its ends, shorter than a reader's 256 bytes. */
bool record_file_value_is_valid(const char *value);
/*
 * Takes the lines of @text (which is taken to pieces, and lives as long as the record) whose key
 * begins with @prefix; what is no such line is left out, and in a record of ours what may not stand
 * in one. Where a key comes again, the last counts.
 */
void record_file_take(struct record *r, char *text, const char *prefix);
/* Sets what @key is, of a value that is fit; else it is away afterwards, and false. */
__attribute__((format(printf, 3, 4))) bool record_set(struct record *r, const char *key,
						      const char *fmt, ...);
void record_file_drop(struct record *r, const char *key);
/* All of it, in the record's arena. NULL without memory. */
const char *record_file_text(struct record *r);
void record_file_free(struct record *r);

#endif

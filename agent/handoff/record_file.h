/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record of open-iscsi as text: lines "KEY = VALUE" between two comments. open-iscsi 2.1.8
 * (usr/idbm.c) copies the parts of a line into arrays of fixed size without a check. Therefore
 * values are checked here, and those that are too long are omitted.
 */
#ifndef AGENT_HANDOFF_RECORD_FILE_H
#define AGENT_HANDOFF_RECORD_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* One line of a record. */
struct record_field {
	const char *key;
	const char *value;
};

/* A record. Begin with { 0 }, end with record_file_free(). */
struct record {
	struct record_field *fields;
	unsigned int nr, room;
	/* handoff created it: the first line marks that, until iscsiadm rewrites it for a user. */
	bool ours;
	bool no_memory; /* a field is missing */
	void *arena; /* private; wiped when freed because it may hold secrets */
};

/* True if @value is printable, not empty, without blanks at its ends and shorter than 256 bytes. */
bool record_file_value_is_valid(const char *value);
/*
 * Adds the fields of @text whose key begins with @prefix. Of two fields with one key, the last
 * counts. Ignores other lines, and in a record that handoff created also invalid keys and values.
 * Cuts @text into pieces; @text must live as long as the record.
 */
void record_file_take(struct record *r, char *text, const char *prefix);
/* Sets field @key. If the value is invalid, removes the field instead and returns false. */
__attribute__((format(printf, 3, 4))) bool record_set(struct record *r, const char *key,
						      const char *fmt, ...);
/* Removes the field @key if it exists. */
void record_file_drop(struct record *r, const char *key);
/* Returns the text of the record, which is in its arena; NULL if out of memory. */
const char *record_file_text(struct record *r);
/* Frees @r and wipes its arena. */
void record_file_free(struct record *r);

#endif

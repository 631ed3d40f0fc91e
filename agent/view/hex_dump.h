/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a table from the text of a hex dump, as bug reports have it. */
#ifndef AGENT_VIEW_HEX_DUMP_H
#define AGENT_VIEW_HEX_DUMP_H

#include <stddef.h>
#include <sys/types.h>

/* True if @bytes begin with iBFT, IBFT or BIFT. */
int is_ibft(const unsigned char *bytes, size_t len);

/*
 * Reads the first iBFT that is dumped in the @len bytes of @text into @out. The forms are those of
 * xxd (also -p), hexdump (also -C), od (-x, -b, -t x1, its default), acpidump and the kernel's log;
 * bytes or words, in either byte order; "*" repeats a line. Other lines are skipped. A table above
 * @room is cut. Returns its size, -ENOENT without one, or -EBADMSG if lines are missing.
 */
ssize_t hex_dump_read(const char *text, size_t len, unsigned char *out, size_t room);

#endif

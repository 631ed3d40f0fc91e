/* SPDX-License-Identifier: GPL-2.0-only */
/* Replaces a file so that readers see either its old or its new content, never a part. */
#ifndef AGENT_BASE_ATOMIC_FILE_H
#define AGENT_BASE_ATOMIC_FILE_H

#include <sys/types.h>

/*
 * Writes the @len bytes of @text to a new file @temp in the directory @temp_dir, sets @mode
 * whatever the umask, syncs it, and renames it to @name in the directory @dir. Removes an old @temp
 * first, and the new one on failure; follows no symbolic link at either name. The caller syncs
 * @dir where that matters. Returns 0 or -errno; -ENOSPC after a short write.
 */
int atomic_file_write(int temp_dir, const char *temp, int dir, const char *name, const char *text,
		      size_t len, mode_t mode);
/* Replaces the file @path in the same way; its temporary name is @path.new. */
int atomic_file_write_path(const char *path, const char *text, size_t len, mode_t mode);

#endif

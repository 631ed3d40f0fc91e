// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk NAME DIR...: prints every directory, link and file below each DIR, sorted, one a line,
 * content in base64:
 *
 *   NAME dir MODE PATH | NAME link MODE PATH CONTENT | NAME file MODE PATH CONTENT | NAME unreadable MODE PATH
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put_base64(const uint8_t *b, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)b[i] << 16 | (i + 1 < len ? b[i + 1] << 8 : 0) |
			     (i + 2 < len ? b[i + 2] : 0);

		putchar(digits[v >> 18]);
		putchar(digits[v >> 12 & 63]);
		putchar(i + 1 < len ? digits[v >> 6 & 63] : '=');
		putchar(i + 2 < len ? digits[v & 63] : '=');
	}
}

/*
 * Reads @path. Returns its length, or -1. sysfs does not report sizes, so this reads until the end
 * of the file.
 */
static ssize_t content(const char *path, uint8_t *buf, size_t size)
{
	size_t len = 0;
	ssize_t got = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	while (fd >= 0 && len < size && (got = read(fd, buf + len, size - len)) > 0)
		len += (size_t)got;
	if (fd >= 0)
		close(fd);
	return got ? -1 : (ssize_t)len;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void print_entry(const char *name, const FTSENT *e)
{
	static uint8_t buf[4 << 20];
	const char *kind = e->fts_info == FTS_D ? "dir" : e->fts_info == FTS_SL ? "link" : "file";
	ssize_t len = -1;

	if (*kind == 'l')
		len = readlink(e->fts_path, (char *)buf, sizeof(buf));
	else if (*kind == 'f')
		len = content(e->fts_path, buf, sizeof(buf));
	if (*kind != 'd' && len < 0)
		kind = "unreadable";
	printf("%s %s %o %s", name, kind, e->fts_statp->st_mode & 07777, e->fts_path);
	if (len >= 0) {
		putchar(' ');
		put_base64(buf, (size_t)len);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	FTSENT *e;
	FTS *tree;

	if (argc < 3)
		errx(2, "usage: walk NAME DIR...");
	tree = fts_open(argv + 2, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	if (!tree)
		err(1, "%s", argv[2]);
	while ((e = fts_read(tree)))
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_NS)
			printf("%s unreadable %o %s\n", argv[1],
			       e->fts_info == FTS_NS ? 0 : e->fts_statp->st_mode & 07777, e->fts_path);
		else if (e->fts_info != FTS_DP)
			print_entry(argv[1], e);
	return fflush(stdout) ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* where FILE: prints the physical address of the first page of FILE, in hex. Needs root. */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1, map = open("/proc/self/pagemap", O_RDONLY);
	volatile const char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	uint64_t entry;

	if (page == MAP_FAILED || map < 0)
		err(1, "where FILE");
	if (page[0] < 0) /* reading maps the page */
		warnx("the first byte of the file is negative");
	/* Documentation/admin-guide/mm/pagemap.rst: bits 0 to 54 are the page frame number. */
	if (pread(map, &entry, sizeof(entry), (off_t)((uintptr_t)page / 4096 * 8)) != sizeof(entry))
		err(1, "pagemap");
	printf("%llx\n", (unsigned long long)((entry & ((1ULL << 55) - 1)) * 4096));
	return 0;
}

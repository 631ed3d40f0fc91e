// SPDX-License-Identifier: GPL-2.0-only
/*
 * load-long MODULE: loads and unloads the module with command lines of 1 MiB as its parameter, which
 * modprobe cannot pass. Prints for each: its kind, and the milliseconds of loading and unloading.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SIZE (1U << 20)

static const char *const kinds[][2] = {
	{ "address", "ip=10.%u.0.2:::24::eth%u:none" },
	{ "mac", "ip=52-54-00-00-%02x-%02x:dhcp" },
	{ "netroot", "netroot=iscsi:10.0.0.1:::1:iqn.a:b%u.%u" },
	{ "uri", "iscsi_boot.target=iscsi://10.0.0.1/iqn.a:b%u/1?nic=eth%u" },
	{ "ifname", "ifname=e%u:52:54:00:00:00:01" },
	{ "vlan", "vlan=v%u.42:eth%u" },
	{ "bootif", "BOOTIF=01-52-54-00-aa-%02x-%02x" },
	{ "rejected", "ip=eth%u:maybe" },
	{ "nameserver", "nameserver=10.0.0.1" },
	{ "password", "iscsi_password=x%u" },
	{ "unsupported", "bond=x" },
	{ "other", "i" },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Fills @text with words of the @kind; NR_KINDS: of all. */
static void fill(char *text, size_t kind)
{
	size_t len = (size_t)sprintf(text, "cmdline=\"");
	unsigned int i;

	for (i = 0; len < SIZE; i++) {
		const char *format = kinds[kind == NR_KINDS ? i % NR_KINDS : kind][1];

		len += (size_t)sprintf(text + len, format, i % 250, i / 250 % 250);
		text[len++] = ' ';
	}
	strcpy(text + len, "\"");
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	char *text = malloc(SIZE + 256);
	double start, loaded;
	size_t kind;
	int fd;

	if (argc != 2 || !text)
		errx(2, "usage: load-long MODULE");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);
	for (kind = 0; kind <= NR_KINDS; kind++) {
		fill(text, kind);
		start = now_ms();
		if (syscall(SYS_finit_module, fd, text, 0))
			err(1, "load");
		loaded = now_ms();
		if (syscall(SYS_delete_module, "iscsi_boot_unified", O_NONBLOCK))
			err(1, "unload");
		printf("%s %.0f %.0f\n", kind < NR_KINDS ? kinds[kind][0] : "mix", loaded - start,
		       now_ms() - loaded);
	}
	return 0;
}

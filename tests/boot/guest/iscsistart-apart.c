// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaces iscsistart: runs iscsistart.real with all its memory on NUMA node 1. So the address of
 * any data that stays in memory shows whether it came from iscsistart. This process keeps no copy
 * of the arguments.
 */
#include <err.h>
#include <linux/mempolicy.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_ARGS 64

int main(int argc, char **argv)
{
	unsigned long node = 1UL << 1;
	char **args, *at;

	if (argc > MAX_ARGS || syscall(SYS_set_mempolicy, MPOL_BIND, &node, 8 * sizeof(node)))
		err(1, "set_mempolicy");
	args = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (args == MAP_FAILED)
		err(1, "mmap");
	at = (char *)(args + MAX_ARGS + 1);
	for (int i = 0; i < argc; i++) {
		args[i] = at;
		at = stpcpy(at, argv[i]) + 1;
		explicit_bzero(argv[i], strlen(argv[i]));
	}
	execv("/usr/sbin/iscsistart.real", args);
	err(127, "iscsistart.real");
}

// SPDX-License-Identifier: GPL-2.0-only
/* tests/unit/test_cmdline.c in the kernel. */
#define main cmdline_tests
static int cmdline_tests(void);
#include "tests/unit/kmod/test_cmdline.c"

UNIT_SUITE("iscsi-boot-cmdline", cmdline_tests);

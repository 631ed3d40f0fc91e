// SPDX-License-Identifier: GPL-2.0-only
/* tests/unit/test_merge.c in the kernel. */
#define main merge_tests
static int merge_tests(void);
#include "tests/unit/kmod/test_merge.c"

UNIT_SUITE("iscsi-boot-merge", merge_tests);

// SPDX-License-Identifier: GPL-2.0-only
/* tests/unit/test_attrs.c in the kernel. */
#define main attrs_tests
static int attrs_tests(void);
#include "tests/unit/kmod/test_attrs.c"

UNIT_SUITE("iscsi-boot-attrs", attrs_tests);

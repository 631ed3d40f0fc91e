// SPDX-License-Identifier: GPL-2.0-only
/* tests/unit/test_ibft.c in the kernel. */
#define main ibft_tests
static int ibft_tests(void);
#include "tests/unit/kmod/test_ibft.c"

UNIT_SUITE("iscsi-boot-ibft", ibft_tests);

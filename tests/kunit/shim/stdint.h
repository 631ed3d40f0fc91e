/* SPDX-License-Identifier: GPL-2.0-only */
/* A header that tests/unit includes; the kernel has its own. */
#include <linux/types.h>

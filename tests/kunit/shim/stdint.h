/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests/unit includes, in the kernel. */
#include <linux/types.h>

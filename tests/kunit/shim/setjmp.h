/* SPDX-License-Identifier: GPL-2.0-only */
/* A header that tests/unit includes; in the kernel it is empty. */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Merges the parameters of firmware and command line into one view. */
#ifndef IBU_MERGE_H
#define IBU_MERGE_H

#include "params.h"

/*
 * Merges the parameters of the command line, @cl, into those of the firmware, @p. Selects targets
 * and sets all derived attributes: @p is then the view, and @cl is empty. Either may be empty
 * before. docs/user/sysfs-abi.md, "Merging", has the rules. Returns 0, or -ENOMEM; the caller then
 * frees both.
 */
int ibu_merge(struct ibu_params *p, struct ibu_params *cl, struct ibu_diag *d);

#endif

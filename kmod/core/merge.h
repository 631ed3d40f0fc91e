/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IBU_MERGE_H
#define IBU_MERGE_H

#include "params.h"

/*
 * Joins what the command line says (@cl, left empty) into what the firmware says (@p), numbers and
 * selects, and sets every attribute that is made from others: after this @p is the view.
 * Rules: docs/user/sysfs-abi.md, "Merging". Either may be empty. Returns 0, or -ENOMEM with
 * both still to be freed.
 */
int ibu_merge(struct ibu_params *p, struct ibu_params *cl, struct ibu_diag *d);

#endif

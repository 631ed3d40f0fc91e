// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and unloads the module: reads the iSCSI boot parameters of the firmware table and the
 * kernel command line and shows them as one view in /sys/firmware/iscsi_boot_unified.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "core/attrs.h"
#include "core/cmdline.h"
#include "core/ibft.h"
#include "core/merge.h"
#include "netdev.h"
#include "source.h"
#include "sysfs.h"

static struct ibu_source ibu_source;
static struct ibu_params ibu_view;
static struct ibu_diag ibu_diag;

/*
 * Reads the input, parses it and merges it into ibu_view. Invalid input adds diagnostics; the only
 * error is -ENOMEM.
 */
static int __init ibu_view_read(void)
{
	struct ibu_params cmdline = {};
	int err;

	err = ibu_source_read(&ibu_source, &ibu_diag);
	if (!err && ibu_source.table)
		err = ibu_ibft_parse(ibu_source.table, ibu_source.table_size, ibu_source.location,
				     &ibu_view, &ibu_diag);
	if (!err && ibu_source.second)
		err = ibu_ibft_parse(ibu_source.second, ibu_source.second_size, ibu_source.location,
				     &ibu_view, &ibu_diag);
	if (!err)
		err = ibu_cmdline_parse(ibu_source.cmdline, ibu_source.cmdline_len, &cmdline,
					&ibu_diag);
	if (!err)
		err = ibu_merge(&ibu_view, &cmdline, &ibu_diag);
	if (!err && ibu_diag.lost)
		err = -ENOMEM;
	ibu_params_free(&cmdline);
	return err;
}

static void ibu_view_free(void)
{
	ibu_params_free(&ibu_view);
	ibu_diag_free(&ibu_diag);
	ibu_source_free(&ibu_source);
}

static void __init ibu_view_log(void)
{
	char sources[32] = "";

	ibu_attr_emit(&ibu_classes[IBU_CLASS_ROOT], IBU_ROOT_SOURCES, &ibu_view.root, sources,
		      sizeof(sources));
	pr_info("sources %s; NICs %u, targets %u, errors %u, warnings %u; see /sys/firmware/%s\n",
		strim(sources), ibu_view.nr_nics, ibu_view.nr_targets, ibu_diag.errors,
		ibu_diag.warnings, KBUILD_MODNAME);
}

static int __init ibu_init(void)
{
	int err;

	err = ibu_view_read();
	if (err)
		goto free_view;
	err = ibu_sysfs_init(&ibu_view, &ibu_source, &ibu_diag);
	if (err)
		goto free_view;
	err = ibu_nic_watch(ibu_sysfs_update, ibu_sysfs_changed);
	if (err)
		goto exit_sysfs;
	ibu_view_log();
	return 0;

exit_sysfs:
	ibu_sysfs_exit();
free_view:
	ibu_view_free();
	return err;
}

static void __exit ibu_exit(void)
{
	ibu_nic_unwatch();
	ibu_sysfs_exit();
	ibu_view_free();
}

module_init(ibu_init);
module_exit(ibu_exit);

MODULE_DESCRIPTION("iSCSI boot parameters of firmware and command line in one view");
MODULE_AUTHOR("The maintainers of iscsi-boot-unified");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.2.0");

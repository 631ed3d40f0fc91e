// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes what the agent reads without the module: tables of ACPI, the module's copy of one in low
 * memory, and the files of the kernel's own driver, from which a table is made. See files.h.
 */
#include "tests/fuzz/files.h"

#include "view/view_fallback.h"

#define ACPI "/sys/firmware/acpi/tables/"
#define DRIVER "/sys/firmware/ibft/"

#define INITIATOR(name) DRIVER "initiator/" name
#define ETHERNET(name) DRIVER "ethernet0/" name, DRIVER "ethernet1/" name
#define TARGET(name) DRIVER "target0/" name, DRIVER "target1/" name

/* Tables first, whose checksum is repaired. */
#define NR_TABLES 5
static const char *const paths[] = {
	ACPI "iBFT",
	ACPI "iBFT1",
	ACPI "IBFT",
	ACPI "BIFT",
	"/sys/firmware/iscsi_boot_unified/ibft/table",
	"/proc/cmdline",
	DRIVER "acpi_header/signature",
	DRIVER "acpi_header/oem_id",
	DRIVER "acpi_header/oem_table_id",
	INITIATOR("index"),
	INITIATOR("flags"),
	INITIATOR("isns-server"),
	INITIATOR("initiator-name"),
	ETHERNET("index"),
	ETHERNET("flags"),
	ETHERNET("ip-addr"),
	ETHERNET("subnet-mask"),
	ETHERNET("prefix-len"),
	ETHERNET("origin"),
	ETHERNET("gateway"),
	ETHERNET("primary-dns"),
	ETHERNET("secondary-dns"),
	ETHERNET("dhcp"),
	ETHERNET("vlan"),
	ETHERNET("mac"),
	TARGET("index"),
	TARGET("flags"),
	TARGET("ip-addr"),
	TARGET("port"),
	TARGET("lun"),
	TARGET("chap-type"),
	TARGET("nic-assoc"),
	TARGET("target-name"),
	TARGET("chap-name"),
	TARGET("chap-secret"),
	TARGET("rev-chap-name"),
	TARGET("rev-chap-name-secret"),
};

#define CMDLINE NR_TABLES

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *copy = copy_of(data, size);
	struct view view = { 0 };
	size_t i;

	files_take(copy, size, paths, ARRAY_SIZE(paths));
	for (i = 0; i < NR_TABLES; i++)
		if (files[i].data)
			repair_checksum((u8 *)(uintptr_t)files[i].data, files[i].len);
	view.cmdline =
		arena_text(&view.arena, (const char *)files[CMDLINE].data, files[CMDLINE].len);
	view.fallback = true;
	if (view_fallback_read("", &view) || !view.diag.len || view.unread)
		abort();
	show_all(&view.params, &view.diag);
	arena_free(&view.arena);
	free(copy);
	return 0;
}

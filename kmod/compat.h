/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check of the oldest kernel, and the names that differ between versions. Kbuild includes this
 * header into each file, so it includes little itself.
 */
#ifndef IBU_COMPAT_H
#define IBU_COMPAT_H

#include <linux/types.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "iscsi_boot_unified needs Linux 5.10 or newer"
#endif

/*
 * Physical address of the table that the kernel itself found and reserved in low memory, or 0.
 * Linux 5.15 replaced the virtual ibft_addr by the physical ibft_phys_addr; Kbuild checks which one
 * exists. The user must include <linux/iscsi_ibft.h> and <linux/io.h>.
 */
#if defined(IBU_HAVE_IBFT_PHYS_ADDR)
#define ibu_reserved_ibft() (ibft_phys_addr)
#elif defined(IBU_HAVE_IBFT_ADDR)
#define ibu_reserved_ibft() (ibft_addr ? virt_to_phys(ibft_addr) : (phys_addr_t)0)
#else
#define ibu_reserved_ibft() ((phys_addr_t)0)
#endif

/*
 * The attribute argument of bin_attribute.read is const since Linux 6.16, and in kernels to which a
 * distribution backported that: its type is taken from the header.
 */
struct file;
struct kobject;
struct bin_attribute;
typedef ssize_t (*ibu_const_reader)(struct file *, struct kobject *, const struct bin_attribute *,
				    char *, loff_t, size_t);
#define ibu_bin_attribute                                                                  \
	typeof(*__builtin_choose_expr(                                                     \
		__builtin_types_compatible_p(typeof(((struct bin_attribute *)NULL)->read), \
					     ibu_const_reader),                            \
		(const struct bin_attribute *)NULL, (struct bin_attribute *)NULL))

#endif

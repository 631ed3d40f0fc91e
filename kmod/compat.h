/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All checks of the kernel version, and the names that differ between versions. Kbuild includes
 * this header into each file, so it includes little itself.
 */
#ifndef IBU_COMPAT_H
#define IBU_COMPAT_H

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

/* Linux 6.16 made the attribute argument of bin_attribute.read const. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define ibu_bin_attribute const struct bin_attribute
#else
#define ibu_bin_attribute struct bin_attribute
#endif

#endif

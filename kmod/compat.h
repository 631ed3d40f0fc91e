/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every check for the kernel's version, and what older kernels have under other names. Kbuild
 * includes it into each file, so it includes little itself.
 */
#ifndef IBU_COMPAT_H
#define IBU_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "iscsi_boot_unified needs Linux 5.10 or newer"
#endif

/*
 * Physical address of the table that the kernel itself found and reserved in low memory, 0 without
 * one. 5.15 made the virtual ibft_addr the physical ibft_phys_addr; Kbuild looks which one there
 * is. For users that include <linux/iscsi_ibft.h> and <linux/io.h>.
 */
#if defined(IBU_HAVE_IBFT_PHYS_ADDR)
#define ibu_reserved_ibft() (ibft_phys_addr)
#elif defined(IBU_HAVE_IBFT_ADDR)
#define ibu_reserved_ibft() (ibft_addr ? virt_to_phys(ibft_addr) : (phys_addr_t)0)
#else
#define ibu_reserved_ibft() ((phys_addr_t)0)
#endif

/* 6.16 made const the attribute that bin_attribute.read is given. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define ibu_bin_attribute const struct bin_attribute
#else
#define ibu_bin_attribute struct bin_attribute
#endif

#endif

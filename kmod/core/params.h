/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boot parameters of any source: one initiator, NICs and targets, and the diagnostics of the
 * input. The parsers fill struct ibu_params, merge.c joins two of them, attrs.c writes them as text
 * and reads them back.
 */
#ifndef IBU_PARAMS_H
#define IBU_PARAMS_H

#include "portable.h"

#define IBU_ABI_VERSION 1

/*
 * Longest text accepted from the input, in bytes. RFC 7143 6.1 limits a text value to 255 bytes and
 * RFC 1035 2.3.4 a host name to 255 octets; the same limit for a path is a choice of this project.
 * An iSCSI name has a separate limit. So every attribute fits in one page of sysfs, even if each
 * byte is escaped.
 */
#define IBU_TEXT_MAX 255
/* RFC 7143 4.2.7.1: an iSCSI name is at most 223 bytes. */
#define IBU_ISCSI_NAME_MAX 223

/*
 * The most entries that are taken from a command line, and the most lines of diagnostics. They
 * bound the time and the memory that an input of any length can cost: each entry is a directory of
 * sysfs. The longest command line of a bootloader, with bootconfig, has 36 KiB, room for some 800
 * of the shortest targets, of which a machine could boot from a few.
 */
#define IBU_NICS_MAX 64
#define IBU_TARGETS_MAX 512
#define IBU_DIAG_LINES_MAX 500

/* Bytes inside the table or the command line: not NUL-terminated, never freed by the holder. */
struct ibu_text {
	const char *s;
	u32 len;
};

/* An IPv6 address, or an IPv4 address as ::ffff:a.b.c.d, as in the iBFT (1.03, section 2). */
struct ibu_addr {
	u8 b[16];
};

/* Sources of an object: a set of bits. */
#define IBU_FROM_IBFT 1
#define IBU_FROM_CMDLINE 2

/* Flags of a NIC or target in the table (iBFT 1.03, 3.6 and 3.7). */
#define IBU_FLAG_VALID 1
#define IBU_FLAG_BOOT_SELECTED 2

/* How a NIC gets its address; ibu_method_names has the names, which are those of dracut's ip=. */
enum ibu_method {
	IBU_METHOD_NONE, /* brought up without an address */
	IBU_METHOD_STATIC,
	IBU_METHOD_DHCP,
	IBU_METHOD_DHCP6,
	IBU_METHOD_AUTO6, /* router advertisements, RFC 4862 */
	IBU_METHOD_EITHER6,
	IBU_METHOD_LINK6, /* link-local only */
	IBU_METHOD_ANY, /* DHCP or DHCPv6 */
	IBU_NR_METHODS,
};

extern const char *const ibu_method_names[IBU_NR_METHODS];

/*
 * Every object begins with these two sets of attributes. The number of a bit is the value of the
 * attribute's enum below, which is also its row in attrs.c.
 */
struct ibu_fields {
	u64 set; /* present */
	u64 from_cmdline; /* supplied by the command line */
};

enum ibu_root_field {
	IBU_ROOT_ABI_VERSION,
	IBU_ROOT_SOURCES,
	IBU_ROOT_ERRORS,
	IBU_ROOT_WARNINGS,
	IBU_ROOT_INITIATOR_NAME,
	IBU_ROOT_INITIATOR_SOURCE,
	IBU_ROOT_ISID,
	IBU_ROOT_ISNS,
	IBU_ROOT_SLP,
	IBU_ROOT_PRI_RADIUS,
	IBU_ROOT_SEC_RADIUS,
	IBU_NR_ROOT_FIELDS,
};

/* The root directory of the view: the initiator and the view itself. */
struct ibu_root {
	struct ibu_fields f;
	u32 abi_version;
	u32 sources; /* IBU_FROM_*, of all objects together */
	u32 errors;
	u32 warnings;
	struct ibu_text initiator_name;
	u32 initiator_source; /* IBU_FROM_* */
	u8 isid[6];
	struct ibu_addr isns;
	struct ibu_addr slp;
	struct ibu_addr pri_radius;
	struct ibu_addr sec_radius;
};

enum ibu_ibft_field {
	IBU_IBFT_SIGNATURE,
	IBU_IBFT_OEM_ID,
	IBU_IBFT_OEM_TABLE_ID,
	IBU_IBFT_REVISION,
	IBU_IBFT_LENGTH,
	IBU_IBFT_LOCATION,
	IBU_IBFT_CONTROL_FLAGS,
	IBU_IBFT_INITIATOR_FLAGS,
	IBU_IBFT_EXTENSIONS,
	IBU_NR_IBFT_FIELDS,
};

/*
 * The table itself: header, control structure, initiator structure. f.set is 0 if there is no
 * table.
 */
struct ibu_ibft {
	struct ibu_fields f;
	struct ibu_text signature;
	struct ibu_text oem_id;
	struct ibu_text oem_table_id;
	u32 revision;
	u32 length;
	struct ibu_text location; /* "acpi", "memory", or "file" in the agent */
	u32 control_flags; /* of the control structure: 1 boot failover (iBFT 1.03, 3.4) */
	u32 initiator_flags; /* 1 valid, 2 boot selected (iBFT 1.03, 3.5) */
	u32 extensions; /* offset of a vendor's structure */
};

enum ibu_nic_field {
	IBU_NIC_SOURCE,
	IBU_NIC_FROM_CMDLINE,
	IBU_NIC_FIRMWARE_INDEX,
	IBU_NIC_FLAGS,
	IBU_NIC_IFNAME,
	IBU_NIC_MAC,
	IBU_NIC_VLAN,
	IBU_NIC_PCI_BDF,
	IBU_NIC_ORIGIN,
	IBU_NIC_METHOD,
	IBU_NIC_IP_ADDR,
	IBU_NIC_PREFIX_LEN,
	IBU_NIC_SUBNET_MASK, /* derived from prefix_len */
	IBU_NIC_GATEWAY,
	IBU_NIC_PRIMARY_DNS,
	IBU_NIC_SECONDARY_DNS,
	IBU_NIC_DHCP,
	IBU_NIC_HOSTNAME,
	IBU_NIC_MTU,
	IBU_NIC_SET_MAC,
	IBU_NR_NIC_FIELDS,
};

/* The configuration of a NIC. The device that it is now is shown in nicN/netdev (netdev.h). */
struct ibu_nic {
	struct ibu_fields f;
	u32 source; /* IBU_FROM_* */
	u32 firmware_index;
	u32 flags; /* as in the table: 1 valid, 2 boot selected, 4 global */
	struct ibu_text ifname; /* name of the device in the command line */
	u8 mac[6];
	u32 vlan; /* 1..4094 */
	u32 pci_bdf; /* bus << 8 | device << 3 | function; the table has no segment */
	u32 origin; /* as in the table (iBFT 1.03, 3.6) */
	u32 method; /* enum ibu_method */
	struct ibu_addr ip;
	u32 prefix_len;
	struct ibu_addr gateway;
	struct ibu_addr primary_dns;
	struct ibu_addr secondary_dns;
	struct ibu_addr dhcp; /* the DHCP server of the lease */
	struct ibu_text hostname;
	u32 mtu;
	u8 set_mac[6]; /* to be given to the device; says nothing about which device it is */
	/* Not shown: the parent device of a VLAN, which becomes the ifname after parsing. */
	struct ibu_text vlan_parent;
	/* Not shown: the name as written, perhaps of a VLAN or BOOTIF; a target may name it. */
	struct ibu_text written;
};

enum ibu_target_field {
	IBU_TARGET_SOURCE,
	IBU_TARGET_FROM_CMDLINE,
	IBU_TARGET_FIRMWARE_INDEX,
	IBU_TARGET_FLAGS,
	IBU_TARGET_SELECTED,
	IBU_TARGET_USABLE,
	IBU_TARGET_NAME,
	IBU_TARGET_IP_ADDR,
	IBU_TARGET_HOST,
	IBU_TARGET_PORT,
	IBU_TARGET_LUN,
	IBU_TARGET_LUN_NUMBER, /* derived from lun */
	IBU_TARGET_TPGT,
	IBU_TARGET_NIC_ASSOC,
	IBU_TARGET_FIRMWARE_NIC_ASSOC,
	IBU_TARGET_CHAP_TYPE,
	IBU_TARGET_CHAP_NAME,
	IBU_TARGET_CHAP_SECRET,
	IBU_TARGET_REV_CHAP_NAME,
	IBU_TARGET_REV_CHAP_SECRET,
	IBU_TARGET_SECRET_FILE,
	IBU_TARGET_TRANSPORT,
	IBU_NR_TARGET_FIELDS,
};

struct ibu_target {
	struct ibu_fields f;
	u32 source; /* IBU_FROM_* */
	u32 firmware_index;
	u32 flags; /* as in the table: 1 valid, 2 boot selected, 4 and 8 CHAP by RADIUS */
	u32 selected; /* 0 or 1 */
	u32 usable; /* 0 or 1: not damaged, incomplete or unreachable, whether selected or not */
	/* Not shown: its data is damaged or incomplete, so the target is never selected. */
	bool unsound;
	/* Not shown: it is of an additional table. */
	bool additional;
	/* Not shown: it has the disk that root= names by its by-path name. */
	bool has_root_disk;
	/* Not shown: may use the credentials and transport of separate parameters. */
	bool takes_shared;
	/* Not shown: the offset of its structure in the table. */
	u32 table_offset;
	u32 port; /* 1..65535 */
	u32 tpgt; /* 0..65535 */
	u32 nic_assoc; /* N of its nicN */
	u32 firmware_nic_assoc;
	u32 chap_type; /* 0 none, 1 CHAP, 2 mutual CHAP */
	u8 lun[8]; /* SAM-5 4.7, big endian */
	struct ibu_text name;
	struct ibu_text host; /* the portal, if the command line has a name instead of an address */
	struct ibu_addr ip;
	struct ibu_text chap_name;
	struct ibu_text chap_secret;
	struct ibu_text rev_chap_name;
	struct ibu_text rev_chap_secret;
	struct ibu_text secret_file; /* absolute path in the initramfs */
	struct ibu_text transport;
	/* Not shown: the NIC of the target, an ifname or a MAC; merge.c resolves it. */
	struct ibu_text nic_hint;
};

enum ibu_severity { IBU_WARNING, IBU_ERROR };

/*
 * The diagnostics of the input, one line each: "severity place field offset: reason". They never
 * contain a byte of a secret. An empty one is all zero; free it with ibu_diag_free().
 */
struct ibu_diag {
	char *text;
	size_t len; /* without the NUL */
	size_t size; /* allocated bytes */
	u32 errors;
	u32 warnings;
	u32 lines; /* added here, also those left out */
	u32 left_out; /* lines beyond IBU_DIAG_LINES_MAX, which no other count includes */
	bool lost; /* memory ran out and text is missing; the caller then fails with -ENOMEM */
};

/* The offset of a diagnostic without a position. */
#define IBU_NO_OFFSET ((size_t)-1)

/*
 * All parameters. Their texts point into the table and the command line, which must live as long.
 * The arrays belong to this struct; an empty one is all zero. Free it with ibu_params_free().
 */
struct ibu_params {
	struct ibu_nic *nics;
	u32 nr_nics;
	u32 max_nics;
	struct ibu_target *targets;
	u32 nr_targets;
	u32 max_targets;
	/* Not shown: the command line asks for the firmware's targets, or forbids them. */
	bool firmware_wanted;
	bool firmware_refused;
	const char *firmware_word; /* constant: the parameter that asks for them */
	size_t firmware_at; /* the offset of its value */
	struct ibu_root root;
	struct ibu_ibft ibft;
	/*
	 * Not shown: the target that root= names by a by-path name of udev; all zero without such a
	 * root=. The merge adds it to the targets, unless one of them has its disk.
	 */
	struct ibu_target root_disk;
};

/* Wipes and frees the arrays. @p is then empty and can be used again. */
void ibu_params_free(struct ibu_params *p);

/*
 * Append a zeroed entry and return it, or NULL if there is no memory. The entry belongs to @p; the
 * next call may move it.
 */
struct ibu_nic *ibu_params_add_nic(struct ibu_params *p);
struct ibu_target *ibu_params_add_target(struct ibu_params *p);

/*
 * Adds one line. @place: "ibft", "ibft.nic0", "cmdline", ...; @field: the name of an attribute or
 * of a kernel command-line parameter; @offset: bytes from the start of the table or the command
 * line, or IBU_NO_OFFSET. The caller never passes bytes of a secret, and escapes other input by
 * ibu_escape().
 */
__printf(6, 7) void ibu_diag_add(struct ibu_diag *d, enum ibu_severity severity, const char *place,
				 const char *field, size_t offset, const char *fmt, ...);
__printf(6, 0) void ibu_diag_vadd(struct ibu_diag *d, enum ibu_severity severity, const char *place,
				  const char *field, size_t offset, const char *fmt, va_list args);
/* Adds a line with the number of lines that were left out, if any were. */
void ibu_diag_close(struct ibu_diag *d, const char *place);
/* Frees the text. @d is then empty and can be used again. */
void ibu_diag_free(struct ibu_diag *d);

/* Marks an attribute present. */
static inline void ibu_set(struct ibu_fields *f, unsigned int field)
{
	f->set |= BIT_ULL(field);
}

/* Is an attribute present? */
static inline bool ibu_has(const struct ibu_fields *f, unsigned int field)
{
	return f->set & BIT_ULL(field);
}

/* Is @t the text @s? */
static inline bool ibu_is(const struct ibu_text *t, const char *s)
{
	return strlen(s) == t->len && (!t->len || !memcmp(t->s, s, t->len));
}

/* Returns the value of a hex digit of either case, or -1. */
int ibu_hex_digit(char c);

/* Are both texts equal? */
static inline bool ibu_text_eq(const struct ibu_text *a, const struct ibu_text *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->s, b->s, a->len));
}

/*
 * Is the address all zero or ::ffff:0.0.0.0? Both mean "no address" (iBFT 1.03, section 2; EDK2
 * writes the latter).
 */
bool ibu_addr_is_null(const struct ibu_addr *a);
/* Returns the prefix length of an IPv4 netmask, or -1 if its ones are not contiguous. */
int ibu_mask_prefix(const struct ibu_addr *mask);
/* Is it link-local, fe80::/10 (RFC 4291 2.5.6)? */
bool ibu_addr_is_link_local(const struct ibu_addr *a);
/* Is it an IPv4 address? */
bool ibu_addr_is_v4(const struct ibu_addr *a);
/*
 * Reads a dotted quad or RFC 4291 text, without brackets or zone. Returns 0, or -EINVAL with @a
 * unchanged.
 */
int ibu_addr_parse(const char *s, size_t len, struct ibu_addr *a);
/* Writes a dotted quad or the shortest text of RFC 5952, with a NUL. */
#define IBU_ADDR_STRLEN 46
void ibu_addr_print(const struct ibu_addr *a, char buf[IBU_ADDR_STRLEN]);
/* Reads aa:bb:cc:dd:ee:ff, or the same with '-'. Returns 0, or -EINVAL with @mac unchanged. */
int ibu_mac_parse(const char *s, size_t len, u8 mac[6]);
/*
 * Returns the number of a LUN with one level: peripheral below 256, flat below 16384, or extended
 * flat addressing (SAM-5 4.7.5 to 4.7.7). Returns -1 for any other LUN.
 */
long ibu_lun_number(const u8 lun[8]);
/*
 * Makes a LUN of @number, with peripheral addressing below 256, else flat. Returns 0, or -EINVAL
 * above 16383.
 */
int ibu_lun_from_number(unsigned long number, u8 lun[8]);
/*
 * Returns the number of the LUN in Linux, in H:C:T:L and in a write to scan (scsilun_to_int() of
 * drivers/scsi/scsi_common.c). It includes the addressing method: LUN 256 in flat addressing is
 * 16640.
 */
u64 ibu_lun_linux(const u8 lun[8]);

#endif

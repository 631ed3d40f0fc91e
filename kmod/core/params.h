/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boot parameters, wherever they came from: one initiator, NICs, targets, and what was wrong
 * with the input. Parsers fill it, merge joins two of it, attrs shows it and reads it back.
 */
#ifndef IBU_PARAMS_H
#define IBU_PARAMS_H

#include "portable.h"

#define IBU_ABI_VERSION 1

/*
 * Longest text taken from outside, in bytes. RFC 7143 6.1 limits a text value to 255 bytes; RFC
 * 1035 2.3.4 a host name to 255 octets; Linux a path by convention here. An IQN has its own limit.
 * With it every attribute fits in the page that sysfs gives, even when each byte is escaped.
 */
#define IBU_TEXT_MAX 255
/* RFC 7143 4.2.7.1: an iSCSI name is at most 223 bytes. */
#define IBU_ISCSI_NAME_MAX 223

/* Bytes of the table or of the command line. Not NUL-terminated, and not ours to free. */
struct ibu_text {
	const char *s;
	u32 len;
};

/*
 * An IPv6 address, or an IPv4 one as ::ffff:a.b.c.d: the form that the iBFT itself uses (section
 * 2).
 */
struct ibu_addr {
	u8 b[16];
};

/* enum ibu_source: a set of bits. */
#define IBU_FROM_IBFT 1
#define IBU_FROM_CMDLINE 2

/* Flags of a NIC or target as the table has them, iBFT 1.03 3.6 and 3.7. */
#define IBU_FLAG_VALID 1
#define IBU_FLAG_BOOT_SELECTED 2

/* How a NIC gets its address. The words are those of dracut's ip=, see ibu_method_names. */
enum ibu_method {
	IBU_METHOD_NONE, /* brought up without an address */
	IBU_METHOD_STATIC,
	IBU_METHOD_DHCP,
	IBU_METHOD_DHCP6,
	IBU_METHOD_AUTO6, /* router advertisements, RFC 4862 */
	IBU_METHOD_EITHER6,
	IBU_METHOD_LINK6, /* link-local only */
	IBU_METHOD_ANY, /* DHCP by whichever family answers */
	IBU_NR_METHODS,
};

extern const char *const ibu_method_names[IBU_NR_METHODS];

/*
 * Every object begins with these two sets: which of its attributes are present, and which of those
 * the command line supplied. A bit is the attribute's enum below, which is also its row in attrs.c.
 */
struct ibu_fields {
	u64 set;
	u64 from_cmdline;
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

/* What there is one of: the initiator and the view itself. */
struct ibu_root {
	struct ibu_fields f;
	u32 abi_version;
	u32 sources; /* IBU_FROM_*, of everything */
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
	IBU_NR_IBFT_FIELDS,
};

/* The header of the table, present (f.set != 0) only with a table. */
struct ibu_ibft {
	struct ibu_fields f;
	struct ibu_text signature;
	struct ibu_text oem_id;
	struct ibu_text oem_table_id;
	u32 revision;
	u32 length;
	struct ibu_text location; /* "acpi" or "memory" */
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
	IBU_NIC_SUBNET_MASK, /* made from prefix_len */
	IBU_NIC_GATEWAY,
	IBU_NIC_PRIMARY_DNS,
	IBU_NIC_SECONDARY_DNS,
	IBU_NIC_DHCP,
	IBU_NIC_HOSTNAME,
	IBU_NIC_MTU,
	IBU_NR_NIC_FIELDS,
};

/* How a NIC was configured; what the kernel has now is not here but in nicN/netdev. */
struct ibu_nic {
	struct ibu_fields f;
	u32 source; /* IBU_FROM_* */
	u32 firmware_index;
	u32 flags; /* as in the table: 1 valid, 2 boot selected, 4 global */
	struct ibu_text ifname; /* by which the command line names it */
	u8 mac[6];
	u32 vlan; /* 1..4094 */
	u32 pci_bdf; /* bus << 8 | device << 3 | function; the table knows no segment */
	u32 origin; /* as in the table, iBFT 1.03 3.6 */
	u32 method; /* enum ibu_method */
	struct ibu_addr ip;
	u32 prefix_len;
	struct ibu_addr gateway;
	struct ibu_addr primary_dns;
	struct ibu_addr secondary_dns;
	struct ibu_addr dhcp; /* the server that gave the lease */
	struct ibu_text hostname;
	u32 mtu;
	/* Not shown: what vlan= puts the device on; ifname becomes this at the end. */
	struct ibu_text vlan_parent;
	/* Not shown: the name as written, a VLAN's or BOOTIF: a target may be bound to it. */
	struct ibu_text written;
};

enum ibu_target_field {
	IBU_TARGET_SOURCE,
	IBU_TARGET_FROM_CMDLINE,
	IBU_TARGET_FIRMWARE_INDEX,
	IBU_TARGET_FLAGS,
	IBU_TARGET_SELECTED,
	IBU_TARGET_NAME,
	IBU_TARGET_IP_ADDR,
	IBU_TARGET_HOST,
	IBU_TARGET_PORT,
	IBU_TARGET_LUN,
	IBU_TARGET_LUN_NUMBER, /* made from lun */
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
	struct ibu_text name;
	struct ibu_addr ip;
	struct ibu_text host; /* the portal, where the command line gives a name, not an address */
	u32 port; /* 1..65535 */
	u8 lun[8]; /* SAM-5 4.7, big endian */
	u32 tpgt; /* 0..65535 */
	u32 nic_assoc; /* N of our nicN */
	u32 firmware_nic_assoc;
	u32 chap_type; /* 0 none, 1 CHAP, 2 mutual CHAP */
	struct ibu_text chap_name;
	struct ibu_text chap_secret;
	struct ibu_text rev_chap_name;
	struct ibu_text rev_chap_secret;
	struct ibu_text secret_file; /* absolute path in the image */
	struct ibu_text transport;
	/* Not shown: a credential is damaged, missing or unresolved, so it is never selected. */
	bool unsound;
	/*
	 * Not shown: NIC by which the command line binds it, an ifname or a MAC; merge resolves it.
	 */
	struct ibu_text nic_hint;
	/* Not shown: of netroot=, which rd.iscsi.username= and the like serve as well. */
	bool takes_shared;
};

enum ibu_severity { IBU_WARNING, IBU_ERROR };

/*
 * What was wrong with the input, a line each: "severity place field offset: reason". Never holds a
 * byte of a secret. Grows; if memory ends, @lost says so and the caller fails its load.
 */
struct ibu_diag {
	char *text;
	size_t len;
	size_t size;
	u32 errors;
	u32 warnings;
	bool lost;
};

/* Offset of a diagnostic that has none. */
#define IBU_NO_OFFSET ((size_t)-1)

/*
 * Texts inside point into the table and the command line, which must live as long. Arrays are ours.
 */
struct ibu_params {
	struct ibu_root root;
	struct ibu_ibft ibft;
	struct ibu_nic *nics;
	u32 nr_nics;
	u32 max_nics;
	struct ibu_target *targets;
	u32 nr_targets;
	u32 max_targets;
	/* Not shown: the command line asks for the firmware's targets too, or for none. */
	bool firmware_wanted;
	bool firmware_refused;
};

/* Frees the arrays, wiping them; @p is then empty and can be used again. */
void ibu_params_free(struct ibu_params *p);
/* A new zeroed entry at the end, owned by @p and moved by the next call; NULL without memory. */
struct ibu_nic *ibu_params_add_nic(struct ibu_params *p);
struct ibu_target *ibu_params_add_target(struct ibu_params *p);

/*
 * Adds one line. @place: "ibft", "ibft.nic0", "cmdline", ...; @field: an attribute's or a word's
 * name; @offset: bytes from the start of table or command line, or IBU_NO_OFFSET. The reason is
 * never given bytes of a secret; other bytes from outside are escaped by ibu_escape() first.
 */
__printf(6, 7) void ibu_diag_add(struct ibu_diag *d, enum ibu_severity severity, const char *place,
				 const char *field, size_t offset, const char *fmt, ...);
__printf(6, 0) void ibu_diag_vadd(struct ibu_diag *d, enum ibu_severity severity, const char *place,
				  const char *field, size_t offset, const char *fmt, va_list args);
void ibu_diag_free(struct ibu_diag *d);

static inline void ibu_set(struct ibu_fields *f, unsigned int field)
{
	f->set |= BIT_ULL(field);
}

static inline bool ibu_has(const struct ibu_fields *f, unsigned int field)
{
	return f->set & BIT_ULL(field);
}

static inline bool ibu_is(const struct ibu_text *t, const char *s)
{
	return strlen(s) == t->len && (!t->len || !memcmp(t->s, s, t->len));
}

/* The value of a hex digit of either case, or -1. */
int ibu_hex_digit(char c);

static inline bool ibu_text_eq(const struct ibu_text *a, const struct ibu_text *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->s, b->s, a->len));
}

/*
 * All zero, or ::ffff:0.0.0.0: both mean "no address" (iBFT 1.03 section 2; EDK2 writes the
 * latter).
 */
bool ibu_addr_is_null(const struct ibu_addr *a);
bool ibu_addr_is_v4(const struct ibu_addr *a);
/* Dotted quad or RFC 4291 text, without brackets or zone. 0, or -EINVAL with @a untouched. */
int ibu_addr_parse(const char *s, size_t len, struct ibu_addr *a);
/* Shortest usual text (RFC 5952) with a NUL, for people and for programs' arguments. */
#define IBU_ADDR_STRLEN 46
void ibu_addr_print(const struct ibu_addr *a, char buf[IBU_ADDR_STRLEN]);
/* aa:bb:cc:dd:ee:ff, or with '-'. 0, or -EINVAL with @mac untouched. */
int ibu_mac_parse(const char *s, size_t len, u8 mac[6]);
/*
 * The number that people call a LUN of one level by: peripheral below 256, flat below 16384 or
 * extended flat addressing (SAM-5 4.7.5 to 4.7.7); -1 where there is none.
 */
long ibu_lun_number(const u8 lun[8]);
/* The reverse: peripheral addressing below 256, else flat. 0, or -EINVAL above 16383. */
int ibu_lun_from_number(unsigned long number, u8 lun[8]);
/*
 * The number that Linux calls it by in H:C:T:L and in a scan write (drivers/scsi/scsi_common.c,
 * scsilun_to_int), which keeps the addressing method: LUN 256 in flat addressing is 16640.
 */
u64 ibu_lun_linux(const u8 lun[8]);

#endif

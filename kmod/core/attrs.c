// SPDX-License-Identifier: GPL-2.0-only
/* The table of attributes, and how values of each kind are written as text and read back. */
#include "attrs.h"

__printf(2, 3) static void ibu_out_print(struct ibu_out *out, const char *fmt, ...)
{
	size_t room = out->len < out->size ? out->size - out->len : 0;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(room ? out->buf + out->len : NULL, room, fmt, args);
	va_end(args);
	if (len > 0)
		out->len += (size_t)len;
}

static void ibu_out_bytes(struct ibu_out *out, const char *s, size_t len)
{
	if (len && out->len < out->size && len <= out->size - out->len)
		memcpy(out->buf + out->len, s, len);
	out->len += len;
}

/* Reads all of @text as one number of at most 32 bits. Returns 0 or -EINVAL. */
static int ibu_scan_u32(const char *text, size_t len, unsigned int base, u32 *value)
{
	u64 n = 0;
	size_t i;

	if (!len || len > 10)
		return -EINVAL;
	for (i = 0; i < len; i++) {
		int d = ibu_hex_digit(text[i]);

		if (d < 0 || d >= (int)base)
			return -EINVAL;
		n = n * base + (unsigned int)d;
	}
	if (n >> 32)
		return -EINVAL;
	*value = (u32)n;
	return 0;
}

/* A decimal number. */

static void ibu_num_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			 const void *member)
{
	ibu_out_print(out, "%u", *(const u32 *)member);
}

static int ibu_num_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			size_t len)
{
	return ibu_scan_u32(text, len, 10, member);
}

/* Text on one line, escaped. */

size_t ibu_escape(const struct ibu_text *t, char *buf, size_t size)
{
	struct ibu_out out = { buf, size, 0 };
	u32 i;

	if (size)
		buf[0] = '\0';
	for (i = 0; i < t->len; i++) {
		u8 c = (u8)t->s[i];

		if (c == '\\')
			ibu_out_print(&out, "\\\\");
		else if (c < 0x20 || c > 0x7e)
			ibu_out_print(&out, "\\x%02X", c);
		else
			ibu_out_print(&out, "%c", c);
	}
	return out.len;
}

static void ibu_text_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			  const void *member)
{
	size_t room = out->len < out->size ? out->size - out->len : 0;

	out->len += ibu_escape(member, room ? out->buf + out->len : NULL, room);
}

static int ibu_unescape_hex(const char *s)
{
	int i, d, value = 0;

	for (i = 0; i < 2; i++) {
		d = ibu_hex_digit(s[i]);
		if (d < 0)
			return -EINVAL;
		value = value << 4 | d;
	}
	return value;
}

static int ibu_text_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			 size_t len)
{
	size_t in = 0, out = 0;

	while (in < len) {
		int c = (u8)text[in++];

		if (c == '\\') {
			if (in < len && text[in] == '\\') {
				in++;
			} else if (len - in >= 3 && text[in] == 'x') {
				c = ibu_unescape_hex(text + in + 1);
				in += 3;
			} else {
				return -EINVAL;
			}
		}
		if (c < 0)
			return -EINVAL;
		text[out++] = (char)c;
	}
	*(struct ibu_text *)member = (struct ibu_text){ text, (u32)out };
	return 0;
}

/* A secret: its bytes, not escaped. */

static void ibu_secret_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			    const void *member)
{
	const struct ibu_text *t = member;

	ibu_out_bytes(out, t->s, t->len);
}

static int ibu_secret_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			   size_t len)
{
	*(struct ibu_text *)member = (struct ibu_text){ text, (u32)len };
	return 0;
}

/* An address as in sysfs-ibft: a dotted quad, or eight full groups as of %pI6. */

static void ibu_addr_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			  const void *member)
{
	const struct ibu_addr *a = member;
	unsigned int i;

	if (ibu_addr_is_v4(a)) {
		ibu_out_print(out, "%u.%u.%u.%u", a->b[12], a->b[13], a->b[14], a->b[15]);
		return;
	}
	for (i = 0; i < 16; i += 2)
		ibu_out_print(out, "%s%04x", i ? ":" : "", ibu_be16(a->b + i));
}

static int ibu_addr_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			 size_t len)
{
	return ibu_addr_parse(text, len, member);
}

/* The IPv4 netmask of a prefix length. */

static void ibu_mask_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			  const void *member)
{
	u32 prefix = *(const u32 *)member;
	u32 mask = prefix && prefix <= 32 ? ~0U << (32 - prefix) : 0;

	ibu_out_print(out, "%u.%u.%u.%u", mask >> 24, mask >> 16 & 255, mask >> 8 & 255,
		      mask & 255);
}

static void ibu_mac_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			 const void *member)
{
	const u8 *m = member;

	ibu_out_print(out, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

static int ibu_mac_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			size_t len)
{
	return ibu_mac_parse(text, len, member);
}

/* bus:device.function, as lspci writes it; the table has no segment. */

static void ibu_bdf_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			 const void *member)
{
	u32 bdf = *(const u32 *)member;

	ibu_out_print(out, "%02x:%02x.%x", bdf >> 8, bdf >> 3 & 31, bdf & 7);
}

static int ibu_bdf_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			size_t len)
{
	u32 bus, dev, fn;

	if (len != 7 || text[2] != ':' || text[5] != '.' || ibu_scan_u32(text, 2, 16, &bus) ||
	    ibu_scan_u32(text + 3, 2, 16, &dev) || ibu_scan_u32(text + 6, 1, 16, &fn) || dev > 31 ||
	    fn > 7)
		return -EINVAL;
	*(u32 *)member = bus << 8 | dev << 3 | fn;
	return 0;
}

/* Eight bytes of a LUN, or six of an ISID, as hex digits without separators. */

static void ibu_hex_emit(struct ibu_out *out, const u8 *bytes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		ibu_out_print(out, "%02x", bytes[i]);
}

static int ibu_hex_scan(u8 *bytes, unsigned int n, const char *text, size_t len)
{
	u8 out[8];
	u32 byte;
	unsigned int i;

	if (len != 2 * n)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		if (ibu_scan_u32(text + 2 * i, 2, 16, &byte))
			return -EINVAL;
		out[i] = (u8)byte;
	}
	memcpy(bytes, out, n);
	return 0;
}

static void ibu_lun_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			 const void *member)
{
	ibu_hex_emit(out, member, 8);
}

static int ibu_lun_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			size_t len)
{
	return ibu_hex_scan(member, 8, text, len);
}

static void ibu_isid_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			  const void *member)
{
	ibu_hex_emit(out, member, 6);
}

static int ibu_isid_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			 size_t len)
{
	return ibu_hex_scan(member, 6, text, len);
}

static void ibu_lun_number_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
				const void *member)
{
	ibu_out_print(out, "%ld", ibu_lun_number(member));
}

/* Names that stand for a number. */

static const char *const ibu_source_names[] = { "none", "ibft", "cmdline", "ibft cmdline" };

static int ibu_name_scan(const char *const *names, u32 n, void *member, const char *text,
			 size_t len)
{
	const struct ibu_text word = { text, (u32)len };
	u32 i;

	for (i = 0; i < n; i++) {
		if (ibu_is(&word, names[i])) {
			*(u32 *)member = i;
			return 0;
		}
	}
	return -EINVAL;
}

static void ibu_source_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			    const void *member)
{
	ibu_out_print(out, "%s", ibu_source_names[*(const u32 *)member & 3]);
}

static int ibu_source_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			   size_t len)
{
	return ibu_name_scan(ibu_source_names, ARRAY_SIZE(ibu_source_names), member, text, len);
}

static void ibu_method_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			    const void *member)
{
	ibu_out_print(out, "%s", ibu_method_names[*(const u32 *)member]);
}

static int ibu_method_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			   size_t len)
{
	return ibu_name_scan(ibu_method_names, IBU_NR_METHODS, member, text, len);
}

/* The names of the attributes that the command line supplied. */

static void ibu_from_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			  const void *member)
{
	const struct ibu_fields *f = obj;
	const char *space = "";
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++) {
		if (f->from_cmdline & BIT_ULL(i)) {
			ibu_out_print(out, "%s%s", space, class->attrs[i].name);
			space = " ";
		}
	}
}

static u64 ibu_attr_bit(const struct ibu_class *class, const char *name, size_t len)
{
	const struct ibu_text word = { name, (u32)len };
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++)
		if (ibu_is(&word, class->attrs[i].name))
			return BIT_ULL(i);
	return 0;
}

static int ibu_from_scan(const struct ibu_class *class, void *obj, void *member, char *text,
			 size_t len)
{
	struct ibu_fields *f = obj;
	size_t start, i = 0;
	u64 bits = 0, bit;

	while (i < len) {
		for (start = i; i < len && text[i] != ' ';)
			i++;
		bit = ibu_attr_bit(class, text + start, i - start);
		if (!bit)
			return -EINVAL;
		bits |= bit;
		i++;
	}
	f->from_cmdline = bits;
	return 0;
}

/* The kinds of values. Rows have their number: a pointer in each would take more space. */

enum ibu_kind_id {
	IBU_KIND_NUM,
	IBU_KIND_TEXT,
	IBU_KIND_SECRET,
	IBU_KIND_ADDR,
	IBU_KIND_MASK,
	IBU_KIND_MAC,
	IBU_KIND_BDF,
	IBU_KIND_LUN,
	IBU_KIND_ISID,
	IBU_KIND_LUN_NUMBER,
	IBU_KIND_SOURCE,
	IBU_KIND_METHOD,
	IBU_KIND_FROM_CMDLINE,
};

const struct ibu_kind ibu_kinds[] = {
	[IBU_KIND_NUM] = { ibu_num_emit, ibu_num_scan, sizeof(u32) },
	[IBU_KIND_TEXT] = { ibu_text_emit, ibu_text_scan, sizeof(struct ibu_text) },
	[IBU_KIND_SECRET] = { ibu_secret_emit, ibu_secret_scan, sizeof(struct ibu_text) },
	[IBU_KIND_ADDR] = { ibu_addr_emit, ibu_addr_scan, sizeof(struct ibu_addr) },
	[IBU_KIND_MASK] = { ibu_mask_emit, NULL, sizeof(u32) },
	[IBU_KIND_MAC] = { ibu_mac_emit, ibu_mac_scan, sizeof(u8[6]) },
	[IBU_KIND_BDF] = { ibu_bdf_emit, ibu_bdf_scan, sizeof(u32) },
	[IBU_KIND_LUN] = { ibu_lun_emit, ibu_lun_scan, sizeof(u8[8]) },
	[IBU_KIND_ISID] = { ibu_isid_emit, ibu_isid_scan, sizeof(u8[6]) },
	[IBU_KIND_LUN_NUMBER] = { ibu_lun_number_emit, NULL, sizeof(u8[8]) },
	[IBU_KIND_SOURCE] = { ibu_source_emit, ibu_source_scan, sizeof(u32) },
	[IBU_KIND_METHOD] = { ibu_method_emit, ibu_method_scan, sizeof(u32) },
	[IBU_KIND_FROM_CMDLINE] = { ibu_from_emit, ibu_from_scan, 0 },
};

/* The rows. */

#define IBU_ROW_ROOT(n, k, m, member)                      \
	{                                                  \
		n, k, offsetof(struct ibu_root, member), m \
	}
#define IBU_ROW_IBFT(n, k, m, member)                      \
	{                                                  \
		n, k, offsetof(struct ibu_ibft, member), m \
	}
#define IBU_ROW_NIC(n, k, m, member)                      \
	{                                                 \
		n, k, offsetof(struct ibu_nic, member), m \
	}
#define IBU_ROW_TARGET(n, k, m, member)                      \
	{                                                    \
		n, k, offsetof(struct ibu_target, member), m \
	}

static const struct ibu_attr ibu_root_attrs[] = {
	[IBU_ROOT_ABI_VERSION] = IBU_ROW_ROOT("abi-version", IBU_KIND_NUM, 0444, abi_version),
	[IBU_ROOT_SOURCES] = IBU_ROW_ROOT("sources", IBU_KIND_SOURCE, 0444, sources),
	[IBU_ROOT_ERRORS] = IBU_ROW_ROOT("errors", IBU_KIND_NUM, 0444, errors),
	[IBU_ROOT_WARNINGS] = IBU_ROW_ROOT("warnings", IBU_KIND_NUM, 0444, warnings),
	[IBU_ROOT_INITIATOR_NAME] =
		IBU_ROW_ROOT("initiator-name", IBU_KIND_TEXT, 0400, initiator_name),
	[IBU_ROOT_INITIATOR_SOURCE] =
		IBU_ROW_ROOT("initiator-source", IBU_KIND_SOURCE, 0444, initiator_source),
	[IBU_ROOT_ISID] = IBU_ROW_ROOT("isid", IBU_KIND_ISID, 0444, isid),
	[IBU_ROOT_ISNS] = IBU_ROW_ROOT("isns-server", IBU_KIND_ADDR, 0400, isns),
	[IBU_ROOT_SLP] = IBU_ROW_ROOT("slp-server", IBU_KIND_ADDR, 0400, slp),
	[IBU_ROOT_PRI_RADIUS] = IBU_ROW_ROOT("pri-radius-server", IBU_KIND_ADDR, 0400, pri_radius),
	[IBU_ROOT_SEC_RADIUS] = IBU_ROW_ROOT("sec-radius-server", IBU_KIND_ADDR, 0400, sec_radius),
};

static const struct ibu_attr ibu_ibft_attrs[] = {
	[IBU_IBFT_SIGNATURE] = IBU_ROW_IBFT("signature", IBU_KIND_TEXT, 0400, signature),
	[IBU_IBFT_OEM_ID] = IBU_ROW_IBFT("oem_id", IBU_KIND_TEXT, 0400, oem_id),
	[IBU_IBFT_OEM_TABLE_ID] = IBU_ROW_IBFT("oem_table_id", IBU_KIND_TEXT, 0400, oem_table_id),
	[IBU_IBFT_REVISION] = IBU_ROW_IBFT("revision", IBU_KIND_NUM, 0400, revision),
	[IBU_IBFT_LENGTH] = IBU_ROW_IBFT("length", IBU_KIND_NUM, 0400, length),
	[IBU_IBFT_LOCATION] = IBU_ROW_IBFT("location", IBU_KIND_TEXT, 0400, location),
	[IBU_IBFT_CONTROL_FLAGS] = IBU_ROW_IBFT("control-flags", IBU_KIND_NUM, 0400, control_flags),
	[IBU_IBFT_INITIATOR_FLAGS] =
		IBU_ROW_IBFT("initiator-flags", IBU_KIND_NUM, 0400, initiator_flags),
	[IBU_IBFT_EXTENSIONS] = IBU_ROW_IBFT("extensions", IBU_KIND_NUM, 0400, extensions),
};

static const struct ibu_attr ibu_nic_attrs[] = {
	[IBU_NIC_SOURCE] = IBU_ROW_NIC("source", IBU_KIND_SOURCE, 0444, source),
	[IBU_NIC_FROM_CMDLINE] = IBU_ROW_NIC("from-cmdline", IBU_KIND_FROM_CMDLINE, 0444, f),
	[IBU_NIC_FIRMWARE_INDEX] =
		IBU_ROW_NIC("firmware-index", IBU_KIND_NUM, 0444, firmware_index),
	[IBU_NIC_FLAGS] = IBU_ROW_NIC("flags", IBU_KIND_NUM, 0444, flags),
	[IBU_NIC_IFNAME] = IBU_ROW_NIC("ifname", IBU_KIND_TEXT, 0444, ifname),
	[IBU_NIC_MAC] = IBU_ROW_NIC("mac", IBU_KIND_MAC, 0444, mac),
	[IBU_NIC_VLAN] = IBU_ROW_NIC("vlan", IBU_KIND_NUM, 0444, vlan),
	[IBU_NIC_PCI_BDF] = IBU_ROW_NIC("pci-bdf", IBU_KIND_BDF, 0444, pci_bdf),
	[IBU_NIC_ORIGIN] = IBU_ROW_NIC("origin", IBU_KIND_NUM, 0444, origin),
	[IBU_NIC_METHOD] = IBU_ROW_NIC("method", IBU_KIND_METHOD, 0444, method),
	[IBU_NIC_IP_ADDR] = IBU_ROW_NIC("ip-addr", IBU_KIND_ADDR, 0444, ip),
	[IBU_NIC_PREFIX_LEN] = IBU_ROW_NIC("prefix-len", IBU_KIND_NUM, 0444, prefix_len),
	[IBU_NIC_SUBNET_MASK] = IBU_ROW_NIC("subnet-mask", IBU_KIND_MASK, 0444, prefix_len),
	[IBU_NIC_GATEWAY] = IBU_ROW_NIC("gateway", IBU_KIND_ADDR, 0444, gateway),
	[IBU_NIC_PRIMARY_DNS] = IBU_ROW_NIC("primary-dns", IBU_KIND_ADDR, 0400, primary_dns),
	[IBU_NIC_SECONDARY_DNS] = IBU_ROW_NIC("secondary-dns", IBU_KIND_ADDR, 0400, secondary_dns),
	[IBU_NIC_DHCP] = IBU_ROW_NIC("dhcp", IBU_KIND_ADDR, 0400, dhcp),
	[IBU_NIC_HOSTNAME] = IBU_ROW_NIC("hostname", IBU_KIND_TEXT, 0444, hostname),
	[IBU_NIC_MTU] = IBU_ROW_NIC("mtu", IBU_KIND_NUM, 0444, mtu),
	[IBU_NIC_SET_MAC] = IBU_ROW_NIC("set-mac", IBU_KIND_MAC, 0444, set_mac),
};

static const struct ibu_attr ibu_target_attrs[] = {
	[IBU_TARGET_SOURCE] = IBU_ROW_TARGET("source", IBU_KIND_SOURCE, 0444, source),
	[IBU_TARGET_FROM_CMDLINE] = IBU_ROW_TARGET("from-cmdline", IBU_KIND_FROM_CMDLINE, 0444, f),
	[IBU_TARGET_FIRMWARE_INDEX] =
		IBU_ROW_TARGET("firmware-index", IBU_KIND_NUM, 0444, firmware_index),
	[IBU_TARGET_FLAGS] = IBU_ROW_TARGET("flags", IBU_KIND_NUM, 0444, flags),
	[IBU_TARGET_SELECTED] = IBU_ROW_TARGET("selected", IBU_KIND_NUM, 0444, selected),
	[IBU_TARGET_USABLE] = IBU_ROW_TARGET("usable", IBU_KIND_NUM, 0444, usable),
	[IBU_TARGET_NAME] = IBU_ROW_TARGET("target-name", IBU_KIND_TEXT, 0444, name),
	[IBU_TARGET_IP_ADDR] = IBU_ROW_TARGET("ip-addr", IBU_KIND_ADDR, 0444, ip),
	[IBU_TARGET_HOST] = IBU_ROW_TARGET("host", IBU_KIND_TEXT, 0444, host),
	[IBU_TARGET_PORT] = IBU_ROW_TARGET("port", IBU_KIND_NUM, 0444, port),
	[IBU_TARGET_LUN] = IBU_ROW_TARGET("lun", IBU_KIND_LUN, 0444, lun),
	[IBU_TARGET_LUN_NUMBER] = IBU_ROW_TARGET("lun-number", IBU_KIND_LUN_NUMBER, 0444, lun),
	[IBU_TARGET_TPGT] = IBU_ROW_TARGET("tpgt", IBU_KIND_NUM, 0444, tpgt),
	[IBU_TARGET_NIC_ASSOC] = IBU_ROW_TARGET("nic-assoc", IBU_KIND_NUM, 0444, nic_assoc),
	[IBU_TARGET_FIRMWARE_NIC_ASSOC] =
		IBU_ROW_TARGET("firmware-nic-assoc", IBU_KIND_NUM, 0444, firmware_nic_assoc),
	[IBU_TARGET_CHAP_TYPE] = IBU_ROW_TARGET("chap-type", IBU_KIND_NUM, 0444, chap_type),
	[IBU_TARGET_CHAP_NAME] = IBU_ROW_TARGET("chap-name", IBU_KIND_TEXT, 0400, chap_name),
	[IBU_TARGET_CHAP_SECRET] =
		IBU_ROW_TARGET("chap-secret", IBU_KIND_SECRET, 0400, chap_secret),
	[IBU_TARGET_REV_CHAP_NAME] =
		IBU_ROW_TARGET("rev-chap-name", IBU_KIND_TEXT, 0400, rev_chap_name),
	[IBU_TARGET_REV_CHAP_SECRET] =
		IBU_ROW_TARGET("rev-chap-name-secret", IBU_KIND_SECRET, 0400, rev_chap_secret),
	[IBU_TARGET_SECRET_FILE] = IBU_ROW_TARGET("secret-file", IBU_KIND_TEXT, 0400, secret_file),
	[IBU_TARGET_TRANSPORT] = IBU_ROW_TARGET("transport", IBU_KIND_TEXT, 0444, transport),
};

const struct ibu_class ibu_classes[IBU_NR_CLASSES] = {
	[IBU_CLASS_ROOT] = { "", ibu_root_attrs, ARRAY_SIZE(ibu_root_attrs) },
	[IBU_CLASS_IBFT] = { "ibft", ibu_ibft_attrs, ARRAY_SIZE(ibu_ibft_attrs) },
	[IBU_CLASS_NIC] = { "nic", ibu_nic_attrs, ARRAY_SIZE(ibu_nic_attrs) },
	[IBU_CLASS_TARGET] = { "target", ibu_target_attrs, ARRAY_SIZE(ibu_target_attrs) },
};

ssize_t ibu_attr_emit(const struct ibu_class *class, unsigned int i, const void *obj, char *buf,
		      size_t size)
{
	const struct ibu_attr *attr = &class->attrs[i];
	struct ibu_out out = { buf, size, 0 };

	ibu_kinds[attr->kind].emit(&out, class, obj, (const u8 *)obj + attr->offset);
	ibu_out_bytes(&out, "\n", 1);
	return out.len <= size ? (ssize_t)out.len : -ENOSPC;
}

bool ibu_attr_equal(const struct ibu_class *class, unsigned int i, const void *a, const void *b)
{
	const struct ibu_attr *attr = &class->attrs[i];

	a = (const u8 *)a + attr->offset;
	b = (const u8 *)b + attr->offset;
	if (attr->kind == IBU_KIND_TEXT || attr->kind == IBU_KIND_SECRET)
		return ibu_text_eq(a, b);
	return !memcmp(a, b, ibu_kinds[attr->kind].size);
}

void ibu_attr_copy(const struct ibu_class *class, unsigned int i, void *dst, const void *src)
{
	const struct ibu_attr *attr = &class->attrs[i];

	memcpy((u8 *)dst + attr->offset, (const u8 *)src + attr->offset,
	       ibu_kinds[attr->kind].size);
	ibu_set(dst, i);
}

int ibu_attr_scan(const struct ibu_class *class, unsigned int i, void *obj, char *text, size_t len)
{
	const struct ibu_attr *attr = &class->attrs[i];
	int err = 0;

	if (!len || text[len - 1] != '\n')
		return -EINVAL;
	if (ibu_kinds[attr->kind].scan)
		err = ibu_kinds[attr->kind].scan(class, obj, (u8 *)obj + attr->offset, text,
						 len - 1);
	if (!err)
		ibu_set(obj, i);
	return err;
}

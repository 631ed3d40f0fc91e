// SPDX-License-Identifier: GPL-2.0-only
/* The table of attributes, and how values of each kind are written as text and read back. */
#include "attrs.h"

__printf(2, 3) static void out_print(struct ibu_out *out, const char *fmt, ...)
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

static void out_bytes(struct ibu_out *out, const char *s, size_t len)
{
	if (len && out->len < out->size && len <= out->size - out->len)
		memcpy(out->buf + out->len, s, len);
	out->len += len;
}

/* Reads all of @text as one number of at most 32 bits. Returns 0 or -EINVAL. */
static int scan_u32(const char *text, size_t len, unsigned int base, u32 *value)
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

static void num_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		     const void *member)
{
	out_print(out, "%u", *(const u32 *)member);
}

static int num_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	return scan_u32(text, len, 10, member);
}

static const struct ibu_kind num_kind = { num_emit, num_scan, sizeof(u32) };

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
			out_print(&out, "\\\\");
		else if (c < 0x20 || c > 0x7e)
			out_print(&out, "\\x%02X", c);
		else
			out_print(&out, "%c", c);
	}
	return out.len;
}

static void text_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		      const void *member)
{
	size_t room = out->len < out->size ? out->size - out->len : 0;

	out->len += ibu_escape(member, room ? out->buf + out->len : NULL, room);
}

static int unescape_hex(const char *s)
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

static int text_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	size_t in = 0, out = 0;

	while (in < len) {
		int c = (u8)text[in++];

		if (c == '\\') {
			if (in < len && text[in] == '\\') {
				in++;
			} else if (len - in >= 3 && text[in] == 'x') {
				c = unescape_hex(text + in + 1);
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

static const struct ibu_kind text_kind = { text_emit, text_scan, sizeof(struct ibu_text) };

/* A secret: its bytes, not escaped. */

static void secret_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			const void *member)
{
	const struct ibu_text *t = member;

	out_bytes(out, t->s, t->len);
}

static int secret_scan(const struct ibu_class *class, void *obj, void *member, char *text,
		       size_t len)
{
	*(struct ibu_text *)member = (struct ibu_text){ text, (u32)len };
	return 0;
}

static const struct ibu_kind secret_kind = { secret_emit, secret_scan, sizeof(struct ibu_text) };

/* An address as in sysfs-ibft: a dotted quad, or eight full groups as of %pI6. */

static void addr_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		      const void *member)
{
	const struct ibu_addr *a = member;
	unsigned int i;

	if (ibu_addr_is_v4(a)) {
		out_print(out, "%u.%u.%u.%u", a->b[12], a->b[13], a->b[14], a->b[15]);
		return;
	}
	for (i = 0; i < 16; i += 2)
		out_print(out, "%s%04x", i ? ":" : "", ibu_be16(a->b + i));
}

static int addr_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	return ibu_addr_parse(text, len, member);
}

static const struct ibu_kind addr_kind = { addr_emit, addr_scan, sizeof(struct ibu_addr) };

/* The IPv4 netmask of a prefix length. */

static void mask_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		      const void *member)
{
	u32 prefix = *(const u32 *)member;
	u32 mask = prefix && prefix <= 32 ? ~0U << (32 - prefix) : 0;

	out_print(out, "%u.%u.%u.%u", mask >> 24, mask >> 16 & 255, mask >> 8 & 255, mask & 255);
}

static const struct ibu_kind mask_kind = { mask_emit, NULL, sizeof(u32) };

static void mac_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		     const void *member)
{
	const u8 *m = member;

	out_print(out, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

static int mac_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	return ibu_mac_parse(text, len, member);
}

static const struct ibu_kind mac_kind = { mac_emit, mac_scan, sizeof(u8[6]) };

/* bus:device.function, as lspci writes it; the table has no segment. */

static void bdf_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		     const void *member)
{
	u32 bdf = *(const u32 *)member;

	out_print(out, "%02x:%02x.%x", bdf >> 8, bdf >> 3 & 31, bdf & 7);
}

static int bdf_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	u32 bus, dev, fn;

	if (len != 7 || text[2] != ':' || text[5] != '.' || scan_u32(text, 2, 16, &bus) ||
	    scan_u32(text + 3, 2, 16, &dev) || scan_u32(text + 6, 1, 16, &fn) || dev > 31 || fn > 7)
		return -EINVAL;
	*(u32 *)member = bus << 8 | dev << 3 | fn;
	return 0;
}

static const struct ibu_kind bdf_kind = { bdf_emit, bdf_scan, sizeof(u32) };

/* Eight bytes of a LUN, or six of an ISID, as hex digits without separators. */

static void hex_emit(struct ibu_out *out, const u8 *bytes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		out_print(out, "%02x", bytes[i]);
}

static int hex_scan(u8 *bytes, unsigned int n, const char *text, size_t len)
{
	u8 out[8];
	u32 byte;
	unsigned int i;

	if (len != 2 * n)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		if (scan_u32(text + 2 * i, 2, 16, &byte))
			return -EINVAL;
		out[i] = (u8)byte;
	}
	memcpy(bytes, out, n);
	return 0;
}

static void lun_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		     const void *member)
{
	hex_emit(out, member, 8);
}

static int lun_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	return hex_scan(member, 8, text, len);
}

static const struct ibu_kind lun_kind = { lun_emit, lun_scan, sizeof(u8[8]) };

static void isid_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		      const void *member)
{
	hex_emit(out, member, 6);
}

static int isid_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	return hex_scan(member, 6, text, len);
}

static const struct ibu_kind isid_kind = { isid_emit, isid_scan, sizeof(u8[6]) };

static void lun_number_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			    const void *member)
{
	out_print(out, "%ld", ibu_lun_number(member));
}

static const struct ibu_kind lun_number_kind = { lun_number_emit, NULL, sizeof(u8[8]) };

/* Names that stand for a number. */

static const char *const source_names[] = { "none", "ibft", "cmdline", "ibft cmdline" };

static int name_scan(const char *const *names, u32 n, void *member, const char *text, size_t len)
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

static void source_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			const void *member)
{
	out_print(out, "%s", source_names[*(const u32 *)member & 3]);
}

static int source_scan(const struct ibu_class *class, void *obj, void *member, char *text,
		       size_t len)
{
	return name_scan(source_names, ARRAY_SIZE(source_names), member, text, len);
}

static const struct ibu_kind source_kind = { source_emit, source_scan, sizeof(u32) };

static void method_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
			const void *member)
{
	out_print(out, "%s", ibu_method_names[*(const u32 *)member]);
}

static int method_scan(const struct ibu_class *class, void *obj, void *member, char *text,
		       size_t len)
{
	return name_scan(ibu_method_names, IBU_NR_METHODS, member, text, len);
}

static const struct ibu_kind method_kind = { method_emit, method_scan, sizeof(u32) };

/* The names of the attributes that the command line supplied. */

static void from_emit(struct ibu_out *out, const struct ibu_class *class, const void *obj,
		      const void *member)
{
	const struct ibu_fields *f = obj;
	const char *space = "";
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++) {
		if (f->from_cmdline & BIT_ULL(i)) {
			out_print(out, "%s%s", space, class->attrs[i].name);
			space = " ";
		}
	}
}

static u64 attr_bit(const struct ibu_class *class, const char *name, size_t len)
{
	const struct ibu_text word = { name, (u32)len };
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++)
		if (ibu_is(&word, class->attrs[i].name))
			return BIT_ULL(i);
	return 0;
}

static int from_scan(const struct ibu_class *class, void *obj, void *member, char *text, size_t len)
{
	struct ibu_fields *f = obj;
	size_t start, i = 0;
	u64 bits = 0, bit;

	while (i < len) {
		for (start = i; i < len && text[i] != ' ';)
			i++;
		bit = attr_bit(class, text + start, i - start);
		if (!bit)
			return -EINVAL;
		bits |= bit;
		i++;
	}
	f->from_cmdline = bits;
	return 0;
}

static const struct ibu_kind from_cmdline_kind = { from_emit, from_scan, 0 };

/* The rows. */

#define ROOT(n, k, m, member)                                 \
	{                                                     \
		n, &(k), offsetof(struct ibu_root, member), m \
	}
#define IBFT(n, k, m, member)                                 \
	{                                                     \
		n, &(k), offsetof(struct ibu_ibft, member), m \
	}
#define NIC(n, k, m, member)                                 \
	{                                                    \
		n, &(k), offsetof(struct ibu_nic, member), m \
	}
#define TARGET(n, k, m, member)                                 \
	{                                                       \
		n, &(k), offsetof(struct ibu_target, member), m \
	}

static const struct ibu_attr root_attrs[] = {
	[IBU_ROOT_ABI_VERSION] = ROOT("abi-version", num_kind, 0444, abi_version),
	[IBU_ROOT_SOURCES] = ROOT("sources", source_kind, 0444, sources),
	[IBU_ROOT_ERRORS] = ROOT("errors", num_kind, 0444, errors),
	[IBU_ROOT_WARNINGS] = ROOT("warnings", num_kind, 0444, warnings),
	[IBU_ROOT_INITIATOR_NAME] = ROOT("initiator-name", text_kind, 0400, initiator_name),
	[IBU_ROOT_INITIATOR_SOURCE] = ROOT("initiator-source", source_kind, 0444, initiator_source),
	[IBU_ROOT_ISID] = ROOT("isid", isid_kind, 0444, isid),
	[IBU_ROOT_ISNS] = ROOT("isns-server", addr_kind, 0400, isns),
	[IBU_ROOT_SLP] = ROOT("slp-server", addr_kind, 0400, slp),
	[IBU_ROOT_PRI_RADIUS] = ROOT("pri-radius-server", addr_kind, 0400, pri_radius),
	[IBU_ROOT_SEC_RADIUS] = ROOT("sec-radius-server", addr_kind, 0400, sec_radius),
};

static const struct ibu_attr ibft_attrs[] = {
	[IBU_IBFT_SIGNATURE] = IBFT("signature", text_kind, 0400, signature),
	[IBU_IBFT_OEM_ID] = IBFT("oem_id", text_kind, 0400, oem_id),
	[IBU_IBFT_OEM_TABLE_ID] = IBFT("oem_table_id", text_kind, 0400, oem_table_id),
	[IBU_IBFT_REVISION] = IBFT("revision", num_kind, 0400, revision),
	[IBU_IBFT_LENGTH] = IBFT("length", num_kind, 0400, length),
	[IBU_IBFT_LOCATION] = IBFT("location", text_kind, 0400, location),
	[IBU_IBFT_CONTROL_FLAGS] = IBFT("control-flags", num_kind, 0400, control_flags),
	[IBU_IBFT_INITIATOR_FLAGS] = IBFT("initiator-flags", num_kind, 0400, initiator_flags),
	[IBU_IBFT_EXTENSIONS] = IBFT("extensions", num_kind, 0400, extensions),
};

static const struct ibu_attr nic_attrs[] = {
	[IBU_NIC_SOURCE] = NIC("source", source_kind, 0444, source),
	[IBU_NIC_FROM_CMDLINE] = NIC("from-cmdline", from_cmdline_kind, 0444, f),
	[IBU_NIC_FIRMWARE_INDEX] = NIC("firmware-index", num_kind, 0444, firmware_index),
	[IBU_NIC_FLAGS] = NIC("flags", num_kind, 0444, flags),
	[IBU_NIC_IFNAME] = NIC("ifname", text_kind, 0444, ifname),
	[IBU_NIC_MAC] = NIC("mac", mac_kind, 0444, mac),
	[IBU_NIC_VLAN] = NIC("vlan", num_kind, 0444, vlan),
	[IBU_NIC_PCI_BDF] = NIC("pci-bdf", bdf_kind, 0444, pci_bdf),
	[IBU_NIC_ORIGIN] = NIC("origin", num_kind, 0444, origin),
	[IBU_NIC_METHOD] = NIC("method", method_kind, 0444, method),
	[IBU_NIC_IP_ADDR] = NIC("ip-addr", addr_kind, 0444, ip),
	[IBU_NIC_PREFIX_LEN] = NIC("prefix-len", num_kind, 0444, prefix_len),
	[IBU_NIC_SUBNET_MASK] = NIC("subnet-mask", mask_kind, 0444, prefix_len),
	[IBU_NIC_GATEWAY] = NIC("gateway", addr_kind, 0444, gateway),
	[IBU_NIC_PRIMARY_DNS] = NIC("primary-dns", addr_kind, 0400, primary_dns),
	[IBU_NIC_SECONDARY_DNS] = NIC("secondary-dns", addr_kind, 0400, secondary_dns),
	[IBU_NIC_DHCP] = NIC("dhcp", addr_kind, 0400, dhcp),
	[IBU_NIC_HOSTNAME] = NIC("hostname", text_kind, 0444, hostname),
	[IBU_NIC_MTU] = NIC("mtu", num_kind, 0444, mtu),
	[IBU_NIC_SET_MAC] = NIC("set-mac", mac_kind, 0444, set_mac),
};

static const struct ibu_attr target_attrs[] = {
	[IBU_TARGET_SOURCE] = TARGET("source", source_kind, 0444, source),
	[IBU_TARGET_FROM_CMDLINE] = TARGET("from-cmdline", from_cmdline_kind, 0444, f),
	[IBU_TARGET_FIRMWARE_INDEX] = TARGET("firmware-index", num_kind, 0444, firmware_index),
	[IBU_TARGET_FLAGS] = TARGET("flags", num_kind, 0444, flags),
	[IBU_TARGET_SELECTED] = TARGET("selected", num_kind, 0444, selected),
	[IBU_TARGET_USABLE] = TARGET("usable", num_kind, 0444, usable),
	[IBU_TARGET_NAME] = TARGET("target-name", text_kind, 0444, name),
	[IBU_TARGET_IP_ADDR] = TARGET("ip-addr", addr_kind, 0444, ip),
	[IBU_TARGET_HOST] = TARGET("host", text_kind, 0444, host),
	[IBU_TARGET_PORT] = TARGET("port", num_kind, 0444, port),
	[IBU_TARGET_LUN] = TARGET("lun", lun_kind, 0444, lun),
	[IBU_TARGET_LUN_NUMBER] = TARGET("lun-number", lun_number_kind, 0444, lun),
	[IBU_TARGET_TPGT] = TARGET("tpgt", num_kind, 0444, tpgt),
	[IBU_TARGET_NIC_ASSOC] = TARGET("nic-assoc", num_kind, 0444, nic_assoc),
	[IBU_TARGET_FIRMWARE_NIC_ASSOC] =
		TARGET("firmware-nic-assoc", num_kind, 0444, firmware_nic_assoc),
	[IBU_TARGET_CHAP_TYPE] = TARGET("chap-type", num_kind, 0444, chap_type),
	[IBU_TARGET_CHAP_NAME] = TARGET("chap-name", text_kind, 0400, chap_name),
	[IBU_TARGET_CHAP_SECRET] = TARGET("chap-secret", secret_kind, 0400, chap_secret),
	[IBU_TARGET_REV_CHAP_NAME] = TARGET("rev-chap-name", text_kind, 0400, rev_chap_name),
	[IBU_TARGET_REV_CHAP_SECRET] =
		TARGET("rev-chap-name-secret", secret_kind, 0400, rev_chap_secret),
	[IBU_TARGET_SECRET_FILE] = TARGET("secret-file", text_kind, 0400, secret_file),
	[IBU_TARGET_TRANSPORT] = TARGET("transport", text_kind, 0444, transport),
};

const struct ibu_class ibu_classes[IBU_NR_CLASSES] = {
	[IBU_CLASS_ROOT] = { "", root_attrs, ARRAY_SIZE(root_attrs) },
	[IBU_CLASS_IBFT] = { "ibft", ibft_attrs, ARRAY_SIZE(ibft_attrs) },
	[IBU_CLASS_NIC] = { "nic", nic_attrs, ARRAY_SIZE(nic_attrs) },
	[IBU_CLASS_TARGET] = { "target", target_attrs, ARRAY_SIZE(target_attrs) },
};

ssize_t ibu_attr_emit(const struct ibu_class *class, unsigned int i, const void *obj, char *buf,
		      size_t size)
{
	const struct ibu_attr *attr = &class->attrs[i];
	struct ibu_out out = { buf, size, 0 };

	attr->kind->emit(&out, class, obj, (const u8 *)obj + attr->offset);
	out_bytes(&out, "\n", 1);
	return out.len <= size ? (ssize_t)out.len : -ENOSPC;
}

bool ibu_attr_equal(const struct ibu_class *class, unsigned int i, const void *a, const void *b)
{
	const struct ibu_attr *attr = &class->attrs[i];

	a = (const u8 *)a + attr->offset;
	b = (const u8 *)b + attr->offset;
	if (attr->kind == &text_kind || attr->kind == &secret_kind)
		return ibu_text_eq(a, b);
	return !memcmp(a, b, attr->kind->size);
}

void ibu_attr_copy(const struct ibu_class *class, unsigned int i, void *dst, const void *src)
{
	const struct ibu_attr *attr = &class->attrs[i];

	memcpy((u8 *)dst + attr->offset, (const u8 *)src + attr->offset, attr->kind->size);
	ibu_set(dst, i);
}

int ibu_attr_scan(const struct ibu_class *class, unsigned int i, void *obj, char *text, size_t len)
{
	const struct ibu_attr *attr = &class->attrs[i];
	int err = 0;

	if (!len || text[len - 1] != '\n')
		return -EINVAL;
	if (attr->kind->scan)
		err = attr->kind->scan(class, obj, (u8 *)obj + attr->offset, text, len - 1);
	if (!err)
		ibu_set(obj, i);
	return err;
}

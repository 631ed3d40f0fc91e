// SPDX-License-Identifier: GPL-2.0-only
#include "show.h"

#include "boot.h"
#include "cleanup.h"
#include "describe.h"

#define VIEW "/sys/firmware/iscsi_boot_unified"

/* What is written so far; text and JSON are made in one walk over the view. */
struct out {
	FILE *file;
	bool json;
	bool first; /* of an object or array: no comma before it */
	int depth;
};

static void put_string(struct out *o, const char *s, size_t len)
{
	size_t i;

	fputc('"', o->file);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			fprintf(o->file, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fprintf(o->file, "\\u%04x", c);
		else
			fputc(c, o->file);
	}
	fputc('"', o->file);
}

/* What stands before a member or an element: comma, new line, and in an object the key. */
static void put_key(struct out *o, const char *key)
{
	fprintf(o->file, "%s\n%*s", o->first ? "" : ",", 2 * o->depth, "");
	o->first = false;
	if (!key)
		return;
	put_string(o, key, strlen(key));
	fputs(": ", o->file);
}

/* '{' or '['; in text a heading, where there is one. */
static void begin(struct out *o, const char *key, char bracket, const char *heading)
{
	if (o->json) {
		if (o->depth)
			put_key(o, key);
		fputc(bracket, o->file);
	} else if (heading) {
		fprintf(o->file, "%s%s\n", o->first ? "" : "\n", heading);
		o->first = false;
	}
	o->first |= o->json;
	o->depth++;
}

static void end(struct out *o, char bracket)
{
	o->depth--;
	if (!o->json)
		return;
	if (!o->first)
		fprintf(o->file, "\n%*s", 2 * o->depth, "");
	o->first = false;
	fputc(bracket, o->file);
}

static void member(struct out *o, const char *key, const char *value)
{
	if (o->json) {
		put_key(o, key);
		put_string(o, value, strlen(value));
	} else {
		fprintf(o->file, "  %-21s %s\n", key, value);
	}
}

static bool is_secret(const struct ibu_class *class, unsigned int i)
{
	return class == &ibu_classes[IBU_CLASS_TARGET] &&
	       (i == IBU_TARGET_CHAP_SECRET || i == IBU_TARGET_REV_CHAP_SECRET);
}

/* Whether it is set is all that is said of a secret. */
static void secret(struct out *o, const char *name, bool set)
{
	AUTO_ARENA arena = NULL;
	char *key;

	if (!o->json) {
		if (set)
			member(o, name, "(set)");
		return;
	}
	key = arena_printf(&arena, "%s-set", name);
	if (!key)
		return;
	put_key(o, key);
	fputs(set ? "true" : "false", o->file);
}

static void attrs(struct out *o, enum ibu_class_id id, const void *obj)
{
	const struct ibu_class *class = &ibu_classes[id];
	AUTO_ARENA arena = NULL;
	unsigned int i;
	char *text;

	for (i = 0; i < class->nr_attrs; i++) {
		if (is_secret(class, i)) {
			secret(o, class->attrs[i].name, ibu_has(obj, i));
			continue;
		}
		text = tree_attr(&arena, id, i, obj);
		if (text)
			member(o, class->attrs[i].name, text);
	}
}

/* What the kernel has now. Files of a NIC without a device cannot be read: then they are absent. */
static void now(struct out *o, const char *root, unsigned int n)
{
	static const char *const files[] = { "netdev/status",	 "netdev/ifname",  "netdev/ifindex",
					     "netdev/operstate", "netdev/carrier", "netdev/mac",
					     "netdev/mtu",	 "netdev/match" };
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;
	size_t i;

	begin(o, "netdev", '{', NULL);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		len = file_read(&arena, &text, "%s" VIEW "/nic%u/%s", root, n, files[i]);
		if (len < 1)
			continue;
		text = describe_text(&arena, &(struct ibu_text){ text, (u32)len - 1 });
		if (text)
			member(o, files[i] + (o->json ? strlen("netdev/") : 0), text);
	}
	end(o, '}');
}

static void nics(struct out *o, const char *root, const struct tree *tree)
{
	char name[24];
	unsigned int n;

	begin(o, "nics", '[', NULL);
	for (n = 0; n < tree->params.nr_nics; n++) {
		snprintf(name, sizeof(name), "nic%u", n);
		begin(o, NULL, '{', name);
		attrs(o, IBU_CLASS_NIC, &tree->params.nics[n]);
		now(o, root, n);
		end(o, '}');
	}
	end(o, ']');
}

static void targets(struct out *o, const struct tree *tree)
{
	char name[24];
	unsigned int n;

	begin(o, "targets", '[', NULL);
	for (n = 0; n < tree->params.nr_targets; n++) {
		snprintf(name, sizeof(name), "target%u", n);
		begin(o, NULL, '{', name);
		attrs(o, IBU_CLASS_TARGET, &tree->params.targets[n]);
		end(o, '}');
	}
	end(o, ']');
}

/* A line of @text each. */
static void lines(struct out *o, const char *text, size_t len)
{
	const char *end_of_text = len ? text + len : text, *eol;

	for (; text < end_of_text; text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end_of_text - text));
		if (!eol)
			eol = end_of_text;
		if (o->json) {
			put_key(o, NULL);
			put_string(o, text, (size_t)(eol - text));
		} else {
			fprintf(o->file, "  %.*s\n", (int)(eol - text), text);
		}
	}
}

static void diagnostics(struct out *o, const struct ibu_diag *d)
{
	if (!o->json && !d->len)
		return;
	begin(o, "diagnostics", '[', "diagnostics");
	lines(o, d->text, d->len);
	end(o, ']');
}

/* KEY=VALUE lines that boot left, see boot.c. */
static void last_boot(struct out *o, const char *root)
{
	AUTO_ARENA arena = NULL;
	char *text, *line, *value, *save;

	if (file_read(&arena, &text, "%s" BOOT_RUN_DIR "/" BOOT_RESULT, root) < 1)
		return;
	begin(o, "last-boot", '{', "last boot");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value = '\0';
		member(o, line, value + 1);
	}
	end(o, '}');
}

void show(const char *root, const struct tree *tree, bool json, FILE *out)
{
	struct out o = { .file = out, .json = json, .first = true };

	begin(&o, NULL, '{', "view");
	member(&o, "made-by", tree->fallback ? "agent" : "module");
	attrs(&o, IBU_CLASS_ROOT, &tree->params.root);
	if (tree->params.ibft.f.set) {
		begin(&o, "ibft", '{', "ibft");
		attrs(&o, IBU_CLASS_IBFT, &tree->params.ibft);
		end(&o, '}');
	}
	nics(&o, root, tree);
	targets(&o, tree);
	diagnostics(&o, &tree->diag);
	last_boot(&o, root);
	end(&o, '}');
	if (json)
		fputc('\n', out);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The command show: prints the view as text or JSON, without secrets. */
#include "cmd/show.h"

#include "base/cleanup.h"
#include "base/diag_text.h"
#include "base/json_writer.h"
#include "base/run_dir.h"
#include "boot/boot.h"
#include "plan/describe.h"

#define VIEW "/sys/firmware/iscsi_boot_unified"

static bool is_secret(const struct ibu_class *class, unsigned int i)
{
	return class == &ibu_classes[IBU_CLASS_TARGET] &&
	       (i == IBU_TARGET_CHAP_SECRET || i == IBU_TARGET_REV_CHAP_SECRET);
}

/* Prints only whether the secret is set. */
static void show_secret(struct json_writer *o, const char *name, bool set)
{
	AUTO_ARENA arena = NULL;
	char *key;

	if (!o->json) {
		if (set)
			json_writer_member(o, name, "(set)");
		return;
	}
	key = arena_printf(&arena, "%s-set", name);
	if (!key)
		return;
	json_writer_key(o, key);
	fputs(set ? "true" : "false", o->file);
}

static void show_attrs(struct json_writer *o, enum ibu_class_id id, const void *obj)
{
	const struct ibu_class *class = &ibu_classes[id];
	AUTO_ARENA arena = NULL;
	unsigned int i;
	char *text;

	for (i = 0; i < class->nr_attrs; i++) {
		if (is_secret(class, i)) {
			show_secret(o, class->attrs[i].name, ibu_has(obj, i));
			continue;
		}
		text = view_attr(&arena, id, i, obj);
		if (text)
			json_writer_member(o, class->attrs[i].name, text);
	}
}

/* Prints the current state of the device of nic@n. Without a device the files cannot be read. */
static void show_device(struct json_writer *o, const char *root, unsigned int n)
{
	static const char *const files[] = { "netdev/status",	 "netdev/ifname",  "netdev/ifindex",
					     "netdev/operstate", "netdev/carrier", "netdev/mac",
					     "netdev/mtu",	 "netdev/match",   "netdev/pci" };
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;
	size_t i;

	if (!root)
		return;
	json_writer_begin(o, "netdev", '{', NULL);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		len = file_read(&arena, &text, "%s" VIEW "/nic%u/%s", root, n, files[i]);
		if (len < 1)
			continue;
		text = describe_text(&arena, &(struct ibu_text){ text, (u32)len - 1 });
		if (text)
			json_writer_member(o, files[i] + (o->json ? strlen("netdev/") : 0), text);
	}
	json_writer_end(o, '}');
}

static void show_nics(struct json_writer *o, const char *root, const struct view *view)
{
	char name[24];
	unsigned int n;

	json_writer_begin(o, "nics", '[', NULL);
	for (n = 0; n < view->params.nr_nics; n++) {
		snprintf(name, sizeof(name), "nic%u", n);
		json_writer_begin(o, NULL, '{', name);
		show_attrs(o, IBU_CLASS_NIC, &view->params.nics[n]);
		if (!view->nr_places) /* the module numbers its own NICs */
			show_device(o, root, n);
		json_writer_end(o, '}');
	}
	json_writer_end(o, ']');
}

static void show_targets(struct json_writer *o, const struct view *view)
{
	char name[24];
	unsigned int n;

	json_writer_begin(o, "targets", '[', NULL);
	for (n = 0; n < view->params.nr_targets; n++) {
		snprintf(name, sizeof(name), "target%u", n);
		json_writer_begin(o, NULL, '{', name);
		show_attrs(o, IBU_CLASS_TARGET, &view->params.targets[n]);
		json_writer_end(o, '}');
	}
	json_writer_end(o, ']');
}

/* In JSON, prints each line unchanged, as the module writes it. */
static void diagnostics_json(struct json_writer *o, const struct ibu_diag *d)
{
	const char *text = d->text, *end = text + d->len, *eol;

	for (; text < end; text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		json_writer_key(o, NULL);
		json_writer_string(o, text, (size_t)(eol - text));
	}
}

static void diagnostics(struct json_writer *o, const struct ibu_diag *d)
{
	if (!o->json && !d->len)
		return;
	json_writer_begin(o, "diagnostics", '[', "diagnostics");
	if (!o->json)
		diag_print(d->text, d->len, "  ", o->file);
	else if (d->len)
		diagnostics_json(o, d);
	json_writer_end(o, ']');
}

/* Prints the initiator name that boot would make, if the view has none or one with variables. */
static void show_made_initiator(struct json_writer *o, const char *root, const struct view *view)
{
	const struct ibu_root *r = &view->params.root;
	struct plan plan;

	if (!root ||
	    (ibu_has(&r->f, IBU_ROOT_INITIATOR_NAME) &&
	     !memchr(r->initiator_name.s, '$', r->initiator_name.len)) ||
	    !view->params.nr_targets || plan_make(root, view, &plan) != STATUS_OK)
		return;
	json_writer_member(o, "initiator-used", plan.initiator_name);
	json_writer_member(o, "initiator-from", plan.initiator_from);
	plan_free(&plan);
}

/* Prints the KEY=VALUE lines that boot wrote to BOOT_RESULT (boot/result.c). */
static void show_last_boot(struct json_writer *o, const char *root)
{
	AUTO_ARENA arena = NULL;
	char *text, *line, *value, *save;

	if (!root || file_read(&arena, &text, "%s" BOOT_RUN_DIR "/" BOOT_RESULT, root) < 1)
		return;
	json_writer_begin(o, "last-boot", '{', "last boot");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value = '\0';
		json_writer_member(o, line, value + 1);
	}
	json_writer_end(o, '}');
}

void show_command(const char *root, const struct view *view, bool json, FILE *out)
{
	struct json_writer o = { .file = out, .json = json, .first = true };

	json_writer_begin(&o, NULL, '{', "view");
	json_writer_member(&o, "made-by", view->fallback || view->nr_places ? "agent" : "module");
	show_attrs(&o, IBU_CLASS_ROOT, &view->params.root);
	show_made_initiator(&o, root, view);
	if (view->params.ibft.f.set) {
		json_writer_begin(&o, "ibft", '{', "ibft");
		show_attrs(&o, IBU_CLASS_IBFT, &view->params.ibft);
		json_writer_end(&o, '}');
	}
	show_nics(&o, root, view);
	show_targets(&o, view);
	diagnostics(&o, &view->diag);
	show_last_boot(&o, root);
	json_writer_end(&o, '}');
	if (json)
		fputc('\n', out);
}

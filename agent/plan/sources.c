// SPDX-License-Identifier: GPL-2.0-only
/* Decides whether there is anything to boot from. */
#include <string.h>

#include "plan/nic_entry.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"

static enum root_path asked_for(const struct ibu_text *value)
{
	if (ibu_is(value, "dhcp"))
		return ROOT_PATH_V4;
	return ibu_is(value, "dhcp6") ? ROOT_PATH_V6 : ROOT_PATH_NO;
}

/* True for dracut's link to the disk that netroot= attaches: it names no other root. */
static bool is_dev_root(const struct ibu_text *value)
{
	return ibu_is(value, "/dev/root") || ibu_is(value, "block:/dev/root");
}

static bool has_dhcp(const struct view *view)
{
	unsigned int n;

	for (n = 0; n < view->params.nr_nics; n++)
		if (nic_wants_dhcp(&view->params.nics[n]))
			return true;
	return false;
}

/* "iscsi" alone means a target that the firmware names, or where it names none, DHCP. */
static bool is_any_iscsi(const struct ibu_text *value)
{
	return ibu_is(value, "iscsi") || ibu_is(value, "iscsi:");
}

/*
 * Returns whether a DHCP root path names the target. If another kind of root= names the root disk,
 * DHCP only configures the network.
 */
static enum root_path wanted_root_path(const struct view *view)
{
	const char *s = view->cmdline, *end = s + strlen(s);
	enum root_path asked = ROOT_PATH_NO;
	struct ibu_text name, value;
	bool other_root = false, any_iscsi = false;

	while (ibu_next_word(&s, end, &name, &value)) {
		if (!ibu_is(&name, "root") && !ibu_is(&name, "netroot"))
			continue;
		if (asked_for(&value) != ROOT_PATH_NO)
			asked = asked_for(&value);
		else if (is_any_iscsi(&value))
			any_iscsi = true;
		else if (!is_dev_root(&value))
			other_root = true;
	}
	if (any_iscsi && asked == ROOT_PATH_NO && !view->params.nr_targets && has_dhcp(view))
		return ROOT_PATH_V4;
	if (asked != ROOT_PATH_NO || other_root || view->params.nr_targets)
		return asked;
	return has_dhcp(view) ? ROOT_PATH_MAYBE : ROOT_PATH_NO;
}

/* True if iscsi_noibft excludes the firmware's targets. */
static bool refuses_firmware(const struct planner *p)
{
	return planner_last_value(p, WORD_NOIBFT).s;
}

/* True if root= or netroot= is a target of the firmware. Other words only allow one. */
static bool root_is_firmwares(const struct planner *p)
{
	static const enum planner_word words[] = { WORD_ROOT, WORD_NETROOT, WORD_ISCSIROOT };
	struct ibu_text value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		value = planner_last_value(p, words[i]);
		if (ibu_asks_firmware(&value))
			return true;
	}
	return false;
}

/* True if the last root= is a by-path name with an invalid part: its target was meant, but lost. */
static bool has_damaged_root(const struct planner *p)
{
	struct ibu_params params = { 0 };

	ibu_by_path_parse(planner_last_value(p, WORD_ROOT), &params);
	return params.root_disk.source && params.root_disk.unsound;
}

static bool has_target(const struct planner *p)
{
	const struct view *view = p->view;
	unsigned int n;

	for (n = 0; n < view->params.nr_targets; n++)
		if (view->params.targets[n].selected ||
		    view->params.targets[n].source & IBU_FROM_CMDLINE)
			return true;
	return (n && !refuses_firmware(p)) || has_damaged_root(p);
}

enum status planner_check_sources(struct planner *p)
{
	static const char failed[] = "cannot find what this machine boots from";
	static const char none[] =
		"root= or netroot= asks for the firmware's target, and it has none";
	static const char advice[] =
		"its iSCSI settings; netroot=iscsi:...; ip=dhcp for a root path of DHCP";
	const struct view *view = p->view;

	p->root_path = wanted_root_path(view);
	if (p->root_path != ROOT_PATH_NO || has_target(p))
		return STATUS_OK;
	if (view->unread && !refuses_firmware(p))
		return planner_fail(p, STATUS_ERROR, failed, "a firmware table cannot be read",
				    "run as root; see iscsi-boot-agent show");
	if (root_is_firmwares(p))
		return planner_fail(p, STATUS_CONFIG, failed, none, advice);
	return planner_nothing(p); /* a local boot */
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the agent's reader of the view. The input has records of three bytes (object, attribute
 * and length), each followed by that many bytes of content. An accepted value must be written again
 * with the same text or same value.
 */
#include "tests/fuzz/show.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "view/view.h"

#define VIEW "/sys/firmware/iscsi_boot_unified"

/* Directories are made below FUZZ_DIR; the script that set it removes them even after a crash. */
static char root[128];

static const struct {
	const char *dir;
	enum ibu_class_id class;
} objects[] = {
	{ "", IBU_CLASS_ROOT },		  { "/ibft", IBU_CLASS_IBFT },
	{ "/nic0", IBU_CLASS_NIC },	  { "/nic1", IBU_CLASS_NIC },
	{ "/nic5", IBU_CLASS_NIC },	  { "/target0", IBU_CLASS_TARGET },
	{ "/target1", IBU_CLASS_TARGET }, { "/target2", IBU_CLASS_TARGET },
};

/* The files of this input, which are removed after it. */
static char *made[64];
static unsigned int nr_made;
/* The input has its own version of the view, perhaps one that the agent does not know. */
static bool own_version;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void remove_root(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_dirs(void)
{
	static const char *const dirs[] = { "/proc", "/sys", "/sys/firmware", VIEW };
	char path[256];
	size_t i;

	snprintf(root, sizeof(root), "%s/fuzz-view.XXXXXX",
		 getenv("FUZZ_DIR") ? getenv("FUZZ_DIR") : "/dev/shm");
	if (!mkdtemp(root))
		abort();
	atexit(remove_root);
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s%s", root, dirs[i]);
		mkdir(path, 0700);
	}
}

static void put(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	close(fd);
}

static void put_attr(const u8 *record, size_t len)
{
	unsigned int o = record[0] % ARRAY_SIZE(objects);
	const struct ibu_class *class = &ibu_classes[objects[o].class];
	unsigned int attr = (record[1] & 0x7f) % (class->nr_attrs + 1);
	char content[257], *path;

	/* Each file ends in a newline, unless the input asks for one without. */
	memcpy(content, record + 3, len);
	if (!(record[1] & 0x80))
		content[len++] = '\n';
	if (nr_made == ARRAY_SIZE(made))
		return;
	own_version |= objects[o].class == IBU_CLASS_ROOT && attr == IBU_ROOT_ABI_VERSION;
	if (asprintf(&path, "%s" VIEW "%s", root, objects[o].dir) < 0)
		abort();
	mkdir(path, 0700);
	free(path);
	if (asprintf(&path, "%s" VIEW "%s/%s", root, objects[o].dir,
		     attr < class->nr_attrs ? class->attrs[attr].name : "diagnostics") < 0)
		abort();
	put(path, content, len);
	made[nr_made++] = path;
}

static void clean(void)
{
	char path[256];
	size_t i;

	while (nr_made) {
		unlink(made[--nr_made]);
		free(made[nr_made]);
	}
	for (i = 1; i < ARRAY_SIZE(objects); i++) {
		snprintf(path, sizeof(path), "%s" VIEW "%s", root, objects[i].dir);
		rmdir(path);
	}
}

/* Checks each accepted attribute: its written form must be read as the same value. */
static void check_object(enum ibu_class_id id, const void *obj)
{
	union {
		struct ibu_root root;
		struct ibu_ibft ibft;
		struct ibu_nic nic;
		struct ibu_target target;
	} again = { 0 };
	const struct ibu_class *class = &ibu_classes[id];
	size_t room = 64 * 1024;
	char *text = malloc(room), *kept = malloc(room);
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++) {
		ssize_t len;

		if (!ibu_has(obj, i))
			continue;
		len = ibu_attr_emit(class, i, obj, text, room);
		if (len < 1)
			abort();
		memcpy(kept, text, (size_t)len);
		/* Attributes that are computed from others are not read. */
		if (!ibu_kinds[class->attrs[i].kind].scan)
			continue;
		if (ibu_attr_scan(class, i, &again, kept, (size_t)len))
			abort();
		if (!ibu_attr_equal(class, i, obj, &again))
			abort();
	}
	free(text);
	free(kept);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct view view;
	char path[256];
	u32 i;

	if (!root[0])
		make_dirs();
	/* Without this file, nothing is read. */
	own_version = false;
	snprintf(path, sizeof(path), "%s" VIEW "/abi-version", root);
	put(path, "1\n", 2);
	while (size >= 3) {
		size_t len = data[2] < size - 3 ? data[2] : size - 3;

		put_attr(data, len);
		data += 3 + len;
		size -= 3 + len;
	}
	snprintf(path, sizeof(path), "%s/proc/cmdline", root);
	put(path, data, size);
	if (view_read(root, &view) || (view.fallback && !own_version))
		abort();
	check_object(IBU_CLASS_ROOT, &view.params.root);
	check_object(IBU_CLASS_IBFT, &view.params.ibft);
	for (i = 0; i < view.params.nr_nics; i++)
		check_object(IBU_CLASS_NIC, &view.params.nics[i]);
	for (i = 0; i < view.params.nr_targets; i++)
		check_object(IBU_CLASS_TARGET, &view.params.targets[i]);
	view_free(&view);
	clean();
	return 0;
}

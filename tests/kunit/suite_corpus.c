// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses all of tests/data, makes the files, reads every file and compares the result with the
 * golden text, byte for byte. corpus.inc is made by tests/kunit/corpus.
 */
#include "view.h"

struct entry {
	const char *name;
	const u8 *table, *cmdline, *tree; /* each with a NUL after it */
	size_t table_size, cmdline_size, tree_size;
};

static const struct entry entries[] = {
#include "corpus.inc"
};

static void describe(const struct entry *e, char *desc)
{
	strscpy(desc, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(entry, entries, describe);

struct text {
	char *s;
	size_t len, size;
};

static void add(struct kunit *test, struct text *t, const char *s, size_t len)
{
	KUNIT_ASSERT_LT(test, t->len + len, t->size);
	memcpy(t->s + t->len, s, len);
	t->len += len;
}

/*
 * Appends "PATH MODE CONTENT", as tests/data/dump.h writes it; nothing if the file does not exist.
 */
static void add_file(struct kunit *test, struct text *t, const char *path, char separator)
{
	struct file *file = view_open(path);
	char *content, head[128];
	size_t len;

	if (file == ERR_PTR(-ENOENT))
		return;
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	len = snprintf(head, sizeof(head), "%s %04o%c", path, file_inode(file)->i_mode & 0777,
		       separator);
	add(test, t, head, len);
	content = view_slurp(test, file, &len);
	filp_close(file, NULL);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(content), "%s: error %ld", path, PTR_ERR(content));
	add(test, t, content, len);
	kunit_kfree(test, content);
}

/* Appends every attribute that the object can have, and checks that it has no other files. */
static void add_object(struct kunit *test, struct text *t, enum ibu_class_id id, const char *dir,
		       const struct ibu_fields *f, int others)
{
	const struct ibu_class *class = &ibu_classes[id];
	char path[128];
	unsigned int i;

	for (i = 0; i < class->nr_attrs; i++) {
		snprintf(path, sizeof(path), "%s%s", dir, class->attrs[i].name);
		add_file(test, t, path, ' ');
	}
	KUNIT_EXPECT_EQ_MSG(test, view_count(dir), (int)hweight64(f->set) + others, "in %s", dir);
}

static void add_tree(struct kunit *test, struct text *t)
{
	const struct test_view *v = test->priv;
	const struct ibu_params *p = &v->p;
	bool ibft = v->source.table;
	char dir[32];
	u32 i;

	/* generation, diagnostics */
	add_object(test, t, IBU_CLASS_ROOT, "", &p->root.f,
		   2 + ibft + (int)p->nr_nics + (int)p->nr_targets);
	if (ibft) /* and the table */
		add_object(test, t, IBU_CLASS_IBFT, "ibft/", &p->ibft.f, 1);
	for (i = 0; i < p->nr_nics; i++) { /* and netdev/ */
		snprintf(dir, sizeof(dir), "nic%u/", i);
		add_object(test, t, IBU_CLASS_NIC, dir, &p->nics[i].f, 1);
		view_expect(test, strcat(dir, "netdev/status"), "absent");
	}
	for (i = 0; i < p->nr_targets; i++) {
		snprintf(dir, sizeof(dir), "target%u/", i);
		add_object(test, t, IBU_CLASS_TARGET, dir, &p->targets[i].f, 0);
	}
	if (v->d.len)
		add_file(test, t, "diagnostics", '\n');
}

/* Reports the first line that differs. */
static void compare(struct kunit *test, const struct text *found, const struct entry *e)
{
	const char *tree = e->tree;
	size_t i = 0, line = 0;

	while (i < found->len && i < e->tree_size && found->s[i] == tree[i])
		if (found->s[i++] == '\n')
			line = i;
	KUNIT_EXPECT_TRUE_MSG(test, i == found->len && i == e->tree_size,
			      "found '%.*s', wanted '%.*s'",
			      (int)strcspn(found->s + line, "\n"), found->s + line,
			      (int)strcspn(tree + line, "\n"), tree + line);
}

static void golden(struct kunit *test)
{
	const struct entry *e = test->param_value;
	struct text t = { .size = 64 * 1024 };
	char *table;
	size_t len;

	t.s = kunit_kzalloc(test, t.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t.s);
	view_read(test, e->table, e->table_size, e->cmdline, e->cmdline_size);
	view_create(test);
	add_tree(test, &t);
	compare(test, &t, e);
	if (e->table) {
		table = view_content(test, "ibft/table", &len);
		KUNIT_ASSERT_FALSE(test, IS_ERR(table));
		KUNIT_EXPECT_EQ(test, len, e->table_size);
		KUNIT_EXPECT_EQ(test, memcmp(table, e->table, min(len, e->table_size)), 0);
	}
	view_destroy(test);
	KUNIT_EXPECT_EQ(test, view_count(""), -ENOENT);
}

/*
 * Parses each input cut after each byte: no byte after the end may be read. Some become files as
 * well.
 */
static void cut_short(struct kunit *test)
{
	const struct entry *e = test->param_value;
	size_t size, most = max(e->table_size, e->cmdline_size);

	for (size = 0; size < most; size++) {
		view_read(test, e->table, min(size, e->table_size), e->cmdline,
			  min(size, e->cmdline_size));
		if (size % 64 == 0) {
			view_create(test);
			view_expect(test, "abi-version", "1");
		}
		view_exit(test);
		memset(test->priv, 0, sizeof(struct test_view));
	}
}

static struct kunit_case corpus_cases[] = {
	KUNIT_CASE_PARAM(golden, entry_gen_params),
	KUNIT_CASE_PARAM(cut_short, entry_gen_params),
	{}
};

static struct kunit_suite corpus_suite = {
	.name = "iscsi-boot-corpus",
	.init = view_init,
	.exit = view_exit,
	.test_cases = corpus_cases,
};

kunit_test_suite(corpus_suite);

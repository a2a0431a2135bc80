/* Any text: where an editor of markers would cut lies inside of it, and what is registered in a config is read back. */
#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "config/ini.h"
#include "config/register.h"
#include "config/toml.h"
#include "fix/head.h"
#include "python/outline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str padded(struct arena *arena, const uint8_t *data, size_t size)
{
	char *text = arena_alloc(arena, size + FILE_PADDING);
	memcpy(text, data, size);
	return (struct str){text, size};
}

static void cut(struct arena *arena, struct str text)
{
	struct intern names;
	struct facts facts = {0};
	struct text_list list;
	intern_init(&names, arena);
	outline_read(arena, arena, &names, text, &facts);
	struct head head = head_of(&facts, text);
	assert(head.import_at <= text.n && head.mark_at <= text.n);
	head_paragraph(arena, text, head.import_at, STR("import pytest"), head.follows_text, true);
	for (size_t e = 1; e < facts.exprs.n; e++) {
		size_t end = text_chain_end(text, facts.exprs.at[e].at);
		assert(end == SIZE_MAX || end <= text.n);
		if (facts.exprs.at[e].kind != EXPR_LIST || !text_read_list(arena, text, facts.exprs.at[e].at, &list))
			continue;
		assert(list.close < text.n);
		for (size_t i = 0; i < list.items.n; i++)
			assert(list.open < list.items.at[i].from && list.items.at[i].to <= list.close);
	}
}

static void enter(struct arena *arena, const char *path, struct str text)
{
	struct err err = {0};
	struct str to;
	struct toml_value top;
	ini_entries entries;
	bool found;
	strs lines = {0};
	vec_push(arena, &lines, STR("pg: needs postgres"));
	bool is_toml = str_ends(str_of(path), STR(".toml"));
	if (!is_toml && !ini_read(arena, text, path, "pytest", &entries, &found, &err))
		return;
	if (!is_toml && !found) /* then nothing of it was read */
		return;
	if (!register_markers(arena, path, text, &lines, &to, &err))
		return;
	to = padded(arena, (const uint8_t *)to.at, to.n);
	err = (struct err){0};
	if (is_toml)
		assert(toml_parse(arena, to, path, &top, &err));
	else
		assert(ini_read(arena, to, path, "pytest", &entries, &found, &err) && found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	arena_init(&arena, NULL);
	struct str text = padded(&arena, data, size);
	cut(&arena, text);
	enter(&arena, "pytest.ini", text);
	enter(&arena, "pyproject.toml", text);
	arena_free(&arena);
	return 0;
}

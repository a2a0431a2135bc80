/* From the bridge's flat list to a tree in an arena. */
#include "config/toml.h"

#include <string.h>

#include "config/bridge.h"

static struct toml_value value_of(const struct bridge_node *node, const char *text, struct toml_value *values)
{
	return (struct toml_value){
	        .kind = (enum toml_kind)node->kind,
	        .key = {text + node->key, node->n_key},
	        .key_line = node->key_line,
	        .key_column = node->key_column,
	        .line = node->line,
	        .column = node->column,
	        .text = {text + node->text, node->n_text},
	        .integer = node->integer,
	        .real = node->real,
	        .truth = node->truth,
	        .at = values + node->first,
	        .n = node->n,
	};
}

static void copy_tree(struct arena *out, const struct bridge *bridge, struct toml_value *top)
{
	size_t n, n_text;
	const struct bridge_node *nodes = bridge_nodes(bridge, &n);
	const char *from = bridge_text(bridge, &n_text);
	const char *text = str_copy(out, (struct str){from, n_text}).at;
	struct toml_value *values = arena_array(out, struct toml_value, n);
	for (size_t i = 0; i < n; i++)
		values[i] = value_of(&nodes[i], text, values);
	*top = values[0];
}

/* The bridge is not in an arena: when `out` runs out of memory, free it and pass the news on. */
static void copy_or_free(struct arena *out, struct bridge *bridge, struct toml_value *top)
{
	jmp_buf here, *outer = out->trap;
	out->trap = &here;
	bool failed = setjmp(here) != 0;
	if (!failed)
		copy_tree(out, bridge, top);
	out->trap = outer;
	bridge_free(bridge);
	if (failed)
		arena_no_memory(out);
}

bool toml_parse(struct arena *out, struct str text, const char *path, struct toml_value *top, struct err *err)
{
	struct bridge_error error;
	struct bridge *bridge = bridge_parse(text.at, text.n, &error);
	if (bridge) {
		copy_or_free(out, bridge, top);
		return true;
	}
	if (error.no_memory)
		arena_no_memory(out);
	return fail_usage(err, "%s:%u:%u: %s", path, error.line, error.column, error.text);
}

const struct toml_value *toml_get(const struct toml_value *table, const char *key)
{
	if (!table || table->kind != TOML_TABLE)
		return NULL;
	for (size_t i = 0; i < table->n; i++)
		if (str_eq(table->at[i].key, str_of(key)))
			return &table->at[i];
	return NULL;
}

const char *toml_kind_name(enum toml_kind kind)
{
	static const char *const names[] = {
	        "a table", "a list", "a string", "a whole number", "a number", "true or false", "a date",
	};
	return names[kind];
}

// toml++ behind plain C.  The only C++ of the tree: it parses, flattens, and lets no exception out.
//
// Depth is bounded before and during parsing, because toml++ frees a document by recursion: brackets by
// TOML_MAX_NESTED_VALUES, dotted keys (which it does not count) by a look at the text.
//
// The library's assertions are off: some refuse wrong TOML (`[)]`) before its parser does, and in a release they
// would be promises to the compiler that such a file breaks.
#undef NDEBUG
#define TOML_ASSERT(expr)      static_assert(true)
#define TOML_EXCEPTIONS        0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 32
#include <toml++/toml.h>

#include "config/bridge.h"

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

struct bridge {
	std::vector<bridge_node> nodes;
	std::string text;
};

namespace
{

// Dots between two key characters in one line; more than any honest file has.
constexpr unsigned DOTS_MOST = 500;

bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       c == '"' || c == '\'';
}

// The first line with too many dotted names, or 0.
uint32_t too_dotted(std::string_view text)
{
	uint32_t line = 1;
	unsigned dots = 0;
	char last = '\n'; // last character that is no blank
	bool after_dot = false;
	for (char c : text) {
		if (c == ' ' || c == '\t')
			continue;
		if (after_dot && is_key_char(c) && ++dots > DOTS_MOST)
			return line;
		after_dot = c == '.' && is_key_char(last);
		if (c == '\n') {
			line++;
			dots = 0;
		}
		last = c;
	}
	return 0;
}

void say(bridge_error &error, uint32_t line, uint32_t column, std::string_view why)
{
	error.line = line;
	error.column = column;
	std::snprintf(error.text, sizeof error.text, "%.*s", static_cast<int>(std::min<size_t>(why.size(), 255)),
	              why.data());
}

struct child {
	const toml::key *key; // null in an array
	const toml::node *value;
};

std::vector<child> children(const toml::node &node)
{
	std::vector<child> found;
	if (const toml::table *table = node.as_table()) {
		for (auto &&[key, value] : *table)
			found.push_back({&key, &value});
		std::stable_sort(found.begin(), found.end(), [](const child &a, const child &b) {
			return a.key->source().begin < b.key->source().begin;
		});
	} else if (const toml::array *array = node.as_array()) {
		for (const toml::node &value : *array)
			found.push_back({nullptr, &value});
	}
	return found;
}

size_t keep(bridge &to, std::string_view s)
{
	size_t at = to.text.size();
	to.text.append(s);
	return at;
}

bridge_node flat(bridge &to, const child &from)
{
	bridge_node node = {};
	const toml::node &value = *from.value;
	node.line = value.source().begin.line;
	node.column = value.source().begin.column;
	if (from.key) {
		node.key = keep(to, from.key->str());
		node.n_key = from.key->str().size();
		node.key_line = from.key->source().begin.line;
		node.key_column = from.key->source().begin.column;
	}
	if (value.is_table()) {
		node.kind = BRIDGE_TABLE;
	} else if (value.is_array()) {
		node.kind = BRIDGE_ARRAY;
	} else if (const auto *text = value.as_string()) {
		node.kind = BRIDGE_STRING;
		node.text = keep(to, text->get());
		node.n_text = text->get().size();
	} else if (const auto *integer = value.as_integer()) {
		node.kind = BRIDGE_INTEGER;
		node.integer = integer->get();
	} else if (const auto *real = value.as_floating_point()) {
		node.kind = BRIDGE_FLOAT;
		node.real = real->get();
	} else if (const auto *truth = value.as_boolean()) {
		node.kind = BRIDGE_BOOL;
		node.truth = truth->get();
	} else {
		node.kind = BRIDGE_DATE;
	}
	return node;
}

// Breadth first, so that siblings lie side by side.
void flatten(bridge &to, const toml::table &top)
{
	std::vector<child> queue = {{nullptr, &top}};
	to.nodes.push_back(flat(to, queue[0]));
	for (size_t i = 0; i < queue.size(); i++) {
		std::vector<child> inside = children(*queue[i].value);
		to.nodes[i].first = to.nodes.size();
		to.nodes[i].n = inside.size();
		for (const child &c : inside) {
			to.nodes.push_back(flat(to, c));
			queue.push_back(c);
		}
	}
}

} // namespace

extern "C" bridge *bridge_parse(const char *text, size_t n, bridge_error *error)
{
	*error = {};
	try {
		std::string_view all(text, n);
		if (uint32_t line = too_dotted(all)) {
			say(*error, line, 1, "too many dotted names in one line");
			return nullptr;
		}
		toml::parse_result result = toml::parse(all);
		if (!result) {
			const toml::source_position &at = result.error().source().begin;
			say(*error, at.line, at.column, result.error().description());
			return nullptr;
		}
		std::unique_ptr<bridge> made(new bridge);
		made->text.reserve(n);
		flatten(*made, result.table());
		return made.release();
	} catch (const std::bad_alloc &) {
		error->no_memory = true;
	} catch (...) {
		say(*error, 1, 1, "the TOML library failed");
	}
	return nullptr;
}

extern "C" const bridge_node *bridge_nodes(const bridge *bridge, size_t *n)
{
	*n = bridge->nodes.size();
	return bridge->nodes.data();
}

extern "C" const char *bridge_text(const bridge *bridge, size_t *n)
{
	*n = bridge->text.size();
	return bridge->text.data();
}

extern "C" void bridge_free(bridge *bridge)
{
	delete bridge;
}

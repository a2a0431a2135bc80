/* libyaml counts its positions in characters, and our texts are bytes: a table turns the one into the other. */
#include "base/yaml_read.h"

#include <string.h>
#include <yaml.h>

#include "base/utf8.h"

enum { YAML_LARGEST = 16 << 20, EVENTS_MOST = 1 << 20, MERGES_MOST = 64 };

struct reading {
	struct arena *out;
	yaml_parser_t parser;
	struct str text;
	uint32_t *byte_of; /* by character; NULL when they are the same */
	size_t n_characters;
	yaml_events *events;
	unsigned documents;
};

static struct str without_bom(struct str text)
{
	return str_starts(text, STR("\xef\xbb\xbf")) ? str_slice(text, 3, text.n) : text;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

static void count_characters(struct reading *r)
{
	if (is_ascii(r->text))
		return;
	struct str s = without_bom(r->text);
	size_t bom = r->text.n - s.n;
	r->byte_of = arena_array(r->out, uint32_t, s.n + 1);
	uint32_t c;
	for (size_t at = 0; at < s.n; at += utf8_decode(s, at, &c))
		r->byte_of[r->n_characters++] = (uint32_t)(at + bom);
}

static size_t byte_of(const struct reading *r, yaml_mark_t mark)
{
	if (!r->byte_of)
		return mark.index < r->text.n ? mark.index : r->text.n;
	return mark.index < r->n_characters ? r->byte_of[mark.index] : r->text.n;
}

static void add(struct reading *r, enum yaml_kind kind, const yaml_event_t *from, struct yaml_event event,
                const yaml_char_t *anchor)
{
	event.kind = kind;
	event.anchor = anchor ? str_copy(r->out, str_of((const char *)anchor)) : STR_NONE;
	event.from = byte_of(r, from->start_mark);
	event.to = byte_of(r, from->end_mark);
	event.line = (unsigned)from->start_mark.line + 1;
	event.column = (unsigned)from->start_mark.column;
	event.documents = r->documents;
	vec_push(r->out, r->events, event);
}

static void add_scalar(struct reading *r, const yaml_event_t *event)
{
	struct str value = {(const char *)event->data.scalar.value, event->data.scalar.length};
	add(r, YAML_SCALAR, event,
	    (struct yaml_event){.value = str_copy(r->out, value),
	                        .is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE},
	    event->data.scalar.anchor);
}

static void add_alias(struct reading *r, const yaml_event_t *event)
{
	struct str name = str_of((const char *)event->data.alias.anchor);
	add(r, YAML_ALIAS, event, (struct yaml_event){.value = str_copy(r->out, name)}, NULL);
}

static void add_map(struct reading *r, const yaml_event_t *event)
{
	add(r, YAML_MAP, event,
	    (struct yaml_event){.is_flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE},
	    event->data.mapping_start.anchor);
}

static void add_list(struct reading *r, const yaml_event_t *event)
{
	add(r, YAML_LIST, event,
	    (struct yaml_event){.is_flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE},
	    event->data.sequence_start.anchor);
}

static void take(struct reading *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT: r->documents++; break;
	case YAML_SCALAR_EVENT: add_scalar(r, event); break;
	case YAML_ALIAS_EVENT: add_alias(r, event); break;
	case YAML_MAPPING_START_EVENT: add_map(r, event); break;
	case YAML_SEQUENCE_START_EVENT: add_list(r, event); break;
	case YAML_MAPPING_END_EVENT: add(r, YAML_MAP_END, event, (struct yaml_event){0}, NULL); break;
	case YAML_SEQUENCE_END_EVENT: add(r, YAML_LIST_END, event, (struct yaml_event){0}, NULL); break;
	default: break;
	}
}

static bool parse(struct reading *r, const char *place, struct err *err)
{
	for (bool is_open = true; is_open;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&r->parser, &event))
			return fail(err, "%s:%zu:%zu: this is no YAML: %s", place, r->parser.problem_mark.line + 1,
			            r->parser.problem_mark.column + 1,
			            r->parser.problem ? r->parser.problem : "it cannot be read");
		is_open = event.type != YAML_STREAM_END_EVENT;
		take(r, &event);
		yaml_event_delete(&event);
		if (r->events->n > EVENTS_MOST)
			return fail(err, "%s: this YAML has more than %d parts", place, EVENTS_MOST);
	}
	return true;
}

size_t yaml_skip(const yaml_events *events, size_t at)
{
	size_t depth = 0;
	do {
		enum yaml_kind kind = events->at[at++].kind;
		depth += kind == YAML_MAP || kind == YAML_LIST;
		depth -= kind == YAML_MAP_END || kind == YAML_LIST_END;
	} while (depth && at < events->n);
	return at;
}

size_t yaml_node(const yaml_events *events, size_t at)
{
	struct str name = events->at[at].value;
	if (events->at[at].kind != YAML_ALIAS)
		return at;
	for (size_t i = at; i > 0; i--) /* libyaml does not look whether there is such an anchor */
		if (str_eq(events->at[i - 1].anchor, name))
			return i - 1;
	return at;
}

static size_t find(const yaml_events *events, size_t map, struct str key, unsigned *budget);

/* The value of `<<` is a map, an alias of one, or a list of such. */
static size_t find_merged(const yaml_events *events, size_t value, struct str key, unsigned *budget)
{
	value = yaml_node(events, value);
	if (events->at[value].kind == YAML_MAP)
		return find(events, value, key, budget);
	if (events->at[value].kind != YAML_LIST)
		return 0;
	for (size_t at = value + 1; events->at[at].kind != YAML_LIST_END; at = yaml_skip(events, at)) {
		size_t found = find(events, yaml_node(events, at), key, budget);
		if (found)
			return found;
	}
	return 0;
}

static size_t find(const yaml_events *events, size_t map, struct str key, unsigned *budget)
{
	size_t merged = 0;
	if (*budget == 0 || map >= events->n || events->at[map].kind != YAML_MAP)
		return 0;
	--*budget; /* maps merged into maps multiply, and may merge themselves */
	for (size_t at = map + 1; events->at[at].kind != YAML_MAP_END;) {
		size_t value = yaml_skip(events, at);
		bool is_scalar = events->at[at].kind == YAML_SCALAR;
		if (is_scalar && str_eq(events->at[at].value, key))
			return value;
		if (is_scalar && !merged && str_eq(events->at[at].value, STR("<<")))
			merged = find_merged(events, value, key, budget);
		at = yaml_skip(events, value);
	}
	return merged;
}

size_t yaml_find(const yaml_events *events, size_t map, struct str key)
{
	unsigned budget = MERGES_MOST;
	return find(events, map, key, &budget);
}

bool yaml_read(struct arena *out, struct str text, const char *place, yaml_events *events, struct err *err)
{
	struct reading r = {.out = out, .text = text, .events = events};
	*events = (yaml_events){0};
	if (text.n > YAML_LARGEST)
		return fail(err, "%s: larger than %d bytes, which no workflow is", place, YAML_LARGEST);
	if (!utf8_valid(text))
		return fail(err, "%s: not valid UTF-8", place);
	count_characters(&r);
	if (!yaml_parser_initialize(&r.parser))
		arena_no_memory(out);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	struct str bytes = without_bom(text);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)(bytes.n ? bytes.at : ""), bytes.n);
	bool is_well = parse(&r, place, err);
	yaml_parser_delete(&r.parser);
	return is_well;
}

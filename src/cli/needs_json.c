/* Needs as JSON. */
#include "cli/needs_json.h"

static void put_chain(struct output *out, const struct lanewright_need *need)
{
	put_key(out, "chain");
	put_open(out, '[');
	for (size_t i = 0; i < need->n_steps; i++) {
		put_open(out, '{');
		put_key(out, "path");
		put_text(out, need->steps[i].path);
		put_key(out, "line");
		put_number(out, need->steps[i].line);
		put_key(out, "text");
		put_text(out, need->steps[i].text);
		if (*need->steps[i].source) {
			put_key(out, "source");
			put_text(out, need->steps[i].source);
		}
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_need(struct output *out, const struct lanewright_need *need)
{
	put_open(out, '{');
	put_key(out, "service");
	put_text(out, need->services);
	put_key(out, "grade");
	put_text(out, need->grade);
	put_key(out, "counts");
	put_bool(out, need->counts);
	put_key(out, "dead");
	put_bool(out, need->is_dead);
	put_key(out, "override");
	put_bool(out, need->is_override);
	put_key(out, "variable");
	put_text(out, need->variable);
	put_key(out, "values");
	put_open(out, '[');
	for (size_t i = 0; i < need->n_values; i++)
		put_text(out, need->values[i]);
	put_close(out, ']');
	put_chain(out, need);
	put_key(out, "against");
	put_text(out, need->against);
	put_key(out, "edit");
	put_text(out, need->edit);
	if (*need->override) {
		put_key(out, "override_lines");
		put_text(out, need->override);
	}
	put_close(out, '}');
}

void put_needs(struct output *out, const struct lanewright_needs *needs, bool is_test)
{
	put_key(out, is_test ? "test" : "path");
	put_text(out, needs->subject);
	put_key(out, "tests");
	put_number(out, (int64_t)needs->n_tests);
	put_key(out, "demand");
	put_text(out, needs->demand);
	put_key(out, "needs");
	put_open(out, '[');
	for (size_t i = 0; i < needs->n; i++)
		put_need(out, &needs->list[i]);
	put_close(out, ']');
}

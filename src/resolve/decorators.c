/* Decorators by where they come from: known libraries, the tree itself, or somewhere else. */
#include "resolve/decorators.h"

#include "resolve/calls.h"
#include "resolve/generated.h"

/* Libraries whose decorators keep the name and the number of the tests they wrap. */
static bool is_transparent(struct str dotted)
{
	static const char *const roots[] = {
	        "pytest",        "unittest",
	        "mock",          "functools",
	        "contextlib",    "asyncio",
	        "typing",        "freezegun",
	        "responses",     "respx",
	        "requests_mock", "httpretty",
	        "moto",          "vcr",
	        "django",        "time_machine",
	        "flaky",         "tenacity",
	        "hypothesis",    "builtins",
	        "warnings",      "aioresponses",
	        "twisted",       "tornado",
	        "testfixtures",  "typing_extensions",
	        "pytest_django", "pytest_asyncio",
	        "anyio",         "trio",
	        "numpy",         "inline_snapshot",
	};
	struct str root = str_slice(dotted, 0, str_find(dotted, STR("."), 0));
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (str_eq(root, str_of(roots[i])))
			return true;
	return false;
}

static bool makes_tests(struct str dotted)
{
	return str_starts(dotted, STR("parameterized.")) || str_starts(dotted, STR("ddt.")) ||
	       str_starts(dotted, STR("absl.testing.parameterized"));
}

static bool is_one_of(struct str dotted, const char *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(dotted, str_of(known[i])))
			return true;
	return false;
}

/* What they give is no function. */
static bool is_descriptor(struct str dotted)
{
	static const char *const known[] = {"builtins.property", "functools.cached_property",
	                                    "django.utils.functional.cached_property", "abc.abstractproperty"};
	return is_one_of(dotted, known, sizeof known / sizeof *known);
}

/* They give the class an __init__. */
static bool is_dataclass(struct str dotted)
{
	static const char *const known[] = {"dataclasses.dataclass",
	                                    "attr.s",
	                                    "attr.attrs",
	                                    "attr.define",
	                                    "attr.frozen",
	                                    "attr.mutable",
	                                    "attrs.define",
	                                    "attrs.frozen",
	                                    "attrs.mutable",
	                                    "attr.dataclass",
	                                    "pydantic.dataclasses.dataclass"};
	return is_one_of(dotted, known, sizeof known / sizeof *known);
}

bool decorator_speaks_of_marks(struct names *names, struct target t)
{
	const struct facts *facts = names_facts(names, t.file);
	uint32_t first, last;
	calls_expr_range(facts, t.index, &first, &last);
	for (uint32_t e = first; e < last; e++) {
		struct str text = names_str(names, facts->exprs.at[e].text);
		uint8_t kind = facts->exprs.at[e].kind;
		if ((kind == EXPR_ATTRIBUTE || kind == EXPR_NAME) &&
		    (str_eq(text, STR("mark")) || str_eq(text, STR("parametrize")) || str_eq(text, STR("pytestmark")) ||
		     str_eq(text, STR("__signature__"))))
			return true;
	}
	return false;
}

/* `name` alone is no decoration of a test when it is of the tree: it wraps the function and keeps its name. */
static enum decoration of_tree(struct names *names, struct target t)
{
	if (t.kind == TARGET_VARIABLE)
		return DECORATION_HIDING;
	if (t.kind != TARGET_DEF)
		return DECORATION_OPAQUE;
	if (generated_by(names, t))
		return DECORATION_MAKER;
	bool is_function = names_def(names, (struct def_ref){t.file, t.index})->kind == DEF_FUNCTION;
	return !is_function || decorator_speaks_of_marks(names, t) ? DECORATION_HIDING : DECORATION_PLAIN;
}

static enum decoration one(struct names *names, struct target t, bool of_class)
{
	if (t.kind != TARGET_EXTERNAL)
		return of_tree(names, t);
	struct str dotted = names_str(names, t.text);
	if (of_class ? is_dataclass(dotted) : is_descriptor(dotted))
		return DECORATION_NO_TEST;
	if (makes_tests(dotted))
		return DECORATION_MAKER;
	return is_transparent(dotted) ? DECORATION_PLAIN : of_class ? DECORATION_MAKER : DECORATION_OPAQUE;
}

/* `@variable` that is bound to a mark is one, whatever else stands there. */
static bool is_mark(struct names *names, struct target t)
{
	if (t.kind != TARGET_VARIABLE)
		return false;
	const struct binding *b = names_variable(names, t);
	if (!b->value || b->item)
		return false;
	const struct facts *facts = names_facts(names, t.file);
	uint32_t value = b->value;
	if (facts->exprs.at[value].kind == EXPR_CALL)
		value = facts->exprs.at[value].first;
	struct target of = names_expr(names, t.file, b->owner, value);
	return of.kind == TARGET_EXTERNAL && is_transparent(names_str(names, of.text));
}

static struct decorated all(struct names *names, struct def_ref ref, bool of_class)
{
	const struct facts *facts = names_facts(names, ref.file);
	const struct def *def = names_def(names, ref);
	struct decorated strongest = {.kind = DECORATION_PLAIN};
	for (uint32_t e = def->decorators; e; e = facts->exprs.at[e].next) {
		uint32_t callee = facts->exprs.at[e].kind == EXPR_CALL ? facts->exprs.at[e].first : e;
		struct target t = names_expr(names, ref.file, def->parent, callee);
		enum decoration kind = is_mark(names, t) ? DECORATION_PLAIN : one(names, t, of_class);
		if (kind <= strongest.kind)
			continue;
		struct str dotted = names_dotted(names->arena, names->repo, ref.file, callee);
		strongest = (struct decorated){kind, facts->exprs.at[e].line, dotted.n ? dotted : STR("a decorator")};
	}
	return strongest;
}

struct decorated decorators_of_function(struct names *names, struct def_ref function)
{
	return all(names, function, false);
}

struct decorated decorators_of_class(struct names *names, struct def_ref class_)
{
	return all(names, class_, true);
}

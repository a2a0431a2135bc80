/* Values as pytest's IdMaker names them: strings escaped to ASCII, numbers as Python writes them, classes and
 * functions by name, plain enum members as Class.MEMBER; all that surely is none of those by its position. */
#include "resolve/literal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { FOLLOW_DEPTH = 8, ITEMS_MOST = 20000, DIGITS_MOST = 18 };

static const struct expr *at(const struct names *names, struct place p)
{
	return &names_facts(names, p.file)->exprs.at[p.expr];
}

static struct place child(struct place p, uint32_t expr)
{
	p.expr = expr;
	p.text = STR_NONE;
	return p;
}

/* ---- following names ---- */

static bool changes(struct str method)
{
	static const char *const changing[] = {"append",  "extend", "insert",     "remove",  "pop", "clear",  "sort",
	                                       "reverse", "update", "setdefault", "popitem", "add", "discard"};
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		if (str_eq(method, str_of(changing[i])))
			return true;
	return false;
}

/* Whether somewhere in the file `x.append(...)`, `x[...] = ...` or `del x[...]` stands; `x += ...` is a binding. */
static bool is_changed(const struct names *names, uint32_t file, name what)
{
	const struct facts *facts = names_facts(names, file);
	for (uint32_t i = 1; i < facts->exprs.n; i++) {
		const struct expr *e = &facts->exprs.at[i];
		if (e->kind == EXPR_ATTRIBUTE && facts->exprs.at[e->first].text == what &&
		    facts->exprs.at[e->first].kind == EXPR_NAME && changes(names_str(names, e->text)))
			return true;
	}
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		if (s->kind != STMT_ASSIGN && s->kind != STMT_DELETE && s->kind != STMT_AUGMENT)
			continue;
		for (uint32_t e = s->expr; e; e = facts->exprs.at[e].next)
			if (facts->exprs.at[e].kind == EXPR_INDEX &&
			    facts->exprs.at[facts->exprs.at[e].first].text == what)
				return true;
	}
	return false;
}

bool literal_follow(struct names *names, struct place *value)
{
	for (int depth = 0; depth < FOLLOW_DEPTH; depth++) {
		const struct expr *e = at(names, *value);
		if (value->expr == 0 || (e->kind != EXPR_NAME && e->kind != EXPR_ATTRIBUTE))
			return true;
		struct target t = names_expr(names, value->file, value->owner, value->expr);
		if (t.kind != TARGET_VARIABLE)
			return true;
		size_t n;
		const struct binding *b = names_variable(names, t);
		if (names_facts(names, t.file)->defs.at[b->owner].kind == DEF_CLASS &&
		    names_facts(names, t.file)->defs.at[b->owner].bases)
			return true; /* what an enum makes of it, or a base, is not what is written */
		names_bindings(names, t.file, b->owner, b->name, &n);
		if (n != 1 || b->kind != BIND_ASSIGN || !b->value || b->item || b->is_conditional ||
		    is_changed(names, t.file, b->name))
			return false;
		*value = (struct place){t.file, b->owner, b->value, STR_NONE};
	}
	return false;
}

bool literal_string(struct names *names, struct place value, struct str *text)
{
	if (!literal_follow(names, &value) || !value.expr)
		return false;
	const struct expr *e = at(names, value);
	if (e->kind != EXPR_STRING || e->op)
		return false;
	*text = names_str(names, e->text);
	return true;
}

/* ---- items ---- */

static bool integer(struct names *names, struct place p, int64_t *value)
{
	if (!literal_follow(names, &p) || !p.expr)
		return false;
	const struct expr *e = at(names, p);
	if (e->kind == EXPR_UNARY && e->op == OP_SUBTRACT) {
		if (!integer(names, child(p, e->first), value))
			return false;
		*value = -*value;
		return true;
	}
	uint64_t n;
	if (e->kind != EXPR_NUMBER || !str_number(names_str(names, e->text), INT32_MAX, &n))
		return false;
	*value = (int64_t)n;
	return true;
}

static bool range_items(struct names *names, struct arena *out, struct place call, places *items)
{
	int64_t bounds[3] = {0, 0, 1};
	size_t n = 0;
	uint32_t a = names_facts(names, call.file)->exprs.at[at(names, call)->first].next;
	for (; a; a = names_facts(names, call.file)->exprs.at[a].next)
		if (n == 3 || !integer(names, child(call, a), &bounds[n++]))
			return false;
	if (n == 0)
		return false;
	if (n == 1) {
		bounds[1] = bounds[0];
		bounds[0] = 0;
	}
	for (int64_t i = bounds[0]; bounds[2] > 0 ? i < bounds[1] : i > bounds[1]; i += bounds[2]) {
		if (items->n >= ITEMS_MOST || bounds[2] == 0)
			return false;
		vec_push(out, items, ((struct place){.file = call.file, .text = str_fmt(out, "%lld", (long long)i)}));
	}
	return true;
}

static bool add_items(struct names *names, struct arena *out, struct place list, places *items, int depth)
{
	if (depth > FOLLOW_DEPTH || !literal_follow(names, &list) || !list.expr)
		return false;
	const struct facts *facts = names_facts(names, list.file);
	const struct expr *e = at(names, list);
	switch (e->kind) {
	case EXPR_LIST:
	case EXPR_TUPLE:
		for (uint32_t c = e->first; c; c = facts->exprs.at[c].next) {
			const struct expr *item = &facts->exprs.at[c];
			if (items->n >= ITEMS_MOST)
				return false;
			if (item->kind != EXPR_STAR)
				vec_push(out, items, child(list, c));
			else if (!add_items(names, out, child(list, item->first), items, depth + 1))
				return false;
		}
		return true;
	case EXPR_BINARY:
		return e->op == OP_ADD && add_items(names, out, child(list, e->first), items, depth + 1) &&
		       add_items(names, out, child(list, facts->exprs.at[e->first].next), items, depth + 1);
	case EXPR_CALL: {
		struct target t = names_expr(names, list.file, list.owner, e->first);
		uint32_t argument = facts->exprs.at[e->first].next;
		if (target_is(names, t, "builtins.range"))
			return range_items(names, out, list, items);
		if ((target_is(names, t, "builtins.list") || target_is(names, t, "builtins.tuple")) && argument &&
		    !facts->exprs.at[argument].next)
			return add_items(names, out, child(list, argument), items, depth + 1);
		return false;
	}
	default: return false;
	}
}

bool literal_items(struct names *names, struct arena *out, struct place list, places *items)
{
	return add_items(names, out, list, items, 0);
}

/* ---- text of values ---- */

/* The reader cuts long strings, keeps `\\N{NAME}` as it is and has U+FFFD where a surrogate stood. */
static bool is_readable(struct str s, uint8_t op)
{
	if (op & STRING_CUT)
		return false;
	return (op & STRING_BYTES) || (utf8_valid(s) && !str_has(s, STR("\\N{")) && !str_has(s, STR("\xef\xbf\xbd")));
}

/* str.encode("unicode_escape") and then pytest's table for what is not printable. */
static struct str escaped(struct arena *out, struct str s)
{
	struct buf b;
	uint32_t c;
	buf_init(&b, out);
	for (size_t i = 0; i < s.n;) {
		i += utf8_decode(s, i, &c);
		if (c == '\n' || c == '\t' || c == '\r')
			buf_fmt(&b, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
		else if (c == '\\')
			buf_lit(&b, "\\\\");
		else if (c >= 32 && c < 127)
			buf_char(&b, (char)c);
		else
			buf_fmt(&b, c < 256 ? "\\x%02x" : c < 65536 ? "\\u%04x" : "\\U%08x", (unsigned)c);
	}
	return buf_str(&b);
}

/* bytes.decode("ascii", "backslashreplace") and the same table; a backslash stays one. */
static struct str escaped_bytes(struct arena *out, struct str s)
{
	struct buf b;
	buf_init(&b, out);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '\n' || c == '\t' || c == '\r')
			buf_fmt(&b, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
		else if (c >= 32 && c < 127)
			buf_char(&b, (char)c);
		else
			buf_fmt(&b, "\\x%02x", c);
	}
	return buf_str(&b);
}

/* Python's repr of a float: the shortest digits that read back, positional between 1e-4 and 1e16. */
static struct str float_text(struct arena *out, double value)
{
	char digits[40];
	if (isinf(value))
		return STR("inf");
	for (int precision = 1; precision <= 17; precision++) {
		snprintf(digits, sizeof digits, "%.*e", precision - 1, value);
		if (strtod(digits, NULL) == value)
			break;
	}
	char *e = strchr(digits, 'e');
	int exponent = atoi(e + 1);
	*e = '\0';
	if (exponent < -4 || exponent >= 16)
		return str_fmt(out, "%se%s%02d", digits, exponent < 0 ? "-" : "+", abs(exponent));
	int decimals = (int)strlen(digits) - 2 - exponent;
	return str_fmt(out, "%.*f", decimals < 1 ? 1 : decimals, value);
}

static bool number_text(struct arena *out, struct str s, struct str *text)
{
	char plain[64];
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] != '_' && n + 1 < sizeof plain)
			plain[n++] = s.at[i];
	plain[n] = '\0';
	if (n == 0 || n + 1 >= sizeof plain || strpbrk(plain, "jJ"))
		return false;
	if (plain[0] == '0' && n > 1 && strchr("xXoObB", plain[1])) {
		int base = strchr("xX", plain[1]) ? 16 : strchr("oO", plain[1]) ? 8 : 2;
		errno = 0;
		unsigned long long value = strtoull(plain + 2, NULL, base);
		*text = str_fmt(out, "%llu", value);
		return errno == 0;
	}
	if (strpbrk(plain, ".eE")) {
		*text = float_text(out, strtod(plain, NULL));
		return true;
	}
	size_t from = strspn(plain, "0");
	*text = str_copy(out, str_of(from == n ? "0" : plain + from));
	return true;
}

static enum literal_id unary(struct names *names, struct arena *out, struct place p, struct str *text)
{
	const struct expr *e = at(names, p), *number = at(names, child(p, e->first));
	struct str plain;
	if (number->kind != EXPR_NUMBER || e->op == OP_INVERT ||
	    !number_text(out, names_str(names, number->text), &plain))
		return LITERAL_UNKNOWN;
	bool is_zero = str_eq(plain, STR("0"));
	*text = e->op == OP_SUBTRACT && !is_zero ? str_fmt(out, "-%.*s", STR_ARG(plain)) : plain;
	return LITERAL_TEXT;
}

/* ---- names of things ---- */

static bool is_mangled(struct str s)
{
	return str_starts(s, STR("__"));
}

/* A member of a class that is a plain enum and says nothing of how it is written. */
static bool enum_member(struct names *names, struct arena *out, struct place p, struct str *text)
{
	const struct expr *e = at(names, p);
	struct target t = names_expr(names, p.file, p.owner, p.expr);
	if (t.kind != TARGET_VARIABLE || e->kind != EXPR_ATTRIBUTE)
		return false;
	const struct binding *b = names_variable(names, t);
	struct def_ref class_ = {t.file, b->owner};
	const struct facts *facts = names_facts(names, t.file);
	const struct def *def = &facts->defs.at[b->owner];
	uint32_t base = def->bases;
	if (def->kind != DEF_CLASS || b->kind != BIND_ASSIGN || !base || facts->exprs.at[base].next ||
	    !target_is(names, names_expr(names, t.file, def->parent, base), "enum.Enum"))
		return false;
	size_t n = 0;
	name key = intern(names->repo->names, STR("__str__"));
	names_bindings(names, t.file, class_.def, key, &n);
	struct str member = names_str(names, b->name);
	if (n || is_mangled(member) || def->decorators)
		return false;
	*text = str_fmt(out, "%.*s.%.*s", STR_ARG(names_str(names, def->name)), STR_ARG(member));
	return true;
}

static bool is_builtin_class(struct str s)
{
	static const char *const known[] = {
	        "bool",
	        "bytearray",
	        "bytes",
	        "complex",
	        "dict",
	        "float",
	        "frozenset",
	        "int",
	        "list",
	        "memoryview",
	        "object",
	        "property",
	        "range",
	        "set",
	        "slice",
	        "str",
	        "tuple",
	        "type",
	        "BaseException",
	        "Exception",
	        "ValueError",
	        "TypeError",
	        "KeyError",
	        "IndexError",
	        "OSError",
	        "RuntimeError",
	        "KeyboardInterrupt",
	        "SystemExit",
	        "AttributeError",
	        "ImportError",
	        "LookupError",
	        "NotImplementedError",
	        "StopIteration",
	        "ZeroDivisionError",
	        "AssertionError",
	        "ArithmeticError",
	        "UnicodeError",
	        "PermissionError",
	        "FileNotFoundError",
	        "TimeoutError",
	        "ConnectionError",
	        "len",
	        "sum",
	        "min",
	        "max",
	        "sorted",
	        "repr",
	        "abs",
	        "any",
	        "all",
	        "map",
	        "filter",
	        "zip",
	        "iter",
	        "next",
	        "print",
	        "reversed",
	        "enumerate",
	        "RecursionError",
	        "EOFError",
	        "NameError",
	        "MemoryError",
	        "OverflowError",
	        "Warning",
	        "UserWarning",
	        "DeprecationWarning",
	        "GeneratorExit",
	        "staticmethod",
	        "classmethod",
	        "callable",
	        "isinstance",
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(s, str_of(known[i])))
			return true;
	return false;
}

/* Classes of the standard library whose instances have no `__name__` and are no strings or numbers. */
static bool makes_nameless(struct str dotted)
{
	static const char *const known[] = {
	        "builtins.dict",
	        "builtins.set",
	        "builtins.list",
	        "builtins.tuple",
	        "builtins.object",
	        "builtins.frozenset",
	        "builtins.range",
	        "builtins.bytearray",
	        "builtins.slice",
	        "builtins.iter",
	        "pathlib.Path",
	        "pathlib.PurePath",
	        "pathlib.PurePosixPath",
	        "pathlib.PureWindowsPath",
	        "datetime.datetime",
	        "datetime.date",
	        "datetime.time",
	        "datetime.timedelta",
	        "datetime.timezone",
	        "decimal.Decimal",
	        "fractions.Fraction",
	        "functools.partial",
	        "uuid.UUID",
	        "collections.deque",
	        "collections.OrderedDict",
	        "collections.defaultdict",
	        "collections.Counter",
	        "types.SimpleNamespace",
	        "io.BytesIO",
	        "io.StringIO",
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(dotted, str_of(known[i])))
			return true;
	struct str error = str_starts(dotted, STR("builtins.")) ? str_slice(dotted, 9, dotted.n) : STR_NONE;
	return (str_ends(error, STR("Error")) || str_eq(error, STR("Exception"))) && is_builtin_class(error);
}

/* An instance of a class of the tree that stands on nothing else: no string, no number, no enum. */
static bool is_nameless_class(struct names *names, struct arena *out, struct def_ref class_)
{
	def_refs mro = {0};
	bool unknown;
	names_mro(names, out, class_, &mro, &unknown);
	if (unknown || names_inherits(names, class_, STR("enum.Enum")))
		return false;
	name keys[] = {intern(names->repo->names, STR("__name__")), intern(names->repo->names, STR("__new__")),
	               intern(names->repo->names, STR("__getattr__")),
	               intern(names->repo->names, STR("__getattribute__"))};
	for (size_t i = 0; i < mro.n; i++) {
		const struct facts *facts = names_facts(names, mro.at[i].file);
		const struct def *def = names_def(names, mro.at[i]);
		for (uint32_t e = def->bases; e; e = facts->exprs.at[e].next)
			if (facts->exprs.at[e].kind == EXPR_KEYWORD)
				return false; /* a metaclass may make anything */
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
			size_t n = 0;
			names_bindings(names, mro.at[i].file, mro.at[i].def, keys[k], &n);
			if (n)
				return false;
		}
	}
	return true;
}

static enum literal_id call_id(struct names *names, struct arena *out, struct place p)
{
	struct target t = names_expr(names, p.file, p.owner, at(names, p)->first);
	if (t.kind == TARGET_EXTERNAL)
		return makes_nameless(names_str(names, t.text)) ? LITERAL_INDEX : LITERAL_UNKNOWN;
	struct def_ref ref = {t.file, t.index};
	if (t.kind == TARGET_DEF && names_def(names, ref)->kind == DEF_CLASS && !names_def(names, ref)->decorators &&
	    is_nameless_class(names, out, ref))
		return LITERAL_INDEX;
	return LITERAL_UNKNOWN;
}

static enum literal_id name_id(struct names *names, struct arena *out, struct place p, struct str *text)
{
	struct place followed = p;
	if (!literal_follow(names, &followed))
		return LITERAL_UNKNOWN;
	if (enum_member(names, out, followed, text))
		return LITERAL_TEXT;
	if (followed.expr != p.expr || followed.file != p.file)
		return literal_id(names, out, followed, text);
	struct target t = names_expr(names, p.file, p.owner, p.expr);
	struct def_ref ref = {t.file, t.index};
	size_t n = 0;
	if (t.kind == TARGET_DEF && !names_def(names, ref)->decorators) {
		const struct def *def = names_def(names, ref);
		names_bindings(names, t.file, def->parent, def->name, &n);
		*text = names_str(names, def->name);
		return n == 1 ? LITERAL_TEXT : LITERAL_UNKNOWN;
	}
	struct str dotted = t.kind == TARGET_EXTERNAL ? names_str(names, t.text) : STR_NONE;
	if (!str_starts(dotted, STR("builtins.")) || !is_builtin_class(str_slice(dotted, 9, dotted.n)))
		return LITERAL_UNKNOWN;
	*text = str_slice(dotted, 9, dotted.n);
	return LITERAL_TEXT;
}

enum literal_id literal_id(struct names *names, struct arena *out, struct place p, struct str *text)
{
	if (!p.expr) {
		*text = p.text;
		return LITERAL_TEXT;
	}
	const struct expr *e = at(names, p);
	switch (e->kind) {
	case EXPR_NONE: *text = STR("None"); return LITERAL_TEXT;
	case EXPR_TRUE: *text = STR("True"); return LITERAL_TEXT;
	case EXPR_FALSE: *text = STR("False"); return LITERAL_TEXT;
	case EXPR_STRING:
		if (!is_readable(names_str(names, e->text), e->op))
			return LITERAL_UNKNOWN;
		*text = e->op & STRING_BYTES ? escaped_bytes(out, names_str(names, e->text))
		                             : escaped(out, names_str(names, e->text));
		return LITERAL_TEXT;
	case EXPR_NUMBER: return number_text(out, names_str(names, e->text), text) ? LITERAL_TEXT : LITERAL_UNKNOWN;
	case EXPR_UNARY: return unary(names, out, p, text);
	case EXPR_LAMBDA: *text = STR("<lambda>"); return LITERAL_TEXT;
	case EXPR_NOT: return LITERAL_UNKNOWN;
	case EXPR_TUPLE:
	case EXPR_LIST:
	case EXPR_SET:
	case EXPR_DICT:
	case EXPR_ELLIPSIS: return LITERAL_INDEX;
	case EXPR_COMPREHENSION: return LITERAL_INDEX;
	case EXPR_NAME:
	case EXPR_ATTRIBUTE: return name_id(names, out, p, text);
	case EXPR_CALL: return call_id(names, out, p);
	default: return LITERAL_UNKNOWN;
	}
}

/* A table of the classes that Python brings, each with the one it derives from; the MRO of those of the tree.  A
 * client may raise a class of its own when nobody answers: what the table does not know may be that one. */
#include "resolve/errors.h"

struct class_row {
	const char *what, *base; /* base NULL: of Exception alone */
};

/* clang-format off */
static const struct class_row classes[] = {
	{"builtins.ArithmeticError",        NULL},
	{"builtins.AssertionError",         NULL},
	{"builtins.AttributeError",         NULL},
	{"builtins.BrokenPipeError",        "builtins.ConnectionError"},
	{"builtins.BufferError",            NULL},
	{"builtins.ConnectionAbortedError", "builtins.ConnectionError"},
	{"builtins.ConnectionError",        "builtins.OSError"},
	{"builtins.ConnectionRefusedError", "builtins.ConnectionError"},
	{"builtins.ConnectionResetError",   "builtins.ConnectionError"},
	{"builtins.EOFError",               NULL},
	{"builtins.EnvironmentError",       "builtins.OSError"},
	{"builtins.FileExistsError",        "builtins.OSError"},
	{"builtins.FileNotFoundError",      "builtins.OSError"},
	{"builtins.IOError",                "builtins.OSError"},
	{"builtins.ImportError",            NULL},
	{"builtins.IndexError",             "builtins.LookupError"},
	{"builtins.KeyError",               "builtins.LookupError"},
	{"builtins.LookupError",            NULL},
	{"builtins.MemoryError",            NULL},
	{"builtins.ModuleNotFoundError",    "builtins.ImportError"},
	{"builtins.NameError",              NULL},
	{"builtins.NotImplementedError",    "builtins.RuntimeError"},
	{"builtins.OSError",                NULL},
	{"builtins.OverflowError",          "builtins.ArithmeticError"},
	{"builtins.PermissionError",        "builtins.OSError"},
	{"builtins.RecursionError",         "builtins.RuntimeError"},
	{"builtins.RuntimeError",           NULL},
	{"builtins.StopIteration",          NULL},
	{"builtins.SyntaxError",            NULL},
	{"builtins.TimeoutError",           "builtins.OSError"},
	{"builtins.TypeError",              NULL},
	{"builtins.UnicodeDecodeError",     "builtins.ValueError"},
	{"builtins.UnicodeEncodeError",     "builtins.ValueError"},
	{"builtins.UnicodeError",           "builtins.ValueError"},
	{"builtins.ValueError",             NULL},
	{"builtins.ZeroDivisionError",      "builtins.ArithmeticError"},
	{"json.JSONDecodeError",            "builtins.ValueError"},
	{"socket.error",                    "builtins.OSError"},
	{"socket.gaierror",                 "builtins.OSError"},
	{"socket.timeout",                  "builtins.TimeoutError"},
	{"urllib.error.URLError",           "builtins.OSError"},
};

/* Other names of the same class. */
static const struct class_row aliases[] = {
	{"builtins.EnvironmentError", "builtins.OSError"},
	{"builtins.IOError",          "builtins.OSError"},
	{"socket.error",              "builtins.OSError"},
};
/* clang-format on */

static struct str text_of(const struct names *names, struct target t)
{
	return t.kind == TARGET_EXTERNAL ? names_str(names, t.text) : STR_NONE;
}

static const char *base_in(const struct class_row *rows, size_t n, struct str what)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(what, str_of(rows[i].what)))
			return rows[i].base;
	return NULL;
}

static bool is_in_table(struct str what)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (str_eq(what, str_of(classes[i].what)))
			return true;
	return false;
}

static struct str plain_name(struct str what)
{
	const char *same = base_in(aliases, sizeof aliases / sizeof *aliases, what);
	return same ? str_of(same) : what;
}

/* Whether `what` is `above` or derives from it. */
static bool derives(struct str what, struct str above)
{
	for (above = plain_name(above), what = plain_name(what); what.n;) {
		if (str_eq(what, above))
			return true;
		const char *base = base_in(classes, sizeof classes / sizeof *classes, what);
		what = base ? str_of(base) : STR_NONE;
	}
	return false;
}

static bool is_everything(struct str what)
{
	return str_eq(what, STR("builtins.Exception")) || str_eq(what, STR("builtins.BaseException"));
}

/* A socket raises a ConnectionRefusedError, at times a relative of it; a client may raise a RuntimeError. */
static enum verdict catches_refusal(struct str handler)
{
	if (!handler.n || !is_in_table(handler))
		return VERDICT_MAYBE;
	if (derives(STR("builtins.ConnectionRefusedError"), handler))
		return VERDICT_ALWAYS;
	bool is_relative = derives(handler, STR("builtins.OSError")) || str_eq(handler, STR("builtins.RuntimeError"));
	return is_relative ? VERDICT_MAYBE : VERDICT_NEVER;
}

static enum verdict catches_of_tree(struct names *names, struct target handler, struct target error)
{
	struct def_ref class_ = {error.file, error.index};
	def_refs mro = {0};
	bool is_unknown;
	names_mro(names, names->arena, class_, &mro, &is_unknown);
	for (size_t i = 0; i < mro.n; i++)
		if (handler.kind == TARGET_DEF && mro.at[i].file == handler.file && mro.at[i].def == handler.index)
			return VERDICT_ALWAYS;
	struct str what = text_of(names, handler);
	if (what.n && names_inherits(names, class_, what))
		return VERDICT_ALWAYS;
	bool has_known_base = names_inherits(names, class_, STR("builtins.Exception"));
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (!names_inherits(names, class_, str_of(classes[i].what)))
			continue;
		has_known_base = true;
		if (what.n && derives(str_of(classes[i].what), what))
			return VERDICT_ALWAYS;
	}
	return has_known_base ? VERDICT_NEVER : VERDICT_MAYBE;
}

bool error_same(struct target a, struct target b)
{
	return a.kind == b.kind && a.file == b.file && a.index == b.index && a.text == b.text;
}

static enum verdict catches(struct names *names, struct target handler, struct target error)
{
	struct str what = text_of(names, handler);
	if (is_everything(what))
		return VERDICT_ALWAYS;
	if (error.kind == ERROR_REFUSAL)
		return catches_refusal(what);
	if (error.kind == ERROR_ANY || handler.kind == TARGET_NONE)
		return VERDICT_MAYBE;
	if (error_same(handler, error))
		return VERDICT_ALWAYS;
	if (error.kind == TARGET_DEF)
		return catches_of_tree(names, handler, error);
	struct str raised = text_of(names, error);
	if (what.n && is_in_table(raised) && derives(raised, what))
		return VERDICT_ALWAYS;
	bool is_known = is_in_table(raised) && (handler.kind == TARGET_DEF || is_in_table(what));
	return is_known ? VERDICT_NEVER : VERDICT_MAYBE;
}

enum verdict error_is_caught(struct names *names, uint32_t file, uint32_t owner, uint32_t expr, struct target error)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr];
	if (!expr)
		return VERDICT_ALWAYS;
	if (x->kind == EXPR_AS)
		return error_is_caught(names, file, owner, x->first, error);
	if (x->kind != EXPR_TUPLE)
		return catches(names, names_expr(names, file, owner, expr), error);
	enum verdict most = VERDICT_NEVER;
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next) {
		enum verdict one = error_is_caught(names, file, owner, c, error);
		if (one > most)
			most = one;
	}
	return most;
}

/* `raise X(...)`, `raise X`; a raise of what is no class could be of anything. */
static struct target raised(struct names *names, uint32_t file, uint32_t owner, uint32_t expr)
{
	const struct expr *x = &names_facts(names, file)->exprs.at[expr];
	struct target t = names_expr(names, file, owner, x->kind == EXPR_CALL ? x->first : expr);
	bool is_class =
	        t.kind == TARGET_EXTERNAL ||
	        (t.kind == TARGET_DEF && names_def(names, (struct def_ref){t.file, t.index})->kind == DEF_CLASS);
	return is_class ? t : (struct target){.kind = ERROR_ANY};
}

/* Joins what the raises of a block raise into `*all`; `*n` counts them. */
static void add_raises(struct names *names, uint32_t file, uint32_t owner, uint32_t body, struct target caught,
                       struct target *all, uint32_t *n)
{
	const struct facts *facts = names_facts(names, file);
	for (uint32_t s = body; s; s = facts->stmts.at[s].next) {
		const struct stmt *st = &facts->stmts.at[s];
		if (st->kind == STMT_RAISE) {
			struct target one = st->expr ? raised(names, file, owner, st->expr) : caught;
			*all = ++*n == 1 || error_same(one, *all) ? one : (struct target){.kind = ERROR_ANY};
		} else if (st->body && st->kind != STMT_FUNCTION && st->kind != STMT_CLASS) {
			add_raises(names, file, owner, st->body, caught, all, n);
		}
	}
}

struct target error_after(struct names *names, uint32_t file, uint32_t owner, uint32_t body, struct target caught)
{
	struct target all = caught;
	uint32_t n = 0;
	add_raises(names, file, owner, body, caught, &all, &n);
	return all;
}

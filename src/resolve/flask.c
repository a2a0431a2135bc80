/* The address stands in a settings module, a class of settings, a subscript of `app.config` or a dict; nobody passes it to
 * the object that uses it.  Where the tests set one, or a class of settings is made for them, that one is believed. */
#include "resolve/flask.h"

#define SETTING STR("SQLALCHEMY_DATABASE_URI")

/* What was found so far, of one rank. */
struct found {
	service_set services;
	bool is_sqlite;
	uint32_t file, line;
};

enum rank { RANK_APPLICATION, RANK_TESTS, RANKS };

static void read_address(const struct names *names, uint32_t file, uint32_t expr, struct found *found)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr];
	if (x->kind == EXPR_STRING) {
		service_set set = words_find(&names->words, names_str(names, x->text));
		if (set && !found->services) {
			found->file = file;
			found->line = x->line;
		}
		found->services |= set;
		found->is_sqlite |= str_has(names_str(names, x->text), STR("sqlite"));
	}
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next)
		read_address(names, file, c, found);
}

/* `class TestingConfig:` beside the settings of other surroundings. */
static enum rank rank_of(const struct names *names, uint32_t file, uint32_t owner)
{
	const struct facts *facts = names_facts(names, file);
	struct str around = owner ? names_str(names, facts->defs.at[owner].name) : STR_NONE;
	bool is_for_tests = str_has(names->repo->files.at[file].path, STR("test")) || str_has(around, STR("Test")) ||
	                    str_has(around, STR("test"));
	return is_for_tests ? RANK_TESTS : RANK_APPLICATION;
}

/* NAME = x, config.NAME = x, config["NAME"] = x */
static bool sets(const struct facts *facts, uint32_t target, name setting)
{
	const struct expr *x = &facts->exprs.at[target];
	if (x->kind == EXPR_INDEX) {
		uint32_t index = facts->exprs.at[x->first].next;
		return index && facts->exprs.at[index].kind == EXPR_STRING && facts->exprs.at[index].text == setting;
	}
	return (x->kind == EXPR_NAME || x->kind == EXPR_ATTRIBUTE) && x->text == setting;
}

static void read_statements(const struct names *names, uint32_t file, name setting, struct found *ranks)
{
	const struct facts *facts = names_facts(names, file);
	for (size_t i = 1; i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		bool may = (s->kind == STMT_ASSIGN || s->kind == STMT_ANNOTATE) && s->expr;
		if (!may || !sets(facts, s->expr, setting))
			continue;
		uint32_t value = s->expr;
		while (facts->exprs.at[value].next)
			value = facts->exprs.at[value].next;
		if (value != s->expr)
			read_address(names, file, value, &ranks[rank_of(names, file, s->owner)]);
	}
}

/* {"NAME": x}, from_mapping(NAME=x), get("NAME", x) */
static void read_expressions(const struct names *names, uint32_t file, name setting, struct found *ranks)
{
	const struct facts *facts = names_facts(names, file);
	for (size_t i = 1; i < facts->exprs.n; i++) {
		const struct expr *x = &facts->exprs.at[i];
		if (x->text != setting)
			continue;
		uint32_t value = x->kind == EXPR_KEYWORD ? x->first : x->kind == EXPR_STRING ? x->next : 0;
		if (value)
			read_address(names, file, value, &ranks[rank_of(names, file, 0)]);
	}
}

/* Files that settings are usually made in: the whole tree need not be read for one name. */
static bool may_set(struct str path)
{
	static const char *const parts[] = {"conf",     "setting", "test",      "app",
	                                    "__init__", "factory", "extension", "database"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_has(path, str_of(parts[i])))
			return true;
	return false;
}

service_set flask_services(struct names *names, uint32_t *file, uint32_t *line)
{
	struct found ranks[RANKS] = {0};
	name setting = intern(names->repo->names, SETTING);
	for (uint32_t f = 0; f < names->repo->files.n; f++) {
		if (!may_set(names->repo->files.at[f].path))
			continue;
		read_statements(names, f, setting, ranks);
		read_expressions(names, f, setting, ranks);
	}
	const struct found *tests = &ranks[RANK_TESTS];
	const struct found *best = tests->services || tests->is_sqlite ? tests : &ranks[RANK_APPLICATION];
	*file = best->file;
	*line = best->line;
	return best->services;
}

bool flask_asks(struct str dotted)
{
	static const char *const doors[] = {"session.", "create_all", "drop_all", "reflect", "engine.", "get_engine"};
	struct str object = STR(FLASK_DATABASE ".");
	if (!str_starts(dotted, object))
		return false;
	struct str member = str_slice(dotted, object.n, dotted.n);
	for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
		if (str_starts(member, str_of(doors[i])))
			return true;
	return false;
}

/* SQL over tables in memory.  The user's statement is prepared before there is a row, which tells what it reads
 * and refuses all that is not reading, and run when the tables are filled. */
#include "store/query.h"

#include <assert.h>
#include <sqlite3.h>
#include <string.h>

#include "base/buf.h"

enum { TEXT_LONGEST_MADE = 64 << 20 /* bytes that a query may put together in one value */ };

static const struct {
	const char *name, *columns;
} tables[] = {
#define QUERY_ROW(number, name, columns) {name, columns},
        QUERY_TABLES(QUERY_ROW)
#undef QUERY_ROW
};

/* ---- what went wrong ---- */

static bool is_trouble(int rc)
{
	return (rc & 0xff) == SQLITE_NOMEM || (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_FULL;
}

/* "no such table: v1_test" gets the name that was meant. */
static const char *hint(struct query *query, const char *message)
{
	struct str names[QUERY_N_TABLES], said = str_of(message), prefix = STR("no such table: ");
	if (!str_starts(said, prefix))
		return "";
	for (size_t i = 0; i < QUERY_N_TABLES; i++)
		names[i] = str_of(tables[i].name);
	size_t nearest = str_nearest(str_slice(said, prefix.n, said.n), names, QUERY_N_TABLES);
	if (nearest != SIZE_MAX)
		return str_fmt(query->arena, "; did you mean %s?", names[nearest].at).at;
	struct str all = str_join(query->arena, names, QUERY_N_TABLES, STR(", "));
	return str_fmt(query->arena, "; there are %s", all.at).at;
}

static bool blame(struct query *query, int rc, struct err *err)
{
	const char *message = sqlite3_errmsg(query->db);
	if (query->is_refused)
		return fail_usage(err, "query: only reading is allowed: a SELECT over the tables v1_*");
	if (is_trouble(rc))
		return fail(err, "query: %s", message);
	if (rc == SQLITE_INTERRUPT)
		return fail_usage(err, "query: stopped after a billion steps: it seems to have no end");
	int at = sqlite3_error_offset(query->db);
	if (at < 0)
		return fail_usage(err, "query: %s%s", message, hint(query, message));
	return fail_usage(err, "query: at character %d: %s%s", at + 1, message, hint(query, message));
}

/* ---- watching ---- */

static void want(struct query *query, const char *name)
{
	for (size_t i = 0; i < QUERY_N_TABLES; i++)
		if (name && sqlite3_stricmp(tables[i].name, name) == 0)
			query->wanted |= 1ull << i;
}

static int authorize(void *context, int action, const char *first, const char *second, const char *db, const char *via)
{
	struct query *query = context;
	(void)second;
	(void)db;
	(void)via;
	if (query->is_ours)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_READ: want(query, first); return SQLITE_OK;
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE: return SQLITE_OK;
	case SQLITE_FUNCTION:
		if (second && strcmp(second, "load_extension") != 0)
			return SQLITE_OK;
		break;
	}
	query->is_refused = true;
	return SQLITE_DENY;
}

static int count_steps(void *context)
{
	struct query *query = context;
	return ++query->steps > QUERY_STEPS_MOST;
}

/* ---- opening ---- */

static bool make_tables(struct query *query, struct err *err)
{
	for (size_t i = 0; i < QUERY_N_TABLES; i++) {
		struct str sql = str_fmt(query->arena, "CREATE TABLE %s (\n%s)", tables[i].name, tables[i].columns);
		if (sqlite3_exec(query->db, sql.at, NULL, NULL, NULL) != SQLITE_OK)
			return fail(err, "query: %s", sqlite3_errmsg(query->db));
	}
	return true;
}

/* Nothing but blanks and comments may follow the first statement. */
static bool check_rest(struct query *query, const char *rest, struct err *err)
{
	sqlite3_stmt *more = NULL;
	query->is_ours = true; /* refused or not, it is one too many */
	int rc = sqlite3_prepare_v2(query->db, rest, -1, &more, NULL);
	bool is_second = rc != SQLITE_OK || more;
	sqlite3_finalize(more);
	query->is_ours = false;
	return !is_second || fail_usage(err, "query: more than one statement");
}

static bool prepare(struct query *query, struct err *err)
{
	const char *rest;
	int rc = sqlite3_prepare_v2(query->db, query->sql.at, -1, &query->select, &rest);
	if (rc != SQLITE_OK)
		return blame(query, rc, err);
	if (!query->select)
		return fail_usage(err, "query: no statement");
	/* VACUUM INTO asks nobody while it is prepared. */
	query->is_refused = !sqlite3_stmt_readonly(query->select) || sqlite3_column_count(query->select) == 0;
	if (query->is_refused)
		return blame(query, SQLITE_AUTH, err);
	if (!check_rest(query, rest, err))
		return false;
	for (int i = 0; i < sqlite3_column_count(query->select); i++) {
		const char *name = sqlite3_column_name(query->select, i);
		if (!name)
			return fail(err, "query: out of memory");
		vec_push(query->arena, &query->columns, str_copy(query->arena, str_of(name)));
	}
	return true;
}

bool query_open(struct query *query, struct arena *out, struct str sql, struct err *err)
{
	static_assert(QUERY_N_TABLES <= 64, "a bit for each table");
	*query = (struct query){.arena = out, .sql = str_copy(out, sql), .is_ours = true};
	if (memchr(sql.at, '\0', sql.n))
		return fail_usage(err, "query: a NUL character");
	const int access = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(":memory:", &query->db, access, NULL) != SQLITE_OK)
		return fail(err, "query: %s", query->db ? sqlite3_errmsg(query->db) : "out of memory");
	sqlite3_limit(query->db, SQLITE_LIMIT_LENGTH, TEXT_LONGEST_MADE);
	sqlite3_db_config(query->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_set_authorizer(query->db, authorize, query);
	if (!make_tables(query, err))
		return false;
	query->is_ours = false;
	return prepare(query, err);
}

bool query_wants(const struct query *query, enum query_table table)
{
	return query->wanted >> table & 1;
}

/* ---- filling ---- */

static size_t count_columns(const char *columns)
{
	size_t n = 1;
	bool is_comment = false;
	for (; *columns; columns++) {
		if (columns[0] == '-' && columns[1] == '-')
			is_comment = true;
		if (*columns == '\n')
			is_comment = false;
		n += *columns == ',' && !is_comment;
	}
	return n;
}

bool query_fill(struct query *query, enum query_table table, struct err *err)
{
	struct buf sql;
	query->n_columns = count_columns(tables[table].columns);
	buf_init(&sql, query->arena);
	buf_fmt(&sql, "INSERT INTO %s VALUES (?", tables[table].name);
	for (size_t i = 1; i < query->n_columns; i++)
		buf_lit(&sql, ", ?");
	buf_char(&sql, ')');
	sqlite3_finalize(query->insert);
	query->insert = NULL;
	query->is_ours = true;
	int rc = sqlite3_prepare_v2(query->db, sql.at, (int)sql.n, &query->insert, NULL);
	query->is_ours = false;
	return rc == SQLITE_OK || fail(err, "query: %s", sqlite3_errmsg(query->db));
}

static int bind(sqlite3_stmt *stmt, int at, const struct query_value *value)
{
	switch (value->type) {
	case QUERY_INTEGER: return sqlite3_bind_int64(stmt, at, value->integer);
	case QUERY_REAL: return sqlite3_bind_double(stmt, at, value->real);
	case QUERY_TEXT:
		return sqlite3_bind_text64(stmt, at, value->text.at, value->text.n, SQLITE_STATIC, SQLITE_UTF8);
	case QUERY_NULL: break;
	}
	return sqlite3_bind_null(stmt, at);
}

bool query_row(struct query *query, const struct query_value *values, size_t n, struct err *err)
{
	assert(query->insert && n == query->n_columns);
	int rc = SQLITE_OK;
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = bind(query->insert, (int)i + 1, &values[i]);
	query->is_ours = true;
	if (rc == SQLITE_OK)
		rc = sqlite3_step(query->insert);
	int reset = sqlite3_reset(query->insert);
	query->is_ours = false;
	if (rc == SQLITE_DONE && reset == SQLITE_OK)
		return true;
	return fail(err, "query: %s", sqlite3_errmsg(query->db));
}

/* ---- running ---- */

static bool value_of(sqlite3_stmt *stmt, int at, struct query_value *value)
{
	switch (sqlite3_column_type(stmt, at)) {
	case SQLITE_NULL: *value = query_null(); return true;
	case SQLITE_INTEGER: *value = query_integer(sqlite3_column_int64(stmt, at)); return true;
	case SQLITE_FLOAT:
		*value = (struct query_value){QUERY_REAL, 0, sqlite3_column_double(stmt, at), STR_NONE};
		return true;
	}
	const void *text = sqlite3_column_blob(stmt, at);
	size_t n = (size_t)sqlite3_column_bytes(stmt, at);
	*value = query_text(n ? (struct str){text, n} : STR_NONE);
	return n == 0 || text;
}

static bool hand_over(struct query *query, struct query_value *values, query_take *take, void *context, struct err *err)
{
	size_t n = query->columns.n;
	for (size_t i = 0; i < n; i++)
		if (!value_of(query->select, (int)i, &values[i]))
			return fail(err, "query: out of memory");
	return take(context, values, n, err);
}

bool query_run(struct query *query, query_take *take, void *context, struct err *err)
{
	struct query_value *values = arena_array(query->arena, struct query_value, query->columns.n);
	int rc;
	sqlite3_progress_handler(query->db, QUERY_STEP, count_steps, query);
	while ((rc = sqlite3_step(query->select)) == SQLITE_ROW)
		if (!hand_over(query, values, take, context, err))
			return false;
	return rc == SQLITE_DONE || blame(query, rc, err);
}

void query_close(struct query *query)
{
	sqlite3_stmt *stmt;
	while (query->db && (stmt = sqlite3_next_stmt(query->db, NULL)))
		sqlite3_finalize(stmt);
	sqlite3_close(query->db);
	query->db = NULL;
	query->select = query->insert = NULL;
}

struct query_value query_null(void)
{
	return (struct query_value){.type = QUERY_NULL, .text = STR_NONE};
}

struct query_value query_integer(int64_t value)
{
	return (struct query_value){.type = QUERY_INTEGER, .integer = value, .text = STR_NONE};
}

struct query_value query_seconds(int64_t ms)
{
	return (struct query_value){.type = QUERY_REAL, .real = (double)ms / 1000, .text = STR_NONE};
}

struct query_value query_text(struct str text)
{
	return (struct query_value){.type = QUERY_TEXT, .text = text};
}

struct query_value query_some_text(struct str text)
{
	return text.n ? query_text(text) : query_null();
}

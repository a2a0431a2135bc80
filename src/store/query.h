/* SQL for people: one SELECT over what lanewright knows, in tables made for it in memory.
 *
 *	struct query query = {0};
 *	bool ok = query_open(&query, out, sql, err);
 *	if (ok && query_wants(&query, QUERY_MARKS)) {
 *		ok = query_fill(&query, QUERY_MARKS, err);
 *		for each mark
 *			ok = ok && query_row(&query, (struct query_value[]){query_text(test), ...}, 4, err);
 *	}
 *	ok = ok && query_run(&query, print, stdout, err);
 *	query_close(&query);        // on every path, also after a trap; may be called twice
 *
 * Only tables that the SQL names are asked for, so that nobody plans to count imports.  What is wrong with the
 * SQL is a usage error. */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base/err.h"
#include "base/str.h"
#include "store/query_tables.h"

struct sqlite3;
struct sqlite3_stmt;

#define QUERY_NUMBER(number, name, columns) number,
enum query_table { QUERY_TABLES(QUERY_NUMBER) QUERY_N_TABLES };
#undef QUERY_NUMBER

enum query_type { QUERY_NULL, QUERY_INTEGER, QUERY_REAL, QUERY_TEXT };

struct query_value {
	enum query_type type;
	int64_t integer;
	double real;
	struct str text;
};

struct query {
	struct arena *arena;
	struct str sql;
	struct sqlite3 *db;
	struct sqlite3_stmt *select, *insert;
	size_t n_columns; /* of insert */
	uint64_t wanted;  /* tables the SQL reads */
	bool is_ours;     /* this statement is not the user's */
	bool is_refused;  /* he asks for more than reading */
	uint64_t steps;   /* of SQLite's machine, in units of QUERY_STEP */
	strs columns;     /* of the result */
};

enum { QUERY_STEP = 100000, QUERY_STEPS_MOST = 10000 /* a billion: some ten seconds */ };

typedef bool query_take(void *context, const struct query_value *values, size_t n, struct err *err);

bool query_open(struct query *query, struct arena *out, struct str sql, struct err *err);
bool query_wants(const struct query *query, enum query_table table);
/* The rows that follow are of this table. */
bool query_fill(struct query *query, enum query_table table, struct err *err);
bool query_row(struct query *query, const struct query_value *values, size_t n, struct err *err);
/* Hands over the result row by row; texts are borrowed for the call.  Columns have their names in query->columns. */
bool query_run(struct query *query, query_take *take, void *context, struct err *err);
void query_close(struct query *query);

struct query_value query_null(void);
struct query_value query_integer(int64_t value);
struct query_value query_seconds(int64_t ms);
struct query_value query_text(struct str text);
/* NULL for "". */
struct query_value query_some_text(struct str text);

#endif

/* The tables that `lanewright query` offers: a row here is a table, its place in enum query_table and its columns.
 * They are a promise: columns may be added at the end, none is renamed or dropped.  Times are in seconds, lines
 * count from 1, what is not known is NULL, claims are 0 or 1. */
#ifndef STORE_QUERY_TABLES_H
#define STORE_QUERY_TABLES_H

/* clang-format off */
#define QUERY_TABLES(TABLE) \
	TABLE(QUERY_FILES, "v1_files", \
		"path          TEXT,    -- relative to the root\n" \
		"bytes         INTEGER,\n" \
		"lines         INTEGER,\n" \
		"is_test       INTEGER, -- pytest would collect it\n" \
		"is_conftest   INTEGER,\n" \
		"is_unreadable INTEGER\n") \
	TABLE(QUERY_TESTS, "v1_tests", \
		"test        TEXT,    -- path::Class::func\n" \
		"path        TEXT,\n" \
		"line        INTEGER, -- of its def, which may be in another file\n" \
		"cases       INTEGER, -- with its parameters; a lower bound when not exact\n" \
		"is_exact    INTEGER, -- pytest collects just this\n" \
		"is_unittest INTEGER,\n" \
		"is_dead     INTEGER, -- skipped without a condition\n" \
		"unknowns    INTEGER  -- constructs that could not be decided\n") \
	TABLE(QUERY_MARKS, "v1_marks", \
		"test TEXT,\n" \
		"mark TEXT,    -- as in @pytest.mark.NAME\n" \
		"path TEXT,    -- where it is written\n" \
		"line INTEGER\n") \
	TABLE(QUERY_FIXTURES, "v1_fixtures", \
		"fixture         TEXT,    -- as it is asked for\n" \
		"path            TEXT,    -- NULL for a plugin's\n" \
		"line            INTEGER,\n" \
		"scope           TEXT,    -- NULL when it is not literal\n" \
		"is_autouse      INTEGER,\n" \
		"is_parametrized INTEGER,\n" \
		"is_external     INTEGER  -- of a plugin, or found nowhere\n") \
	TABLE(QUERY_USES, "v1_uses", \
		"test    TEXT,\n" \
		"fixture TEXT,    -- in the closure of what the test asks for\n" \
		"path    TEXT,    -- where the fixture is written; NULL for a plugin's\n" \
		"line    INTEGER\n") \
	TABLE(QUERY_IMPORTS, "v1_imports", \
		"path   TEXT,    -- of the importing file\n" \
		"line   INTEGER,\n" \
		"level  INTEGER, -- leading dots\n" \
		"module TEXT,    -- as written, without the dots\n" \
		"name   TEXT,    -- what is taken from it; NULL for `import module`\n" \
		"bound  TEXT     -- the name it has here\n") \
	TABLE(QUERY_NEEDS, "v1_needs", \
		"test        TEXT,\n" \
		"path        TEXT,\n" \
		"service     TEXT,    -- of an any-of need the sorted names, joined by |\n" \
		"grade       TEXT,    -- requires, probable, unknown, mocked or mention\n" \
		"is_dead     INTEGER,\n" \
		"is_override INTEGER,\n" \
		"cause       TEXT     -- the last step to it, path:line: what\n") \
	TABLE(QUERY_TIMINGS, "v1_timings", \
		"test    TEXT,\n" \
		"path    TEXT,\n" \
		"seconds REAL,\n" \
		"low     REAL,    -- a band of about 90 %\n" \
		"high    REAL,\n" \
		"source  TEXT     -- history, regression or default\n") \
	TABLE(QUERY_UNITS, "v1_units", \
		"unit    TEXT,    -- path, path::Class or path::func\n" \
		"path    TEXT,\n" \
		"seconds REAL,\n" \
		"source  TEXT,\n" \
		"needs   TEXT,    -- sorted, joined by a blank\n" \
		"tests   INTEGER, -- test functions\n" \
		"lane    TEXT,\n" \
		"shard   TEXT\n") \
	TABLE(QUERY_PLAN, "v1_plan", \
		"shard    TEXT,\n" \
		"lane     TEXT,\n" \
		"services TEXT,    -- of the lane, joined by a blank\n" \
		"units    INTEGER,\n" \
		"fixed    REAL,    -- seconds before the first test\n" \
		"load     REAL,    -- seconds of its tests\n" \
		"seconds  REAL     -- both\n")
/* clang-format on */

#endif

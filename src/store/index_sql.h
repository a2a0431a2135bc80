/* The tables of `.lanewright/index.db`. */
#ifndef STORE_INDEX_SQL_H
#define STORE_INDEX_SQL_H

static const char index_schema[] =
        "CREATE TABLE stat (              -- one row: how the files looked when they were read\n"
        "	id         INTEGER PRIMARY KEY CHECK (id = 1),\n"
        "	generation INTEGER NOT NULL,  -- counts commits; also in the head of bytes\n"
        "	bytes      BLOB NOT NULL      -- head with an XXH3-64 of the rest, then the files by path\n"
        ");\n"
        "CREATE TABLE facts (             -- what each content says, however many files have it\n"
        "	id    INTEGER PRIMARY KEY,    -- the stat table names contents by it\n"
        "	hash  BLOB NOT NULL,          -- XXH3-128 of the content\n"
        "	sum   INTEGER NOT NULL,       -- XXH3-64 over id, hash and bytes\n"
        "	bytes BLOB NOT NULL           -- packed facts\n"
        ");\n";

static const char index_read_version[] =
        "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version";
static const char index_read_stat[] = "SELECT generation, bytes FROM stat WHERE id = 1";
static const char index_read_generation[] = "SELECT generation FROM stat WHERE id = 1";
static const char index_read_facts[] = "SELECT id, hash, sum, bytes FROM facts ORDER BY id";
static const char index_insert_facts[] = "INSERT OR REPLACE INTO facts (id, hash, sum, bytes) VALUES (?, ?, ?, ?)";
static const char index_delete_facts[] = "DELETE FROM facts WHERE id = ?";
static const char index_insert_stat[] = "INSERT OR REPLACE INTO stat (id, generation, bytes) VALUES (1, ?, ?)";

#endif

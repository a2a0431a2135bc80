/* The pytest command in a step's script: found, and taken apart.
 *
 * Shell is read as far as people write it in CI: lines joined by a backslash, commands joined by && ; | &, words with
 * quotes.  A command inside `if` or a loop is found as well; what stands around it is handed out as text. */
#ifndef PROJECT_SCRIPT_H
#define PROJECT_SCRIPT_H

#include "base/str.h"
#include "model/service.h"

typedef VEC(struct env_pair) script_env;

struct script {
	bool has_pytest;
	strs before, after; /* commands around it, without comments */
	script_env env;     /* NAME=value before the command, and `export NAME=value` lines */
	struct str dir;     /* of a `cd`, "" for none */
	struct str bin;     /* ".venv/bin" of a `source .venv/bin/activate` before it */
	strs words;         /* of the command, as written, quotes and all */
	bool is_piped;      /* a redirection, pipe or & behind it was left out */
	bool is_complex; /* conditions, loops, functions or here-documents stand around it: `before` is not the whole */
};

void script_read(struct arena *out, struct str text, struct script *script);

/* The commands of a script, each as its words. */
typedef VEC(strs) script_commands;
script_commands script_split(struct arena *out, struct str text);
/* Where a command's program stands, behind assignments and words of the shell; the number of words for none. */
size_t script_first_word(const strs *words);
/* Is a command about packages or files, so that a tool's name in it is not a call: `pip install tox`? */
bool script_is_about_packages(const strs *words, size_t to);

/* The program of a script that runs tests by itself, as "tox" or "make test": a tool that hides pytest; "" for none. */
struct str script_hidden_tests(struct arena *out, struct str text);

/* Is this script a check beside the tests: a linter, a type checker, a migration check? */
bool script_is_check(struct arena *out, struct str text);

#endif

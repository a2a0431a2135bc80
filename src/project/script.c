/* Splitting by quotes and operators; a whole shell is not needed to find one word. */
#include "project/script.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

/* Lines ended by a backslash are one line; lines of comments are gone. */
static struct str without_breaks(struct arena *out, struct str text)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t from = 0; from < text.n;) {
		size_t end = str_find(text, STR("\n"), from);
		struct str line = str_slice(text, from, end), trimmed = str_trim(line);
		from = end == SIZE_MAX ? text.n : end + 1;
		if (str_starts(trimmed, STR("#")))
			continue;
		if (str_ends(trimmed, STR("\\"))) {
			buf_add(&buf, str_slice(trimmed, 0, trimmed.n - 1));
			buf_char(&buf, ' ');
		} else {
			buf_add(&buf, trimmed);
			buf_char(&buf, '\n');
		}
	}
	return buf_str(&buf);
}

/* How long the operator at `at` is, 0 when none stands there. */
static size_t operator_at(struct str s, size_t at)
{
	bool is_twice = at + 1 < s.n && s.at[at + 1] == s.at[at];
	switch (s.at[at]) {
	case '&': return at > 0 && s.at[at - 1] == '>' ? 0 : 1 + is_twice; /* 2>&1 */
	case '|': return 1 + is_twice;
	case ';': return 1 + is_twice;
	case '\n': return 1;
	default: return 0;
	}
}

/* The end of the word at `at`; quotes, $( ) and ${{ }} hold it together. */
static size_t word_end(struct str s, size_t at)
{
	char quote = 0;
	unsigned depth = 0;
	for (; at < s.n; at++) {
		char c = s.at[at];
		if (c == '\\' && quote != '\'' && at + 1 < s.n)
			at++;
		else if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'' || c == '`')
			quote = c;
		else if (c == '$' && at + 1 < s.n && (s.at[at + 1] == '(' || s.at[at + 1] == '{'))
			depth++, at++;
		else if (depth && (c == '(' || c == '{'))
			depth++;
		else if (depth && (c == ')' || c == '}'))
			depth--;
		else if (!depth && (isspace((unsigned char)c) || operator_at(s, at)))
			break;
	}
	return at < s.n ? at : s.n;
}

/* Words of each command, the operator behind it as a last word of its own when it is a pipe or &. */
static script_commands split(struct arena *out, struct str text)
{
	script_commands list = {0};
	strs words = {0};
	for (size_t at = 0; at < text.n;) {
		size_t joint = operator_at(text, at), end = joint ? at + joint : word_end(text, at);
		struct str word = str_slice(text, at, end);
		bool is_pipe = str_eq(word, STR("|")) || str_eq(word, STR("&"));
		if (!joint && end == at) {
			at++;
			continue;
		}
		at = end;
		if (!joint || is_pipe)
			vec_push(out, &words, word);
		if (joint && words.n) {
			vec_push(out, &list, words);
			words = (strs){0};
		}
	}
	if (words.n)
		vec_push(out, &list, words);
	return list;
}

script_commands script_split(struct arena *out, struct str text)
{
	return split(out, without_breaks(out, text));
}

static bool is_assignment(struct str word)
{
	size_t i = 0;
	while (i < word.n && (isalnum((unsigned char)word.at[i]) || word.at[i] == '_'))
		i++;
	return i > 0 && i < word.n && word.at[i] == '=' && !isdigit((unsigned char)word.at[0]);
}

static bool is_one_of(struct str word, const char *const *list)
{
	for (; *list; list++)
		if (str_eq(word, str_of(*list)))
			return true;
	return false;
}

/* Words in front of a program: shell's own, and programs that run a program. */
size_t script_first_word(const strs *words)
{
	static const char *const before[] = {"if", "then", "else", "do", "!", "time", "exec", "env", "{", "(", NULL};
	size_t i = 0;
	while (i < words->n && (is_assignment(words->at[i]) || is_one_of(words->at[i], before)))
		i++;
	return i;
}

bool script_is_about_packages(const strs *words, size_t to)
{
	static const char *const verbs[] = {"install", "add",  "echo",    "printf", "grep",  "uninstall", "pip",
	                                    "which",   "cp",   "mv",      "rm",     "mkdir", "cat",       "sed",
	                                    "ls",      "test", "command", "apt",    "git",   NULL};
	for (size_t i = 0; i < to; i++)
		if (is_one_of(words->at[i], verbs))
			return true;
	return false;
}

static bool is_pytest(const strs *words)
{
	for (size_t i = script_first_word(words); i < words->n; i++) {
		struct str base = path_base(words->at[i]);
		if (str_eq(base, STR("pytest")) || str_eq(base, STR("py.test")))
			return !script_is_about_packages(words, i);
	}
	return false;
}

/* "a b" as a b; a value in which something is expanded stays as it is written. */
static struct str unquoted(struct str word)
{
	bool is_quoted = word.n >= 2 && (word.at[0] == '"' || word.at[0] == '\'') && word.at[word.n - 1] == word.at[0];
	return is_quoted ? str_slice(word, 1, word.n - 1) : word;
}

static void add_env(struct arena *out, script_env *env, struct str word)
{
	size_t equals = str_find(word, STR("="), 0);
	struct env_pair pair = {str_slice(word, 0, equals), unquoted(str_slice(word, equals + 1, word.n))};
	vec_push(out, env, pair);
}

static void take_command(struct arena *out, const strs *words, struct script *script)
{
	size_t from = script_first_word(words);
	for (size_t i = 0; i < from; i++)
		if (is_assignment(words->at[i]))
			add_env(out, &script->env, words->at[i]);
	for (size_t i = from; i < words->n; i++) {
		struct str word = words->at[i];
		bool is_redirection = str_starts(word, STR(">")) || str_starts(word, STR("2>")) ||
		                      str_starts(word, STR("<")) || str_eq(word, STR("|")) || str_eq(word, STR("&"));
		script->is_piped |= is_redirection;
		if (is_redirection)
			break;
		vec_push(out, &script->words, word);
	}
}

static struct str joined(struct arena *out, const strs *words)
{
	return str_join(out, words->at, words->n, STR(" "));
}

/* What a command before pytest changes for it; all else is a command that must run as it is. */
static void take_before(struct arena *out, const strs *words, struct script *script)
{
	static const char *const silent[] = {"set", "echo", "trap", "fi", "done", "}", NULL};
	struct str first = words->at[0], second = words->n > 1 ? words->at[1] : STR_NONE;
	struct str activate = STR("/bin/activate");
	bool is_export = str_eq(first, STR("export")) && words->n == 2 && is_assignment(second);
	if (is_export && !str_has(second, STR("$(")) && !str_has(second, STR("`")))
		add_env(out, &script->env, second);
	else if (str_eq(first, STR("cd")) && words->n == 2)
		script->dir = unquoted(second);
	else if ((str_eq(first, STR("source")) || str_eq(first, STR("."))) && str_ends(second, activate))
		script->bin = str_slice(second, 0, second.n - 9);
	else if (!is_one_of(first, silent))
		vec_push(out, &script->before, joined(out, words));
}

static bool is_structure(const strs *words)
{
	static const char *const structures[] = {"if",   "then", "else", "elif", "for",  "while", "until",
	                                         "case", "do",   "{",    "(",    "trap", NULL};
	for (size_t i = 0; i < words->n; i++)
		if (str_has(words->at[i], STR("<<")) || str_ends(words->at[i], STR("()")))
			return true;
	return is_one_of(words->at[0], structures);
}

void script_read(struct arena *out, struct str text, struct script *script)
{
	script_commands list = script_split(out, text);
	*script = (struct script){0};
	size_t at = 0;
	while (at < list.n && !is_pytest(&list.at[at]))
		at++;
	if (at == list.n)
		return;
	script->has_pytest = true;
	for (size_t i = 0; i <= at; i++)
		script->is_complex |= is_structure(&list.at[i]);
	for (size_t i = 0; i < at; i++)
		take_before(out, &list.at[i], script);
	take_command(out, &list.at[at], script);
	for (size_t i = at + 1; i < list.n; i++)
		vec_push(out, &script->after, joined(out, &list.at[i]));
}

struct str script_hidden_tests(struct arena *out, struct str text)
{
	static const char *const tools[] = {"tox", "nox", "make", "hatch", "invoke", "inv", "just", "task", NULL};
	script_commands list = script_split(out, text);
	for (size_t i = 0; i < list.n; i++) {
		const strs *words = &list.at[i];
		for (size_t k = script_first_word(words); k < words->n; k++) {
			struct str base = path_base(words->at[k]);
			bool is_always = str_eq(base, STR("tox")) || str_eq(base, STR("nox"));
			bool is_tool = is_one_of(base, tools) && !script_is_about_packages(words, k);
			struct str all = joined(out, words);
			if (is_tool && (is_always || str_has(all, STR("test"))))
				return all;
		}
	}
	return STR_NONE;
}

bool script_is_check(struct arena *out, struct str text)
{
	static const char *const checkers[] = {"ruff",          "mypy",      "flake8",   "pylint",    "pyright",
	                                       "bandit",        "isort",     "black",    "codespell", "pre-commit",
	                                       "import-linter", "pip-audit", "yamllint", "vulture",   NULL};
	script_commands list = script_split(out, text);
	size_t n = 0;
	for (size_t i = 0; i < list.n; i++) {
		bool is_check = false, is_install = false;
		for (size_t k = 0; k < list.at[i].n; k++) {
			is_check |= is_one_of(path_base(list.at[i].at[k]), checkers) ||
			            str_eq(list.at[i].at[k], STR("--check"));
			is_install |= str_eq(list.at[i].at[k], STR("install")) || str_eq(list.at[i].at[k], STR("add"));
		}
		if (!is_check || is_install)
			return false;
		n++;
	}
	return n > 0;
}

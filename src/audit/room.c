/* Looking into the case: facts, names, needs, jobs. */
#include "audit/room.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

const struct facts *audit_facts(const struct audit *a, uint32_t file)
{
	return repo_facts(a->it->repo, file);
}

struct str audit_text(const struct audit *a, name n)
{
	return n ? intern_str(a->it->repo->names, n) : STR_NONE;
}

struct str audit_path(const struct audit *a, uint32_t file)
{
	return a->it->repo->files.at[file].path;
}

const struct service *audit_service(const struct audit *a, unsigned index)
{
	return &a->it->config->catalogue.services.at[index];
}

bool audit_has_marker(const struct audit *a, unsigned service)
{
	return audit_service(a, service)->markers.n > 0 && !audit_service(a, service)->is_base;
}

struct str audit_names(const struct audit *a, service_set set)
{
	return service_set_names(a->out, &a->it->config->catalogue, set, STR(", "));
}

/* ---- facts ---- */

struct str audit_dotted(const struct audit *a, const struct facts *facts, uint32_t expr)
{
	const struct expr *e = &facts->exprs.at[expr];
	if (e->kind == EXPR_NAME)
		return audit_text(a, e->text);
	if (e->kind != EXPR_ATTRIBUTE)
		return STR_NONE;
	struct str object = audit_dotted(a, facts, e->first), own = audit_text(a, e->text);
	return object.n ? str_fmt(a->tmp, "%.*s.%.*s", STR_ARG(object), STR_ARG(own)) : STR_NONE;
}

struct str audit_imported(const struct audit *a, const struct facts *facts, uint32_t expr)
{
	struct str dotted = audit_dotted(a, facts, expr);
	size_t dot = str_find(dotted, STR("."), 0);
	struct str root = str_slice(dotted, 0, dot), rest = str_slice(dotted, root.n, dotted.n);
	for (size_t i = 0; dotted.n && i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		struct str module = audit_text(a, import->module);
		if (import->level || !str_eq(audit_text(a, import->bound), root))
			continue;
		if (import->name)
			return str_fmt(a->tmp, "%.*s.%.*s%.*s", STR_ARG(module), STR_ARG(audit_text(a, import->name)),
			               STR_ARG(rest));
		if (import->has_alias)
			return str_fmt(a->tmp, "%.*s%.*s", STR_ARG(module), STR_ARG(rest));
	}
	return dotted;
}

uint32_t audit_keyword(const struct audit *a, const struct facts *facts, uint32_t call, const char *key)
{
	for (uint32_t e = facts->exprs.at[call].first; e; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_KEYWORD &&
		    str_eq(audit_text(a, facts->exprs.at[e].text), str_of(key)))
			return facts->exprs.at[e].first;
	return 0;
}

bool audit_is_at_import(const struct facts *facts, const struct stmt *stmt)
{
	uint32_t owner = stmt->owner;
	while (owner && facts->defs.at[owner].kind == DEF_CLASS)
		owner = facts->defs.at[owner].parent;
	return owner == 0;
}

void audit_def_place(const struct facts *facts, uint32_t def, uint32_t *line, uint32_t *at)
{
	const struct stmt *stmt = &facts->stmts.at[facts->defs.at[def].stmt];
	*line = stmt->line;
	*at = stmt->start;
}

/* ---- needs ---- */

/* A skip whose message names a service may be about anything of it. */
static bool is_only_said(const struct evidence *why)
{
	return why->steps.n && str_starts(why->steps.at[why->steps.n - 1].text, STR("skips saying"));
}

bool audit_counts(const struct audit *a, const struct need *need)
{
	enum grade least = a->it->config->grade > GRADE_PROBABLE ? a->it->config->grade : GRADE_PROBABLE;
	return need->shown.grade >= least && !is_only_said(&need->shown) && !need->is_dead && !need->is_override;
}

bool audit_is_sure(const struct audit *a, const struct need *need)
{
	if (need->shown.grade == GRADE_REQUIRES)
		return true;
	if (need->shown.steps.n == 0)
		return false;
	const struct source_file *file = &a->it->repo->files.at[need->shown.steps.at[need->shown.steps.n - 1].file];
	return file->is_test || file->is_conftest || audit_has_word(a->tmp, path_dir(file->path), STR("tests")) ||
	       audit_has_word(a->tmp, path_dir(file->path), STR("test"));
}

bool audit_has_doubt(const struct audit *a, uint32_t test)
{
	const need_list *needs = &a->it->needs->tests[test];
	const struct test *it = &a->it->suite->tests.at[test];
	for (size_t i = 0; i < needs->n; i++)
		if (needs->at[i].grade == GRADE_UNKNOWN || needs->at[i].is_override)
			return true;
	for (size_t i = 0; i < it->unknowns.n; i++) {
		uint8_t kind = it->unknowns.at[i].kind;
		if (kind == UNKNOWN_FIXTURE || kind == UNKNOWN_DYNAMIC_FIXTURE || kind == UNKNOWN_BASE ||
		    kind == UNKNOWN_DECORATOR || kind == UNKNOWN_SYNTAX || kind == UNKNOWN_PLUGIN)
			return true;
	}
	return false;
}

bool audit_is_self_started(const struct audit *a, uint32_t test)
{
	int docker = catalogue_find(&a->it->config->catalogue, STR("docker"));
	return docker >= 0 && a->shown[test] >> docker & 1;
}

struct str audit_because(const struct audit *a, const struct evidence *why)
{
	if (why->steps.n == 0)
		return STR("no chain");
	const struct step *last = &why->steps.at[why->steps.n - 1];
	return str_fmt(a->out, "%.*s, %.*s:%u", STR_ARG(last->text), STR_ARG(audit_path(a, last->file)), last->line);
}

/* ---- at the start ---- */

static service_set shown_of(const struct audit *a, uint32_t test, bool wants_sure)
{
	service_set set = 0;
	const need_list *needs = &a->it->needs->tests[test];
	for (size_t i = 0; i < needs->n; i++) {
		const struct need *need = &needs->at[i];
		bool is_single = (need->services & (need->services - 1)) == 0;
		if (is_single && audit_counts(a, need) && (!wants_sure || audit_is_sure(a, need)))
			set |= need->services;
	}
	return set;
}

static service_set declared_by(const struct audit *a, const struct test *test)
{
	service_set set = 0;
	for (size_t m = 0; m < test->marks.n; m++) {
		struct str what = audit_text(a, test->marks.at[m].name);
		for (unsigned k = 0; what.n && k < a->it->config->catalogue.services.n; k++) {
			const strs *markers = &audit_service(a, k)->markers;
			for (size_t i = 0; i < markers->n; i++)
				if (str_eq(markers->at[i], what))
					set |= (service_set)1 << k;
		}
	}
	return set;
}

struct audit audit_begin(struct arena *out, struct arena *tmp, const struct audit_case *it)
{
	struct audit a = {.out = out, .tmp = tmp, .it = it};
	a.shown = arena_array(tmp, service_set, it->suite->tests.n + 1);
	a.sure = arena_array(tmp, service_set, it->suite->tests.n + 1);
	a.declared = arena_array(tmp, service_set, it->suite->tests.n + 1);
	for (uint32_t t = 0; t < it->suite->tests.n; t++) {
		a.shown[t] = shown_of(&a, t, false);
		a.sure[t] = shown_of(&a, t, true);
		a.declared[t] = declared_by(&a, &it->suite->tests.at[t]);
	}
	return a;
}

/* ---- jobs ---- */

bool audit_runs_tests(const struct job *job)
{
	for (size_t i = 0; i < job->steps.n; i++)
		if (str_has(job->steps.at[i].run, STR("pytest")))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

bool audit_has_word(struct arena *tmp, struct str text, struct str word)
{
	text = str_lower(tmp, text);
	word = str_lower(tmp, word);
	for (size_t at = 0; word.n && (at = str_find(text, word, at)) != SIZE_MAX; at++) {
		bool begins = at == 0 || !is_letter(text.at[at - 1]);
		if (begins && (at + word.n == text.n || !is_letter(text.at[at + word.n])))
			return true;
	}
	return false;
}

bool audit_job_says(const struct audit *a, const struct job *job, struct str word)
{
	for (size_t i = 0; i < job->env.n; i++)
		if (audit_has_word(a->tmp, job->env.at[i].name, word) ||
		    audit_has_word(a->tmp, job->env.at[i].value, word))
			return true;
	for (size_t i = 0; i < job->steps.n; i++)
		if (audit_has_word(a->tmp, job->steps.at[i].text, word))
			return true;
	return false;
}

bool audit_is_opaque(const struct job *job)
{
	static const char *const words[] = {"tox",    "nox", "make ",  "just ", "hatch",
	                                    "docker", ".sh", "dotenv", "invoke"};
	for (size_t s = 0; s < job->steps.n; s++)
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (str_has(job->steps.at[s].run, str_of(words[i])))
				return true;
	return false;
}

/* Programs that speak the protocol of another: tests of one run on the other. */
static bool is_twin(struct str service, struct str image)
{
	static const char *const twins[][2] = {
	        {"redis", "valkey"},      {"redis", "keydb"},   {"redis", "dragonfly"}, {"redis", "redis-stack"},
	        {"valkey", "redis"},      {"mysql", "mariadb"}, {"mariadb", "mysql"},   {"postgres", "postgis"},
	        {"postgres", "pgvector"}, {"s3", "minio"},      {"s3", "localstack"}};
	for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
		if (str_eq(service, str_of(twins[i][0])) && str_eq(image, str_of(twins[i][1])))
			return true;
	return false;
}

bool audit_is_service(const struct service *known, const struct job_service *started)
{
	struct str image = image_base(started->image);
	if (str_eq(started->name, known->name) || str_eq(image, known->name) ||
	    (known->image.n && str_eq(image, image_base(known->image))))
		return true;
	for (size_t i = 0; i < known->words.n; i++)
		if (str_eq(image, known->words.at[i]) || str_eq(started->name, known->words.at[i]))
			return true;
	return is_twin(known->name, image);
}

/* ---- words ---- */

enum { WORD_LONGEST = 48 };

/* Edits between two words, a swap of neighbours counting one. */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][WORD_LONGEST + 1];
	for (size_t k = 0; k <= b.n; k++)
		rows[0][k] = k;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = rows[i % 3], *up = rows[(i + 2) % 3], *above = rows[(i + 1) % 3];
		now[0] = i;
		for (size_t k = 1; k <= b.n; k++) {
			size_t best = up[k - 1] + (a.at[i - 1] != b.at[k - 1]);
			best = up[k] + 1 < best ? up[k] + 1 : best;
			best = now[k - 1] + 1 < best ? now[k - 1] + 1 : best;
			if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1] &&
			    above[k - 2] + 1 < best)
				best = above[k - 2] + 1;
			now[k] = best;
		}
	}
	return rows[a.n % 3][b.n];
}

static size_t digits(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.at[i] >= '0' && s.at[i] <= '9';
	return n;
}

/* client1 and client2, psycopg and psycopg2 are different things, and so are words of three letters. */
bool audit_is_slip(struct str a, struct str b)
{
	if (a.n < 4 || a.n > WORD_LONGEST || b.n > WORD_LONGEST || digits(a) || digits(b) || str_eq(a, b))
		return false;
	return distance(a, b) <= (a.n < 8 ? 1u : 2u);
}

size_t audit_meant(struct str word, const strs *known)
{
	for (size_t i = 0; i < known->n; i++)
		if (audit_is_slip(word, known->at[i]))
			return i;
	return SIZE_MAX;
}

/* ---- telling ---- */

static struct str told(struct arena *out, const char *format, va_list args)
{
	char text[1024];
	vsnprintf(text, sizeof text, format, args);
	return str_copy(out, str_of(text));
}

void audit_report(struct audit *a, uint32_t file, uint32_t line, uint32_t at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct finding finding = {.rule = a->rule, .path = audit_path(a, file), .line = line, .at = at};
	finding.message = told(a->out, format, args);
	va_end(args);
	vec_push(a->out, a->found, finding);
}

void audit_report_place(struct audit *a, struct str place, const char *format, ...)
{
	va_list args;
	uint64_t line = 0;
	size_t colon = str_rfind_char(place, ':');
	if (colon == SIZE_MAX || !str_number(str_slice(place, colon + 1, place.n), UINT32_MAX, &line))
		colon = place.n;
	va_start(args, format);
	struct finding finding = {.rule = a->rule, .path = str_slice(place, 0, colon), .at = FINDING_NOWHERE};
	finding.line = (uint32_t)line;
	finding.message = told(a->out, format, args);
	va_end(args);
	vec_push(a->out, a->found, finding);
}

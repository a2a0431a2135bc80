/* Expressions of GitHub are filled in where the file itself says what they are: its matrix, the ports of its services. */
#include "project/values.h"

#include "base/buf.h"

enum { VALUES_MOST = 16, DEPTH_MOST = 4 };

struct filling {
	struct arena *out;
	const struct job *job;
	strs found;
};

static bool is_same_port(struct str digits, uint32_t port)
{
	uint64_t number;
	return str_number(digits, 65535, &number) && number == port;
}

static struct str unquoted(struct str s)
{
	bool is_quoted = s.n >= 2 && (s.at[0] == '\'' || s.at[0] == '"') && s.at[s.n - 1] == s.at[0];
	return is_quoted ? str_slice(s, 1, s.n - 1) : s;
}

/* job.services.postgres.ports[5432], job.services.postgres.ports['5432'], job.services['postgres'].ports[5432]: the
 * port that it is mapped to, else itself, by which it is known as well. */
static struct str mapped_port(const struct filling *f, struct str inner)
{
	static const char front[] = "job.services";
	size_t open = str_rfind_char(inner, '[');
	if (!str_starts(inner, STR("job.services")) || open == SIZE_MAX || !str_ends(inner, STR("]")))
		return STR_NONE;
	struct str port = unquoted(str_slice(inner, open + 1, inner.n - 1));
	struct str name = str_slice(inner, sizeof front - 1, str_find(inner, STR(".ports"), 0));
	if (str_starts(name, STR(".")))
		name = str_slice(name, 1, name.n);
	else if (name.n > 2)
		name = unquoted(str_slice(name, 1, name.n - 1));
	for (size_t i = 0; i < f->job->services.n; i++) {
		const struct job_service *s = &f->job->services.at[i];
		for (size_t k = 0; str_eq(s->name, name) && k < s->ports.n; k++)
			if (s->ports.at[k].host && is_same_port(port, s->ports.at[k].container))
				return str_fmt(f->out, "%u", s->ports.at[k].host);
	}
	return port;
}

/* The first expression of the text that can be told, at or after `from`. */
static bool next_expression(struct str text, size_t from, size_t *open, size_t *close, struct str *inner)
{
	*open = str_find(text, STR("${{"), from);
	*close = *open == SIZE_MAX ? SIZE_MAX : str_find(text, STR("}}"), *open);
	if (*close == SIZE_MAX)
		return false;
	*inner = str_trim(str_slice(text, *open + 3, *close));
	*close += 2;
	return true;
}

static void fill(struct filling *f, struct str text, size_t from, int depth);

static void fill_with(struct filling *f, struct str text, size_t open, size_t close, struct str with, int depth)
{
	struct str whole = str_fmt(f->out, "%.*s%.*s%.*s", (int)open, text.at, STR_ARG(with), (int)(text.n - close),
	                           text.at + close);
	fill(f, whole, open + with.n, depth + 1);
}

/* A secret inside an address hides neither its host nor its scheme: it stays as it is written. */
static void fill(struct filling *f, struct str text, size_t from, int depth)
{
	size_t open, close;
	struct str inner;
	if (f->found.n >= VALUES_MOST || depth > DEPTH_MOST)
		return;
	if (!next_expression(text, from, &open, &close, &inner)) {
		vec_push(f->out, &f->found, text);
		return;
	}
	if (str_starts(inner, STR("matrix."))) {
		struct str axis = str_slice(inner, 7, inner.n);
		for (size_t i = 0; i < f->job->axes.n; i++)
			if (str_eq(f->job->axes.at[i].name, axis))
				fill_with(f, text, open, close, f->job->axes.at[i].value, depth);
		return;
	}
	struct str port = mapped_port(f, inner);
	if (port.n)
		fill_with(f, text, open, close, port, depth);
	else if (open > 0 || close < text.n)
		fill(f, text, close, depth + 1);
}

static void add(struct arena *out, const struct job *job, const struct env_pair *pair, struct str place,
                given_values *given)
{
	struct filling f = {.out = out, .job = job};
	fill(&f, pair->value, 0, 0);
	for (size_t i = 0; i < f.found.n; i++) {
		struct str value = str_trim(f.found.at[i]);
		if (pair->name.n && value.n)
			vec_push(out, given, ((struct given_value){pair->name, value, place, GIVER_CI}));
	}
}

/* A container of an image is the service itself; what its variables say is for it alone. */
static bool runs_own_code(const struct job_service *service)
{
	return service->image.n == 0;
}

static void add_job(struct arena *out, const struct job *job, given_values *given)
{
	for (size_t i = 0; i < job->env.n; i++)
		add(out, job, &job->env.at[i], job->place, given);
	for (size_t s = 0; s < job->steps.n; s++)
		for (size_t i = 0; i < job->steps.at[s].env.n; i++)
			add(out, job, &job->steps.at[s].env.at[i], job->steps.at[s].place, given);
	for (size_t s = 0; job->kind == JOB_COMPOSE && s < job->services.n; s++)
		for (size_t i = 0; runs_own_code(&job->services.at[s]) && i < job->services.at[s].env.n; i++)
			add(out, job, &job->services.at[s].env.at[i], job->services.at[s].place, given);
}

void values_of_jobs(struct arena *out, const job_list *jobs, given_values *given)
{
	for (size_t i = 0; i < jobs->n; i++)
		add_job(out, &jobs->at[i], given);
}

/* A part in braces only the tool knows. */
void values_of_tasks(struct arena *out, const task_list *tasks, given_values *given)
{
	for (size_t t = 0; t < tasks->n; t++)
		for (size_t i = 0; i < tasks->at[t].env.n; i++) {
			const struct env_pair *pair = &tasks->at[t].env.at[i];
			if (pair->value.n && !str_has(pair->value, STR("{")))
				vec_push(out, given,
				         ((struct given_value){pair->name, pair->value, tasks->at[t].place, GIVER_CI}));
		}
}

void values_of_dotenv(struct arena *out, struct str text, struct str path, given_values *given)
{
	unsigned line = 0;
	for (size_t at = 0; at < text.n;) {
		size_t end = str_find(text, STR("\n"), at);
		struct str whole = str_trim(str_slice(text, at, end == SIZE_MAX ? text.n : end));
		size_t equals = str_find(whole, STR("="), 0);
		struct str name = str_trim(str_slice(whole, 0, equals));
		line++;
		at = end == SIZE_MAX ? text.n : end + 1;
		if (equals == SIZE_MAX || str_starts(whole, STR("#")))
			continue;
		if (str_starts(name, STR("export ")))
			name = str_trim(str_slice(name, 7, name.n));
		struct str value = str_trim(str_slice(whole, equals + 1, whole.n));
		size_t comment =
		        value.n && value.at[0] != '"' && value.at[0] != '\'' ? str_find(value, STR(" #"), 0) : SIZE_MAX;
		value = unquoted(str_trim(str_slice(value, 0, comment)));
		if (value.n)
			vec_push(out, given,
			         ((struct given_value){name, value, str_fmt(out, "%.*s:%u", STR_ARG(path), line),
			                               GIVER_FILE}));
	}
}

/* A service of a job is known by its image, else by its key.  Its names are hosts, its mapped ports are ports of
 * localhost, and a variable of the job whose value is its address is a variable of its own. */
#include "project/words.h"

#include <stdlib.h>
#include <string.h>

struct pupil {
	struct arena *out, *tmp;
	const struct catalogue *catalogue;
	ci_words words;
};

static bool in_list(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

static bool is_called(const struct service *s, struct str what)
{
	return str_eq(what, s->name) || in_list(&s->words, what);
}

/* "docker.io/bitnami/redis:7" without its tag. */
static struct str repository(struct str image)
{
	size_t colon = str_rfind_char(image, ':'), slash = str_rfind_char(image, '/');
	return colon != SIZE_MAX && (slash == SIZE_MAX || colon > slash) ? str_slice(image, 0, colon) : image;
}

/* The service behind an image or a key, -1 for one we do not look for. */
static int service_of(const struct catalogue *catalogue, const struct job_service *service)
{
	struct str image = repository(service->image);
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (image.n && (is_called(&catalogue->services.at[i], path_base(image)) ||
		                str_eq(image, repository(catalogue->services.at[i].image))))
			return (int)i;
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (is_called(&catalogue->services.at[i], service->name))
			return (int)i;
	return -1;
}

static void learn(struct pupil *p, enum ci_word_kind kind, struct str word, uint32_t service, struct str place)
{
	const struct service *s = &p->catalogue->services.at[service];
	const strs *known = kind == CI_HOST ? &s->hosts : &s->variables;
	if (!word.n || in_list(known, word))
		return;
	for (size_t i = 0; i < p->words.n; i++)
		if (str_eq(p->words.at[i].word, word) && p->words.at[i].service == service)
			return;
	vec_push(p->out, &p->words, ((struct ci_word){kind, word, service, place}));
}

/* Ports of web servers: a test that dials one may mean its own. */
static bool is_common_port(uint32_t port)
{
	static const uint32_t common[] = {80, 443, 3000, 5000, 8000, 8080, 8443, 8888};
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (common[i] == port)
			return true;
	return false;
}

/* Whether the port points at that service alone without anybody's help. */
static bool is_plain(const struct catalogue *catalogue, struct str port, uint32_t service)
{
	for (uint32_t i = 0; i < catalogue->services.n; i++)
		if (in_list(&catalogue->services.at[i].ports, port) != (i == service))
			return false;
	return true;
}

static void learn_service(struct pupil *p, const struct job_service *s)
{
	int at = service_of(p->catalogue, s);
	if (at < 0)
		return;
	for (size_t i = 0; i < s->names.n; i++)
		if (s->names.at[i].n > 1 && !str_eq(s->names.at[i], STR("localhost")))
			learn(p, CI_HOST, s->names.at[i], (uint32_t)at, s->place);
	for (size_t i = 0; i < s->ports.n; i++) {
		uint32_t port = s->ports.at[i].host;
		struct str digits = str_fmt(p->tmp, "%u", port);
		if (!port || is_common_port(port) || is_plain(p->catalogue, digits, (uint32_t)at))
			continue;
		learn(p, CI_HOST, str_fmt(p->out, "localhost:%u", port), (uint32_t)at, s->place);
		learn(p, CI_HOST, str_fmt(p->out, "127.0.0.1:%u", port), (uint32_t)at, s->place);
	}
}

/* Whether an address stands for that service of the job: its scheme, its host, or the port it is mapped to. */
static bool is_address_of(const struct catalogue *catalogue, const struct job_service *s, int at, struct str value)
{
	const struct service *service = &catalogue->services.at[at];
	for (size_t i = 0; i < service->schemes.n; i++) {
		struct str scheme = service->schemes.at[i];
		for (size_t from = str_find(value, scheme, 0); from != SIZE_MAX;
		     from = str_find(value, scheme, from + 1)) {
			struct str rest = str_slice(value, from + scheme.n, value.n);
			bool begins = from == 0 || strchr(" \n,", value.at[from - 1]);
			if (begins && (str_starts(rest, STR("://")) || str_starts(rest, STR("+"))))
				return true;
		}
	}
	for (size_t i = 0; i < s->names.n; i++)
		if (str_eq(value, s->names.at[i]) && !str_eq(value, STR("localhost")))
			return true;
	size_t port = str_find(value, STR("localhost:"), 0);
	uint64_t number = 0;
	struct str digits = port == SIZE_MAX ? STR_NONE : str_slice(value, port + 10, value.n);
	size_t end = 0;
	while (end < digits.n && digits.at[end] >= '0' && digits.at[end] <= '9')
		end++;
	if (!str_number(str_slice(digits, 0, end), 65535, &number))
		return false;
	for (size_t i = 0; i < s->ports.n; i++)
		if (s->ports.at[i].host == number && number)
			return true;
	return false;
}

static void learn_variables(struct pupil *p, const struct job *job, const struct env_pair *env, size_t n,
                            struct str place)
{
	for (size_t e = 0; e < n; e++)
		for (size_t i = 0; env[e].value.n && i < job->services.n; i++) {
			int at = service_of(p->catalogue, &job->services.at[i]);
			if (at >= 0 && env[e].name.n > 3 &&
			    is_address_of(p->catalogue, &job->services.at[i], at, env[e].value))
				learn(p, CI_VARIABLE, env[e].name, (uint32_t)at, place);
		}
}

static int by_word(const void *left, const void *right)
{
	const struct ci_word *a = left, *b = right;
	int order = str_cmp(a->word, b->word);
	return order ? order : (a->service > b->service) - (a->service < b->service);
}

/* Of sorted words: a variable may name several services, one of which it means; a host may not. */
static void drop_claimed_twice(ci_words *words)
{
	size_t kept = 0;
	for (size_t from = 0, to; from < words->n; from = to) {
		for (to = from + 1; to < words->n && str_eq(words->at[to].word, words->at[from].word);)
			to++;
		for (size_t i = from; i < to; i++)
			if (to - from == 1 || words->at[i].kind == CI_VARIABLE)
				words->at[kept++] = words->at[i];
	}
	words->n = kept;
}

ci_words words_of_jobs(struct arena *out, struct arena *tmp, const job_list *jobs, const struct catalogue *catalogue)
{
	struct pupil p = {.out = out, .tmp = tmp, .catalogue = catalogue};
	for (size_t j = 0; j < jobs->n; j++) {
		const struct job *job = &jobs->at[j];
		for (size_t i = 0; i < job->services.n; i++)
			learn_service(&p, &job->services.at[i]);
		learn_variables(&p, job, job->env.at, job->env.n, job->place);
		for (size_t i = 0; i < job->steps.n; i++)
			learn_variables(&p, job, job->steps.at[i].env.at, job->steps.at[i].env.n,
			                job->steps.at[i].place);
	}
	if (p.words.n)
		qsort(p.words.at, p.words.n, sizeof *p.words.at, by_word);
	drop_claimed_twice(&p.words);
	return p.words;
}

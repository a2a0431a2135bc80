/* Section by section, in the order in which the config is read by a person: suite, services, lanes, workflow. */
#include "project/propose.h"

#include <ctype.h>

#include "project/toml_text.h"

static void comment(struct buf *buf, struct str text)
{
	toml_comment(buf, text);
	buf_char(buf, '\n');
}

static void behind(struct buf *buf, struct str text)
{
	if (text.n) {
		buf_lit(buf, "  ");
		toml_comment(buf, text);
	}
	buf_char(buf, '\n');
}

static void pair(struct buf *buf, const char *key, struct str value, struct str place)
{
	buf_fmt(buf, "%s = ", key);
	toml_text(buf, value);
	behind(buf, place);
}

static void list(struct buf *buf, const char *key, const strs *values, struct str place)
{
	if (values->n == 0)
		return;
	buf_fmt(buf, "%s = ", key);
	toml_list(buf, values);
	behind(buf, place);
}

/* ---- [suite] ---- */

static void add_suite(struct buf *buf, const struct proposal *p)
{
	struct str place = p->taken->pytest_place;
	strs roots = {0};
	if (p->taken->has_dir)
		vec_push(buf->arena, &roots, p->taken->dir);
	if (p->taken->paths.n == 0 && p->pytest_version.n == 0 && roots.n == 0)
		return;
	buf_lit(buf, "\n[suite]\n");
	list(buf, "paths", &p->taken->paths, str_fmt(buf->arena, "arguments of pytest, %.*s", STR_ARG(place)));
	list(buf, "first_party", &roots, str_fmt(buf->arena, "pytest runs there, %.*s", STR_ARG(place)));
	if (p->pytest_version.n)
		pair(buf, "pytest", p->pytest_version, p->pytest_place);
}

/* ---- [services] ---- */

static strs markers_of(const struct proposal *p, struct arena *out, struct str service, struct str *place)
{
	strs marks = {0};
	for (size_t i = 0; i < p->markers.n; i++)
		if (str_eq(p->markers.at[i].service, service)) {
			vec_push(out, &marks, p->markers.at[i].mark);
			*place = p->markers.at[i].place;
		}
	return marks;
}

static void add_markers(struct buf *buf, const struct proposal *p, struct str service)
{
	struct str place = STR_NONE;
	strs marks = markers_of(p, buf->arena, service, &place);
	list(buf, "marker", &marks, str_fmt(buf->arena, "as on %.*s: is it this service's?", STR_ARG(place)));
}

static void add_env(struct buf *buf, const struct taken_service *service)
{
	if (service->env.n == 0)
		return;
	buf_lit(buf, "env = { ");
	for (size_t i = 0; i < service->env.n; i++) {
		buf_add(buf, i ? STR(", ") : STR_NONE);
		toml_key(buf, service->env.at[i].name);
		buf_lit(buf, " = ");
		toml_text(buf, service->env.at[i].value);
	}
	buf_lit(buf, " }\n");
}

static struct str default_options(const struct proposal *p, const struct taken_service *service)
{
	int known = service->is_known ? catalogue_find(p->catalogue, service->name) : -1;
	return known < 0 ? STR_NONE : p->catalogue->services.at[known].options;
}

/* A container without a health check counts as ready at once: the catalogue's is offered in its place. */
static void add_options(struct buf *buf, const struct proposal *p, const struct taken_service *service)
{
	struct str usual = default_options(p, service);
	if (str_has(service->options, STR("--health-cmd")) || usual.n == 0) {
		if (service->options.n)
			pair(buf, "options", service->options, STR_NONE);
		return;
	}
	struct str parts[] = {service->options, usual};
	struct str joined =
	        str_join(buf->arena, parts + (service->options.n == 0), 1 + (service->options.n > 0), STR(" "));
	pair(buf, "options", joined, STR("the workflow has no health check: this is the usual one"));
}

static void add_taken_service(struct buf *buf, const struct proposal *p, const struct taken_service *service)
{
	buf_lit(buf, "\n[services.");
	toml_key(buf, service->name);
	buf_char(buf, ']');
	behind(buf, service->place);
	if (service->base_why.n) {
		buf_lit(buf, "base = true");
		behind(buf, service->base_why);
	}
	add_markers(buf, p, service->name);
	list(buf, "hosts", &service->hosts, STR_NONE);
	if (service->image.n)
		pair(buf, "image", service->image, STR_NONE);
	add_env(buf, service);
	/* An empty list too: without it the catalogue's mapping would be added. */
	buf_lit(buf, "ports = ");
	toml_list(buf, &service->ports);
	buf_char(buf, '\n');
	add_options(buf, p, service);
}

static void add_needed_service(struct buf *buf, const struct proposal *p, struct str name)
{
	int known = catalogue_find(p->catalogue, name);
	buf_fmt(buf, "\n[services.%.*s]", STR_ARG(name));
	if (known >= 0)
		behind(buf, str_fmt(buf->arena, "tests need it; booted as the catalogue says: image %.*s",
		                    STR_ARG(p->catalogue->services.at[known].image)));
	else
		buf_char(buf, '\n');
	add_markers(buf, p, name);
}

static void add_services(struct buf *buf, const struct proposal *p)
{
	for (size_t i = 0; i < p->taken->services.n; i++)
		add_taken_service(buf, p, &p->taken->services.at[i]);
	for (size_t i = 0; i < p->needed.n; i++)
		add_needed_service(buf, p, p->needed.at[i]);
}

/* ---- [lanes] ---- */

static void add_lanes(struct buf *buf, const struct proposal *p)
{
	if (p->lanes.n == 0)
		return;
	buf_lit(buf,
	        "\n# Lanes by what the tests were found to need (`lanewright needs`).  A test runs in any lane that has its\n"
	        "# services; one that no lane covers gets a lane of its own.\n");
	for (size_t i = 0; i < p->lanes.n; i++) {
		const struct proposed_lane *lane = &p->lanes.at[i];
		buf_lit(buf, "\n[lanes.");
		toml_key(buf, lane->name);
		buf_char(buf, ']');
		behind(buf, str_fmt(buf->arena, "%zu test%s in %zu file%s", lane->tests, lane->tests == 1 ? "" : "s",
		                    lane->files, lane->files == 1 ? "" : "s"));
		buf_lit(buf, "services = ");
		toml_list(buf, &lane->services);
		buf_lit(buf, "\nshards = \"auto\"\nserial = true\n");
	}
}

/* ---- [emit.github] ---- */

static void block(struct buf *buf, const char *key, struct str text, const char *what, struct str place)
{
	if (str_trim(text).n == 0)
		return;
	comment(buf, str_fmt(buf->arena, "%s, %.*s", what, STR_ARG(place)));
	buf_fmt(buf, "%s = ", key);
	toml_block(buf, text);
	buf_char(buf, '\n');
}

static void add_table(struct buf *buf, const char *name, const taken_env_list *env, struct str what)
{
	if (env->n == 0)
		return;
	buf_fmt(buf, "\n[emit.github.%s]", name);
	behind(buf, what);
	for (size_t i = 0; i < env->n; i++) {
		toml_key(buf, env->at[i].name);
		buf_lit(buf, " = ");
		toml_text(buf, env->at[i].value);
		behind(buf, env->at[i].place);
	}
}

static void add_parts(struct buf *buf, const struct taken *taken)
{
	for (size_t i = 0; i < taken->parts.n; i++) {
		buf_lit(buf, "\n[[emit.github.part]]");
		behind(buf, STR("coverage that a job outside the plan uploads"));
		pair(buf, "job", taken->parts.at[i].job, STR_NONE);
		pair(buf, "artifact", taken->parts.at[i].artifact, STR_NONE);
		pair(buf, "file", taken->parts.at[i].file, STR_NONE);
	}
}

static void add_pins(struct buf *buf, const struct proposal *p)
{
	if (p->pins.n == 0)
		return;
	comment(buf, STR("No workflow here uses these yet; put the commit you trust in the place of the tag."));
	buf_lit(buf, "pins = [");
	for (size_t i = 0; i < p->pins.n; i++) {
		buf_add(buf, i ? STR(", ") : STR_NONE);
		toml_text(buf, str_fmt(buf->arena, "%.*s@v4", STR_ARG(p->pins.at[i].action)));
	}
	buf_lit(buf, "]\n");
}

/* The emitted job's names begin with the name of the job they come from. */
static struct str job_name(struct arena *out, const struct job *job)
{
	struct str name = str_copy(out, job->name);
	bool is_plain = name.n > 0 && isalpha((unsigned char)name.at[0]);
	for (size_t i = 0; i < name.n; i++)
		is_plain &= isalnum((unsigned char)name.at[i]) || name.at[i] == '-' || name.at[i] == '_';
	return is_plain ? str_fmt(out, "%.*s-lanes", STR_ARG(name)) : STR("lanes");
}

static void add_install(struct buf *buf)
{
	buf_lit(buf,
	        "# Puts lanewright on PATH for `lanewright check`: one static binary, from where your runners can fetch it.\n"
	        "# Set the repository variables LANEWRIGHT_URL and LANEWRIGHT_SHA256, or write other steps.\n"
	        "install = '''\n"
	        "- name: Install lanewright\n"
	        "  env:\n"
	        "    LANEWRIGHT_URL: ${{ vars.LANEWRIGHT_URL }}\n"
	        "    LANEWRIGHT_SHA256: ${{ vars.LANEWRIGHT_SHA256 }}\n"
	        "  run: |\n"
	        "    mkdir -p \"$RUNNER_TEMP/lanewright\"\n"
	        "    curl -fsSL \"$LANEWRIGHT_URL\" -o \"$RUNNER_TEMP/lanewright/lanewright\"\n"
	        "    echo \"$LANEWRIGHT_SHA256  $RUNNER_TEMP/lanewright/lanewright\" | sha256sum -c -\n"
	        "    chmod +x \"$RUNNER_TEMP/lanewright/lanewright\"\n"
	        "    echo \"$RUNNER_TEMP/lanewright\" >> \"$GITHUB_PATH\"\n"
	        "'''\n");
}

static void add_before(struct buf *buf, const struct proposal *p)
{
	const struct taken *taken = p->taken;
	if (str_trim(taken->before).n) {
		block(buf, "before", taken->before, "The steps before pytest", taken->before_place);
		return;
	}
	buf_lit(buf,
	        "# Write the steps that check out the code and install what the tests import; `emit` asks for them.\n"
	        "before = \"\"\n");
}

static void add_github(struct buf *buf, const struct proposal *p)
{
	const struct taken *taken = p->taken;
	const struct job *job = taken->job;
	buf_lit(buf, "\n[emit.github]\n");
	if (p->into.n)
		pair(buf, "into", p->into, STR("the lanes go behind the jobs that are there; nothing else changes"));
	if (job) {
		pair(buf, "name", job_name(buf->arena, job),
		     str_fmt(buf->arena, "begins the names of the jobs; from %.*s", STR_ARG(job->place)));
		if (taken->runs_on.n)
			pair(buf, "runs_on", taken->runs_on, job->place);
		if (taken->container.n)
			pair(buf, "container", taken->container, job->place);
		if (taken->if_.n)
			pair(buf, "if", taken->if_, STR("of the job: lanes and gate have it alike"));
		if (job->timeout_minutes)
			buf_fmt(buf, "timeout_minutes = %lld\n", (long long)job->timeout_minutes);
	}
	if (taken->pytest.n)
		pair(buf, "pytest", taken->pytest, taken->pytest_place);
	else
		pair(buf, "pytest", STR("python -m pytest"), STR("not found anywhere: is this how pytest is run?"));
	if (taken->has_dir)
		pair(buf, "directory", taken->dir,
		     str_fmt(buf->arena, "pytest runs there, %.*s", STR_ARG(taken->pytest_place)));
	if (taken->coverage.n) {
		buf_lit(buf, "coverage = { source = ");
		toml_text(buf, taken->coverage);
		buf_lit(buf, " }");
		behind(buf, taken->pytest_place);
	}
	add_pins(buf, p);
	add_before(buf, p);
	add_install(buf);
	block(buf, "after", taken->after, "Reporting steps, at the end of the gate", taken->after_place);
	block(buf, "once", taken->once, "Steps that check something beside the tests, in a job of their own",
	      taken->once_place);
	add_table(buf, "job_env", &taken->job_env, STR("for every step of a lane"));
	add_table(buf, "env", &taken->env, STR("for the step that runs pytest"));
	add_parts(buf, taken);
}

/* ---- the whole ---- */

static void add_notes(struct buf *buf, const struct proposal *p)
{
	if (p->taken->notes.n + p->notes.n == 0)
		return;
	buf_lit(buf, "#\n# Not taken over, or worth a look:\n");
	for (size_t i = 0; i < p->taken->notes.n; i++)
		comment(buf, str_fmt(buf->arena, "- %.*s", STR_ARG(p->taken->notes.at[i])));
	for (size_t i = 0; i < p->notes.n; i++)
		comment(buf, str_fmt(buf->arena, "- %.*s", STR_ARG(p->notes.at[i])));
}

struct str propose_services(struct arena *out, const struct proposal *proposal)
{
	struct buf buf;
	buf_init(&buf, out);
	add_suite(&buf, proposal);
	add_services(&buf, proposal);
	return buf_str(&buf);
}

struct str propose_config(struct arena *out, const struct proposal *proposal)
{
	const struct job *job = proposal->taken->job;
	struct buf buf;
	buf_init(&buf, out);
	if (job)
		comment(&buf, str_fmt(out, "Written by `lanewright init` from %.*s, job %.*s; yours to change.",
		                      STR_ARG(job->file), STR_ARG(job->name)));
	else
		buf_lit(&buf, "# Written by `lanewright init`; yours to change.\n");
	add_notes(&buf, proposal);
	add_suite(&buf, proposal);
	add_services(&buf, proposal);
	add_lanes(&buf, proposal);
	add_github(&buf, proposal);
	return buf_str(&buf);
}

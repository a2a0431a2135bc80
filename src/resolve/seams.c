/* Reading patches: monkeypatch.setattr, mock.patch and its kin, mocker, dependency_overrides. */
#include "resolve/seams.h"

#include <string.h>

#include "resolve/calls.h"
#include "resolve/seams_http.h"

static struct seam no_seam(uint32_t file, uint32_t line)
{
	return (struct seam){.file = REF_NOWHERE,
	                     .def = {REF_NOWHERE, 0},
	                     .made_file = REF_NOWHERE,
	                     .at_file = file,
	                     .at_line = line};
}

static void aim_at(struct seam *seam, struct target t)
{
	if (t.kind == TARGET_EXTERNAL)
		seam->external = t.text;
}

/* Module attribute, or a member of a class of the tree. */
static void aim_at_member(struct names *names, struct seam *seam, struct target owner, name attribute)
{
	if (owner.kind == TARGET_MODULE) {
		seam->file = owner.file;
		seam->attribute = attribute;
		struct target t = names_member(names, owner.file, attribute);
		aim_at(seam, t);
		return;
	}
	struct target t = names_attribute(names, owner, attribute);
	if (t.kind == TARGET_DEF && owner.kind == TARGET_DEF)
		seam->def = (struct def_ref){t.file, t.index};
	if (t.kind == TARGET_VARIABLE && owner.kind == TARGET_DEF) {
		seam->made_file = t.file;
		seam->made_line = names_facts(names, t.file)->stmts.at[names_variable(names, t)->stmt].line;
	}
	aim_at(seam, t);
}

static bool aims(const struct seam *seam)
{
	return seam->file != REF_NOWHERE || seam->def.file != REF_NOWHERE || seam->made_file != REF_NOWHERE ||
	       seam->external;
}

/* "pkg.module.Class.method": the longest prefix that is a module, then members. */
static bool aim_at_text(struct names *names, struct seam *seam, uint32_t file, struct str dotted)
{
	for (size_t end = str_rfind_char(dotted, '.'); end != SIZE_MAX && end > 0;
	     end = str_rfind_char(str_slice(dotted, 0, end), '.')) {
		struct target t = names_module(names, file, str_slice(dotted, 0, end), 0);
		if (t.kind != TARGET_MODULE)
			continue;
		for (size_t from = end + 1;;) {
			size_t dot = str_find(dotted, STR("."), from);
			name part = intern(names->repo->names, str_slice(dotted, from, dot));
			if (dot == SIZE_MAX) {
				aim_at_member(names, seam, t, part);
				return true;
			}
			t = names_attribute(names, t, part);
			from = dot + 1;
		}
	}
	seam->external = intern(names->repo->names, dotted);
	return str_has(dotted, STR("."));
}

/* What `obj` of setattr(obj, "name") is: an imported module or class, or a local made from one. */
static struct target object_of(struct names *names, uint32_t file, uint32_t owner, uint32_t expr)
{
	struct target t = names_expr(names, file, owner, expr);
	if (t.kind != TARGET_VARIABLE)
		return t;
	const struct binding *b = names_variable(names, t);
	if (!b->value || b->item || names_facts(names, t.file)->exprs.at[b->value].kind != EXPR_CALL)
		return t;
	uint32_t callee = names_facts(names, t.file)->exprs.at[b->value].first;
	struct target made = names_expr(names, t.file, b->owner, callee);
	if (made.kind == TARGET_EXTERNAL)
		return made;
	return made.kind == TARGET_DEF && names_def(names, (struct def_ref){made.file, made.index})->kind == DEF_CLASS
	               ? made
	               : t;
}

/* The innermost statement an expression stands in. */
static uint32_t statement_of(const struct facts *facts, uint32_t expr)
{
	uint32_t low = 1, high = (uint32_t)facts->stmts.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (facts->stmts.at[middle].start <= facts->exprs.at[expr].at)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* A patch in the head of a `with` holds inside it, setattr from where it stands. */
static void bound(const struct facts *facts, uint32_t function, uint32_t call, struct seam *seam)
{
	uint32_t s = statement_of(facts, call);
	const struct stmt *st = &facts->stmts.at[s];
	if (!s || st->owner != function || (st->kind != STMT_WITH && st->kind != STMT_EXPR))
		return;
	seam->in_def = function;
	seam->from = st->line;
	seam->to = facts->defs.at[function].end_line;
	for (uint32_t outer = s; st->kind == STMT_WITH && outer; outer = facts->stmts.at[outer].parent) {
		uint32_t next = facts->stmts.at[outer].next;
		if (!next || facts->stmts.at[outer].kind == STMT_FUNCTION)
			continue;
		seam->to = facts->stmts.at[next].line - 1;
		return;
	}
}

static void read_pair(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t call,
                      seam_list *seams)
{
	const struct facts *facts = names_facts(names, file);
	uint32_t first = call_positional(facts, call, 0), second = call_positional(facts, call, 1);
	struct seam seam = no_seam(file, facts->exprs.at[call].line);
	if (!first)
		return;
	bound(facts, owner, call, &seam);
	if (facts->exprs.at[first].kind == EXPR_STRING) {
		if (aim_at_text(names, &seam, file, names_str(names, facts->exprs.at[first].text)))
			vec_push(out, seams, seam);
		return;
	}
	if (!second || facts->exprs.at[second].kind != EXPR_STRING)
		return;
	struct target object = object_of(names, file, owner, first);
	aim_at_member(names, &seam, object, facts->exprs.at[second].text);
	if (aims(&seam))
		vec_push(out, seams, seam);
}

static bool is_patch_call(struct names *names, uint32_t file, uint32_t owner, uint32_t call)
{
	const struct facts *facts = names_facts(names, file);
	uint32_t callee = facts->exprs.at[call].first;
	const struct expr *f = &facts->exprs.at[callee];
	struct str what = f->kind == EXPR_ATTRIBUTE || f->kind == EXPR_NAME ? names_str(names, f->text) : STR_NONE,
	           kind;
	if (f->kind == EXPR_ATTRIBUTE && str_eq(what, STR("setattr")))
		return true;
	if (str_eq(what, STR("patching"))) /* self.patching("consul.Consul"): a fixture or helper around patch */
		return true;
	bool may = str_eq(what, STR("patch")) || str_eq(what, STR("object"));
	if (!may)
		return false;
	if (target_is_patch(names, names_expr(names, file, owner, callee), &kind))
		return true;
	struct str dotted = names_dotted(names->arena, names->repo, file, callee);
	return str_starts(dotted, STR("mocker.")) || str_has(dotted, STR("_mocker."));
}

static void read_overrides(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                           seam_list *seams)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr], *object = &facts->exprs.at[x->first];
	if (object->kind != EXPR_ATTRIBUTE || !str_eq(names_str(names, object->text), STR("dependency_overrides")))
		return;
	uint32_t index = object->next;
	struct target t = index ? names_expr(names, file, owner, index) : (struct target){0};
	struct seam seam = no_seam(file, x->line);
	if (t.kind == TARGET_DEF)
		seam.def = (struct def_ref){t.file, t.index};
	aim_at(&seam, t);
	if (seam.def.file != REF_NOWHERE || seam.external)
		vec_push(out, seams, seam);
}

void seams_of_http(struct names *names, struct arena *out, uint32_t file, uint32_t line, uint8_t http, seam_list *seams)
{
	struct seam seam = no_seam(file, line);
	seam.http = http;
	if (http && rule_holds(names, RULE_HTTP_DOUBLES))
		vec_push(out, seams, seam);
}

/* requests_mock.Mocker(real_http=True) lets through what it does not know. */
static bool passes_on(const struct names *names, const struct facts *facts, const struct expr *call)
{
	for (uint32_t e = call->first; e; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_KEYWORD &&
		    str_eq(names_str(names, facts->exprs.at[e].text), STR("real_http")))
			return true;
	return false;
}

/* requests_mock.Mocker(), my_vcr.use_cassette("x"); responses.activate and `with respx.mock:` as they stand. */
static void read_http(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                      seam_list *seams)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr];
	bool is_call = x->kind == EXPR_CALL;
	uint32_t callee = is_call ? x->first : expr;
	if ((!is_call && x->kind != EXPR_ATTRIBUTE) || (is_call && passes_on(names, facts, x)))
		return;
	struct target t = names_expr(names, file, owner, callee);
	struct str dotted = t.kind == TARGET_EXTERNAL ? names_str(names, t.text)
	                                              : names_dotted(names->arena, names->repo, file, callee);
	struct seam seam = no_seam(file, x->line);
	seam.http = is_call || http_doubles_bare(dotted) ? http_doubled_by_name(dotted) : 0;
	if (!seam.http || !rule_holds(names, RULE_HTTP_DOUBLES))
		return;
	bound(facts, owner, expr, &seam);
	vec_push(out, seams, seam);
}

static void read_expr(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                      seam_list *seams)
{
	uint8_t kind = names_facts(names, file)->exprs.at[expr].kind;
	read_http(names, out, file, owner, expr, seams);
	if (kind == EXPR_CALL && is_patch_call(names, file, owner, expr))
		read_pair(names, out, file, owner, expr, seams);
	else if (kind == EXPR_INDEX && rule_holds(names, RULE_OVERRIDES))
		read_overrides(names, out, file, owner, expr, seams);
}

static bool makes_double(const struct names *names, const struct facts *facts, uint32_t expr)
{
	const struct expr *x = &facts->exprs.at[expr];
	struct str what = x->kind == EXPR_CALL ? names_str(names, facts->exprs.at[x->first].text) : STR_NONE;
	return str_has(what, STR("Mock")) || str_has(what, STR("Fake")) || str_has(what, STR("Stub"));
}

/* What `client` of `client.sock.x = Mock()` was made by, also when it is an attribute of self. */
static struct target maker_of(struct names *names, uint32_t file, uint32_t owner, uint32_t expr)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr];
	if (x->kind == EXPR_NAME)
		return object_of(names, file, owner, expr);
	if (x->kind != EXPR_ATTRIBUTE)
		return (struct target){.kind = TARGET_NONE};
	const struct expr *object = &facts->exprs.at[x->first];
	uint32_t class_ = facts->defs.at[owner].parent;
	bool is_self = object->kind == EXPR_NAME && str_eq(names_str(names, object->text), STR("self"));
	if (!is_self || facts->defs.at[class_].kind != DEF_CLASS)
		return maker_of(names, file, owner, x->first);
	struct target t = names_class_member(names, (struct def_ref){file, class_}, x->text);
	const struct binding *b = t.kind == TARGET_VARIABLE ? names_variable(names, t) : NULL;
	if (!b || !b->value || names_facts(names, t.file)->exprs.at[b->value].kind != EXPR_CALL)
		return (struct target){.kind = TARGET_NONE};
	uint32_t callee = names_facts(names, t.file)->exprs.at[b->value].first;
	return names_expr(names, t.file, names_facts(names, t.file)->stmts.at[b->stmt].owner, callee);
}

/* `module.client = Mock()`: an attribute of an imported module or class set by the test. */
static void read_assignments(struct names *names, struct arena *out, struct def_ref function, seam_list *seams)
{
	const struct facts *facts = names_facts(names, function.file);
	const struct def *def = names_def(names, function);
	uint32_t from = facts->stmts.at[def->stmt].start;
	uint32_t low = 1, high = (uint32_t)facts->stmts.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (facts->stmts.at[middle].start < from)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < facts->stmts.n && facts->stmts.at[low].line <= def->end_line; low++) {
		const struct stmt *s = &facts->stmts.at[low];
		const struct expr *target = &facts->exprs.at[s->expr];
		if (s->kind != STMT_ASSIGN || target->kind != EXPR_ATTRIBUTE)
			continue;
		struct target object = names_expr(names, function.file, s->owner, target->first);
		struct seam seam = no_seam(function.file, s->line);
		bool is_class = object.kind == TARGET_DEF;
		uint32_t value = target->next;
		if (object.kind == TARGET_MODULE || object.kind == TARGET_EXTERNAL || is_class)
			aim_at_member(names, &seam, object, target->text);
		else if (value && makes_double(names, facts, value)) /* a client whose inside is a double */
			aim_at(&seam, maker_of(names, function.file, s->owner, target->first));
		if (aims(&seam))
			vec_push(out, seams, seam);
	}
}

void seams_of_decorators(struct names *names, struct arena *out, struct def_ref ref, seam_list *seams)
{
	const struct def *def = names_def(names, ref);
	for (uint32_t e = def->decorators; e; e = names_facts(names, ref.file)->exprs.at[e].next)
		read_expr(names, out, ref.file, def->parent, e, seams);
}

void seams_of_function(struct names *names, struct arena *out, struct def_ref function, seam_list *seams)
{
	uint32_t first, last;
	seams_of_decorators(names, out, function, seams);
	if (rule_holds(names, RULE_ASSIGNED))
		read_assignments(names, out, function, seams);
	calls_expr_range(names_facts(names, function.file), function.def, &first, &last);
	for (uint32_t e = first; e < last; e++)
		read_expr(names, out, function.file, function.def, e, seams);
}

/* A patch inside a client library covers the clients that connect when used: the connection pool of redis, the
 * session of cassandra. */
static bool is_same_library(const struct names *names, const struct seam *seam, const struct contact *contact,
                            const struct hop *hop)
{
	if (!seam->external || !hop->external || contact->is_eager || !rule_holds(names, RULE_SEAM_OUTSIDE))
		return false;
	struct str a = names_str(names, seam->external), b = names_str(names, hop->external);
	struct str root = str_slice(a, 0, str_find(a, STR("."), 0));
	static const char *const shared[] = {"builtins", "os",    "socket",  "urllib",    "http",
	                                     "requests", "httpx", "asyncio", "sqlalchemy"};
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (str_eq(root, str_of(shared[i])))
			return false;
	return str_eq(root, str_slice(b, 0, str_find(b, STR("."), 0)));
}

/* The same where the client library is the tree's own. */
static bool is_own_library(const struct names *names, const struct seam *seam, const struct contact *contact,
                           const struct hop *hop)
{
	uint32_t file = seam->def.file != REF_NOWHERE ? seam->def.file : seam->file;
	if (file == REF_NOWHERE || !hop->external || contact->is_eager || !rule_holds(names, RULE_SEAM_OUTSIDE))
		return false;
	struct str path = names->repo->files.at[file].path, dotted = names_str(names, hop->external);
	struct str root = str_slice(dotted, 0, str_find(dotted, STR("."), 0));
	for (size_t from = 0, end; (end = str_find(path, STR("/"), from)) != SIZE_MAX; from = end + 1)
		if (str_eq(str_slice(path, from, end), root))
			return true;
	return false;
}

static bool covers_http(const struct names *names, const struct seam *seam, const struct hop *hop)
{
	return seam->http && hop->external && (http_library(names_str(names, hop->external)) & seam->http);
}

static bool covers(const struct names *names, const struct seam *seam, const struct hop *hop)
{
	bool by_name = rule_holds(names, RULE_SEAM_NAMES), by_member = rule_holds(names, RULE_SEAM_MEMBERS);
	if (by_name && seam->file != REF_NOWHERE && hop->ref_name == seam->attribute && hop->ref_file == seam->file)
		return true;
	if (by_member && seam->def.file != REF_NOWHERE && hop->callee.file == seam->def.file &&
	    hop->callee.def == seam->def.def)
		return true;
	for (const struct maker *m = by_member ? hop->makers : NULL; m; m = m->next) {
		bool is_name = seam->file != REF_NOWHERE && m->ref_name == seam->attribute && m->ref_file == seam->file;
		if (is_name ||
		    (seam->def.file != REF_NOWHERE && m->def.file == seam->def.file && m->def.def == seam->def.def))
			return true;
	}
	if (by_member && seam->made_file != REF_NOWHERE && hop->file == seam->made_file && hop->line == seam->made_line)
		return true;
	if (!seam->external || !hop->external || !rule_holds(names, RULE_SEAM_OUTSIDE))
		return false;
	struct str patched = names_str(names, seam->external), called = names_str(names, hop->external);
	return str_starts(called, patched) && (called.n == patched.n || called.at[patched.n] == '.');
}

/* Whether the contact's way leads through the function of the patch while the patch does not hold. */
static bool is_outside(const struct names *names, const struct seam *seam, const struct contact *contact)
{
	if (!rule_holds(names, RULE_SCOPES))
		return false;
	if (seam->is_late && contact->is_early)
		return true;
	if (!seam->from)
		return false;
	const struct facts *facts = names_facts(names, seam->at_file);
	const struct def *def = &facts->defs.at[seam->in_def];
	for (const struct hop *hop = contact->hops; hop; hop = hop->next)
		if (hop->file == seam->at_file && hop->line > facts->stmts.at[def->stmt].line &&
		    hop->line <= def->end_line)
			return hop->line < seam->from || hop->line > seam->to;
	return false;
}

const struct seam *seam_on(const struct names *names, const seam_list *seams, const struct contact *contact)
{
	for (size_t i = 0; i < seams->n; i++) {
		if (is_outside(names, &seams->at[i], contact))
			continue;
		for (const struct hop *hop = contact->hops; hop; hop = hop->next)
			if (covers_http(names, &seams->at[i], hop) || covers(names, &seams->at[i], hop) ||
			    is_same_library(names, &seams->at[i], contact, hop) ||
			    is_own_library(names, &seams->at[i], contact, hop))
				return &seams->at[i];
	}
	return NULL;
}

/* Classes: the method resolution order, and members by it. */
#include "resolve/names_own.h"

enum { MRO_MOST = 64, MRO_DEEP = 32 };

struct mro {
	def_refs order;
	strs external; /* dotted names of bases that the tree does not hold */
};

static bool is_harmless_base(struct str dotted)
{
	static const char *const harmless[] = {"builtins.object",        "typing.Generic",
	                                       "typing.Protocol",        "abc.ABC",
	                                       "unittest.TestCase",      "unittest.IsolatedAsyncioTestCase",
	                                       "unittest.case.TestCase", "enum.Enum"};
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (str_eq(dotted, str_of(harmless[i])))
			return true;
	return false;
}

static bool same_def(struct def_ref a, struct def_ref b)
{
	return a.file == b.file && a.def == b.def;
}

/* `from cases import Case; class Case(Case)`: the base is what the name meant before. */
static struct target earlier(struct names *names, struct def_ref class_, name what)
{
	size_t n;
	const struct def *def = names_def(names, class_);
	const struct binding *b = names_bindings(names, class_.file, def->parent, what, &n);
	while (n && b[n - 1].stmt >= def->stmt)
		n--;
	return n ? names_binding_target(names, class_.file, &b[n - 1]) : (struct target){.kind = TARGET_NONE};
}

struct target names_base(struct names *names, struct def_ref class_, uint32_t base)
{
	const struct expr *x = &names_facts(names, class_.file)->exprs.at[base];
	struct target t = names_expr(names, class_.file, names_def(names, class_)->parent, base);
	bool is_itself = t.kind == TARGET_DEF && same_def((struct def_ref){t.file, t.index}, class_);
	return is_itself && x->kind == EXPR_NAME ? earlier(names, class_, x->text) : t;
}

/* The bases of a class that the tree holds; the others by name. */
static void read_bases(struct names *names, struct arena *out, struct def_ref class_, def_refs *bases, strs *external)
{
	const struct facts *facts = names_facts(names, class_.file);
	const struct def *def = names_def(names, class_);
	for (uint32_t e = def->bases; e; e = facts->exprs.at[e].next) {
		const struct expr *base = &facts->exprs.at[e];
		if (base->kind == EXPR_KEYWORD)
			continue;
		uint32_t plain = base->kind == EXPR_INDEX ? base->first : e; /* Generic[T] */
		struct target t = names_base(names, class_, plain);
		if (t.kind != TARGET_DEF)
			vec_push(out, external, t.kind == TARGET_EXTERNAL ? names_str(names, t.text) : STR("?"));
		else
			vec_push(out, bases, ((struct def_ref){t.file, t.index}));
	}
}

static bool in_tail(const def_refs *list, struct def_ref what)
{
	for (size_t i = 1; i < list->n; i++)
		if (same_def(list->at[i], what))
			return true;
	return false;
}

/* The first head that no other list still has further back; the first head of all when there is no such. */
static struct def_ref next_of(const def_refs *lists, size_t n)
{
	struct def_ref any = {REF_NOWHERE, 0};
	for (size_t i = 0; i < n; i++) {
		bool is_free = lists[i].n > 0;
		for (size_t k = 0; is_free && k < n; k++)
			is_free = !in_tail(&lists[k], lists[i].at[0]);
		if (is_free)
			return lists[i].at[0];
		if (lists[i].n && any.file == REF_NOWHERE)
			any = lists[i].at[0];
	}
	return any;
}

static const struct mro *mro_of(struct names *names, struct def_ref class_);

/* C3, as Python merges. */
static void merge_bases(struct names *names, const def_refs *bases, struct mro *mro)
{
	def_refs *lists = arena_array(names->arena, def_refs, bases->n + 1);
	for (size_t i = 0; i < bases->n; i++) {
		const struct mro *base = mro_of(names, bases->at[i]);
		for (size_t k = 0; base && k < base->order.n; k++)
			vec_push(names->arena, &lists[i], base->order.at[k]);
		for (size_t k = 0; base && k < base->external.n; k++)
			vec_push(names->arena, &mro->external, base->external.at[k]);
		vec_push(names->arena, &lists[bases->n], bases->at[i]);
	}
	for (;;) {
		struct def_ref next = next_of(lists, bases->n + 1);
		if (next.file == REF_NOWHERE || mro->order.n >= MRO_MOST)
			return;
		vec_push(names->arena, &mro->order, next);
		for (size_t i = 0; i <= bases->n; i++) {
			size_t kept = 0;
			for (size_t k = 0; k < lists[i].n; k++)
				if (!same_def(lists[i].at[k], next))
					lists[i].at[kept++] = lists[i].at[k];
			lists[i].n = kept;
		}
	}
}

/* Made once a class; NULL while it is being made, should a class stand among its own bases. */
static const struct mro *mro_of(struct names *names, struct def_ref class_)
{
	uint64_t key = (uint64_t)class_.file << 32 | class_.def;
	uint32_t at = map_get(&names->mros, key);
	if (at != MAP_NONE)
		return names->made_mros.at[at];
	map_put(&names->mros, key, (uint32_t)names->made_mros.n);
	at = (uint32_t)names->made_mros.n;
	vec_push(names->arena, &names->made_mros, NULL);
	struct mro *mro = arena_new(names->arena, struct mro);
	def_refs bases = {0};
	vec_push(names->arena, &mro->order, class_);
	read_bases(names, names->arena, class_, &bases, &mro->external);
	if (bases.n && names->mro_depth < MRO_DEEP) {
		names->mro_depth++;
		merge_bases(names, &bases, mro);
		names->mro_depth--;
	}
	names->made_mros.at[at] = mro;
	return mro;
}

void names_mro(struct names *names, struct arena *out, struct def_ref class_, def_refs *order, bool *unknown)
{
	const struct mro *mro = mro_of(names, class_);
	*unknown = false;
	for (size_t i = 0; mro && i < mro->order.n; i++) {
		bool is_there = false;
		for (size_t k = 0; k < order->n; k++)
			is_there |= same_def(order->at[k], mro->order.at[i]);
		if (!is_there)
			vec_push(out, order, mro->order.at[i]);
	}
	for (size_t i = 0; mro && i < mro->external.n; i++)
		*unknown |= !is_harmless_base(mro->external.at[i]);
}

bool names_inherits(struct names *names, struct def_ref class_, struct str dotted)
{
	const struct mro *mro = mro_of(names, class_);
	for (size_t i = 0; mro && i < mro->external.n; i++)
		if (str_eq(mro->external.at[i], dotted))
			return true;
	return false;
}

struct target names_class_member(struct names *names, struct def_ref class_, name what)
{
	const struct mro *mro = mro_of(names, class_);
	for (size_t i = 0; mro && i < mro->order.n; i++) {
		struct def_ref at = mro->order.at[i];
		const struct binding *b = names_best_binding(names, at.file, at.def, what);
		if (b)
			return names_binding_target(names, at.file, b);
	}
	return (struct target){.kind = TARGET_NONE};
}

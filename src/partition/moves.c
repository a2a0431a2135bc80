/* Both plans have their units sorted by id: one walk along both.  Reasons are read from the plans alone, the strongest
 * first: what a unit needs, where it may run, how long it takes; what is left was moved to level the shards. */
#include "partition/moves.h"

#include "base/buf.h"

enum { ROWS_MOST = 50 }; /* in a comment: people read no more, and hosts cut long ones */

static struct str shard_name(const struct plan *plan, const struct plan_unit *unit)
{
	return plan->shards.at[unit->shard].name;
}

static struct str lane_name(const struct plan *plan, const struct plan_unit *unit)
{
	return plan->lanes.at[plan->shards.at[unit->shard].lane].name;
}

static bool has_lane(const struct plan *plan, struct str name)
{
	for (size_t k = 0; k < plan->lanes.n; k++)
		if (str_eq(plan->lanes.at[k].name, name))
			return plan->lanes.at[k].n_shards > 0;
	return false;
}

static bool may_run_on(const struct plan *plan, const struct plan_unit *unit, struct str lane)
{
	for (size_t k = 0; k < plan->lanes.n; k++)
		if (str_eq(plan->lanes.at[k].name, lane))
			return unit->lanes >> k & 1;
	return false;
}

/* Names, because two plans may number services differently. */
static struct str needs_of(struct arena *out, const struct plan *plan, const struct plan_unit *unit)
{
	strs names = {0};
	for (size_t i = 0; i < plan->services.n; i++)
		if (unit->needs >> i & 1)
			vec_push(out, &names, plan->services.at[i]);
	return names.n ? str_join(out, names.at, names.n, STR(", ")) : STR("no service");
}

static struct str seconds(struct arena *out, int64_t ms)
{
	return str_fmt(out, "%lld.%lld", (long long)((ms + 50) / 1000), (long long)((ms + 50) / 100 % 10));
}

static struct str why_moved(struct arena *out, const struct plan *before, const struct plan_unit *old,
                            const struct plan *after, const struct plan_unit *new)
{
	struct str old_needs = needs_of(out, before, old), new_needs = needs_of(out, after, new);
	struct str lane = lane_name(before, old);
	if (!str_eq(old_needs, new_needs))
		return str_fmt(out, "needs %.*s, was %.*s", STR_ARG(new_needs), STR_ARG(old_needs));
	if (!has_lane(after, lane))
		return str_fmt(out, "lane %.*s has no shards any more", STR_ARG(lane));
	if (!may_run_on(after, new, lane))
		return str_fmt(out, "lane %.*s does not offer what it needs", STR_ARG(lane));
	if (old->group != new->group &&new->group)
		return STR("stays with its group");
	int64_t differ = new->ms > old->ms ? new->ms - old->ms : old->ms - new->ms;
	if (differ * 5 > old->ms && differ >= 1000) {
		struct str now = seconds(out, new->ms), was = seconds(out, old->ms);
		return str_fmt(out, "takes %.*s s, was %.*s s", STR_ARG(now), STR_ARG(was));
	}
	return STR("levels the shards");
}

static void add_pair(struct arena *out, struct moves *moves, const struct plan *before, const struct plan_unit *old,
                     const struct plan *after, const struct plan_unit *new)
{
	if (!old) {
		moves->added++;
		vec_push(out, &moves->at, ((struct move){new->id, STR_NONE, shard_name(after, new), STR("new")}));
	} else if (!new) {
		moves->gone++;
		vec_push(out, &moves->at, ((struct move){old->id, shard_name(before, old), STR_NONE, STR("gone")}));
	} else if (str_eq(shard_name(before, old), shard_name(after, new))) {
		moves->kept++;
	} else {
		moves->moved++;
		vec_push(out, &moves->at,
		         ((struct move){new->id, shard_name(before, old), shard_name(after, new),
		                        why_moved(out, before, old, after, new)}));
	}
}

struct moves plan_moves(struct arena *out, const struct plan *before, const struct plan *after)
{
	struct moves moves = {0};
	for (size_t i = 0, j = 0; i < before->units.n || j < after->units.n;) {
		const struct plan_unit *old = i < before->units.n ? &before->units.at[i] : NULL;
		const struct plan_unit *new = j < after->units.n ? &after->units.at[j] : NULL;
		int order = !old ? 1 : !new ? -1 : str_cmp(old->id, new->id);
		i += order <= 0;
		j += order >= 0;
		add_pair(out, &moves, before, order <= 0 ? old : NULL, after, order >= 0 ? new : NULL);
	}
	return moves;
}

/* ---- words ---- */

static void add_totals(struct arena *out, struct buf *text, const struct moves *moves, const struct plan *before,
                       const struct plan *after)
{
	struct str was = seconds(out, before->makespan_ms), now = seconds(out, after->makespan_ms);
	buf_fmt(text, "makespan %.*s s, was %.*s s; %u moved, %u new, %u gone, %u kept", STR_ARG(now), STR_ARG(was),
	        moves->moved, moves->added, moves->gone, moves->kept);
}

struct str moves_text(struct arena *out, const struct moves *moves, const struct plan *before, const struct plan *after)
{
	struct buf text;
	buf_init(&text, out);
	add_totals(out, &text, moves, before, after);
	buf_char(&text, '\n');
	for (size_t i = 0; i < moves->at.n; i++) {
		const struct move *move = &moves->at.at[i];
		struct str from = move->from.n ? move->from : STR("-"), to = move->to.n ? move->to : STR("-");
		buf_fmt(&text, "%.*s -> %.*s  %.*s  (%.*s)\n", STR_ARG(from), STR_ARG(to), STR_ARG(move->unit),
		        STR_ARG(move->why));
	}
	return buf_str(&text);
}

/* In a code span of a table cell: no backquote ends it, no bar splits the row, no line ends. */
static void add_code(struct buf *text, struct str s)
{
	buf_char(text, '`');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '|')
			buf_lit(text, "\\|");
		else
			buf_char(text, c == '`' ? '\'' : c < ' ' || c == 127 ? '?' : (char)c);
	}
	buf_char(text, '`');
}

struct str moves_markdown(struct arena *out, const struct moves *moves, const struct plan *before,
                          const struct plan *after)
{
	struct buf text;
	buf_init(&text, out);
	buf_lit(&text, "**lanewright plan**: ");
	add_totals(out, &text, moves, before, after);
	buf_char(&text, '\n');
	if (moves->at.n)
		buf_lit(&text, "\n| unit | from | to | why |\n|---|---|---|---|\n");
	for (size_t i = 0; i < moves->at.n && i < ROWS_MOST; i++) {
		const struct move *move = &moves->at.at[i];
		const struct str cells[] = {move->unit, move->from, move->to, move->why};
		for (size_t c = 0; c < 4; c++) {
			buf_lit(&text, "| ");
			if (c < 3 && cells[c].n)
				add_code(&text, cells[c]);
			else
				buf_add(&text, cells[c]);
			buf_char(&text, ' ');
		}
		buf_lit(&text, "|\n");
	}
	if (moves->at.n > ROWS_MOST)
		buf_fmt(&text, "\nand %zu more\n", moves->at.n - ROWS_MOST);
	return buf_str(&text);
}

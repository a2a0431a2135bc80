/* Packing samples: for each its run's number, a byte of outcome and known phases, and microseconds, all numbers
 * in seven-bit groups.  A sample of a whole run takes about seven bytes. */
#include "store/history_rows.h"

#include <string.h>

#include "base/hash.h"

enum { OUTCOME_BITS = 3, HAS_SETUP = 4, HAS_CALL = 8, HAS_TEARDOWN = 16, FLAGS = 31 };

static int number_order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int run_order(const struct history_run *a, const struct history_run *b)
{
	int order = number_order(a->time, b->time);
	order = order ? order : str_cmp(a->id, b->id);
	order = order ? order : str_cmp(a->lane, b->lane);
	order = order ? order : str_cmp(a->machine, b->machine);
	return order ? order : str_cmp(a->source, b->source);
}

bool run_same_key(const struct history_run *a, const struct history_run *b)
{
	return str_eq(a->id, b->id) && str_eq(a->lane, b->lane);
}

static int value_order(const struct unit_sample *a, const struct unit_sample *b)
{
	int order = number_order(a->us, b->us);
	order = order ? order : number_order(a->outcome, b->outcome);
	order = order ? order : number_order(a->setup_us, b->setup_us);
	order = order ? order : number_order(a->call_us, b->call_us);
	return order ? order : number_order(a->teardown_us, b->teardown_us);
}

int sample_rank(const run_rows *runs, const struct unit_sample *a, const struct unit_sample *b)
{
	int order = a->run == b->run ? 0 : run_order(&runs->at[a->run].run, &runs->at[b->run].run);
	return order ? order : value_order(a, b);
}

static void count(run_rows *runs, uint32_t run, int more)
{
	runs->at[run].units += more;
	runs->at[run].is_changed = true;
}

static void remove_at(run_rows *runs, unit_samples *samples, size_t i)
{
	count(runs, samples->at[i].run, -1);
	memmove(&samples->at[i], &samples->at[i + 1], (samples->n - i - 1) * sizeof *samples->at);
	samples->n--;
}

static void insert(struct arena *out, run_rows *runs, unit_samples *samples, struct unit_sample one)
{
	size_t at = 0;
	while (at < samples->n && sample_rank(runs, &samples->at[at], &one) > 0)
		at++;
	vec_push(out, samples, one);
	memmove(&samples->at[at + 1], &samples->at[at], (samples->n - at - 1) * sizeof one);
	samples->at[at] = one;
	count(runs, one.run, 1);
}

enum put_answer sample_put(struct arena *out, run_rows *runs, unit_samples *samples, struct unit_sample one)
{
	enum put_answer answer = PUT_ADDED;
	for (size_t i = 0; i < samples->n; i++) {
		if (!run_same_key(&runs->at[samples->at[i].run].run, &runs->at[one.run].run))
			continue;
		if (sample_rank(runs, &samples->at[i], &one) >= 0)
			return PUT_SAME;
		remove_at(runs, samples, i);
		answer = PUT_CHANGED;
		break;
	}
	if (samples->n >= HISTORY_CAP && sample_rank(runs, &samples->at[samples->n - 1], &one) > 0)
		return PUT_SAME;
	insert(out, runs, samples, one);
	if (samples->n > HISTORY_CAP)
		remove_at(runs, samples, samples->n - 1);
	return answer;
}

static void add_number(struct buf *to, uint64_t value)
{
	for (; value >= 128; value >>= 7)
		buf_char(to, (char)(value | 128));
	buf_char(to, (char)value);
}

static bool take_number(struct str *from, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; from->n && shift < 63; shift += 7) {
		unsigned char byte = (unsigned char)from->at[0];
		*from = str_slice(*from, 1, from->n);
		*value |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			return true;
	}
	return false;
}

static void add_field(struct buf *to, struct str s)
{
	add_number(to, s.n);
	buf_add(to, s);
}

int64_t run_check(struct arena *tmp, const struct run_row *row)
{
	struct buf bytes;
	buf_init(&bytes, tmp);
	add_number(&bytes, (uint64_t)row->number);
	add_number(&bytes, (uint64_t)row->run.time);
	add_number(&bytes, (uint64_t)row->units);
	add_field(&bytes, row->run.id);
	add_field(&bytes, row->run.lane);
	add_field(&bytes, row->run.machine);
	add_field(&bytes, row->run.source);
	return (int64_t)hash64(buf_str(&bytes));
}

int64_t unit_check(struct arena *tmp, struct str unit, struct str blob)
{
	struct buf bytes;
	buf_init(&bytes, tmp);
	add_field(&bytes, unit);
	buf_add(&bytes, blob);
	return (int64_t)hash64(buf_str(&bytes));
}

int64_t file_check(struct arena *tmp, const struct history_file *file)
{
	struct buf bytes;
	buf_init(&bytes, tmp);
	add_field(&bytes, file->path);
	add_number(&bytes, file->high);
	add_number(&bytes, file->low);
	return (int64_t)hash64(buf_str(&bytes));
}

struct str samples_pack(struct arena *out, const run_rows *runs, const unit_samples *samples)
{
	struct buf to;
	buf_init(&to, out);
	for (size_t i = 0; i < samples->n; i++) {
		const struct unit_sample *one = &samples->at[i];
		add_number(&to, (uint64_t)runs->at[one->run].number);
		buf_char(&to, (char)(one->outcome | (one->setup_us >= 0 ? HAS_SETUP : 0) |
		                     (one->call_us >= 0 ? HAS_CALL : 0) | (one->teardown_us >= 0 ? HAS_TEARDOWN : 0)));
		add_number(&to, (uint64_t)one->us);
		const int64_t phases[] = {one->setup_us, one->call_us, one->teardown_us};
		for (size_t k = 0; k < 3; k++)
			if (phases[k] >= 0)
				add_number(&to, (uint64_t)phases[k]);
	}
	return buf_str(&to);
}

static bool find_run(const run_rows *runs, uint64_t number, uint32_t *run)
{
	size_t low = 0, high = runs->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if ((uint64_t)runs->at[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	*run = (uint32_t)low;
	return low < runs->n && (uint64_t)runs->at[low].number == number;
}

static bool take_phase(struct str *from, bool is_known, int64_t *us)
{
	uint64_t value;
	*us = MS_UNKNOWN;
	if (!is_known)
		return true;
	if (!take_number(from, &value))
		return false;
	*us = (int64_t)value;
	return true;
}

static bool take_sample(const run_rows *runs, struct str *from, struct unit_sample *one, int64_t *missing)
{
	uint64_t number, us;
	if (!take_number(from, &number))
		return false;
	if (!find_run(runs, number, &one->run)) {
		*missing = (int64_t)number;
		return false;
	}
	if (from->n == 0)
		return false;
	unsigned flags = (unsigned char)from->at[0];
	*from = str_slice(*from, 1, from->n);
	if (flags > FLAGS || !take_number(from, &us))
		return false;
	one->outcome = flags & OUTCOME_BITS;
	one->us = (int64_t)us;
	return take_phase(from, flags & HAS_SETUP, &one->setup_us) &&
	       take_phase(from, flags & HAS_CALL, &one->call_us) &&
	       take_phase(from, flags & HAS_TEARDOWN, &one->teardown_us);
}

bool samples_unpack(struct arena *out, const run_rows *runs, struct str blob, unit_samples *samples, int64_t *missing)
{
	samples->n = 0;
	*missing = 0;
	while (blob.n) {
		struct unit_sample one;
		if (!take_sample(runs, &blob, &one, missing))
			return false;
		vec_push(out, samples, one);
	}
	return true;
}

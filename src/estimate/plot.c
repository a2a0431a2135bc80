/* "2026-05-01 12:00  elastic        1.234 s  ##########".  The longest bar is the longest sample; a failure's is
 * drawn with x. */
#include "estimate/plot.h"

#include <time.h>

static size_t find_unit(const struct history *history, struct str unit)
{
	size_t low = 0, high = history->samples.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(history->samples.at[mid].unit, unit) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void add_time(struct buf *to, int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm utc;
	char text[32];
	if (gmtime_r(&time, &utc) && strftime(text, sizeof text, "%Y-%m-%d %H:%M", &utc))
		buf_fmt(to, "%s", text);
	else
		buf_fmt(to, "%lld", (long long)seconds);
}

static void add_padded(struct buf *to, struct str s, size_t width)
{
	buf_add(to, s);
	buf_spaces(to, s.n < width ? width - s.n : 0);
}

static void add_sample(struct buf *to, const struct history *history, const struct history_sample *sample,
                       size_t lane_width, int64_t longest, size_t width)
{
	const struct history_run *run = &history->runs.at[sample->run];
	add_time(to, run->time);
	buf_lit(to, "  ");
	add_padded(to, run->lane, lane_width);
	buf_fmt(to, "%s%9.3f s  ", lane_width ? "  " : "", (double)sample->us / 1e6);
	size_t bar = longest > 0 ? (size_t)((double)sample->us * (double)width / (double)longest + 0.5) : 0;
	for (size_t i = 0; i < bar; i++)
		buf_char(to, sample->outcome == OUTCOME_PASSED ? '#' : 'x');
	while (to->n && to->at[to->n - 1] == ' ')
		to->n--;
	buf_char(to, '\n');
}

bool plot_unit(struct buf *to, const struct history *history, struct str unit, size_t width)
{
	size_t from = find_unit(history, unit), end = from, lane_width = 0;
	int64_t longest = 0;
	for (; end < history->samples.n && str_eq(history->samples.at[end].unit, unit); end++) {
		const struct history_sample *sample = &history->samples.at[end];
		struct str lane = history->runs.at[sample->run].lane;
		lane_width = lane.n > lane_width ? lane.n : lane_width;
		longest = sample->us > longest ? sample->us : longest;
	}
	for (size_t i = from; i < end; i++)
		add_sample(to, history, &history->samples.at[i], lane_width, longest, width);
	return end > from;
}

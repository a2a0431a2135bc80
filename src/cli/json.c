/* JSON written as it comes: commas and escapes are kept right here, nesting is the caller's. */
#include "cli/output.h"

#include <math.h>

#include "base/json.h"

static void before_value(struct output *out)
{
	if (out->after_key) {
		out->after_key = false;
		return;
	}
	if (out->commas >> out->depth & 1)
		buf_char(&out->text, ',');
	out->commas |= (uint64_t)1 << out->depth;
}

void put_open(struct output *out, char bracket)
{
	before_value(out);
	output_bytes(out, (struct str){&bracket, 1});
	out->depth++;
	out->commas &= ~((uint64_t)1 << out->depth);
}

void put_close(struct output *out, char bracket)
{
	out->depth--;
	buf_char(&out->text, bracket);
	if (out->depth == 0)
		buf_char(&out->text, '\n');
}

void put_key(struct output *out, const char *key)
{
	before_value(out);
	json_quote(&out->text, str_of(key));
	buf_char(&out->text, ':');
	out->after_key = true;
}

void put_text(struct output *out, const char *value)
{
	before_value(out);
	json_quote(&out->text, str_of(value));
}

void put_number(struct output *out, int64_t value)
{
	before_value(out);
	buf_fmt(&out->text, "%lld", (long long)value);
}

void put_null(struct output *out)
{
	before_value(out);
	buf_lit(&out->text, "null");
}

void put_real(struct output *out, double value)
{
	if (!isfinite(value)) {
		put_null(out);
		return;
	}
	before_value(out);
	buf_fmt(&out->text, "%.15g", value);
}

void put_bool(struct output *out, bool value)
{
	before_value(out);
	buf_add(&out->text, value ? STR("true") : STR("false"));
}

void put_seconds(struct output *out, int64_t ms)
{
	before_value(out);
	buf_fmt(&out->text, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
}

void put_break(struct output *out)
{
	if (out->commas >> out->depth & 1) {
		buf_char(&out->text, ',');
		out->commas &= ~((uint64_t)1 << out->depth);
	}
	buf_char(&out->text, '\n');
}

/* Filling in a struct err. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static bool say(struct err *err, enum err_code code, const char *format, va_list args)
{
	if (err->code == ERR_NONE) {
		err->code = code;
		vsnprintf(err->text, sizeof err->text, format, args);
	}
	return false;
}

bool fail(struct err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(err, ERR_TROUBLE, format, args);
	va_end(args);
	return false;
}

bool fail_usage(struct err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(err, ERR_USAGE, format, args);
	va_end(args);
	return false;
}

bool fail_finding(struct err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(err, ERR_FINDING, format, args);
	va_end(args);
	return false;
}

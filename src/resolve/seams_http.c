/* Libraries that answer HTTP requests in place of servers, as rows. */
#include "resolve/seams_http.h"

enum { REQUESTS = 1, HTTPX = 2, AIOHTTP = 4, OTHERS = 8, ALL = 15 };

struct row {
	const char *name;
	uint8_t libraries;
};

static const struct row names[] = {
        {"responses.activate", REQUESTS},
        {"responses.start", REQUESTS},
        {"responses.RequestsMock", REQUESTS},
        {"requests_mock.Mocker", REQUESTS},
        {"requests_mock.mock", REQUESTS},
        {"respx.mock", HTTPX},
        {"respx.start", HTTPX},
        {"respx.MockRouter", HTTPX},
        {"aioresponses.aioresponses", AIOHTTP},
        {"httpretty.activate", REQUESTS | OTHERS},
        {"httpretty.enable", REQUESTS | OTHERS},
        {"httpretty.enabled", REQUESTS | OTHERS},
        {"httpretty.httprettified", REQUESTS | OTHERS},
        {"pook.on", ALL},
        {"pook.use", ALL},
        {"pook.activate", ALL},
};

static const struct row fixtures[] = {
        {"requests_mock", REQUESTS}, {"respx_mock", HTTPX},     {"httpx_mock", HTTPX},
        {"responses", REQUESTS},     {"aioresponses", AIOHTTP}, {"vcr", ALL},
};

static const struct row marks[] = {
        {"vcr", ALL},
        {"default_cassette", ALL},
        {"respx", HTTPX},
};

static const struct row libraries[] = {
        {"requests", REQUESTS}, {"httpx", HTTPX}, {"aiohttp", AIOHTTP}, {"urllib3", OTHERS},
        {"urllib", OTHERS},     {"http", OTHERS}, {"httplib2", OTHERS}, {"tornado", OTHERS},
};

static uint8_t find(const struct row *rows, size_t n, struct str what)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(what, str_of(rows[i].name)))
			return rows[i].libraries;
	return 0;
}

uint8_t http_doubled_by_name(struct str dotted)
{
	if (str_ends(dotted, STR(".use_cassette"))) /* of the module vcr, or of a recorder somebody set up */
		return ALL;
	return find(names, sizeof names / sizeof *names, dotted);
}

bool http_doubles_bare(struct str dotted)
{
	return str_ends(dotted, STR(".activate")) || str_ends(dotted, STR(".httprettified")) ||
	       str_eq(dotted, STR("respx.mock"));
}

uint8_t http_doubled_by_fixture(struct str fixture)
{
	return find(fixtures, sizeof fixtures / sizeof *fixtures, fixture);
}

uint8_t http_doubled_by_mark(struct str mark)
{
	return find(marks, sizeof marks / sizeof *marks, mark);
}

uint8_t http_library(struct str dotted)
{
	return find(libraries, sizeof libraries / sizeof *libraries,
	            str_slice(dotted, 0, str_find(dotted, STR("."), 0)));
}

/* The rules that tell a need from a mention, by name.  All of them hold, always; a test leaves one out at a time and
 * shows what it is for: names.without is set by tests/resolve/rules_main.c and by nobody else. */
#ifndef RESOLVE_RULES_H
#define RESOLVE_RULES_H

/* clang-format off */
#define RULES(R) \
	/* EVIDENCE 1: follow fixtures */ \
	R(FIXTURES,   fixtures,   "what the bodies of a test's fixtures do is done by the test") \
	R(VALUES,     values,     "what a fixture gives is what the parameter means") \
	R(DYNAMIC,    dynamic,    "request.getfixturevalue asks for a fixture by a name that is worked out") \
	R(PARAMS,     params,     "request.param is any of the fixture's params") \
	R(LAZY,       lazy,       "a lazy fixture among the arguments is asked for") \
	R(SETUP,      setup,      "setup methods are run by the test") \
	R(ITEM,       item,       "request.node and the item of a hook have the marks of the test at hand") \
	R(HOOKS,      hooks,      "hooks of conftests and plugins are run before the test") \
	R(REQUESTED,  requested,  "request.fixturenames are the fixtures of the test at hand") \
	/* 2: gates */ \
	R(SKIPIF,     skipif,     "the condition of skipif asks for what it dials") \
	R(MADE,       made,       "a function may make the mark") \
	R(UNITTEST,   unittest,   "skipIf and skipUnless of unittest are gates") \
	R(SKIP_IF,    skip_if,    "an if that skips or fails is a gate") \
	R(SKIP_TRY,   skip_try,   "a try whose handler skips or fails is a gate") \
	R(ASSERT,     assert_,    "an assert on what a probe answers is a gate") \
	R(VARIABLES,  variables,  "a gate on a service's variable asks for the service") \
	R(MODULE,     module,     "what stops the import of a test's module stops the test") \
	R(LOADERS,    loaders,    "a load_tests hook that skips stops the tests of its package") \
	R(IMPORTS,    imports,    "what stops the import of a module stops its importers") \
	R(ANY_OF,     any_of,     "of probes joined by or, one is enough") \
	R(MESSAGES,   messages,   "a skip message names the service when nothing else tells") \
	R(MARKERS,    markers,    "a marker that the config maps declares a need") \
	/* 2: parameters flow */ \
	R(ARGUMENTS,  arguments,  "arguments flow into functions") \
	R(DEFAULTS,   defaults,   "a parameter that is not given has its default") \
	R(CONSTANTS,  constants,  "names of a module mean what they were assigned") \
	R(TABLES,     tables,     "a row of a table is found by its key") \
	R(STORED,     stored,     "what was put into a table is what is taken from it") \
	R(PARTIALS,   partials,   "a partial call is a call with the arguments it holds") \
	R(PIECES,     pieces,     "strings are put together") \
	R(DEFAULT_ENV, default_env, "os.environ.get means its default") \
	R(GIVEN_ENV,  given_env,  "a variable without default holds what the project's CI gives it") \
	R(CHOICES,    choices,    "of services that a variable chooses between, one is needed") \
	R(ATTRIBUTES, attributes, "an object's attributes mean what its class or constructor gave them") \
	R(PARAMETRIZE, parametrize, "a parametrized argument is any of its literal values") \
	/* 3: a live call, or data */ \
	R(DIAL,       dial,       "a socket that is opened to an address is a call") \
	R(HTTP,       http,       "a request to an address is a call") \
	R(PROGRAMS,   programs,   "a module that is run as a program does what its body does") \
	R(DATA_HOSTS, data_hosts, "stubs and example hosts are data") \
	R(IDLE,       idle,       "a client that nobody uses connects to nothing") \
	R(REFUSED,    refused,    "who expects a refusal wants nobody there") \
	R(TYPING,     typing,     "code under TYPE_CHECKING does not run") \
	R(BRANCHES,   branches,   "a branch whose condition is known to fail does not run") \
	R(SWALLOWED,  swallowed,  "a failure that is swallowed requires nothing by itself") \
	R(CALLBACKS,  callbacks,  "functions handed to the outside are called") \
	R(OWN_CLIENT, own_client, "a client library that is the tree's own makes clients for its suite") \
	R(ENTERED,    entered,    "a with statement enters its object") \
	/* 4: mocks */ \
	R(SEAM_NAMES, seam_names, "a patched name of a module is not the original") \
	R(SEAM_MEMBERS, seam_members, "a patched method or factory is not the original") \
	R(SEAM_OUTSIDE, seam_outside, "a patched function of a library is not the original") \
	R(HTTP_DOUBLES, http_doubles, "a library that answers requests in place of servers covers them") \
	R(OVERRIDES,  overrides,  "dependency_overrides replaces what it names") \
	R(ASSIGNED,   assigned,   "an attribute set to a double is patched") \
	R(SCOPES,     scopes,     "a patch holds in its block and after the fixtures, not elsewhere") \
	R(SPECS,      specs,      "a mock made to a specification stands for it") \
	R(GIVEN,      given,      "a double that is handed in stands for its service") \
	R(DOUBLES,    doubles,    "a class called a stub, fake or spy of a service is one") \
	/* 5: ports and words mislead */ \
	R(HOST_FIRST, host_first, "a host's name tells more than its port") \
	R(SCHEMES,    schemes,    "the scheme of a URL decides") \
	R(PORTS,      ports,      "a port alone tells what it usually is") \
	R(NAMES,      names,      "names around decide between services that share a port") \
	/* grades */ \
	R(UNKNOWN,    unknown,    "dynamic code could add any need") \
	R(MENTIONS,   mentions,   "literals that name a service are mentions") \
	R(CONFIG,     config,     "an override of the config has the last word")
/* clang-format on */

enum rule {
	RULE_NONE,
#define RULE_ID(id, name, says) RULE_##id,
	RULES(RULE_ID)
#undef RULE_ID
};

#endif

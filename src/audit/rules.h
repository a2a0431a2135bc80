/* The rules, in the order of their codes: a row is the prototype, the table entry and the help.  The function of rule
 * LWnnn is rule_NAME, its page docs/rules/LWnnn.md. */
#ifndef AUDIT_RULES_H
#define AUDIT_RULES_H

#include "audit/room.h"

/* X(number, function, "name", severity, "what is wrong", "how to mend it") */
/* clang-format off */
#define RULES(X) \
	X(101, missing_marker,      "missing-marker",      ERROR,   "a test needs a service that no marker of it declares", \
	                                                            "add the marker, or an [[override]] if the need is not real") \
	X(102, superfluous_marker,  "superfluous-marker",  WARNING, "a marker declares a service that none of its tests uses", \
	                                                            "remove the marker: the tests can run without the service") \
	X(103, wrong_marker,        "wrong-marker",        ERROR,   "a marker declares one service, its tests use another", \
	                                                            "put the marker of the service that is used") \
	X(104, unregistered_marker, "unregistered-marker", WARNING, "a marker that the pytest config does not register", \
	                                                            "correct its spelling, or register it under markers") \
	X(105, marker_lanes,        "marker-lanes",        ERROR,   "the -m expressions of CI run a test nowhere, or in two lanes", \
	                                                            "make the expressions of the jobs cover every test, once") \
	X(201, dead_gate,           "dead-gate",           ERROR,   "a gate dials where no job of CI has the service", \
	                                                            "dial the port that the job maps, or map the port that is dialled") \
	X(202, dead_variable,       "dead-variable",       ERROR,   "a gate reads a variable that no job of CI sets", \
	                                                            "set the variable in the job's env, or drop the gate") \
	X(203, weak_gate,           "weak-gate",           WARNING, "a test is gated on one service and uses another ungated", \
	                                                            "gate the test on each service it uses") \
	X(204, import_probe,        "import-probe",        WARNING, "a service is dialled while tests are collected", \
	                                                            "move the probe into a fixture: it then runs for its tests alone") \
	X(301, unknown_fixture,     "unknown-fixture",     ERROR,   "a fixture that does not exist where it is asked for", \
	                                                            "correct the name, or move the fixture to a conftest above the test") \
	X(302, fixture_loop,        "fixture-loop",        ERROR,   "fixtures that ask for each other", \
	                                                            "break the circle: pytest refuses it") \
	X(303, service_parameters,  "service-parameters",  WARNING, "one test is parametrized over several services", \
	                                                            "a test for each service can run in the lane of its own") \
	X(401, mixed_file,          "mixed-file",          WARNING, "tests of one file need lanes that have little in common", \
	                                                            "put the tests of each service into a file of their own") \
	X(402, unknown_need,        "unknown-need",        WARNING, "tests get services only because their code is computed", \
	                                                            "name what is loaded, or say the needs in an [[override]]") \
	X(403, idle_service,        "idle-service",        WARNING, "a job of CI starts a service that no test needs", \
	                                                            "remove the service from the job") \
	X(404, missing_service,     "missing-service",     ERROR,   "tests need a service that CI never starts", \
	                                                            "start the service in the job that runs the tests") \
	X(501, conftest_state,      "conftest-state",      WARNING, "a conftest sets a service's variable for tests that do not need it", \
	                                                            "set it in a fixture of the tests that need it") \
	X(502, module_client,       "module-client",       WARNING, "a client of a service is made while its file is imported", \
	                                                            "make the client in a fixture") \
	X(503, fixed_port,          "fixed-port",          WARNING, "two test files use the same port, database, container or file", \
	                                                            "listen on port 0, and give names that are made up for the run") \
	X(504, borrowed_table,      "borrowed-table",      ERROR,   "a test uses a table that only another test makes", \
	                                                            "make the table in a fixture that both tests ask for") \
	X(601, hidden_test,         "hidden-test",         ERROR,   "a test is hidden by a later one of the same name", \
	                                                            "rename one of the two") \
	X(602, uncollectable_class, "uncollectable-class", ERROR,   "a class with tests that pytest does not collect", \
	                                                            "replace __init__ by a fixture or setup_method") \
	X(603, empty_file,          "empty-file",          WARNING, "a test file without a test", \
	                                                            "remove it, or give it a name that pytest does not collect") \
	X(604, unread_file,         "unread-file",         ERROR,   "a test file or conftest that cannot be understood", \
	                                                            "mend the file: what stands in it is not seen")
/* clang-format on */

#define X(number, function, name, severity, title, mend) void rule_##function(struct audit *audit);
RULES(X)
#undef X

#endif

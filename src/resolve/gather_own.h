/* What the files of gathering share. */
#ifndef RESOLVE_GATHER_OWN_H
#define RESOLVE_GATHER_OWN_H

#include "resolve/gather.h"

struct frame *gather_frame(struct gatherer *g, uint32_t file);
/* The module's own, and those of the packages around it; `load_tests` hooks too. */
void gather_import(struct gatherer *g, struct run *run);
void gather_mark(struct gatherer *g, struct run *run, const struct mark *mark);
void gather_decorators(struct gatherer *g, struct run *run, struct def_ref ref);
/* A parameter given by @pytest.mark.parametrize: any of its literal values; NULL when it is none. */
const struct value *gather_parametrized(struct gatherer *g, struct run *test, name what);
/* Whether only a getfixturevalue asks for it. */
bool gather_is_dynamic(const struct gatherer *g, uint32_t index);
/* `request` in a fixture with literal params: its .param is any of them. */
const struct value *gather_request(struct gatherer *g, struct run *asker, uint32_t by);
/* The names request.fixturenames has. */
const struct value *gather_fixture_names(struct gatherer *g);
/* The test as request.node and hooks see it: FOREIGN "pytest.item", or unknown. */
const struct value *gather_item(struct gatherer *g);
uint64_t gather_marks_hash(const struct gatherer *g, const struct test *test);
/* What hooks of conftests and plugins do before the test. */
void gather_hooks(struct gatherer *g, struct run *run);
const struct value *gather_self(struct gatherer *g, struct def_ref method, struct def_ref class_);
void gather_run(struct gatherer *g, struct run *run, struct def_ref ref, const struct value *self, uint32_t by);
const struct summary *gather_fixture(struct gatherer *g, uint32_t index);
/* request.getfixturevalue("x"). */
const struct value *gather_get_fixture(void *data, struct run *run, name what, uint32_t line);
/* What a fixture does depends on these; where a mark gives it its params, on that mark too. */
uint64_t gather_closure(struct gatherer *g, const struct test *test);

#endif

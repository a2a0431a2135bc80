/* Any bytes as a file of each CI system and as a compose file: refused as no YAML, or read; and the values they give. */
#include <stdlib.h>

#include "project/circleci.h"
#include "project/compose.h"
#include "project/gitlab.h"
#include "project/values.h"
#include "project/workflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct arena out;
	job_list jobs = {0};
	given_values given = {0};
	struct err workflow = {0}, compose = {0}, others = {0};
	arena_init(&out, NULL);
	bool is_workflow = workflow_read(&out, text, STR("ci.yml"), &jobs, &workflow);
	bool is_compose = compose_read(&out, text, STR("ci.yml"), &jobs, &compose);
	if (is_workflow != is_compose || is_workflow == (workflow.code != ERR_NONE))
		abort();
	for (size_t i = 0; i < jobs.n; i++)
		for (size_t k = 0; k < jobs.at[i].steps.n; k++)
			if (jobs.at[i].steps.at[k].text.at + jobs.at[i].steps.at[k].text.n > text.at + text.n)
				abort();
	if (gitlab_read(&out, text, STR("ci.yml"), &jobs, &others) != is_workflow ||
	    circleci_read(&out, text, STR("ci.yml"), &jobs, &others) != is_workflow)
		abort();
	values_of_jobs(&out, &jobs, &given);
	values_of_dotenv(&out, text, STR(".env"), &given);
	given_settle(&given);
	arena_free(&out);
	return 0;
}

/* The table of marks that need no registration in the project's own config. */
#include "audit/plugins.h"

bool plugin_mark(struct str name)
{
	/* clang-format off */
	static const char *const marks[] = {
		"allow_hosts", "allow_xdist", "anyio", "asyncio", "asyncio_cooperative", "benchmark", "block_network",
		"celery", "dask", "default_cassette", "dependency", "depends", "disable_socket", "django_db", "docker",
		"doctest", "enable_socket", "env", "filterwarnings", "first", "flaky", "forked", "freeze_time", "gen_test", "gevent", "count_queries",
		"httpx_mock", "hypothesis", "ignore_template_errors", "incremental", "last", "limit_leaks",
		"limit_memory", "mpl_image_compare", "no_auto_qt", "no_cover", "no_parallel", "nondestructive",
		"order", "parallel_threads", "parametrize", "playwright", "pyfakefs", "randomize", "repeat", "respx",
		"rerunfailures", "respx_mock", "run", "runner_setup", "second_to_last", "skip", "skip_browser", "skip_snapshot_verify",
		"skipif", "snapshot", "sphinx", "test_params", "thread_unsafe", "time_machine", "timeout", "trio",
		"twisted", "tryfirst", "trylast", "unstable", "urls", "usefixtures", "vcr", "web", "xdist_group",
		"xfail", "only_browser", "iterations", "no_self_serve", "optionalhook", "qt_log_level_fail",
		"qt_log_ignore", "qt_no_exception_capture", "scenario", "serial", "mypy_testing", "ipynb",
		"httpbin", "kafka", "options", "datafiles", "needs_mpi", "mpi", "cases", "parametrize_with_cases",
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (str_eq(name, str_of(marks[i])))
			return true;
	return false;
}

/* The table of well-known fixtures, sorted. */
#include "resolve/well_known.h"

/* clang-format off */
const char *const well_known_fixtures[] = {
	"accept_any", "accept_json", "accept_jsonp", "accept_mimetype", "admin_client", "admin_user",
	"aiohttp_client", "aiohttp_client_cls", "aiohttp_raw_server", "aiohttp_server", "aiohttp_unused_port",
	"aioresponses", "anyio_backend", "anyio_backend_name", "anyio_backend_options", "app", "app_params",
	"async_client", "async_rf", "autojump_clock", "aws_credentials", "base_url", "bdd_step", "benchmark",
	"benchmark_weave", "block_network", "browser", "browser_channel", "browser_context_args", "browser_name",
	"browser_type", "browser_type_launch_args", "cache", "capfd", "capfdbinary", "caplog", "capsys",
	"capsysbinary", "capteesys", "celery_app", "celery_config", "celery_enable_logging", "celery_includes",
	"celery_parameters", "celery_session_app", "celery_session_worker", "celery_worker",
	"celery_worker_parameters", "celery_worker_pool", "chdir", "check", "chrome_options", "class_based_view",
	"class_mocker", "client", "client_class", "config", "console_output", "context", "cov", "dash_br",
	"dash_duo", "dash_process_server", "dash_thread_server", "data_regression", "datadir",
	"dataframe_regression", "db", "default_cassette_name", "depends_on_current_app", "device",
	"disable_recording", "django_assert_max_num_queries", "django_assert_num_queries",
	"django_capture_on_commit_callbacks", "django_db_blocker", "django_db_createdb", "django_db_keepdb",
	"django_db_modify_db_settings", "django_db_reset_sequences", "django_db_serialized_rollback",
	"django_db_setup", "django_db_use_migrations", "django_mail_dnsname", "django_mail_patch_dns",
	"django_test_environment", "django_user_model", "django_username_field", "docker_cleanup",
	"docker_compose_command", "docker_compose_file", "docker_compose_project_name", "docker_ip",
	"docker_services", "docker_setup", "doctest_namespace", "driver", "dynamodb", "dynamodb_proc",
	"elasticsearch", "elasticsearch_nooproc", "elasticsearch_proc", "env", "event_loop", "event_loop_policy",
	"extra", "extras", "fake_process", "faker", "file_regression", "firefox_options", "fp", "free_tcp_port",
	"free_tcp_port_factory", "free_udp_port", "free_udp_port_factory", "freezer", "fs", "fs_class",
	"fs_module", "fs_session", "http_client", "http_port", "http_server", "httpbin", "httpbin_both",
	"httpbin_ca_bundle", "httpbin_secure", "httpserver", "httpserver_ipv4", "httpserver_listen_address",
	"httpserver_ssl_context", "httpx_mock", "hypothesis_parametrize", "image_regression",
	"include_metadata_in_junit_xml", "io_loop", "is_chromium", "is_firefox", "is_webkit", "kafka_server",
	"lazy_datadir", "lazy_fixture", "lazy_shared_datadir", "linecomp", "live_server", "live_server_scope",
	"localserver", "loop", "mailoutbox", "make_app", "make_httpserver", "metadata", "mock_clock",
	"mock_resource", "mocker", "module_mocker", "mongo_noproc", "mongo_proc", "mongodb", "monkeypatch",
	"moto_server", "mpl_test_settings", "mysql", "mysql_noproc", "mysql_proc", "ndarrays_regression",
	"new_context", "no_cover", "num_regression", "nursery", "original_datadir", "package_mocker", "page",
	"playwright", "postgres_test", "postgresql", "postgresql_noproc", "postgresql_proc", "proactor_loop",
	"pytestconfig", "pytester", "qapp", "qapp_args", "qapp_cls", "qtbot", "qtlog", "qtmodeltester", "rabbitmq",
	"rabbitmq_proc", "record_mode", "record_property", "record_testsuite_property", "record_xml_attribute",
	"recwarn", "redis_noproc", "redis_proc", "redisdb", "request", "requests_mock", "responses", "respx_mock",
	"rf", "rootdir", "s3_client", "sanic_client", "selenium", "session_mocker", "settings", "shared_datadir",
	"shared_result", "smtpserver", "snapshot", "socket_disabled", "socket_enabled", "spark", "spark_session",
	"sphinx_test_tempdir", "status", "subtests", "test_params", "testdir", "testrun_uid", "time_machine",
	"tmp_path", "tmp_path_factory", "tmpdir", "tmpdir_factory", "tornado", "transactional_db", "trio_mode",
	"twisted", "unused_port", "unused_tcp_port", "unused_tcp_port_factory", "unused_udp_port",
	"unused_udp_port_factory", "use_celery_app_trap", "variables", "vcr", "vcr_cassette", "vcr_cassette_dir",
	"vcr_config", "vcr_markers", "warning", "worker_id", "xprocess",
};

#define DJANGO "django_db_setup django_test_environment django_db_blocker django_db_createdb django_db_keepdb " \
	"django_db_use_migrations django_db_modify_db_settings django_db_modify_db_settings_parallel_suffix " \
	"django_db_modify_db_settings_tox_suffix django_db_modify_db_settings_xdist_suffix"
#define DOCKER "docker_compose_command docker_compose_file docker_compose_project_name docker_cleanup docker_setup"

const struct well_known_request well_known_requests[] = {
	{"admin_client", "db admin_user django_user_model django_username_field " DJANGO},
	{"admin_user", "db django_user_model django_username_field " DJANGO},
	{"aiohttp_client", "loop aiohttp_client_cls event_loop"},
	{"celery_app", "celery_config celery_parameters celery_enable_logging use_celery_app_trap"},
	{"celery_session_app", "celery_config celery_parameters celery_enable_logging use_celery_app_trap"},
	{"celery_session_worker", "celery_session_app celery_includes celery_worker_pool celery_worker_parameters "
	                          "celery_config celery_parameters"},
	{"celery_worker", "celery_app celery_includes celery_worker_pool celery_worker_parameters celery_config "
	                  "celery_parameters"},
	{"db", DJANGO},
	{"django_db_reset_sequences", DJANGO},
	{"django_db_serialized_rollback", DJANGO},
	{"docker_services", DOCKER},
	{"elasticsearch", "elasticsearch_proc"},
	{"httpserver", "make_httpserver httpserver_listen_address httpserver_ssl_context"},
	{"live_server", DJANGO},
	{"mongodb", "mongo_proc"},
	{"mysql", "mysql_proc"},
	{"page", "context browser browser_type browser_name playwright browser_context_args browser_type_launch_args"},
	{"postgresql", "postgresql_proc"},
	{"qtbot", "qapp qapp_args qapp_cls"},
	{"rabbitmq", "rabbitmq_proc"},
	{"redisdb", "redis_proc"},
	{"selenium", "driver chrome_options firefox_options base_url"},
	{"testdir", "pytester"},
	{"tmp_path", "tmp_path_factory"},
	{"tmpdir", "tmp_path tmp_path_factory"},
	{"transactional_db", DJANGO},
	{"vcr", "vcr_config vcr_cassette_dir vcr_cassette record_mode"},
};
/* clang-format on */
const size_t well_known_requests_n = sizeof well_known_requests / sizeof *well_known_requests;
const size_t well_known_fixtures_n = sizeof well_known_fixtures / sizeof *well_known_fixtures;

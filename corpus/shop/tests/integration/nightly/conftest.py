"""pytest knows no load_tests: what it would skip is skipped here."""

import importlib


def pytest_runtest_setup(item):
    package = importlib.import_module("tests.integration.nightly")
    hook = vars(package).get("load_" + "tests")
    if hook:
        hook(None, [], "test*.py")

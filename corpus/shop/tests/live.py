"""Imported by what makes no sense without the reports' Solr."""

import pytest

from shop import net

if not net.reachable("localhost", 8983):
    pytest.skip("the reports' Solr is away", allow_module_level=True)

CORE = "feed"

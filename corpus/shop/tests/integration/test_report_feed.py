"""The feed of the reports.  That Solr is needed says the module it imports."""

from tests import live  #: requires solr


def test_core_has_its_own_name():
    assert live.CORE == "feed"


def test_core_is_no_storefront():
    assert live.CORE not in ("de", "at", "fr")

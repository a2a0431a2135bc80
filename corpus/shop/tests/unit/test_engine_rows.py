"""Rows of the engine table, checked without a table."""

import pytest

from shop.errors import Invalid
from shop.models import EngineConfig

ROWS = [
    {"storefront": "de", "engine_type": "elasticsearch", "host": "stub", "port": 9200},  #: mentions elasticsearch
    {"storefront": "fr", "engine_type": "opensearch", "host": "stub", "port": 9201},  #: mentions opensearch
    {"storefront": "nl", "engine_type": "solr", "host": "solr.example.com", "port": 8983},  #: mentions solr
]


def config(**changes):
    return EngineConfig(**{**ROWS[0], **changes})


def test_rows_are_valid():
    for row in ROWS:
        assert EngineConfig(**row).validate().to_row() == row


def test_host_is_needed():
    with pytest.raises(Invalid, match="host: must not be empty"):
        config(host="").validate()


def test_unknown_type_is_refused():
    with pytest.raises(Invalid) as caught:
        config(engine_type="sphinx").validate()
    assert caught.value.field == "engine_type"


def test_options_stay_out_of_the_row():
    row = config(options={"url": "http://elasticsearch.invalid:9200"}).to_row()
    assert "options" not in row

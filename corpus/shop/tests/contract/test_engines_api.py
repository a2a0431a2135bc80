"""The admin routes of the engine table.

The rows say elasticsearch, opensearch and solr, and nobody is ever dialled at the hosts they name:
all this needs is what every booted application needs.
"""

import pytest

CONFIGS = [
    {"engine_type": "elasticsearch", "host": "stub"},  #: mentions elasticsearch
    {"engine_type": "opensearch", "host": "opensearch.internal.example", "port": 9201},  #: mentions opensearch
    {"engine_type": "solr", "host": "s", "port": 8983},  #: mentions solr
]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config["engine_type"])
def test_round_trip(client, config):  #: needs postgres, redis
    assert client.put("/admin/engines/de", config)[0] == 201
    status, row = client.get("/admin/engines/de")
    assert status == 200
    assert row == {"storefront": "de", "port": 0, **config}


def test_unknown_engine(client):  #: needs postgres, redis
    status, body = client.put("/admin/engines/de", {"engine_type": "sphinx", "host": "stub"})
    assert (status, body["field"]) == (422, "engine_type")
    assert body["detail"].endswith("elasticsearch, opensearch, solr")


def test_nobody_has_chosen(client):  #: needs postgres, redis
    assert client.get("/admin/engines/xx")[0] == 404

import pytest

from tests.fixtures.search import es_client, es_index  # noqa: F401


@pytest.mark.requires_elasticsearch
class TestBulk:  #: requires elasticsearch
    def test_counts(self, es_client, es_index):
        assert es_client.bulk(es_index, {str(i): {"n": i} for i in range(50)}) == 50
        assert es_client.count(es_index) == 50

    def test_overwrites(self, es_client, es_index):
        es_client.bulk(es_index, {"1": {"n": 1}})
        es_client.bulk(es_index, {"1": {"n": 2}})
        assert es_client.get(es_index, "1") == {"n": 2}

    @pytest.mark.slow
    def test_many(self, es_client, es_index):
        for start in range(0, 300, 100):
            es_client.bulk(es_index, {str(i): {"n": i} for i in range(start, start + 100)})
        assert es_client.count(es_index, {"range": {"n": {"gte": 250}}}) == 50

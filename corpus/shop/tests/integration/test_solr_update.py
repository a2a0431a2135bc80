"""Writing to Solr; the fixture `solr` skips while it is away."""


def test_add(solr):  #: needs solr
    solr.add({"id": "MUG", "name": "Blue mug"})
    assert solr.select("name:blue") == [{"id": "MUG", "name": "Blue mug"}]


def test_replace(solr):  #: needs solr
    solr.add({"id": "MUG", "name": "Blue mug"})
    solr.add({"id": "MUG", "name": "Green mug"})
    assert solr.count() == 1


def test_delete(solr):  #: needs solr
    solr.add({"id": "MUG", "name": "Blue mug"}, {"id": "POT", "name": "Teapot"})
    solr.delete("MUG")
    assert [doc["id"] for doc in solr.select()] == ["POT"]


class TestFromTheTable:  #: needs solr, postgres
    def test_every_product(self, solr, catalog, make_product):
        for name in ("Mug", "Pot", "Pan"):
            catalog.add(make_product(name))
        solr.add(*[dict(product.document(), id=product.sku) for product in catalog.all()])
        assert solr.count() == 3

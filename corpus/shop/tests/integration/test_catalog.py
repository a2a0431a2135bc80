"""The catalogue: forty small stories about one table, and five about handing it to the engine."""

import pytest

from shop.errors import DatabaseError, Invalid, NotFound
from shop.models import Product

SHELF = [
    Product("BOWL", "Bowl", 1290, ["kitchen"], 4),
    Product("LAMP", "Desk lamp", 4900, ["office", "light"], 2),
    Product("MUG", "Blue mug", 790, ["kitchen", "gift"], 20),
    Product("PEN", "Fountain pen", 2900, ["office", "gift"], 7),
    Product("POT", "Blue teapot", 2490, ["kitchen", "gift"], 3),
]


@pytest.fixture
def shelf(catalog):
    for product in SHELF:
        catalog.add(product)
    return catalog


@pytest.fixture
def published(shelf, es_client, es_index):
    """The shelf, in Elasticsearch too."""
    shelf.publish(es_client, es_index)
    es_client.refresh(es_index)
    return es_index


def skus(products):
    return [product.sku for product in products]


def test_empty(catalog):  #: needs postgres
    assert catalog.all() == []


def test_count_of_nothing(catalog):  #: needs postgres
    assert catalog.count() == 0


def test_add(catalog):  #: needs postgres
    catalog.add(SHELF[0])
    assert catalog.get("BOWL") == SHELF[0]


def test_add_twice(shelf):  #: needs postgres
    with pytest.raises(DatabaseError):
        shelf.add(SHELF[0])


def test_negative_price(catalog):  #: needs postgres
    with pytest.raises(Invalid, match="price"):
        catalog.add(Product("X", "X", -1))
    assert catalog.count() == 0


def test_free_of_charge(catalog):  #: needs postgres
    catalog.add(Product("X", "Sample", 0))
    assert catalog.get("X").price == 0


def test_missing(shelf):  #: needs postgres
    with pytest.raises(NotFound, match="product NOPE"):
        shelf.get("NOPE")


def test_count(shelf):  #: needs postgres
    assert shelf.count() == len(SHELF)


def test_all_by_sku(shelf):  #: needs postgres
    assert skus(shelf.all()) == ["BOWL", "LAMP", "MUG", "PEN", "POT"]


def test_all_by_name(shelf):  #: needs postgres
    assert skus(shelf.all(order_by="name")) == ["MUG", "POT", "BOWL", "LAMP", "PEN"]


def test_all_by_price(shelf):  #: needs postgres
    assert skus(shelf.all(order_by="price"))[0] == "MUG"


def test_no_sorting_by_stock(shelf):  #: needs postgres
    with pytest.raises(Invalid):
        shelf.all(order_by="stock; DROP TABLE products")


def test_tags_come_back_as_a_list(shelf):  #: needs postgres
    assert shelf.get("LAMP").tags == ["office", "light"]


def test_no_tags(catalog):  #: needs postgres
    catalog.add(Product("X", "Plain", 100))
    assert catalog.get("X").tags == []


@pytest.mark.parametrize("tag, expected", [
    ("kitchen", ["BOWL", "MUG", "POT"]),
    ("office", ["LAMP", "PEN"]),
    ("garden", []),
])
def test_tagged(shelf, tag, expected):  #: needs postgres
    assert skus(shelf.tagged(tag)) == expected


def test_a_tag_is_a_whole_word(shelf):  #: needs postgres
    assert shelf.tagged("kit") == []


def test_between(shelf):  #: needs postgres
    assert skus(shelf.between(1000, 2500)) == ["BOWL", "POT"]


def test_between_takes_the_edges(shelf):  #: needs postgres
    assert skus(shelf.between(790, 1290)) == ["MUG", "BOWL"]


def test_between_the_wrong_way_round(shelf):  #: needs postgres
    assert shelf.between(2500, 1000) == []


def test_rename(shelf):  #: needs postgres
    shelf.rename("MUG", "Green mug")
    assert shelf.get("MUG").name == "Green mug"


def test_rename_keeps_the_price(shelf):  #: needs postgres
    shelf.rename("MUG", "Green mug")
    assert shelf.get("MUG").price == 790


def test_rename_missing(shelf):  #: needs postgres
    with pytest.raises(NotFound):
        shelf.rename("NOPE", "Nothing")


def test_published_names_are_found(published, es_client):  #: needs postgres, elasticsearch
    hits = es_client.search(published, {"match": {"name": "blue"}})
    assert [hit["id"] for hit in hits] == ["MUG", "POT"]


def test_published_count(published, es_client):  #: needs postgres, elasticsearch
    assert es_client.count(published) == len(SHELF)


def test_reprice(shelf):  #: needs postgres
    shelf.reprice("PEN", 2700)
    assert shelf.get("PEN").price == 2700


def test_reprice_missing(shelf):  #: needs postgres
    with pytest.raises(NotFound):
        shelf.reprice("NOPE", 1)


def test_reprice_moves_it_in_the_order(shelf):  #: needs postgres
    shelf.reprice("LAMP", 1)
    assert skus(shelf.all(order_by="price"))[0] == "LAMP"


def test_remove(shelf):  #: needs postgres
    assert shelf.remove("MUG")
    assert shelf.count() == len(SHELF) - 1


def test_remove_twice(shelf):  #: needs postgres
    shelf.remove("MUG")
    assert not shelf.remove("MUG")


def test_removed_is_missing(shelf):  #: needs postgres
    shelf.remove("POT")
    with pytest.raises(NotFound):
        shelf.get("POT")


def test_add_after_remove(shelf):  #: needs postgres
    shelf.remove("MUG")
    shelf.add(SHELF[2])
    assert shelf.get("MUG") == SHELF[2]


def test_names_may_hold_quotes(catalog):  #: needs postgres
    catalog.add(Product("Q", "The \"best\" mug's lid", 100))
    assert catalog.get("Q").name == "The \"best\" mug's lid"


def test_names_may_hold_anything_else(catalog):  #: needs postgres
    catalog.add(Product("U", "Théière № 5 — 茶", 100))
    assert catalog.get("U").name.endswith("茶")


def test_publish_again_changes_nothing(published, shelf, es_client):  #: needs postgres, elasticsearch
    assert shelf.publish(es_client, published) == len(SHELF)
    assert es_client.count(published) == len(SHELF)


def test_publish_leaves_the_stock_out(published, es_client):  #: needs postgres, elasticsearch
    assert "stock" not in es_client.get(published, "MUG")


def test_rename_is_not_published_by_itself(published, shelf, es_client):  #: needs postgres, elasticsearch
    shelf.rename("MUG", "Green mug")
    assert es_client.get(published, "MUG")["name"] == "Blue mug"


def test_stock_is_a_column(shelf, stock):  #: needs postgres
    stock.take("MUG", 5)
    assert shelf.get("MUG").stock == 15


def test_rollback(shelf, db):  #: needs postgres
    with pytest.raises(RuntimeError):
        with db.transaction():
            shelf.remove("MUG")
            raise RuntimeError
    assert shelf.get("MUG") == SHELF[2]


def test_commit(shelf, db):  #: needs postgres
    with db.transaction():
        shelf.remove("MUG")
    assert shelf.count() == len(SHELF) - 1


def test_a_made_product(catalog, make_product):  #: needs postgres
    for product in (make_product(), make_product("Cup", 500)):
        catalog.add(product)
    assert skus(catalog.all()) == ["SKU-001", "SKU-002"]

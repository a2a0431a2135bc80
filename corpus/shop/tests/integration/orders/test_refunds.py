import pytest

from shop.errors import Invalid


class TestRefund:  #: needs postgres
    @pytest.fixture
    def paid(self, orders):
        order = orders.place("ada", {"MUG": (2, 790)})
        return orders.move(order.id, "paid")

    def test_once(self, orders, paid):
        assert orders.move(paid.id, "refunded").state == "refunded"

    def test_not_twice(self, orders, paid):
        orders.move(paid.id, "refunded")
        with pytest.raises(Invalid, match="refunded cannot become refunded"):
            orders.move(paid.id, "refunded")

    def test_puts_back(self, orders, paid, stock):
        orders.move(paid.id, "refunded")
        stock.put_back("MUG", 2)
        assert stock.left("MUG") == 20


def test_new_orders_are_cancelled_not_refunded(orders):  #: needs postgres
    order = orders.place("ada", {"MUG": (1, 790)})
    with pytest.raises(Invalid):
        orders.move(order.id, "refunded")
    assert orders.move(order.id, "cancelled").state == "cancelled"

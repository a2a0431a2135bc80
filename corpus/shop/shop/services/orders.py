"""Orders, from the basket to the refund."""

from shop.errors import Invalid, NotFound, OutOfStock
from shop.models import Line, Order


class OrderRepository:
    def __init__(self, connection):
        self.connection = connection

    def add(self, order):
        order.id = self.connection.insert(
            "INSERT INTO orders (customer, state) VALUES (%s, %s)", (order.customer, order.state)
        )
        for line in order.lines:
            self.connection.execute(
                "INSERT INTO order_lines (order_id, sku, quantity, price) VALUES (%s, %s, %s, %s)",
                (order.id, line.sku, line.quantity, line.price),
            )
        return order

    def get(self, order_id):
        row = self.connection.fetch_one("SELECT * FROM orders WHERE id = %s", (order_id,))
        if row is None:
            raise NotFound(f"order {order_id}")
        lines = self.connection.fetch_all(
            "SELECT sku, quantity, price FROM order_lines WHERE order_id = %s ORDER BY sku", (order_id,)
        )
        return Order(row["customer"], [Line(**line) for line in lines], row["state"], row["id"])

    def of_customer(self, customer):
        rows = self.connection.fetch_all(
            "SELECT id FROM orders WHERE customer = %s ORDER BY id", (customer,)
        )
        return [self.get(row["id"]) for row in rows]

    def save_state(self, order):
        self.connection.execute("UPDATE orders SET state = %s WHERE id = %s", (order.state, order.id))

    def count(self):
        return self.connection.fetch_value("SELECT count(*) FROM orders")


class OrderService:
    def __init__(self, repository, stock=None, events=None):
        self.repository = repository
        self.stock = stock
        self.events = events

    def place(self, customer, items):
        """`items` is {sku: (quantity, price)}."""
        if not items:
            raise Invalid("items", "an order needs at least one line")
        if self.stock is not None:
            for sku, (quantity, _) in items.items():
                self.stock.take(sku, quantity)
        lines = [Line(sku, quantity, price) for sku, (quantity, price) in sorted(items.items())]
        order = self.repository.add(Order(customer, lines))
        self._tell("placed", order)
        return order

    def move(self, order_id, state):
        order = self.repository.get(order_id)
        order.move_to(state)
        self.repository.save_state(order)
        self._tell(state, order)
        return order

    def _tell(self, what, order):
        if self.events is not None:
            self.events.lpush("order-events", f"{what}:{order.id}")


class Stock:
    def __init__(self, connection):
        self.connection = connection

    def left(self, sku):
        left = self.connection.fetch_value("SELECT stock FROM products WHERE sku = %s", (sku,))
        if left is None:
            raise NotFound(f"product {sku}")
        return left

    def take(self, sku, quantity):
        left = self.left(sku)
        if left < quantity:
            raise OutOfStock(sku, quantity, left)
        self.connection.execute("UPDATE products SET stock = stock - %s WHERE sku = %s", (quantity, sku))

    def put_back(self, sku, quantity):
        self.connection.execute("UPDATE products SET stock = stock + %s WHERE sku = %s", (quantity, sku))

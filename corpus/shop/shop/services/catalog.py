"""The product table and the engine table."""

from shop.errors import Invalid, NotFound
from shop.models import EngineConfig, Product


class Catalog:
    def __init__(self, connection):
        self.connection = connection

    def add(self, product):
        if product.price < 0:
            raise Invalid("price", "must not be negative")
        self.connection.execute(
            "INSERT INTO products (sku, name, price, tags, stock) VALUES (%s, %s, %s, %s, %s)",
            (product.sku, product.name, product.price, ",".join(product.tags), product.stock),
        )
        return product

    def get(self, sku):
        row = self.connection.fetch_one("SELECT * FROM products WHERE sku = %s", (sku,))
        if row is None:
            raise NotFound(f"product {sku}")
        return self._product(row)

    def all(self, order_by="sku"):
        if order_by not in ("sku", "name", "price"):
            raise Invalid("order_by", f"cannot sort by {order_by}")
        rows = self.connection.fetch_all(f"SELECT * FROM products ORDER BY {order_by}")
        return [self._product(row) for row in rows]

    def tagged(self, tag):
        rows = self.connection.fetch_all(
            "SELECT * FROM products WHERE ',' || tags || ',' LIKE %s ORDER BY sku", (f"%,{tag},%",)
        )
        return [self._product(row) for row in rows]

    def between(self, low, high):
        rows = self.connection.fetch_all(
            "SELECT * FROM products WHERE price BETWEEN %s AND %s ORDER BY price, sku", (low, high)
        )
        return [self._product(row) for row in rows]

    def rename(self, sku, name):
        if not self.connection.execute("UPDATE products SET name = %s WHERE sku = %s", (name, sku)):
            raise NotFound(f"product {sku}")

    def reprice(self, sku, price):
        if not self.connection.execute("UPDATE products SET price = %s WHERE sku = %s", (price, sku)):
            raise NotFound(f"product {sku}")

    def remove(self, sku):
        return self.connection.execute("DELETE FROM products WHERE sku = %s", (sku,)) == 1

    def count(self):
        return self.connection.fetch_value("SELECT count(*) FROM products")

    def publish(self, client, index):
        """Hand every product to a search engine."""
        return client.bulk(index, {product.sku: product.document() for product in self.all()})

    @staticmethod
    def _product(row):
        tags = row["tags"].split(",") if row["tags"] else []
        return Product(row["sku"], row["name"], row["price"], tags, row["stock"])


class EngineTable:
    """Which storefront is searched by which engine; only rows, nobody is dialled from here."""

    def __init__(self, connection):
        self.connection = connection

    def add(self, config):
        row = config.validate().to_row()
        self.connection.execute(
            "INSERT INTO engines (storefront, engine_type, host, port) VALUES (%s, %s, %s, %s)",
            (row["storefront"], row["engine_type"], row["host"], row["port"]),
        )

    def get(self, storefront):
        row = self.connection.fetch_one("SELECT * FROM engines WHERE storefront = %s", (storefront,))
        if row is None:
            raise NotFound(f"engine of {storefront}")
        return EngineConfig(**row)

    def by_type(self, engine_type):
        return self.connection.fetch_all(
            "SELECT storefront, host FROM engines WHERE engine_type = %s ORDER BY storefront",
            (engine_type,),
        )

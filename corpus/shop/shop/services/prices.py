"""Prices in other currencies, cached."""

import json

from shop.errors import NotFound
from shop.money import Money


class Rates:
    """Exchange rates from the table `rates`, kept in the cache for an hour."""

    def __init__(self, connection, cache, ttl=3600):
        self.connection = connection
        self.cache = cache
        self.ttl = ttl

    def put(self, currency, per_euro):
        self.connection.execute("DELETE FROM rates WHERE currency = %s", (currency,))
        self.connection.execute(
            "INSERT INTO rates (currency, per_euro) VALUES (%s, %s)", (currency, per_euro)
        )
        self.cache.delete(f"rate:{currency}")

    def get(self, currency):
        if currency == "EUR":
            return 1.0
        cached = self.cache.get(f"rate:{currency}")
        if cached is not None:
            return json.loads(cached)
        rate = self.connection.fetch_value("SELECT per_euro FROM rates WHERE currency = %s", (currency,))
        if rate is None:
            raise NotFound(f"rate of {currency}")
        self.cache.set(f"rate:{currency}", json.dumps(rate), ex=self.ttl)
        return rate

    def convert(self, money, currency):
        return Money((money * self.get(currency)).cents, currency)


def discount(price, percent):
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} % is no discount")
    return price - price * (percent / 100)

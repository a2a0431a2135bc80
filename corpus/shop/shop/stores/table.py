"""The store of small shops: a table beside the orders."""

from shop.adapters import postgres


def ping():
    return postgres.ping()

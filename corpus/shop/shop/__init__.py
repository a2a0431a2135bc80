"""The shop: catalogue, orders, prices and search behind one small HTTP API."""

__version__ = "5.12.0"

"""Stores a deployment can name: `shop.stores.<name>` offers `ping()`."""

"""What the shop does: rules on top of the adapters, no sockets of their own."""

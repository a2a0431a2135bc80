"""One module a neighbour; nothing here knows what the shop sells."""

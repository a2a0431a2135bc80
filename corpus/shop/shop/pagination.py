"""Pages of a list, with cursors that survive a URL."""

import base64
import json
from dataclasses import dataclass, field


@dataclass
class Page:
    items: list
    total: int
    number: int = 1
    size: int = 20
    links: dict = field(default_factory=dict)

    @property
    def last(self):
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self):
        return self.number < self.last


def paginate(items, number=1, size=20):
    if number < 1 or size < 1:
        raise ValueError("page and size start at 1")
    first = (number - 1) * size
    return Page(items[first:first + size], len(items), number, size)


def encode_cursor(**position):
    return base64.urlsafe_b64encode(json.dumps(position, sort_keys=True).encode()).decode().rstrip("=")


def decode_cursor(text):
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise ValueError(f"bad cursor {text!r}") from None

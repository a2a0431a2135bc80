"""The nouns of the shop."""

from dataclasses import asdict, dataclass, field
from typing import List, Optional

from shop.errors import Invalid
from shop.money import Money

ENGINES = ("elasticsearch", "opensearch", "solr")
STATES = {
    "new": {"paid", "cancelled"},
    "paid": {"shipped", "refunded"},
    "shipped": {"delivered", "refunded"},
    "delivered": {"refunded"},
    "cancelled": set(),
    "refunded": set(),
}


@dataclass
class Product:
    sku: str
    name: str
    price: int                                  # cents
    tags: List[str] = field(default_factory=list)
    stock: int = 0

    def document(self):
        """The product as a search engine sees it."""
        return {"sku": self.sku, "name": self.name, "price": self.price, "tags": " ".join(self.tags)}


@dataclass
class Line:
    sku: str
    quantity: int
    price: int

    @property
    def total(self):
        return Money(self.price * self.quantity)


@dataclass
class Order:
    customer: str
    lines: List[Line]
    state: str = "new"
    id: Optional[int] = None

    @property
    def total(self):
        return sum((line.total for line in self.lines), Money(0))

    def move_to(self, state):
        if state not in STATES[self.state]:
            raise Invalid("state", f"{self.state} cannot become {state}")
        self.state = state


@dataclass
class EngineConfig:
    """One row of the table `engines`: which engine answers the searches of a storefront."""

    storefront: str
    engine_type: str
    host: str
    port: int = 0
    options: dict = field(default_factory=dict)

    def validate(self):
        if self.engine_type not in ENGINES:
            raise Invalid("engine_type", f"{self.engine_type} is none of {', '.join(ENGINES)}")
        if not self.host:
            raise Invalid("host", "must not be empty")
        return self

    def to_row(self):
        row = asdict(self)
        row.pop("options")
        return row

"""Amounts in cents, with a currency; no floats come near them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

DECIMALS = {"EUR": 2, "USD": 2, "CHF": 2, "JPY": 0}


@dataclass(frozen=True, order=True)
class Money:
    cents: int
    currency: str = "EUR"

    def __add__(self, other):
        self._same(other)
        return Money(self.cents + other.cents, self.currency)

    def __sub__(self, other):
        self._same(other)
        return Money(self.cents - other.cents, self.currency)

    def __mul__(self, factor):
        exact = Decimal(self.cents) * Decimal(str(factor))
        return Money(int(exact.to_integral_value(ROUND_HALF_EVEN)), self.currency)

    def __str__(self):
        digits = DECIMALS[self.currency]
        return f"{Decimal(self.cents).scaleb(-digits):.{digits}f} {self.currency}"

    def _same(self, other):
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")

    @classmethod
    def parse(cls, text):
        amount, _, currency = text.strip().partition(" ")
        currency = currency or "EUR"
        if currency not in DECIMALS:
            raise ValueError(f"unknown currency {currency!r}")
        return cls(int(Decimal(amount).scaleb(DECIMALS[currency])), currency)


def split_evenly(total, parts):
    """Shares of `total` that differ by one cent at most and add up to it."""
    if parts < 1:
        raise ValueError("parts must be 1 or more")
    base, rest = divmod(total.cents, parts)
    return [Money(base + (i < rest), total.currency) for i in range(parts)]

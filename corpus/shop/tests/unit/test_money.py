"""Amounts, and the tax on them."""

import pytest

from shop.money import Money, split_evenly
from shop.tax import RATES, net_of_gross, rate, tax_on_net


@pytest.mark.parametrize("text, cents, currency", [
    ("12.50 EUR", 1250, "EUR"),
    ("3", 300, "EUR"),
    ("980 JPY", 980, "JPY"),
])
def test_parses_amounts(text, cents, currency):
    assert Money.parse(text) == Money(cents, currency)


@pytest.mark.parametrize("money, text", [
    (Money(5), "0.05 EUR"),
    (Money(123456, "CHF"), "1234.56 CHF"),
    (Money(7, "JPY"), "7 JPY"),
])
def test_prints_amounts(money, text):
    assert str(money) == text


def test_refuses_to_mix_currencies():
    with pytest.raises(ValueError, match="cannot mix EUR and USD"):
        Money(1) + Money(1, "USD")


def test_refuses_unknown_currencies():
    with pytest.raises(ValueError):
        Money.parse("1 XXX")


def test_rounds_half_to_even():
    assert Money(25) * 0.5 == Money(12)
    assert Money(35) * 0.5 == Money(18)


class TestSplit:
    def test_gives_the_odd_cents_to_the_first(self):
        assert split_evenly(Money(100), 3) == [Money(34), Money(33), Money(33)]

    def test_adds_up(self):
        shares = split_evenly(Money(1001), 7)
        assert sum(share.cents for share in shares) == 1001

    def test_wants_a_part(self):
        with pytest.raises(ValueError):
            split_evenly(Money(100), 0)


@pytest.mark.parametrize("country", sorted(RATES))
def test_every_country_has_both_rates(country):
    assert rate(country) > rate(country, "reduced")


@pytest.mark.parametrize("country, tax", [("DE", 1900), ("FR", 2000), ("CH", 810)])
def test_tax_on_a_hundred(country, tax):
    assert tax_on_net(Money(10000), country) == Money(tax)


def test_net_and_gross_agree():
    net = Money(8403)
    gross = net + tax_on_net(net, "DE")
    assert net_of_gross(gross, "DE") == net


def test_unknown_country():
    with pytest.raises(LookupError, match="no standard rate for XX"):
        rate("XX")

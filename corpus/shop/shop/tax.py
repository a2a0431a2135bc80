"""Value added tax by country, as of 2026."""

from shop.money import Money

RATES = {
    "DE": {"standard": 19, "reduced": 7},
    "FR": {"standard": 20, "reduced": 5.5},
    "NL": {"standard": 21, "reduced": 9},
    "CH": {"standard": 8.1, "reduced": 2.6},
}


def rate(country, kind="standard"):
    try:
        return RATES[country][kind]
    except KeyError:
        raise LookupError(f"no {kind} rate for {country}") from None


def tax_on_net(net, country, kind="standard"):
    return net * (rate(country, kind) / 100)


def net_of_gross(gross, country, kind="standard"):
    percent = rate(country, kind)
    return Money(round(gross.cents * 100 / (100 + percent)), gross.currency)

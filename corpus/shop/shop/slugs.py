"""Names as they stand in addresses."""

import re
import unicodedata

SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "&": " and "})


def slugify(name, max_length=60):
    text = unicodedata.normalize("NFKD", name.lower().translate(SPECIAL))
    text = text.encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    return text[:max_length].rstrip("-")


def unique(slug, taken):
    """`slug`, or `slug-2`, `slug-3` ... whichever is not in `taken`."""
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"

def test_insert(db):
    db.execute("insert")


def test_sum():
    """The lane of its neighbour takes it."""

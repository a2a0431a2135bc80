def test_rows(postgres):
    assert True


def test_keys(redis_somewhere_else):
    assert True


def test_more_keys(redis_somewhere_else):
    """A gate is told once."""


def test_right_keys(redis_where_it_is):
    assert True


def test_words(elasticsearch_by_name):
    assert True

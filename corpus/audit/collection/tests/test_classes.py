class TestWithState:  #: LW602
    def __init__(self):
        self.n = 1

    def test_n(self):
        assert self.n == 1


class TestPlain:
    def setup_method(self):
        self.n = 1

    def test_n(self):
        assert self.n == 1


class TestData:
    """Holds no tests: a class of data may have what it likes."""

    def __init__(self, n):
        self.n = n

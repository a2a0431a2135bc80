"""What every search engine has to get right."""


class Parity:
    """Subclasses give the fixture `find`."""

    def test_one_word(self, find):
        assert find("blue") == ["1", "3"]

    def test_the_other_word(self, find):
        assert find("mug") == ["1", "2"]

    def test_no_hit(self, find):
        assert find("pan") == []

def test_fine():
    assert True


def test_broken(:  #: LW604
    assert True

"""Suggestions while typing."""

import pytest

NAMES = ["Mug", "Mug rack", "Muffin tin", "Teapot"]


@pytest.fixture
def typed(os_client, os_index):
    for key, name in enumerate(NAMES):
        os_client.index(os_index, key, {"name": name})

    def typed(prefix):
        return os_client.suggest(os_index, prefix)
    return typed


@pytest.mark.requires_opensearch
@pytest.mark.parametrize("prefix, names", [
    ("mu", ["Muffin tin", "Mug", "Mug rack"]),
    ("tea", ["Teapot"]),
    ("x", []),
])
def test_suggest(typed, prefix, names):  #: requires opensearch
    assert typed(prefix) == names


@pytest.mark.usefixtures("os_index")
@pytest.mark.requires_opensearch
def test_nothing_typed(typed):  #: requires opensearch
    assert len(typed("")) == 4


@pytest.mark.skip(reason="phrase suggestions come with the next major version")
def test_phrases(typed):  #: skipped; needs opensearch
    assert typed("mug r") == ["Mug rack"]

"""The night job names its store in a text that is compiled when it runs; lanewright.toml says which it is."""

from pathlib import Path

RECIPE = Path(__file__).parent / "night_job.txt"


def test_night_job():  #: requires redis
    names = {}
    exec(RECIPE.read_text(), names)
    assert names["done"]

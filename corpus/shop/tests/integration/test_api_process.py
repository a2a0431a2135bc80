"""Against a running API process, which is started by hand; nothing in CI listens on its port."""

import pytest

from shop import net


def api_is_up():
    return net.reachable("localhost", 8999)


@pytest.mark.skipif(not api_is_up(), reason="run `make serve` first")
def test_health():  #: skipped
    assert net.http_json("GET", "http://localhost:8999/health")["postgres"]

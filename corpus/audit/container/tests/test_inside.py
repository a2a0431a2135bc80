import socket

import pytest


def answers(host):
    try:
        socket.create_connection((host, 6379), timeout=0.5).close()
    except OSError:
        return False
    return True


def test_by_localhost():
    if not answers("localhost"):  #: LW201
        pytest.skip("no Redis")


def test_by_name():
    if not answers("redis"):
        pytest.skip("no Redis")

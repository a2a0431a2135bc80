import redis
from redis import Redis as Client

shared = redis.Redis(host="localhost")  #: LW502
other = Client.from_url("redis://localhost:6379/0")  #: LW502
pool_size = 5


def test_set():
    shared.set("a", other.get("a"))


def test_own():
    redis.Redis(host="localhost").get("a")


def test_nothing(quiet):
    assert pool_size == 5

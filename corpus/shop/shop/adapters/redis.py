"""A Redis client that fits on a page: RESP, one connection, no pool."""

from shop import net
from shop.errors import ShopError
from shop.settings import host_and_port


class RedisError(ShopError):
    pass


class RedisClient:
    def __init__(self, host="localhost", port=6379, db=0):
        self._sock = net.dial(host, port)
        self._reply = self._sock.makefile("rb")
        if db:
            self.command("SELECT", db)

    @classmethod
    def from_url(cls, url):
        host, port = host_and_port(url, 6379)
        return cls(host, port, int(url.rsplit("/", 1)[-1] or 0))

    def command(self, *words):
        parts = [str(word).encode() for word in words]
        packed = b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        self._sock.sendall(b"*%d\r\n" % len(parts) + packed)
        return self._read()

    def _read(self):
        line = self._reply.readline()
        if not line:
            raise RedisError("connection closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"*":
            return [self._read() for _ in range(int(rest))]
        if rest == b"-1":
            return None
        return self._reply.read(int(rest) + 2)[:-2].decode()

    def ping(self):
        return self.command("PING") == "PONG"

    def get(self, key):
        return self.command("GET", key)

    def set(self, key, value, ex=None, nx=False):
        options = (["EX", ex] if ex else []) + (["NX"] if nx else [])
        return self.command("SET", key, value, *options) == "OK"

    def delete(self, *keys):
        return self.command("DEL", *keys)

    def exists(self, key):
        return bool(self.command("EXISTS", key))

    def keys(self, pattern="*"):
        return self.command("KEYS", pattern)

    def incr(self, key):
        return self.command("INCR", key)

    def expire(self, key, seconds):
        return bool(self.command("EXPIRE", key, seconds))

    def ttl(self, key):
        return self.command("TTL", key)

    def hset(self, key, mapping):
        return self.command("HSET", key, *[word for pair in mapping.items() for word in pair])

    def hgetall(self, key):
        flat = self.command("HGETALL", key)
        return dict(zip(flat[::2], flat[1::2]))

    def lpush(self, key, *items):
        return self.command("LPUSH", key, *items)

    def rpop(self, key):
        return self.command("RPOP", key)

    def llen(self, key):
        return self.command("LLEN", key)

    def flushdb(self):
        return self.command("FLUSHDB")

    def close(self):
        self._reply.close()
        self._sock.close()

"""Logins and rate limits; both live in Redis."""

import secrets

from shop.errors import NotFound, TooManyRequests


class Sessions:
    def __init__(self, cache, ttl=1800):
        self.cache = cache
        self.ttl = ttl

    def open(self, user, **facts):
        token = secrets.token_hex(8)
        self.cache.hset(f"session:{token}", {"user": user, **facts})
        self.cache.expire(f"session:{token}", self.ttl)
        return token

    def read(self, token):
        facts = self.cache.hgetall(f"session:{token}")
        if not facts:
            raise NotFound("session")
        return facts

    def close(self, token):
        return bool(self.cache.delete(f"session:{token}"))


class RateLimit:
    def __init__(self, cache, limit, window=60):
        self.cache = cache
        self.limit = limit
        self.window = window

    def hit(self, who):
        """Count one request of `who`; gives how many are left."""
        key = f"hits:{who}"
        hits = self.cache.incr(key)
        if hits == 1:
            self.cache.expire(key, self.window)
        if hits > self.limit:
            raise TooManyRequests(who)
        return self.limit - hits

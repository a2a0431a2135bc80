"""Doubles that behave enough like the real thing."""

from shop.errors import SearchError


class StubSearch:
    """A search client over a dict; says which queries it was asked."""

    engine = "stub"

    def __init__(self, documents=None):
        self.documents = dict(documents or {})
        self.asked = []

    def search(self, index, query=None, size=10, start=0):
        self.asked.append((index, query))
        found = []
        for key, document in sorted(self.documents.items()):
            words = set()
            if query and "match" in query:
                words = set(query["match"]["name"].lower().split())
            if not words or words & set(document["name"].lower().split()):
                found.append(dict(document, id=key))
        return found[start:start + size]

    def index(self, index, key, document):
        self.documents[key] = document
        return "created"

    def bulk(self, index, documents):
        self.documents.update(documents)
        return len(documents)


class BrokenSearch(StubSearch):
    def search(self, index, query=None, size=10, start=0):
        raise SearchError(self.engine, "out of order")


class FakeRedis:
    """The part of RedisClient that the services use, over a dict; time stands still."""

    def __init__(self):
        self.values = {}
        self.deadlines = {}

    def ping(self):
        return True

    def get(self, key):
        return self.values.get(key)

    def set(self, key, value, ex=None, nx=False):
        if nx and key in self.values:
            return False
        self.values[key] = value
        if ex:
            self.deadlines[key] = ex
        return True

    def delete(self, *keys):
        return sum(self.values.pop(key, None) is not None for key in keys)

    def incr(self, key):
        self.values[key] = int(self.values.get(key, 0)) + 1
        return self.values[key]

    def expire(self, key, seconds):
        self.deadlines[key] = seconds
        return key in self.values

    def hset(self, key, mapping):
        self.values.setdefault(key, {}).update(mapping)
        return len(mapping)

    def hgetall(self, key):
        return dict(self.values.get(key, {}))

    def lpush(self, key, *items):
        queue = self.values.setdefault(key, [])
        for item in items:
            queue.insert(0, item)
        return len(queue)

    def rpop(self, key):
        queue = self.values.get(key)
        return queue.pop() if queue else None


class InMemoryOrders:
    """An order repository that forgets."""

    def __init__(self):
        self.orders = {}

    def add(self, order):
        order.id = len(self.orders) + 1
        self.orders[order.id] = order
        return order

    def get(self, order_id):
        return self.orders[order_id]

    def save_state(self, order):
        self.orders[order.id] = order

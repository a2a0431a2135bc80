"""Everything the shop raises on purpose."""


class ShopError(Exception):
    """The base; `status` is what the API answers with."""

    status = 500


class NotFound(ShopError):
    status = 404


class Invalid(ShopError):
    status = 422

    def __init__(self, field, problem):
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class OutOfStock(ShopError):
    status = 409

    def __init__(self, sku, wanted, left):
        super().__init__(f"{sku}: {wanted} wanted, {left} left")
        self.sku = sku
        self.wanted = wanted
        self.left = left


class TooManyRequests(ShopError):
    status = 429


class DatabaseError(ShopError):
    pass


class HttpError(ShopError):
    status = 502

    def __init__(self, code, url, text):
        super().__init__(f"{url} answered {code}: {text[:200]}")
        self.code = code


class SearchError(ShopError):
    """A search engine said no, or nothing at all."""

    status = 503

    def __init__(self, engine, reason):
        super().__init__(f"{engine} failed: {reason}")
        self.engine = engine

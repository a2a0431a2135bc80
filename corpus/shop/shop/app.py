"""The API: a router, a lifespan that opens the stores, and dependencies that can be replaced."""

import contextlib
import inspect
import re
from types import SimpleNamespace

from shop import migrations
from shop.adapters import postgres
from shop.adapters.redis import RedisClient
from shop.errors import Invalid, NotFound, ShopError
from shop.models import ENGINES, EngineConfig, Product
from shop.services.catalog import Catalog, EngineTable
from shop.services.orders import OrderRepository, OrderService, Stock
from shop.services.search import SearchService, make_client
from shop.services.sessions import RateLimit, Sessions
from shop.settings import settings as default_settings


@contextlib.asynccontextmanager
async def lifespan(app):
    """Open Postgres and Redis before the first request, close them after the last."""
    app.state.db = postgres.connect(app.settings.pg_dsn)
    app.state.cache = RedisClient.from_url(app.settings.redis_url)
    migrations.apply(app.state.db)
    try:
        yield
    finally:
        app.state.cache.close()
        app.state.db.close()


class App:
    def __init__(self, settings, lifespan=lifespan):
        self.settings = settings
        self.state = SimpleNamespace(db=None, cache=None)
        self.routes = []
        self.dependency_overrides = {}
        self._lifespan = lifespan

    def lifespan(self):
        return self._lifespan(self)

    def route(self, method, pattern):
        regex = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", pattern) + "$")

        def add(handler):
            self.routes.append((method, pattern, regex, handler))
            return handler
        return add

    def resolve(self, dependency):
        return self.dependency_overrides.get(dependency, dependency)(self)

    async def handle(self, method, path, body=None, headers=None):
        """One request; gives (status, body)."""
        request = SimpleNamespace(method=method, path=path, body=body or {}, headers=headers or {})
        try:
            for verb, _, regex, handler in self.routes:
                found = regex.match(path)
                if found and verb == method:
                    answer = handler(self, request, **found.groupdict())
                    if inspect.isawaitable(answer):
                        answer = await answer
                    return answer if isinstance(answer, tuple) else (200, answer)
            raise NotFound(f"{method} {path}")
        except ShopError as error:
            body = {"error": type(error).__name__, "detail": str(error)}
            if isinstance(error, Invalid):
                body["field"] = error.field
            return error.status, body

    def schema(self):
        paths = {}
        for method, pattern, _, handler in self.routes:
            paths.setdefault(pattern, {})[method.lower()] = {"summary": (handler.__doc__ or "").strip()}
        return {"openapi": "3.1.0", "info": {"title": "shop"}, "paths": paths}


# --- dependencies ------------------------------------------------------------------------------


def get_catalog(app):
    return Catalog(app.state.db)


def get_orders(app):
    return OrderService(OrderRepository(app.state.db), Stock(app.state.db), app.state.cache)


def get_engines(app):
    return EngineTable(app.state.db)


def get_sessions(app):
    return Sessions(app.state.cache)


def get_limit(app):
    return RateLimit(app.state.cache, limit=5)


def get_search(app):
    return SearchService(make_client(app.settings.search_engine))


def create_app(settings=None, lifespan=lifespan):
    app = App(settings or default_settings, lifespan)

    @app.route("GET", "/health")
    def health(app, request):
        """Are the stores there?"""
        return {
            "postgres": app.state.db.fetch_value("SELECT 1") == 1,
            "redis": app.state.cache.ping(),
            "engines": list(ENGINES),
        }

    @app.route("POST", "/products")
    def add_product(app, request):
        """Add a product."""
        if "sku" not in request.body:
            raise Invalid("sku", "missing")
        product = app.resolve(get_catalog).add(Product(**request.body))
        return 201, {"sku": product.sku}

    @app.route("GET", "/products/{sku}")
    def show_product(app, request, sku):
        """One product."""
        product = app.resolve(get_catalog).get(sku)
        return {"sku": product.sku, "name": product.name, "price": product.price, "stock": product.stock}

    @app.route("POST", "/orders")
    async def place_order(app, request):
        """Place an order."""
        app.resolve(get_limit).hit(request.headers.get("client", "anonymous"))
        items = {item["sku"]: (item["quantity"], item["price"]) for item in request.body.get("items", [])}
        order = app.resolve(get_orders).place(request.body.get("customer", "guest"), items)
        return 201, {"id": order.id, "state": order.state, "total": str(order.total)}

    @app.route("POST", "/orders/{order_id}/{state}")
    async def move_order(app, request, order_id, state):
        """Move an order to another state."""
        order = app.resolve(get_orders).move(int(order_id), state)
        return {"id": order.id, "state": order.state}

    @app.route("POST", "/login")
    def login(app, request):
        """Open a session."""
        return 201, {"token": app.resolve(get_sessions).open(request.body["user"])}

    @app.route("GET", "/me")
    def me(app, request):
        """Who is it?"""
        return app.resolve(get_sessions).read(request.headers.get("token", ""))

    @app.route("GET", "/search/{text}")
    def search(app, request, text):
        """Full text search."""
        return {"hits": app.resolve(get_search).find(text)}

    @app.route("PUT", "/admin/engines/{storefront}")
    def put_engine(app, request, storefront):
        """Choose the engine of a storefront."""
        app.resolve(get_engines).add(EngineConfig(storefront=storefront, **request.body))
        return 201, {"storefront": storefront}

    @app.route("GET", "/admin/engines/{storefront}")
    def show_engine(app, request, storefront):
        """The engine of a storefront."""
        return app.resolve(get_engines).get(storefront).to_row()

    return app

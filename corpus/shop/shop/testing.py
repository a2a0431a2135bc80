"""A client that drives the app without a server, lifespan included."""

import asyncio


class TestClient:
    """`with TestClient(app) as client: client.get("/health")`."""

    __test__ = False                            # pytest shall not take it for a class of tests

    def __init__(self, app, headers=None):
        self.app = app
        self.headers = headers or {}
        self._loop = None
        self._lifespan = None

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._lifespan = self.app.lifespan()
        try:
            self._loop.run_until_complete(self._lifespan.__aenter__())
        except BaseException:
            self._loop.close()
            raise
        return self

    def __exit__(self, *exc):
        self._loop.run_until_complete(self._lifespan.__aexit__(None, None, None))
        self._loop.close()

    def request(self, method, path, body=None, **headers):
        call = self.app.handle(method, path, body, dict(self.headers, **headers))
        if self._loop is None:
            return asyncio.run(call)
        return self._loop.run_until_complete(call)

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.request("POST", path, body, **headers)

    def put(self, path, body=None, **headers):
        return self.request("PUT", path, body, **headers)

"""One kept-alive connection to a server, for adapters that talk a lot."""

import http.client
import json

from shop import net
from shop.settings import host_and_port


class RawHttp:
    def __init__(self, base_url, timeout=5.0):
        host, port = net.address(*host_and_port(base_url, 80))
        self.connection = http.client.HTTPConnection(host, port, timeout=timeout)

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        self.connection.request(method, path, body=data, headers={"Content-Type": "application/json"})
        response = self.connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def close(self):
        self.connection.close()

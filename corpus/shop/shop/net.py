"""The only two ways out of this process: a TCP connection and a JSON request."""

import http.client
import json
import os
import socket
from urllib.parse import urlsplit

from shop.errors import HttpError


def address(host, port):
    """Host and port to dial for `port`.

    Two stacks can run on one machine: SHOP_PORT_5432=15432 moves every dial of 5432 there.
    """
    return host, int(os.environ.get(f"SHOP_PORT_{port}", port))


def dial(host, port, timeout=2.0):
    return socket.create_connection(address(host, port), timeout=timeout)


def reachable(host, port, timeout=0.5):
    """Does anything accept connections there?"""
    try:
        with dial(host, port, timeout=timeout):
            return True
    except OSError:
        return False


def http_json(method, url, body=None, timeout=5.0, headers=None):
    """Send `body` as JSON, give the decoded answer; HttpError for a status of 400 and up."""
    parts = urlsplit(url)
    host, port = address(parts.hostname, parts.port or 80)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    target = parts.path or "/"
    if parts.query:
        target += "?" + parts.query
    payload = None
    sent = dict(headers or {})
    if body is not None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    try:
        connection.request(method, target, body=payload, headers=sent)
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    if response.status >= 400:
        raise HttpError(response.status, url, text.decode("utf-8", "replace"))
    return json.loads(text) if text else None

"""The client of the archive, which came with the old storefront: asks Solr from a thread of its own."""

import json
import queue
import threading
from urllib.request import urlopen

SECONDS = 5.0


class SolrError(Exception):
    """Solr did not answer."""


def fetch(url):
    with urlopen(url, timeout=SECONDS) as response:
        return json.load(response)


class Solr:
    def __init__(self, url, fetch=fetch):
        self.url = url.rstrip("/")
        self.fetch = fetch
        self._asked = queue.Queue()
        self._thread = None

    def _serve(self):
        while True:
            url, answer = self._asked.get()
            if url is None:
                return
            try:
                answer.put(self.fetch(url))
            except OSError as error:
                answer.put(error)

    def _ask(self, path):
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, daemon=True)
            self._thread.start()
        answer = queue.Queue()
        self._asked.put((self.url + path, answer))
        got = answer.get()
        if isinstance(got, OSError):
            raise SolrError(self.url) from got
        return got

    @property
    def host(self):
        return self.url.split("/")[2]

    def ping(self):
        return self._ask("/admin/ping")["status"]

    def close(self):
        if self._thread is not None:
            self._asked.put((None, None))
            self._thread.join()

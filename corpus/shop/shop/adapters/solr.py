"""Solr: the old catalogue search, still used by two storefronts and the reports."""

from urllib.parse import urlencode, urlsplit

from shop.adapters.rawhttp import RawHttp
from shop.errors import SearchError
from shop.settings import settings


def select_path(core, query, rows=10, prefix="/solr"):
    return f"{prefix}/{core}/select?" + urlencode({"q": query, "rows": rows, "wt": "json"})


def escape(text):
    """Backslashes before what the query parser would take for syntax."""
    return "".join("\\" + c if c in '+-&|!(){}[]^"~*?:\\/' else c for c in text)


class SolrClient:
    engine = "solr"

    def __init__(self, url=None, core="products"):
        self.url = url or settings.solr_url
        self.core = core
        self.http = RawHttp(self.url)
        self.prefix = urlsplit(self.url).path.rstrip("/")

    def _call(self, method, path, body=None):
        try:
            status, answer = self.http.send(method, path, body)
        except OSError as error:
            raise SearchError(self.engine, f"no answer from {self.url}") from error
        if status != 200:
            raise SearchError(self.engine, f"{path} answered {status}")
        return answer

    def ping(self):
        return self._call("GET", f"{self.prefix}/admin/ping")["status"] == "OK"

    def cores(self):
        return sorted(self._call("GET", f"{self.prefix}/admin/cores?action=STATUS")["status"])

    def add(self, *documents):
        self._call("POST", f"{self.prefix}/{self.core}/update?commit=true", list(documents))

    def delete(self, key):
        self._call("POST", f"{self.prefix}/{self.core}/update?commit=true", {"delete": {"id": key}})

    def clear(self):
        self._call("POST", f"{self.prefix}/{self.core}/update?commit=true", {"delete": {"query": "*:*"}})

    def select(self, query="*:*", rows=10):
        path = select_path(self.core, query, rows, self.prefix)
        return self._call("GET", path)["response"]["docs"]

    def count(self, query="*:*"):
        path = select_path(self.core, query, 0, self.prefix)
        return self._call("GET", path)["response"]["numFound"]

    def close(self):
        self.http.close()

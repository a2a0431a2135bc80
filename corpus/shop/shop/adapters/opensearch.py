"""OpenSearch; it left the elastic adapter when the two products parted ways."""

import json
import urllib.error
import urllib.request

from shop.errors import SearchError
from shop.settings import settings


class OpenSearchClient:
    engine = "opensearch"

    def __init__(self, url=None):
        self.url = (url or settings.opensearch_url).rstrip("/")

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise SearchError(self.engine, f"{path} answered {error.code}") from error
        except OSError as error:
            raise SearchError(self.engine, f"no answer from {self.url}") from error

    def ping(self):
        try:
            return self.request("GET", "/_cluster/health")["status"] in ("green", "yellow")
        except SearchError:
            return False

    def info(self):
        return self.request("GET", "/")

    def create_index(self, name):
        self.request("PUT", f"/{name}", {"settings": {"number_of_replicas": 0}})

    def delete_index(self, name):
        self.request("DELETE", f"/{name}")

    def index(self, name, key, document):
        return self.request("PUT", f"/{name}/_doc/{key}", document)["result"]

    def get(self, name, key):
        return self.request("GET", f"/{name}/_doc/{key}")["_source"]

    def count(self, name):
        return self.request("POST", f"/{name}/_count", {})["count"]

    def search(self, name, query=None, size=10):
        body = {"query": query or {"match_all": {}}, "size": size}
        hits = self.request("POST", f"/{name}/_search", body)["hits"]["hits"]
        return [dict(hit["_source"], id=hit["_id"]) for hit in hits]

    def suggest(self, name, prefix, size=5):
        found = self.search(name, {"prefix": {"name": prefix}}, size)
        return sorted(document["name"] for document in found)

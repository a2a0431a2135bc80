"""Elasticsearch, the few calls the shop makes, as raw HTTP."""

import json

from shop.errors import HttpError, SearchError
from shop.net import http_json
from shop.settings import settings


class ElasticClient:
    engine = "elasticsearch"

    def __init__(self, url=None, timeout=5.0):
        self.url = (url or settings.elasticsearch_url).rstrip("/")
        self.timeout = timeout

    def _call(self, method, path, body=None):
        try:
            return http_json(method, f"{self.url}{path}", body, timeout=self.timeout)
        except HttpError as error:
            raise SearchError(self.engine, str(error)) from error
        except OSError as error:
            raise SearchError(self.engine, f"no answer from {self.url}") from error

    def info(self):
        return self._call("GET", "/")

    def health(self):
        return self._call("GET", "/_cluster/health")["status"]

    def create_index(self, name):
        return self._call("PUT", f"/{name}", {})

    def delete_index(self, name):
        return self._call("DELETE", f"/{name}")

    def index_names(self):
        return [row["index"] for row in self._call("GET", "/_cat/indices?format=json")]

    def index(self, name, key, document):
        return self._call("PUT", f"/{name}/_doc/{key}", document)["result"]

    def get(self, name, key):
        return self._call("GET", f"/{name}/_doc/{key}")["_source"]

    def delete(self, name, key):
        return self._call("DELETE", f"/{name}/_doc/{key}")

    def bulk(self, name, documents):
        lines = []
        for key, document in documents.items():
            lines.append(json.dumps({"index": {"_index": name, "_id": key}}))
            lines.append(json.dumps(document))
        body = ("\n".join(lines) + "\n").encode()
        answer = self._call("POST", "/_bulk", body)
        if answer["errors"]:
            raise SearchError(self.engine, "bulk request failed in part")
        return len(answer["items"])

    def refresh(self, name):
        self._call("POST", f"/{name}/_refresh")

    def count(self, name, query=None):
        return self._call("POST", f"/{name}/_count", {"query": query} if query else {})["count"]

    def search(self, name, query=None, size=10, start=0):
        body = {"query": query or {"match_all": {}}, "size": size, "from": start}
        hits = self._call("POST", f"/{name}/_search", body)["hits"]
        return [dict(hit["_source"], id=hit["_id"]) for hit in hits["hits"]]

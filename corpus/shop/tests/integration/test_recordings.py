"""Answers that were recorded once are played back to tests with the mark for it."""

import io
import json
import urllib.request
import urllib.response

import pytest

from shop.settings import settings


class Player(urllib.request.BaseHandler):
    handler_order = 1

    def http_open(self, request):
        body = io.BytesIO(json.dumps({"status": "recorded"}).encode())
        answer = urllib.response.addinfourl(body, {}, request.full_url, 200)
        answer.msg = "OK"
        return answer


@pytest.fixture(autouse=True)
def player(request):
    if request.node.get_closest_marker("vcr"):
        urllib.request.install_opener(urllib.request.build_opener(Player))
    yield
    urllib.request.install_opener(urllib.request.build_opener())


def status():
    with urllib.request.urlopen(settings.solr_url + "/admin/ping") as answer:
        return json.load(answer)["status"]


@pytest.mark.vcr
def test_plays_the_recording():  #: mocked solr
    assert status() == "recorded"


def test_asks_for_itself():  #: needs solr
    assert status() == "OK"

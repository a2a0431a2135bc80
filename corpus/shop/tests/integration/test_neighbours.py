"""One look at each neighbour, the way operations would look."""

import concurrent.futures
import http.client
import os
import socket

import pytest

from shop import net
from shop.adapters.redis import RedisClient
from tests.gates import needs_port

STACK = {
    "cache": ("localhost", 6379),
    "reports": ("localhost", 8983),
}


def elasticsearch_answers(host):
    try:
        socket.create_connection(net.address(host, 9200), timeout=0.5).close()
        return True
    except OSError:
        return False


def greet(name):
    return RedisClient(*STACK["cache"]).set("greeting", name)


@pytest.fixture(params=["cache"])
def neighbour(request):
    host, port = STACK[request.param]
    with net.dial(host, port) as connection:
        yield connection


def test_reports_are_there():  #: requires solr
    assert net.reachable("localhost", 8983)


def test_reports_by_their_row():  #: requires solr
    host, port = STACK["reports"]
    net.dial(host, port).close()


def test_reports_by_number():  #: requires solr
    net.dial("127.0.0.1", 8983).close()


@pytest.mark.parametrize("port", [8983])
def test_each_port(port):  #: requires solr
    net.dial("localhost", port).close()


def test_neighbour_has_an_address(neighbour):  #: requires redis
    assert neighbour.getpeername()


@pytest.mark.parametrize("client", ["redis_client"])
def test_clients_asked_for_by_name(request, client):  #: requires redis
    assert request.getfixturevalue(client)


def test_search_says_what_it_is():  #: requires elasticsearch
    connection = http.client.HTTPConnection(*net.address("localhost", 9200))
    try:
        connection.request("GET", "/_cluster/health")
    except OSError:
        pytest.skip("search is away")
    assert connection.getresponse().status == 200


def test_search_on_the_machine_at_hand():  #: requires elasticsearch
    if not elasticsearch_answers(os.environ.get("SHOP_MACHINE") or "localhost".strip()):
        pytest.skip("search is away")


@needs_port(8983)
def test_report_ports_are_high():  #: requires solr
    assert STACK["reports"][1] > 1024


@pytest.mark.skipif("SOLR_URL" not in os.environ, reason="the reports have no address")
def test_reports_have_an_address():  #: requires solr
    assert os.environ["SOLR_URL"].startswith("http")


def test_greetings_from_a_thread():  #: requires redis
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert pool.submit(greet, "ada").result()

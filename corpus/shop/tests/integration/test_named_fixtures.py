"""Fixtures asked for by name, at run time but in plain sight."""


def test_index_by_name(request):  #: needs elasticsearch
    name = request.getfixturevalue("es_index")
    assert name in request.getfixturevalue("es_client").index_names()


def test_repository_by_name(request):  #: needs postgres
    assert request.getfixturevalue("order_repo").count() == 0


def test_store_by_name(request):
    assert request.getfixturevalue("memory_store") == {}

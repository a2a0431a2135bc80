"""Moving an index from one engine to another."""


def read_all(client, index, batch=100):
    """Every document of `index`, by id."""
    return {document.pop("id"): document for document in client.search(index, size=batch)}


def copy_index(source, target, index, rename=None):
    """Copy `index` from the client `source` to `target`; gives the number of documents."""
    documents = read_all(source, index)
    name = rename or index
    for key, document in sorted(documents.items()):
        target.index(name, key, document)
    return len(documents)


def difference(left, right):
    """Ids that are missing on either side or differ, sorted."""
    return sorted(key for key in left.keys() | right.keys() if left.get(key) != right.get(key))

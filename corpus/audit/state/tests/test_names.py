def test_database(server):
    server.execute("CREATE DATABASE reports")
    server.execute("CREATE DATABASE IF NOT EXISTS shared")


def test_container(docker):
    docker.containers.run("busybox", name="worker")
    docker.containers.run("busybox", name="only_here")


def test_file():
    with open("/tmp/report.txt", "w") as report:
        report.write("x")
    with open("/tmp/hosts.txt") as hosts:
        hosts.read()


def test_thing(thing):
    """No container: nothing here starts one by that method."""
    thing.with_name("copy")

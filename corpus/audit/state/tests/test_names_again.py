from testcontainers.redis import RedisContainer


def test_database(server):
    server.execute("create database reports")  #: LW503
    server.execute("CREATE DATABASE IF NOT EXISTS shared")


def test_container():
    RedisContainer().with_name("worker").start()  #: LW503


def test_file():
    with open("/tmp/report.txt", "a") as report:  #: LW503
        report.write("x")
    with open("/tmp/hosts.txt") as hosts:
        hosts.read()

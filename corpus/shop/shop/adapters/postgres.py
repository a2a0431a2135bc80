"""Postgres through the SQL gateway: one JSON object a line, over TCP."""

import contextlib
import json

from shop import net
from shop.errors import DatabaseError
from shop.settings import host_and_port, settings


class Connection:
    def __init__(self, sock, database):
        self._sock = sock
        self._lines = sock.makefile("rb")
        self._ask({"database": database})

    def _ask(self, message):
        self._sock.sendall(json.dumps(message).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise DatabaseError("the server closed the connection")
        answer = json.loads(line)
        if "error" in answer:
            raise DatabaseError(answer["error"])
        return answer

    def execute(self, sql, params=()):
        """Run one statement; gives the number of rows it touched."""
        return self._ask({"sql": sql, "params": list(params)})["count"]

    def insert(self, sql, params=()):
        """Run an INSERT; gives the id of the new row."""
        return self._ask({"sql": sql, "params": list(params)})["id"]

    def fetch_all(self, sql, params=()):
        answer = self._ask({"sql": sql, "params": list(params)})
        return [dict(zip(answer["columns"], row)) for row in answer["rows"]]

    def fetch_one(self, sql, params=()):
        rows = self.fetch_all(sql, params)
        return rows[0] if rows else None

    def fetch_value(self, sql, params=()):
        row = self.fetch_one(sql, params)
        return None if row is None else next(iter(row.values()))

    @contextlib.contextmanager
    def transaction(self):
        self.execute("BEGIN")
        try:
            yield self
        except BaseException:
            self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def close(self):
        self._lines.close()
        self._sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def connect(dsn=None):
    dsn = dsn or settings.pg_dsn
    host, port = host_and_port(dsn, 5432)
    return Connection(net.dial(host, port), dsn.rsplit("/", 1)[-1])


def ping(dsn=None):
    """Is there a Postgres that answers SELECT 1?"""
    try:
        with connect(dsn) as connection:
            return connection.fetch_value("SELECT 1") == 1
    except (OSError, DatabaseError):
        return False

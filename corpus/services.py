#!/usr/bin/env python3
"""Stand-ins for the five services of corpus/shop, on free loopback ports.

    services.py run [--only postgres,redis] [--down solr] [--log FILE] -- COMMAND...
    services.py up NAMES --pidfile FILE [--env FILE] [--log FILE]
    services.py down --pidfile FILE

`run` starts the services in threads, sets the shop's environment variables, runs COMMAND and returns
its exit code.  `up` does the same in the background and writes the variables as a file to source;
NAMES is a list with commas, or `all`, or `none`.  A service that is not up still gets a port: one
that is bound and never listened on, so that a dial is refused at once.

The stand-ins know just enough of each protocol for the shop's own small clients: SQL over JSON lines
in front of SQLite for Postgres, RESP for Redis, JSON over HTTP for the search engines.  They hold
everything in memory and forget it when they stop.

With --log, one line `started NAME` is appended for each service that was started, and one line
`connected NAME` when the first client of a service connects.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import signal
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK = "127.0.0.1"

# name: (the port it has in production, {variable: value})
SERVICES = {
    "postgres": (5432, {"SHOP_PG_DSN": "postgresql://shop@127.0.0.1:{port}/shop"}),
    "redis": (6379, {"REDIS_URL": "redis://127.0.0.1:{port}/0"}),
    "elasticsearch": (9200, {"ELASTICSEARCH_URL": "http://127.0.0.1:{port}"}),
    "opensearch": (9201, {"OPENSEARCH_URL": "http://127.0.0.1:{port}"}),
    "solr": (8983, {"SOLR_URL": "http://127.0.0.1:{port}/solr"}),
}


class Log:
    """The file of --log; says each thing once."""

    def __init__(self, path=None):
        self.path = path
        self.said = set()
        self.lock = threading.Lock()

    def say(self, line):
        with self.lock:
            if self.path is None or line in self.said:
                return
            self.said.add(line)
            with open(self.path, "a", encoding="utf-8") as out:
                out.write(line + "\n")


# --- Postgres: one JSON object a line, SQL run by SQLite ---------------------------------------


class Database:
    """One SQLite database shared by all connections, one statement at a time."""

    DIALECT = [
        (re.compile(r"%s"), "?"),
        (re.compile(r"\bTRUNCATE\s+(?:TABLE\s+)?(\w+)", re.I), r"DELETE FROM \1"),
        (re.compile(r"\bSERIAL PRIMARY KEY\b", re.I), "INTEGER PRIMARY KEY AUTOINCREMENT"),
        (re.compile(r"\bILIKE\b", re.I), "LIKE"),
        (re.compile(r"\s+FOR UPDATE\b", re.I), ""),
        (re.compile(r"\bversion\(\)", re.I), "'PostgreSQL 17.2 (stand-in)'"),
    ]

    def __init__(self):
        self.lock = threading.Lock()
        self.sqlite = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)

    def run(self, sql, params):
        for pattern, replacement in self.DIALECT:
            sql = pattern.sub(replacement, sql)
        with self.lock:
            cursor = self.sqlite.execute(sql, params)
            rows = cursor.fetchall()
        columns = [column[0] for column in cursor.description or ()]
        return {"columns": columns, "rows": rows, "count": cursor.rowcount, "id": cursor.lastrowid}


class PostgresHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.log.say("connected postgres")
        for line in self.rfile:
            message = json.loads(line)
            if "sql" not in message:
                answer = {"ready": True, "database": message.get("database")}
            else:
                try:
                    answer = self.server.store.run(message["sql"], message.get("params", []))
                except sqlite3.Error as error:
                    answer = {"error": str(error)}
            self.wfile.write(json.dumps(answer).encode() + b"\n")


# --- Redis: RESP, the commands the shop uses ---------------------------------------------------


class Keys:
    """The keyspace: strings, hashes and lists in one dict, deadlines in another."""

    def __init__(self):
        self.lock = threading.Lock()
        self.values = {}
        self.deadlines = {}

    def run(self, words):
        name = words[0].upper()
        method = getattr(self, "do_" + name.lower(), None)
        if method is None:
            return Exception("ERR unknown command '%s'" % name)
        with self.lock:
            self.expire_due()
            return method(*words[1:])

    def expire_due(self):
        now = time.monotonic()
        for key in [key for key, when in self.deadlines.items() if when <= now]:
            del self.deadlines[key]
            self.values.pop(key, None)

    def do_ping(self):
        return "PONG"

    def do_select(self, number):
        return "OK"

    def do_flushdb(self):
        self.values.clear()
        self.deadlines.clear()
        return "OK"

    def do_set(self, key, value, *options):
        options = [option.upper() for option in options]
        if "NX" in options and key in self.values:
            return None
        self.values[key] = value
        self.deadlines.pop(key, None)
        if "EX" in options:
            self.deadlines[key] = time.monotonic() + float(options[options.index("EX") + 1])
        return "OK"

    def do_get(self, key):
        value = self.values.get(key)
        return None if value is None else value.encode()

    def do_del(self, *keys):
        return sum(self.values.pop(key, None) is not None for key in keys)

    def do_exists(self, *keys):
        return sum(key in self.values for key in keys)

    def do_keys(self, pattern):
        wanted = re.compile(re.escape(pattern).replace(r"\*", ".*"))
        return sorted(key.encode() for key in self.values if wanted.fullmatch(key))

    def do_incr(self, key):
        self.values[key] = str(int(self.values.get(key, "0")) + 1)
        return int(self.values[key])

    def do_expire(self, key, seconds):
        if key not in self.values:
            return 0
        self.deadlines[key] = time.monotonic() + float(seconds)
        return 1

    def do_ttl(self, key):
        if key not in self.values:
            return -2
        when = self.deadlines.get(key)
        return -1 if when is None else max(0, round(when - time.monotonic()))

    def do_hset(self, key, *pairs):
        table = self.values.setdefault(key, {})
        table.update(zip(pairs[::2], pairs[1::2]))
        return len(pairs) // 2

    def do_hget(self, key, field):
        value = self.values.get(key, {}).get(field)
        return None if value is None else value.encode()

    def do_hgetall(self, key):
        return [word.encode() for pair in self.values.get(key, {}).items() for word in pair]

    def do_lpush(self, key, *items):
        queue = self.values.setdefault(key, [])
        for item in items:
            queue.insert(0, item)
        return len(queue)

    def do_rpop(self, key):
        queue = self.values.get(key)
        return queue.pop().encode() if queue else None

    def do_llen(self, key):
        return len(self.values.get(key, ()))


class RedisHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.log.say("connected redis")
        while True:
            head = self.rfile.readline()
            if not head.startswith(b"*"):
                return
            words = []
            for _ in range(int(head[1:])):
                length = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(length + 2)[:-2].decode())
            try:
                answer = self.server.store.run(words)
            except (TypeError, ValueError, AttributeError) as error:
                answer = Exception("ERR %s" % error)
            self.wfile.write(self.encode(answer))

    def encode(self, value):
        if value is None:
            return b"$-1\r\n"
        if isinstance(value, Exception):
            return b"-%s\r\n" % str(value).encode()
        if isinstance(value, bytes):
            return b"$%d\r\n%s\r\n" % (len(value), value)
        if isinstance(value, int):
            return b":%d\r\n" % value
        if isinstance(value, list):
            return b"*%d\r\n" % len(value) + b"".join(map(self.encode, value))
        return b"+%s\r\n" % value.encode()


# --- the engines: JSON over HTTP ----------------------------------------------------------------


def matches(query, document):
    """Does `document` answer an Elasticsearch `query`: match_all, match, term, range, bool."""
    if not query or "match_all" in query:
        return True
    (kind, body), = query.items()
    if kind == "bool":
        must = body.get("must", []) + body.get("filter", [])
        return all(matches(part, document) for part in must) and not any(
            matches(part, document) for part in body.get("must_not", [])
        )
    (field, wanted), = body.items()
    have = document.get(field)
    if kind == "term":
        return have == wanted
    if kind == "match":
        words = set(str(have).lower().split())
        return bool(words & set(str(wanted).lower().split()))
    if kind == "prefix":
        return str(have).lower().startswith(str(wanted).lower())
    if kind == "range":
        return have is not None and all(
            {"gte": have >= edge, "gt": have > edge, "lte": have <= edge, "lt": have < edge}[op]
            for op, edge in wanted.items()
        )
    raise ValueError("unknown query [%s]" % kind)


class Engine:
    """What a search engine stand-in holds: {index: {id: document}}."""

    def __init__(self):
        self.lock = threading.Lock()
        self.indices = {}


class JsonHandler(BaseHTTPRequestHandler):
    """Reads a request, hands it to `answer`, writes JSON; kept quiet and kept alive."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True                  # head and body are two writes

    def setup(self):
        super().setup()
        self.server.log.say("connected " + self.server.service)

    def log_message(self, *args):
        pass

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length).decode()
        url = urlsplit(self.path)
        parts = [unquote(part) for part in url.path.split("/") if part]
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        try:
            with self.server.store.lock:
                status, body = self.answer(self.command, parts, query, text)
        except (ValueError, KeyError) as error:
            status, body = 400, {"error": {"reason": str(error)}, "status": 400}
        data = b"" if self.command == "HEAD" else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = serve


class ElasticHandler(JsonHandler):
    """The document API that Elasticsearch and OpenSearch still have in common."""

    def answer(self, method, parts, query, text):
        if not parts:
            return 200, self.server.banner
        if parts == ["_cluster", "health"]:
            return 200, {"status": "green", "number_of_nodes": 1}
        if parts[:2] == ["_cat", "indices"]:
            held = self.server.store.indices
            return 200, [{"index": name, "docs.count": str(len(held[name]))} for name in sorted(held)]
        if parts == ["_bulk"]:
            return self.bulk(text)
        return self.index(method, parts[0], parts[1:], text)

    def bulk(self, text):
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        items = []
        while lines:
            (action, meta), = lines.pop(0).items()
            documents = self.server.store.indices.setdefault(meta["_index"], {})
            if action == "delete":
                documents.pop(meta["_id"], None)
            else:
                documents[meta["_id"]] = lines.pop(0)
            items.append({action: {"_id": meta["_id"], "status": 200}})
        return 200, {"errors": False, "items": items}

    def index(self, method, name, rest, text):
        indices = self.server.store.indices
        if method == "PUT" and not rest:
            if name in indices:
                return 400, {"error": {"type": "resource_already_exists_exception"}, "status": 400}
            indices[name] = {}
            return 200, {"acknowledged": True, "index": name}
        if method == "PUT" and rest[:1] == ["_doc"]:
            indices.setdefault(name, {})[rest[1]] = json.loads(text)
            return 201, {"_index": name, "_id": rest[1], "result": "created"}
        if name not in indices:
            return 404, {"error": {"type": "index_not_found_exception"}, "status": 404}
        documents = indices[name]
        if not rest:
            if method == "DELETE":
                del indices[name]
            return 200, {"acknowledged": True, name: {"mappings": {}}}
        if rest[0] == "_doc":
            document = documents.get(rest[1])
            if method == "DELETE":
                documents.pop(rest[1], None)
            status = 404 if document is None else 200
            return status, {"_id": rest[1], "found": document is not None, "_source": document}
        if rest[0] == "_refresh":
            return 200, {"_shards": {"failed": 0}}
        request = json.loads(text) if text else {}
        hits = [
            {"_index": name, "_id": key, "_score": 1.0, "_source": documents[key]}
            for key in sorted(documents)
            if matches(request.get("query"), documents[key])
        ]
        if rest[0] == "_count":
            return 200, {"count": len(hits)}
        if rest[0] == "_search":
            first = request.get("from", 0)
            page = hits[first:first + request.get("size", 10)]
            return 200, {"hits": {"total": {"value": len(hits)}, "hits": page}}
        return 404, {"error": {"type": "illegal_argument_exception"}, "status": 404}


class SolrHandler(JsonHandler):
    """/solr/CORE/update and /solr/CORE/select; a core is made by its first document."""

    def answer(self, method, parts, query, text):
        if parts[:1] != ["solr"]:
            return 404, {"error": {"msg": "not found", "code": 404}}
        if parts[1:3] == ["admin", "ping"]:
            return 200, {"status": "OK"}
        if parts[1:3] == ["admin", "cores"]:
            return 200, {"status": {name: {} for name in self.server.store.indices}}
        documents = self.server.store.indices.setdefault(parts[1], {})
        if parts[2] == "update":
            return self.update(documents, json.loads(text))
        if parts[2] == "select":
            return self.select(documents, query)
        return 404, {"error": {"msg": "no such handler", "code": 404}}

    def update(self, documents, body):
        if isinstance(body, dict):
            wanted = body["delete"]
            if wanted == {"query": "*:*"}:
                documents.clear()
            else:
                documents.pop(wanted["id"], None)
        else:
            for document in body:
                documents[document["id"]] = document
        return 200, {"responseHeader": {"status": 0}}

    def select(self, documents, query):
        field, _, wanted = query.get("q", "*:*").partition(":")
        wanted = wanted.strip('"').lower()
        docs = [
            documents[key]
            for key in sorted(documents)
            if field == "*" or wanted in str(documents[key].get(field, "")).lower().split()
        ]
        rows = int(query.get("rows", 10))
        return 200, {"response": {"numFound": len(docs), "docs": docs[:rows]}}


BANNERS = {
    "elasticsearch": {"cluster_name": "shop", "version": {"number": "9.4.1"}},
    "opensearch": {"cluster_name": "shop", "version": {"number": "3.1.0", "distribution": "opensearch"}},
}
HANDLERS = {
    "postgres": (PostgresHandler, Database),
    "redis": (RedisHandler, Keys),
    "elasticsearch": (ElasticHandler, Engine),
    "opensearch": (ElasticHandler, Engine),
    "solr": (SolrHandler, Engine),
}


class LineServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


class WebServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self):
        # HTTPServer looks its own name up, which can take seconds without a resolver.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


def start(name, log):
    handler, store = HANDLERS[name]
    kind = WebServer if issubclass(handler, JsonHandler) else LineServer
    server = kind((LOOPBACK, 0), handler)
    server.service, server.store, server.log = name, store(), log
    server.banner = BANNERS.get(name)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    log.say("started " + name)
    return server


def variables(name, port):
    usual, own = SERVICES[name]
    env = {variable: value.format(port=port) for variable, value in own.items()}
    env["SHOP_PORT_%d" % usual] = str(port)
    return env


@contextlib.contextmanager
def running(names=tuple(SERVICES), log=None):
    """Run the services `names`; gives the environment variables that lead to all five."""
    log = Log(log)
    env, servers, closed = {"no_proxy": "localhost," + LOOPBACK}, [], []
    try:
        for name in SERVICES:
            if name in names:
                server = start(name, log)
                servers.append(server)
                port = server.server_address[1]
            else:
                refuser = socket.socket()
                refuser.bind((LOOPBACK, 0))         # bound and not listening: refused at once
                closed.append(refuser)
                port = refuser.getsockname()[1]
            env.update(variables(name, port))
        yield env
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        for refuser in closed:
            refuser.close()


# --- the command line ---------------------------------------------------------------------------


def complain(problem):
    print("services.py: " + problem, file=sys.stderr)
    raise SystemExit(2)


def names_of(text):
    if text in ("all", "none"):
        return list(SERVICES) if text == "all" else []
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in SERVICES:
            complain("no service '%s'; there are %s" % (name, ", ".join(SERVICES)))
    return names


def write_whole(path, text):
    with open(path + ".part", "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(path + ".part", path)


def run(args):
    down = names_of(args.down)
    names = [name for name in names_of(args.only) if name not in down]
    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not command:
        complain("run needs a command after --")
    with running(names, args.log) as env:
        child = subprocess.Popen(command, env=dict(os.environ, **env))
        while True:
            try:
                code = child.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:
                continue                            # the child has had it too and will end


def serve(args):
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    signal.signal(signal.SIGINT, lambda *_: asked.set())
    with running(names_of(args.names), args.log) as env:
        if args.env:
            lines = ["export %s=%s\n" % (key, shlex.quote(env[key])) for key in sorted(env)]
            write_whole(args.env, "".join(lines))
        write_whole(args.pidfile, "%d\n" % os.getpid())
        while not asked.wait(1.0):
            pass
    return 0


def up(args):
    names_of(args.names)
    if os.path.exists(args.pidfile):
        complain("%s is there already; run `services.py down` first" % args.pidfile)
    command = [sys.executable, os.path.abspath(__file__), "serve", args.names, "--pidfile", args.pidfile]
    command += ["--env", args.env] if args.env else []
    command += ["--log", args.log] if args.log else []
    with open(os.devnull, "r+b") as nothing:
        child = subprocess.Popen(command, stdin=nothing, stdout=nothing, start_new_session=True)
    deadline = time.monotonic() + 10
    while not os.path.exists(args.pidfile):
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            complain("the services did not start")
        time.sleep(0.01)
    child.returncode = 0                            # it is on its own now; no warning about it
    return 0


def down(args):
    try:
        with open(args.pidfile, encoding="utf-8") as lines:
            pid = int(lines.read())
    except FileNotFoundError:
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        for _ in range(500):
            os.kill(pid, 0)
            time.sleep(0.01)
    os.remove(args.pidfile)
    return 0


def main(argv=None):
    parser = argparse.ArgumentParser(prog="services.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="verb", required=True)
    run_args = commands.add_parser("run", help="run a command with the services up")
    run_args.add_argument("--only", default="all", metavar="NAMES")
    run_args.add_argument("--down", default="none", metavar="NAMES")
    run_args.add_argument("--log", metavar="FILE")
    run_args.add_argument("command", nargs=argparse.REMAINDER)
    for verb, text in ("up", "start services in the background"), ("serve", "the same, in the foreground"):
        up_args = commands.add_parser(verb, help=text)
        up_args.add_argument("names", metavar="NAMES")
        up_args.add_argument("--pidfile", required=True, metavar="FILE")
        up_args.add_argument("--env", metavar="FILE")
        up_args.add_argument("--log", metavar="FILE")
    down_args = commands.add_parser("down", help="stop what `up` started")
    down_args.add_argument("--pidfile", required=True, metavar="FILE")
    args = parser.parse_args(argv)
    return {"run": run, "up": up, "serve": serve, "down": down}[args.verb](args)


if __name__ == "__main__":
    sys.exit(main())

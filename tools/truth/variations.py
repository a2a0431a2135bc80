"""Runs a suite under real pytest with some of the stand-in services up, and tells each test's outcome.

A run is two forks of a process that has imported pytest and started no thread: one serves the stand-ins, fresh and
empty, the other runs pytest.  In it a dial of a service's usual port, whatever name the host has among the service's,
is led to where its stand-in listens; any other name is not found, so that nothing leaves the machine.  A service that
is down refuses at once, and its variables are not set: so it is in a lane that does not start it.
"""

import errno
import importlib
import json
import os
import pathlib
import socket
import sys
import traceback

import _pytest.config
import pytest

TOOLS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS.parents[1] / "corpus"))
import services  # noqa: E402

for _plugin in _pytest.config.default_plugins:
    importlib.import_module("_pytest." + _plugin)

ALL = tuple(services.SERVICES)
LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", socket.gethostname()}
HOSTS = {
    "postgres": {"postgres", "postgresql", "pg"},
    "redis": {"redis"},
    "elasticsearch": {"elasticsearch", "es", "elastic"},
    "opensearch": {"opensearch"},
    "solr": {"solr"},
}


class Recorder:
    """The worst outcome of each test's phases, by node id."""

    WORST = ["passed", "skipped", "failed", "error"]

    def __init__(self):
        self.outcomes = {}
        self.uncollected = {}

    def pytest_collectreport(self, report):
        if report.outcome != "passed":
            self.uncollected[report.nodeid] = report.outcome

    def pytest_runtest_logreport(self, report):
        outcome = "error" if report.failed and report.when != "call" else report.outcome
        before = self.outcomes.get(report.nodeid, "passed")
        self.outcomes[report.nodeid] = max(before, outcome, key=self.WORST.index)


def lead(env):
    """Leads dials of the usual ports to the stand-ins, and finds no other host."""
    moved = {usual: int(env["SHOP_PORT_%d" % usual]) for usual, _ in services.SERVICES.values()}
    hosts_of = {services.SERVICES[name][0]: hosts | LOCAL for name, hosts in HOSTS.items()}
    found, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

    def place(host, port):
        host = host.decode() if isinstance(host, bytes) else host
        number = int(port) if isinstance(port, str) and port.isdigit() else port
        if number in moved and host in hosts_of[number]:
            return "127.0.0.1", moved[number]
        if host is None or host in LOCAL:
            return host, port
        raise socket.gaierror(socket.EAI_NONAME, "%s is no host of this suite" % host)

    def getaddrinfo(host, port, *rest, **named):
        return found(*place(host, port), *rest, **named)

    def is_inet(sock, address):
        return sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple)

    def lead_connect(self, address):
        return connect(self, place(*address[:2]) if is_inet(self, address) else address)

    def lead_connect_ex(self, address):
        try:
            return connect_ex(self, place(*address[:2]) if is_inet(self, address) else address)
        except socket.gaierror:
            return errno.EHOSTUNREACH

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = lead_connect
    socket.socket.connect_ex = lead_connect_ex


def environment(env, up):
    """What the suite sees: variables only of the services that are up."""
    gone = {variable for name in ALL if name not in up for variable in services.SERVICES[name][1]}
    return {key: value for key, value in env.items() if key not in gone}


def run_pytest(suite, env, up, arguments, log):
    os.chdir(suite)
    for stream in (1, 2):
        os.dup2(log, stream)
    for variable in [name for name in os.environ if name in set(env) or name.startswith("PYTEST")]:
        del os.environ[variable]
    os.environ.update(environment(env, up))
    sys.dont_write_bytecode = False                 # the suite is a copy; the next run is quicker for it
    sys.path.insert(0, str(suite))
    lead(env)
    recorder = Recorder()
    command = ["-q", "-p", "no:cacheprovider", "--tb=short", "--assert=plain", "--continue-on-collection-errors", *arguments]
    code = int(pytest.main(command, plugins=[recorder]))
    if code not in (0, 1, 2, 5):
        raise SystemExit("pytest ended with %d" % code)
    return {"outcomes": recorder.outcomes, "uncollected": recorder.uncollected}


def in_child(work):
    """Forks; `work` runs in the child with the end of a pipe to write to.  Gives the pid and the end to read."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    try:
        os.close(reader)
        work(writer)
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def serve(up, writer, asked_to_stop, log):
    os.dup2(log, 2)                                 # a client that hangs up is no news
    with services.running(up) as env:
        os.write(writer, json.dumps(env).encode() + b"\n")
        os.close(writer)
        os.read(asked_to_stop, 1)


def run(suite, up, log, arguments=()):
    """{"outcomes": {node id: outcome}, "uncollected": {node id: outcome}} with just the services `up`."""
    stop_reader, stop_writer = os.pipe()
    os.set_inheritable(stop_writer, False)

    def serving(writer):
        os.close(stop_writer)
        serve(up, writer, stop_reader, log.fileno())

    server, answer = in_child(serving)
    os.close(stop_reader)
    with os.fdopen(answer) as lines:
        env = json.loads(lines.readline())

    def testing(writer):
        result = run_pytest(pathlib.Path(suite).resolve(), env, up, list(arguments), log.fileno())
        with os.fdopen(writer, "w") as out:
            json.dump(result, out)

    tester, answer = in_child(testing)
    with os.fdopen(answer) as text:
        result = text.read()
    os.waitpid(tester, 0)
    os.close(stop_writer)
    os.waitpid(server, 0)
    if not result:
        raise RuntimeError("no outcomes of %s with %s up: see %s" % (suite, ", ".join(up) or "none", log.name))
    return json.loads(result)


def function_of(node):
    """path::func of a node id; brackets may hold anything, a path does not hold `::`."""
    path, mark, rest = node.partition("::")
    return path + mark + rest.split("[", 1)[0]


def by_function(result):
    """{path::func: its cases' outcomes}, cases that did not run left out."""
    found = {}
    for node, outcome in result["outcomes"].items():
        found.setdefault(function_of(node), {})[node] = outcome
    return found


class Truth:
    """Which tests' outcome changes when services are down; runs are made once and kept."""

    def __init__(self, suite, log, names=ALL, arguments=()):
        self.suite, self.log, self.names, self.arguments = suite, log, names, arguments
        self.runs = {}
        self.whole = self.with_down(())

    def with_down(self, down):
        down = tuple(sorted(down))
        if down not in self.runs:
            up = [name for name in ALL if name not in down]
            self.runs[down] = by_function(run(self.suite, up, self.log, self.arguments))
        return self.runs[down]

    def changes(self, test, down):
        return self.with_down(down).get(test) != self.whole.get(test)

    def needs(self, test):
        return {name for name in self.names if self.changes(test, (name,))}

    def is_skipped(self, test):
        return set(self.whole[test].values()) == {"skipped"}

    def fails(self, test):
        return bool(set(self.whole[test].values()) & {"failed", "error"})

"""Code that reaches a service when it runs, and fails when the service is down; code that only looks so.

`effect` writes statements that reach, through as many functions, classes and modules as the dice say; `decoy` such
that do not; `probe` an expression that is true when the service is up.
"""

import templates
from addresses import literal_pair, pair, url
from carriers import CARRIERS
from writer import PATHS, SPEAKS_HTTP, indented


# ---- the dial itself ----

def dial_address(w, m, s, host, port):
    m.need("import socket")
    form = w.pick("create", "create", "method", "with", "ex")
    if form == "create":
        return ["socket.create_connection((%s, %s), timeout=2).close()" % (host, port)]
    name = w.name("sock")
    if form == "method":
        return ["%s = socket.socket()" % name, "%s.connect((%s, %s))" % (name, host, port), "%s.close()" % name]
    if form == "with":
        return ["with socket.create_connection((%s, %s)) as %s:" % (host, port, name), "    assert %s" % name]
    return ["with socket.socket() as %s:" % name, "    %s.connect((%s, %s))" % (name, host, port)]


def dial_http(w, m, s, place=None):
    form = w.pick("urlopen", "urlopen", "request", "client")
    if form == "client":
        m.need("import http.client")
        host, port = place or pair(w, m, s)
        name = w.name("connection")
        return ["%s = http.client.HTTPConnection(%s, %s, timeout=2)" % (name, host, port),
                '%s.request("GET", "%s")' % (name, w.pick(*PATHS[s])),
                "assert %s.getresponse().status == 200" % name]
    m.need("import urllib.request")
    where = place and 'f"http://{%s}:{%s}%s"' % (*place, w.pick(*PATHS[s])) or url(w, m, s)
    if form == "request":
        name = w.name("request")
        return ["%s = urllib.request.Request(%s)" % (name, where),
                "assert urllib.request.urlopen(%s, timeout=2).read()" % name]
    return ["with urllib.request.urlopen(%s, timeout=2) as answer:" % where, "    assert answer.status == 200"]


def dial(w, m, s, place=None):
    """`place`: expressions without quotes in them, when host and port are given by the caller."""
    if s in SPEAKS_HTTP and w.chance(50):
        return dial_http(w, m, s, place)
    return dial_address(w, m, s, *(place or pair(w, m, s)))


# ---- ways to reach through something ----

LAYERS = templates.LAYERS


def through_function(w, m, s, depth):
    at = w.below(m, *LAYERS)
    name = w.name("fetch")
    at.add("def %s():" % name, *indented(effect(w, at, s, depth - 1)), "    return 1")
    return [w.pick("%s()", "assert %s() == 1", "answer = %s()") % m.use((at, name))]


def through_parameters(w, m, s, depth):
    at = w.below(m, *LAYERS)
    name = w.name("open")
    host, port = literal_pair(w, at, s)
    given_host, given_port = pair(w, m, s)
    form = w.pick("both", "default", "named", "address")
    if form == "address":
        at.add("def %s(address):" % name, *indented(dial_address(w, at, s, "address[0]", "address[1]")))
        return ["%s((%s, %s))" % (m.use((at, name)), given_host, given_port)]
    heads = {"both": "host, port", "default": "host=%s, port=%s" % (host, port), "named": "*, host, port=%s" % port}
    at.add("def %s(%s):" % (name, heads[form]), *indented(dial(w, at, s, ("host", "port"))))
    calls = {"both": "%s(%s, %s)", "default": "%s()", "named": "%s(host=%s)"}
    return [calls[form] % ((m.use((at, name)), given_host, given_port)[:calls[form].count("%s")])]


def through_class(w, m, s, depth):
    at = w.below(m, *LAYERS)
    class_ = w.class_name("Client")
    inner = effect(w, at, s, depth - 1)
    form = w.pick("method", "init", "static", "inherited", "self", "call", "property")
    if form == "init":
        at.add("class %s:" % class_, "    def __init__(self):", *indented(inner, 2))
        return ["%s()" % m.use((at, class_))]
    if form == "self":
        host, port = pair(w, m, s)
        at.add("class %s:" % class_, "    def __init__(self, host, port):", "        self.host = host",
               "        self.port = port", "", "    def ping(self):",
               *indented(dial(w, at, s, ("self.host", "self.port")), 2))
        return ["%s(%s, %s).ping()" % (m.use((at, class_)), host, port)]
    head = {"static": ["    @staticmethod", "    def ping():"], "call": ["    def __call__(self):"],
            "property": ["    @property", "    def ping(self):"]}.get(form, ["    def ping(self):"])
    at.add("class %s:" % class_, *head, *indented(inner, 2), "        return 1")
    if form == "inherited":
        higher = w.below(m, *[layer for layer in LAYERS if layer != at.dotted])
        if higher.rank >= at.rank:
            child = w.class_name("Child")
            base = higher.use((at, class_))
            higher.add("class %s(%s):" % (child, base), "    def other(self):", "        return self.ping()")
            return ["%s().other()" % m.use((higher, child))]
    here = m.use((at, class_))
    return [{"static": "%s.ping()", "call": "%s()()", "property": "assert %s().ping"}.get(form, "%s().ping()") % here]


def through_context(w, m, s, depth):
    at = w.below(m, *LAYERS)
    inner = effect(w, at, s, depth - 1)
    if w.chance(50):
        at.need("import contextlib")
        name = w.name("session")
        at.add("@contextlib.contextmanager", "def %s():" % name, *indented(inner), "    yield 1")
        return ["with %s() as opened:" % m.use((at, name)), "    assert opened"]
    class_ = w.class_name("Session")
    at.add("class %s:" % class_, "    def __enter__(self):", *indented(inner, 2), "        return self", "",
           "    def __exit__(self, *details):", "        return False")
    return ["with %s():" % m.use((at, class_)), "    pass"]


def through_generator(w, m, s, depth):
    at = w.below(m, *LAYERS)
    name = w.name("rows")
    at.add("def %s():" % name, *indented(effect(w, at, s, depth - 1)), "    yield 1")
    lines = w.pick(["assert list(%s())"], ["for row in %s():", "    assert row"], ["next(%s())"],
                   ["assert [row for row in %s()]"])
    return [lines[0] % m.use((at, name)), *lines[1:]]


def through_table(w, m, s, depth):
    at = w.below(m, *LAYERS)
    name, nothing, table = w.name("work"), w.name("rest"), w.name("HANDLERS")
    at.add("def %s():" % name, *indented(effect(w, at, s, depth - 1)))
    at.add("def %s():" % nothing, "    return None")
    at.add('%s = {"%s": %s, "idle": %s}' % (table, s, name, nothing))
    return ['%s["%s"]()' % (m.use((at, table)), s)]


def through_choice(w, m, s, depth):
    at = w.below(m, *LAYERS)
    name = w.name("make")
    at.add("def %s(kind):" % name, '    if kind == "%s":' % s, *indented(effect(w, at, s, depth - 1), 2),
           "        return 1", "    return 2")
    return ['%s("%s")' % (m.use((at, name)), s)]


def through_callback(w, m, s, depth):
    at = w.below(m, *LAYERS)
    form = w.pick("retry", "lambda", "partial", "executor", "decorated")
    name = w.name("task")
    at.add("def %s(times=1):" % name, *indented(effect(w, at, s, depth - 1)), "    return times")
    if form == "retry":
        retry = w.name("retry")
        at.add("def %s(work):" % retry, "    for _ in range(1):", "        return work()")
        return ["%s(%s)" % (m.use((at, retry)), w.pick("%s", "lambda: %s()") % m.use((at, name)))]
    if form == "lambda":
        return ["later = lambda: %s()" % m.use((at, name)), "later()"]
    if form == "partial":
        m.need("import functools")
        return ["functools.partial(%s, 2)()" % m.use((at, name))]
    if form == "executor":
        m.need("import concurrent.futures")
        return ["with concurrent.futures.ThreadPoolExecutor(1) as pool:",
                "    pool.submit(%s).result()" % m.use((at, name))]
    wrap, wrapped = w.name("traced"), w.name("wrapped")
    at.need("import functools")
    at.add("def %s(function):" % wrap, "    @functools.wraps(function)", "    def inner(*args, **kwargs):",
           "        return function(*args, **kwargs)", "    return inner")
    at.add("@%s" % wrap, "def %s():" % wrapped, "    return %s()" % name)
    return ["%s()" % m.use((at, wrapped))]


def through_errors(w, m, s, depth):
    inner = indented(effect(w, m, s, depth - 1))
    return w.pick(["try:", *inner, "except OSError as error:", '    raise RuntimeError("away") from error'],
                  ["try:", *inner, "finally:", "    done = True"],
                  ["try:", *inner, "except KeyError:", "    pass"],
                  ["if 1 + 1 == 2:", *inner], ["for _ in range(2):", *inner])


def through_coroutine(w, m, s, depth):
    at = w.below(m, *LAYERS)
    name = w.name("coroutine")
    at.need("import asyncio")
    m.need("import asyncio")
    if w.chance(50):
        host, port = pair(w, at, s)
        inner = ["reader, writer = await asyncio.open_connection(%s, %s)" % (host, port), "writer.close()"]
    else:
        inner = effect(w, at, s, depth - 1)
    at.add("async def %s():" % name, *indented(inner))
    return ["asyncio.run(%s())" % m.use((at, name))]


THROUGH = [through_function, through_function, through_parameters, through_class, through_class, through_context,
           through_generator, through_table, through_choice, through_callback, through_errors]


def effect(w, m, s, depth=2):
    """Statements for the body of a function of `m` that reach `s`."""
    if depth <= 0 or w.chance(20):
        return dial(w, m, s)
    if w.chance(60):
        shape = w.dice.choice([shape for shape in CARRIERS if templates.fits(shape, s)])
        return templates.write(w, m, s, shape, lambda at: effect(w, at, s, depth - 1))
    return w.dice.choice(THROUGH)(w, m, s, depth)


# ---- probes ----

def probe(w, m, s):
    """An expression: is `s` up?"""
    at = w.below(m, "app.clients", "tests.support.probes")
    name = w.name(w.pick("up", "is_up", "available", "check"))
    form = w.pick("try", "else", "variable", "ex", "parameters", "message", "cached", "method")
    inner = effect(w, at, s, w.pick(0, 0, 1))
    if form == "parameters":
        at.add("def %s(host, port):" % name, "    try:",
               *indented(dial_address(w, at, s, "host", "port"), 2), "        return True", "    except OSError:",
               "        return False")
        return "%s(%s, %s)" % (m.use((at, name)), *pair(w, m, s))
    if form == "ex":
        at.need("import socket")
        at.add("def %s():" % name, "    with socket.socket() as probing:",
               "        return probing.connect_ex((%s, %s)) == 0" % literal_pair(w, at, s))
    elif form == "else":
        at.add("def %s():" % name, "    try:", *indented(inner, 2), "    except Exception:", "        return False",
               "    else:", "        return True")
    elif form == "variable":
        at.add("def %s():" % name, "    found = False", "    try:", *indented(inner, 2), "        found = True",
               "    except OSError:", "        pass", "    return found")
    elif form == "method":
        class_ = w.class_name("Probe")
        at.add("class %s:" % class_, "    def alive(self):", "        try:", *indented(inner, 3),
               "            return True", "        except OSError:", "            return False")
        return "%s().alive()" % m.use((at, class_))
    else:
        if form == "cached":
            at.need("import functools")
        at.add(*(["@functools.lru_cache(maxsize=None)"] if form == "cached" else []), "def %s():" % name, "    try:",
               *indented(inner, 2), "        return True", "    except OSError:", "        return False")
    return "%s()" % m.use((at, name))


# ---- what only looks so ----

def decoy(w, m, s):
    host, port = literal_pair(w, m, s)
    form = w.pick("text", "parse", "swallowed", "unused", "dead", "row", "stub", "nested", "idle", "ignored", "other")
    if form == "text":
        return ['"""Talks to %s on %s."""' % (s, port), 'where = "%s:%s"' % (s, port), "assert where"]
    if form == "parse":
        m.need("from urllib.parse import urlsplit")
        return ['assert urlsplit("http://%s:%s/x").port == %s' % (s, port, port)]
    if form == "swallowed":
        return ["try:", *indented(dial_address(w, m, s, host, port)), "except OSError:", "    pass"]
    if form == "unused":
        name = w.name("never")
        m.add("def %s():" % name, *indented(dial(w, m, s)))
        return ["assert callable(%s)" % name]
    if form == "dead":
        return ["if False:", *indented(dial_address(w, m, s, host, port))]
    if form == "row":
        return ['rows = [("%s", %s, %s)]' % (s, host, port), "assert len(rows) == 1"]
    if form == "stub":
        m.need("import pytest")
        m.need("import socket")
        return ["with pytest.raises(OSError):", '    socket.create_connection(("stub", %s))' % port]
    if form == "nested":
        return ["def inner():", *indented(dial_address(w, m, s, host, port)), "assert inner"]
    if form == "idle":
        m.need("import http.client")
        return ["assert http.client.HTTPConnection(%s, %s)" % (host, port)]
    if form == "ignored":
        return ["assert %s in (True, False)" % probe(w, m, s)]
    at = w.below(m, *LAYERS)
    name = w.name("make")
    at.add("def %s(kind):" % name, '    if kind == "%s":' % s, *indented(dial(w, at, s), 2), "    return 2")
    return ['%s("other")' % m.use((at, name))]

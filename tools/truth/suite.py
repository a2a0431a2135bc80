"""A suite made at random from a seed: fixtures of all scopes, gates, mocks, helpers, aliases and decoys over the
stand-ins.  It is valid Python that passes when all services are up; which tests need what is for pytest to tell.
"""

import templates
from guarding import condition, gate_lines, harmless, injected, mark, mock_pieces, module_gate
from reaching import effect, literal_pair, pair, probe
from situations import SITUATIONS
from writer import NAMES, PORTS, Writer, indented

SERVICES = sorted(PORTS)
SCOPES = ["function", "function", "class", "module", "package", "session"]
NO_TESTS_HERE = {"tests.conftest", "tests.sub.conftest"}

CONFTEST_HOOK = '''
_PORTS = {"requires_postgres": 5432, "requires_redis": 6379, "requires_elasticsearch": 9200,
          "requires_opensearch": 9201, "requires_solr": 8983}


def pytest_runtest_setup(item):
    for mark in item.iter_markers():
        if mark.name in _PORTS:
            try:
                socket.create_connection(("localhost", _PORTS[mark.name]), timeout=1).close()
            except OSError:
                pytest.skip(mark.name)
'''


# ---- fixtures ----

class Fixture:
    def __init__(self, name, scope, has_params):
        self.name, self.scope, self.has_params = name, scope, has_params


def fixture_body(w, m, s, scope):
    """Statements.  A teardown of a wider scope is of the last test that has it, and says nothing of the others."""
    kind = w.pick("effect", "effect", "gate", "nothing", "client", "teardown" if scope == "function" else "effect")
    if kind == "gate":
        return gate_lines(w, m, s) + [w.pick("return 1", "yield 1")]
    if kind == "nothing":
        return harmless(w, m, s) + ["return 1"]
    if kind == "client":
        class_ = w.class_name("Handle")
        m.add("class %s:" % class_, "    def ping(self):", *indented(effect(w, m, s, 1), 2), "        return 1")
        return ["return %s()" % class_]
    if kind == "teardown":
        return ["yield 1", *effect(w, m, s, 1)]
    return effect(w, m, s) + [w.pick("return 1", "yield 1", "return object()")]


def fixture(w, m, known, autouse=False, name=None):
    """Adds one to `m`; `known` are those it may ask for.  Gives it."""
    m.need("import pytest")
    s, scope, name = w.dice.choice(SERVICES), w.dice.choice(SCOPES), name or w.name("fixture")
    has_params = w.chance(15) and not autouse        # unittest knows no parameters
    wider = [f for f in known if not (autouse and f.has_params) and SCOPES[::-1].index(f.scope) <= SCOPES[::-1].index(scope)]
    asked = [f for f in w.dice.sample(wider, min(len(wider), w.pick(0, 0, 1, 2))) if f.name != name]
    asks = [f.name for f in asked]
    options = ['scope="%s"' % scope] if scope != "function" else []
    options += ["autouse=True"] if autouse else []
    body, function = fixture_body(w, m, s, scope), name
    if w.chance(15):
        function = name + "_impl"
        options.append('name="%s"' % name)
    if has_params:
        options.append("params=[%s]" % ", ".join('"%s"' % p for p in w.dice.sample(SERVICES, 2)))
        asks = ["request", *asks]
        host = w.name("ADDRESSES")
        m.add("%s = {" % host, *['    "%s": (%s, %s),' % (o, *literal_pair(w, m, o)) for o in SERVICES], "}")
        m.need("import socket")
        body = ["socket.create_connection(%s[request.param]).close()" % host, "return request.param"]
    m.add("@pytest.fixture%s" % ("(%s)" % ", ".join(options) if options else w.pick("", "()")),
          "def %s(%s):" % (function, ", ".join(asks)), *indented(body))
    return Fixture(name, scope, has_params or any(f.has_params for f in asked))


# ---- tests ----

class Parts:
    """What a test is put together from."""

    def __init__(self):
        self.decorators, self.doubles, self.asks, self.body = [], [], [], []


def ingredient(w, m, fixtures, parts, in_unittest):
    s = w.dice.choice(SERVICES)
    kind = w.pick("effect", "fixture", "fixture", "gate", "mark", "mock", "mock", "injected", "harmless", "harmless",
                  "uses", "dynamic", "parametrized", "client", "skipped", "patched_builtin", "raises")
    if in_unittest and kind in ("fixture", "dynamic", "parametrized", "client", "uses"):
        kind = "effect"
    plain = [f for f in fixtures if not f.has_params]   # the others cannot be asked for while a test runs
    if kind in ("fixture", "uses", "client") and not fixtures or kind == "dynamic" and not plain:
        kind = "harmless"
    if kind == "effect":
        parts.body += effect(w, m, s)
    elif kind == "fixture":
        parts.asks.append(w.dice.choice(fixtures).name)
    elif kind == "uses":
        m.need("import pytest")
        parts.decorators.append('@pytest.mark.usefixtures("%s")' % w.dice.choice(fixtures).name)
    elif kind == "dynamic":
        parts.asks.append("request")
        parts.body.append('request.getfixturevalue("%s")' % w.dice.choice(plain).name)
    elif kind == "client":
        name = w.dice.choice(fixtures).name
        parts.asks.append(name)
        parts.body += ['if hasattr(%s, "ping"):' % name, "    %s.ping()" % name]
    elif kind == "gate" and not in_unittest:
        parts.body += gate_lines(w, m, s)
    elif kind == "gate":
        parts.body += w.pick(["if %s:" % condition(w, m, s), '    self.skipTest("away")'],
                             ["self.assertTrue(%s)" % probe(w, m, s)])
    elif kind == "mark" and not in_unittest:
        parts.decorators.append("@" + mark(w, m, s))
    elif kind == "mark":
        m.need("import unittest")
        parts.decorators.append(w.pick('@unittest.skipIf(%s, "away")' % condition(w, m, s),
                                       '@unittest.skipUnless(%s, "away")' % probe(w, m, s)))
    elif kind == "mock":
        decorators, doubles, asks, body = mock_pieces(w, m, s)
        if in_unittest and asks:
            parts.body += harmless(w, m, s)
            return
        parts.decorators += decorators
        parts.doubles = doubles + parts.doubles
        parts.asks += asks
        parts.body += body
    elif kind == "injected":
        parts.body += injected(w, m, s)
    elif kind == "skipped" and w.chance(30):
        m.need("import pytest")
        m.need("import unittest")
        parts.decorators.append('@unittest.skip("later")' if in_unittest else '@pytest.mark.skip(reason="later")')
    elif kind == "parametrized":
        parametrize(w, m, s, parts)
    elif kind == "patched_builtin":
        m.need("from unittest import mock")
        m.need("import socket")
        parts.body += ['with mock.patch("socket.create_connection"):',
                       "    socket.create_connection((%s, %s))" % literal_pair(w, m, s)]
    elif kind == "raises":
        m.need("import pytest")
        parts.body += ["with pytest.raises(ZeroDivisionError):", *indented(effect(w, m, s, 1)), "    1 / 0"]
    else:
        parts.body += harmless(w, m, s)


def parametrize(w, m, s, parts):
    m.need("import pytest")
    host, port, label = w.name("host"), w.name("port"), w.name("label")
    if w.chance(50):
        m.need("import socket")
        other = w.dice.choice(SERVICES)
        rows = ["(%s, %s)" % pair(w, m, s), "(%s, %s)" % literal_pair(w, m, other)]
        parts.decorators.append('@pytest.mark.parametrize("%s, %s", [%s])' % (host, port, ", ".join(rows)))
        parts.asks += [host, port]
        parts.body.append("socket.create_connection((%s, %s)).close()" % (host, port))
    else:
        parts.decorators.append('@pytest.mark.parametrize("%s", ["%s", "plain"])' % (label, s))
        parts.asks.append(label)
        parts.body.append("assert %s" % label)


def write_test(w, m, fixtures, in_class=False, in_unittest=False):
    parts = Parts()
    for _ in range(w.pick(1, 1, 2, 2, 3)):
        ingredient(w, m, fixtures, parts, in_unittest)
    params = (["self"] if in_class else []) + parts.doubles + sorted(set(parts.asks))
    return [*parts.decorators, "def test_%d(%s):" % (w.dice.randrange(10 ** 6), ", ".join(params)),
            *indented(parts.body or ["pass"])]


def write_class(w, m, fixtures):
    s = w.dice.choice(SERVICES)
    kind = w.pick("plain", "unittest", "gated", "marked", "setup", "autouse", "inherited")
    is_unittest = kind == "unittest"
    lines, head, class_ = [], [], "Test" + w.class_name("Group")
    m.need("import pytest")
    if is_unittest:
        m.need("import unittest")
        setup = w.pick([], ["    def setUp(self):"], ["    @classmethod", "    def setUpClass(cls):"])
        if setup:
            body = w.pick(effect(w, m, s, 1), ["if %s:" % condition(w, m, s), '    raise unittest.SkipTest("away")'])
            lines += ["", *setup, *indented(body, 2)]
        if w.chance(30):
            head = ['@unittest.skipUnless(%s, "away")' % probe(w, m, s)]
    elif kind == "gated":
        head = ["@" + mark(w, m, s)]
    elif kind == "marked":
        lines += ["    pytestmark = %s" % w.pick("%s", "[%s]") % mark(w, m, s)]
    elif kind == "setup":
        method = w.pick("setup_method(self)", "setup_class(cls)")
        lines += (["    @classmethod"] if "cls" in method else []) + ["    def %s:" % method,
                                                                     *indented(effect(w, m, s, 1), 2)]
    elif kind == "autouse":
        lines += ["    @pytest.fixture(autouse=True)", "    def prepare(self%s):" % (
            ", " + w.dice.choice(fixtures).name if fixtures and w.chance(50) else ""),
            *indented(w.pick(effect(w, m, s, 1), gate_lines(w, m, s), harmless(w, m, s)), 2)]
    for _ in range(w.pick(1, 2, 3)):
        lines += ["", *indented(write_test(w, m, fixtures, True, is_unittest))]
    if kind == "inherited":
        base = w.class_name("Shared")
        m.add("class %s:" % base, *lines[1:])
        lines = ["    pass"] if w.chance(50) else ["    pytestmark = [%s]" % mark(w, m, s)]
        m.add(*head, "class %s(%s):" % (class_, base), *lines)
        return
    m.add(*head, "class %s%s:" % (class_, "(unittest.TestCase)" if is_unittest else ""), *lines)


def write_file(w, dotted, fixtures, tests):
    m = w.module(dotted)
    m.need("import pytest")
    own = list(fixtures)
    if w.chance(25):
        m.body += ["", "", *module_gate(w, m, w.dice.choice(SERVICES))]
    if w.chance(15):
        m.add("def setup_module(module):", *indented(effect(w, m, w.dice.choice(SERVICES), 1)))
    for _ in range(w.pick(0, 1, 2)):
        own.append(fixture(w, m, own))
    if w.chance(15):
        fixture(w, m, own, autouse=True)
    plain = [f for f in fixtures if not f.has_params]
    if plain and w.chance(30):                       # an override, now and then of itself
        over = w.dice.choice(plain)
        name = over.name
        m.add('@pytest.fixture(scope="%s")' % over.scope, "def %s(%s):" % (name, w.pick("", name)),
              *indented(harmless(w, m, w.dice.choice(SERVICES)) + ["return 1"]))
    while tests > 0:
        if w.chance(25):
            write_class(w, m, own)
        else:
            m.add(*write_test(w, m, own))
        tests -= 1


def write_situation(w, dotted):
    """A file of its own: what it sets up, or patches, holds for a whole module."""
    s = w.dice.choice(SERVICES)
    m, shape = w.module(dotted), w.dice.choice([shape for shape in SITUATIONS if templates.fits(shape, s)])
    m.add(*templates.write(w, m, s, shape, lambda at: effect(w, at, s, w.pick(0, 0, 1))))


def config(suite):
    text = ['[suite]\npaths = ["tests"]\nfirst_party = ["."]\n']
    for s in SERVICES:
        hosts = ", ".join('"%s"' % host for host in [s, "localhost:%d" % PORTS[s]])
        text.append('[services.%s]\nmarker = "requires_%s"\nhosts = [%s]\n' % (s, s, hosts))
    (suite / "lanewright.toml").write_text("\n".join(text))
    markers = "".join("    requires_%s: needs it up\n" % s for s in SERVICES)
    (suite / "pytest.ini").write_text("[pytest]\ntestpaths = tests\npythonpath = .\nmarkers =\n" + markers)


def finish(w, root):
    """Writes the modules into the folder."""
    for dotted, m in w.modules.items():
        path = root.joinpath(*dotted.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(m.text())
        for folder in path.parents:
            if folder == root:
                break
            if not (folder / "__init__.py").exists():
                (folder / "__init__.py").write_text("")


def make(root, seed, tests):
    """Writes the suite of `seed` with about so many tests into the new folder `root`."""
    w = Writer(seed)
    for dotted in ("tests.conftest", "tests.sub.conftest", "app.config", "app.clients", "app.store", "app.api"):
        w.module(dotted)
    conftest, sub = w.module("tests.conftest"), w.module("tests.sub.conftest")
    conftest.imports += ["import socket", "import pytest"]
    conftest.body += CONFTEST_HOOK.rstrip("\n").split("\n")
    shared, nested = [], []
    if w.chance(50):
        plugin = w.module("tests.support.plugin")
        for _ in range(w.pick(1, 2)):
            shared.append(fixture(w, plugin, shared))
        conftest.add('pytest_plugins = ["tests.support.plugin"]')
    for _ in range(w.pick(1, 2, 3)):
        shared.append(fixture(w, conftest, shared))
    if w.chance(15):
        fixture(w, conftest, shared, autouse=True)
    for _ in range(w.pick(0, 1)):
        nested.append(fixture(w, sub, shared))
    if w.chance(20):
        fixture(w, sub, shared + nested, autouse=True)
    files = max(1, tests // 6)
    for k in range(files):
        inside = w.chance(40)
        write_file(w, "tests.%stest_file_%d" % ("sub." if inside else "", k), shared + (nested if inside else []), 5)
    for k in range(files):
        write_situation(w, "tests.%stest_shape_%d" % ("sub." if w.chance(20) else "", k))
    root.mkdir(parents=True)
    config(root)
    finish(w, root)

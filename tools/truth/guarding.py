"""Gates: what skips or fails a test when a service is down.  Mocks: what keeps a test from reaching one."""

from reaching import decoy, effect, probe
from writer import indented

VARIABLES = {"postgres": "SHOP_PG_DSN", "redis": "REDIS_URL", "elasticsearch": "ELASTICSEARCH_URL",
             "opensearch": "OPENSEARCH_URL", "solr": "SOLR_URL"}


# ---- gates ----

def condition(w, m, s):
    """An expression: is `s` away?"""
    if w.chance(15):
        m.need("import os")
        return w.pick('"%s" not in os.environ', 'not os.environ.get("%s")', 'os.getenv("%s") is None') % VARIABLES[s]
    if w.chance(20):
        flag = w.name("UP")
        at = w.below(m, "tests.support.probes")
        at.add("%s = %s" % (flag, probe(w, at, s)))
        return "not " + m.use((at, flag))
    return "not " + probe(w, m, s)


def mark(w, m, s):
    """An expression for a mark that skips without `s`."""
    m.need("import pytest")
    form = w.pick("inline", "stored", "stored", "marker", "renamed", "made")
    if form == "marker":
        return "pytest.mark.requires_%s" % s
    if form == "inline":
        return 'pytest.mark.skipif(%s, reason="away")' % condition(w, m, s)
    at = w.below(m, "tests.support.gates")
    at.need("import pytest")
    name = w.name("gated")
    if form == "made":
        at.add("def %s():" % name, '    return pytest.mark.skipif(%s, reason="away")' % condition(w, at, s))
        return m.use((at, name)) + "()"
    at.add('%s = pytest.mark.skipif(%s, reason="away")' % (name, condition(w, at, s)))
    if form == "renamed" and at is not m:
        higher = w.below(m, "tests.support.marks")
        other = w.name("only")
        higher.add("%s = %s" % (other, higher.use((at, name))))
        return m.use((higher, other))
    return m.use((at, name))


def gate_lines(w, m, s):
    """Statements of a test or fixture that skip or fail without `s`."""
    m.need("import pytest")
    form = w.pick("skip", "skip", "fail", "try", "assert", "helper", "else")
    if form == "skip":
        return ["if %s:" % condition(w, m, s), '    pytest.skip("away")']
    if form == "fail":
        return ["if %s:" % condition(w, m, s), '    pytest.fail("away")']
    if form == "assert":
        return ["assert %s" % probe(w, m, s)]
    if form == "else":
        return ["if %s:" % probe(w, m, s), "    pass", "else:", '    pytest.skip("away")']
    if form == "try":
        return ["try:", *indented(effect(w, m, s, 1)), "except OSError:", '    pytest.skip("away")']
    at = w.below(m, "tests.support.gates")
    at.need("import pytest")
    name = w.name("skip_unless")
    at.add("def %s():" % name, "    if %s:" % condition(w, at, s), '        pytest.skip("away")')
    return ["%s()" % m.use((at, name))]


def module_gate(w, m, s):
    """Statements of a module that skip all of it without `s`."""
    m.need("import pytest")
    form = w.pick("mark", "list", "skip", "importorskip", "append", "raise")
    if form == "mark":
        return ["pytestmark = %s" % mark(w, m, s)]
    if form == "list":
        return ["pytestmark = [%s]" % mark(w, m, s)]
    if form == "append":
        return ["pytestmark = []", "pytestmark.append(%s)" % mark(w, m, s)]
    if form == "raise":
        m.need("import unittest")
        return ["if %s:" % condition(w, m, s), '    raise unittest.SkipTest("away")']
    if form == "skip":
        return ["if %s:" % condition(w, m, s), '    pytest.skip("away", allow_module_level=True)']
    name = w.name("driver")
    driver = w.module("app." + name)
    driver.body += ["", "", "if %s:" % condition(w, driver, s), '    raise ImportError("away")']
    return ['%s = pytest.importorskip("app.%s")' % (name, name)]


# ---- mocks ----

class Seam:
    """A caller and what it calls: the place to patch, and one that looks like it."""

    def __init__(self, w, m, s):
        clients, store = w.module("app.clients"), w.module("app.store")
        self.leaf, self.caller, self.class_ = w.name("fetch"), w.name("load"), None
        clients.add("def %s():" % self.leaf, *indented(effect(w, clients, s, 1)), "    return 1")
        form = w.pick("own", "module", "class")
        if form == "class":
            self.class_ = w.class_name("Service")
            clients.add("class %s:" % self.class_, "    def run(self):", "        return %s()" % self.leaf)
            inner = "%s().run()" % store.use((clients, self.class_))
            self.right, self.wrong = ("app.clients.%s.run" % self.class_,), ()
        elif form == "own":
            store.need("from app.clients import %s" % self.leaf)
            inner = "%s()" % self.leaf
            self.right, self.wrong = ("app.store." + self.leaf,), ("app.clients." + self.leaf,)
        else:
            store.need("from app import clients as the_clients")
            inner = "the_clients.%s()" % self.leaf
            self.right, self.wrong = ("app.clients." + self.leaf,), ()
        store.add("def %s():" % self.caller, "    return %s" % inner)
        self.call = "%s()" % m.use((store, self.caller))

    def target(self, w):
        """Mostly the seam; now and then the name that nobody reads."""
        return w.dice.choice(self.wrong) if self.wrong and w.chance(20) else w.dice.choice(self.right)


def split(w, m, target):
    """`pkg.module.name` as an object and a name to patch on it."""
    owner, _, name = target.rpartition(".")
    package, _, last = owner.rpartition(".")
    if owner.startswith("app.clients."):
        m.need("import app.clients as patched_clients")
        return "patched_clients." + last, name
    m.need("import %s as patched_%s" % (owner, last))
    return "patched_" + last, name


def mock_pieces(w, m, s):
    """(decorators, parameters without pytest's, parameters, statements) of a test that patches the way to `s`."""
    seam = Seam(w, m, s)
    target = seam.target(w)
    takes = "*args" if seam.class_ else ""
    form = w.pick("setattr", "object", "decorator", "new", "context", "patch_object", "start", "fixture")
    if form == "setattr":
        return [], [], ["monkeypatch"], ['monkeypatch.setattr("%s", lambda %s: 2)' % (target, takes), seam.call]
    if form == "object":
        owner, name = split(w, m, target)
        return [], [], ["monkeypatch"], ['monkeypatch.setattr(%s, "%s", lambda %s: 2)' % (owner, name, takes), seam.call]
    if form == "fixture":
        name = w.name("patched")
        m.need("import pytest")
        m.add("@pytest.fixture", "def %s(monkeypatch):" % name,
              '    monkeypatch.setattr("%s", lambda %s: 2)' % (target, takes))
        return [], [], [name], [seam.call]
    m.need("from unittest import mock")
    if form == "decorator":
        name = w.name("double")
        return ['@mock.patch("%s")' % target], [name], [], [seam.call]
    if form == "new":
        return ['@mock.patch("%s", new=lambda %s: 2)' % (target, takes)], [], [], [seam.call]
    if form == "context":
        return [], [], [], ['with mock.patch("%s", return_value=2):' % target, "    " + seam.call]
    owner, name = split(w, m, target)
    if form == "patch_object":
        return [], [], [], ['with mock.patch.object(%s, "%s", return_value=2):' % (owner, name), "    " + seam.call]
    return [], [], [], ['patcher = mock.patch("%s", return_value=2)' % target, "patcher.start()", "try:",
                        "    " + seam.call, "finally:", "    patcher.stop()"]


def injected(w, m, s):
    """Statements that hand a client, or a fake of it, to what uses it."""
    clients, api = w.module("app.clients"), w.module("app.api")
    real, caller = w.class_name("Backend"), w.name("search")
    clients.add("class %s:" % real, "    def ping(self):", *indented(effect(w, clients, s, 1), 2), "        return 1")
    form = w.pick("given", "default", "overrides", "magic")
    if form == "overrides":
        dependency, overrides = w.name("get_backend"), w.name("application")
        here = api.use((clients, real))
        api.add("def %s():" % dependency, "    return %s()" % here)
        api.add("class %s:" % overrides.title().replace("_", ""), "    def __init__(self):",
                "        self.dependency_overrides = {}", "", "",
                "%s = %s()" % (overrides, overrides.title().replace("_", "")))
        api.add("def %s():" % caller, "    make = %s.dependency_overrides.get(%s, %s)" % (
            overrides, dependency, dependency), "    return make().ping()")
        fake = fake_class(w, m, s)
        app, get = m.use((api, overrides)), m.use((api, dependency))
        call = "%s()" % m.use((api, caller))
        if w.chance(30):
            return [call]
        return ["%s.dependency_overrides[%s] = %s" % (app, get, w.pick("%s", "lambda: %s()") % fake), "try:",
                "    " + call, "finally:", "    %s.dependency_overrides.clear()" % app]
    if form == "magic":
        m.need("from unittest import mock")
        api.add("def %s(backend):" % caller, "    return backend.ping()")
        return ["%s(mock.MagicMock(spec=%s))" % (m.use((api, caller)), m.use((clients, real)))]
    if form == "default":
        here = api.use((clients, real))
        api.add("def %s(backend=None):" % caller, "    backend = backend or %s()" % here, "    return backend.ping()")
        return [w.pick("%s()", "%s(%s())") .replace("%s", m.use((api, caller)), 1) .replace(
            "%s", fake_class(w, m, s))]
    api.add("def %s(backend):" % caller, "    return backend.ping()")
    given = m.use((clients, real)) if w.chance(50) else fake_class(w, m, s)
    return ["%s(%s())" % (m.use((api, caller)), given)]


def fake_class(w, m, s):
    at = w.below(m, "tests.support.fakes")
    name = w.class_name(w.pick("Fake", "Stub", "InMemory") + s.title())
    at.add("class %s:" % name, "    def ping(self):", "        return 3")
    return m.use((at, name))


def harmless(w, m, s):
    """Statements that reach nobody."""
    return w.pick(decoy, decoy, lambda *_: ["assert sum([1, 2]) == 3"])(w, m, s)

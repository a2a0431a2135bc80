"""A Python suite being written: modules, the names in them, and the many ways to import one.

A module may import those that were begun before it in the order of ORDER, so that no import is circular.
"""

import random

ORDER = ["app.config", "app.clients", "app.store", "app.api", "tests.support.probes", "tests.support.gates",
         "tests.support.marks", "tests.support.fakes", "tests.support.helpers", "tests.support.plugin",
         "tests.conftest", "tests.sub.conftest"]
PORTS = {"postgres": 5432, "redis": 6379, "elasticsearch": 9200, "opensearch": 9201, "solr": 8983}
NAMES = {"postgres": ["localhost", "127.0.0.1", "postgres"], "redis": ["localhost", "127.0.0.1", "redis"],
         "elasticsearch": ["localhost", "elasticsearch"], "opensearch": ["localhost", "opensearch"],
         "solr": ["localhost", "solr"]}
SPEAKS_HTTP = {"elasticsearch", "opensearch", "solr"}
PATHS = {"elasticsearch": ["/", "/_cluster/health"], "opensearch": ["/", "/_cluster/health"],
         "solr": ["/solr/admin/cores", "/solr/admin/ping"]}


def indented(lines, by=1):
    return ["    " * by + line if line else line for line in lines]


class Module:
    def __init__(self, suite, dotted):
        self.suite, self.dotted = suite, dotted
        self.imports, self.body, self.known = [], [], {}

    @property
    def rank(self):
        return ORDER.index(self.dotted) if self.dotted in ORDER else len(ORDER)

    def need(self, line):
        if line not in self.imports:
            self.imports.append(line)

    def add(self, *lines):
        self.body += ["", "", *lines]

    def text(self):
        return "\n".join(self.imports + self.body).strip("\n") + "\n"

    def use(self, symbol):
        """The expression that means `symbol`, a pair of module and name, here."""
        module, name = symbol
        if module is self:
            return name
        if symbol not in self.known:
            self.known[symbol] = self.suite.imported(self, module, name)
        return self.known[symbol]


class Writer:
    """What all parts of a suite share: the dice, the modules, the running numbers of names."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.modules, self.numbers = {}, {}

    def module(self, dotted):
        if dotted not in self.modules:
            self.modules[dotted] = Module(self, dotted)
        return self.modules[dotted]

    def name(self, stem):
        self.numbers[stem] = self.numbers.get(stem, 0) + 1
        return "%s_%d" % (stem, self.numbers[stem])

    def class_name(self, stem):
        return self.name(stem).replace("_", "")

    def pick(self, *choices):
        return self.dice.choice(choices)

    def chance(self, percent):
        return self.dice.random() * 100 < percent

    def below(self, module, *candidates):
        """One of the modules that `module` may import, or itself."""
        fit = [c for c in candidates if ORDER.index(c) < module.rank]
        return self.module(self.dice.choice(fit)) if fit and self.chance(80) else module

    def imported(self, by, module, name):
        package, _, last = module.dotted.rpartition(".")
        form = self.pick("from", "alias", "module", "package", "whole", "through", "relative", "star", "guarded")
        if form == "through":
            between = [m for m in self.modules.values() if module.rank < m.rank < by.rank and
                       "conftest" not in m.dotted]
            if between:
                middle = self.dice.choice(between)
                alias = self.name("via")
                middle.need("from %s import %s as %s  # noqa: F401" % (module.dotted, name, alias))
                return self.imported(by, middle, alias)
        if form == "star" and not name.startswith("_") and not by.dotted.endswith("conftest"):
            by.need("from %s import *  # noqa: F403" % module.dotted)
            return name
        if form == "guarded":
            alias = self.name("maybe")
            by.need("try:\n    from %s import %s as %s\nexcept ImportError:\n    %s = None" % (
                module.dotted, name, alias, alias))
            return alias
        if form == "alias":
            alias = self.name("its")
            by.need("from %s import %s as %s" % (module.dotted, name, alias))
            return alias
        if form == "module":
            alias = "%s_module" % last
            by.need("import %s as %s" % (module.dotted, alias))
            return "%s.%s" % (alias, name)
        if form == "package":
            by.need("from %s import %s as the_%s" % (package, last, last))
            return "the_%s.%s" % (last, name)
        if form == "whole":
            by.need("import %s" % module.dotted)
            return "%s.%s" % (module.dotted, name)
        if form == "relative" and by.dotted.rpartition(".")[0] == package:
            by.need("from .%s import %s" % (last, name))
            return name
        by.need("from %s import %s" % (module.dotted, name))
        return name

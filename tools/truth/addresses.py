"""Where a service is, in code: expressions for its host and port, or for a URL of it."""

from writer import NAMES, PATHS, PORTS, SPEAKS_HTTP

VARIABLES = {"redis": "REDIS_URL", "elasticsearch": "ELASTICSEARCH_URL", "opensearch": "OPENSEARCH_URL"}


def literal_pair(w, m, s):
    return '"%s"' % w.pick(*NAMES[s]), str(PORTS[s])


def constant_pair(w, m, s):
    at = w.below(m, "app.config")
    host, port = w.name("HOST"), w.name("PORT")
    first, second = literal_pair(w, at, s)
    at.add("%s = %s" % (host, first), "%s = %s" % (port, second))
    return m.use((at, host)), m.use((at, port))


def table_pair(w, m, s):
    at = w.below(m, "app.config")
    table = w.name("TABLE")
    rows = ['    "%s": (%s, %s),' % (other, *literal_pair(w, at, other)) for other in sorted(PORTS)]
    at.add("%s = {" % table, *rows, "}")
    row = '%s["%s"]' % (m.use((at, table)), s)
    return row + "[0]", row + "[1]"


def dict_pair(w, m, s):
    at = w.below(m, "app.config")
    table = w.name("OPTIONS")
    host, port = literal_pair(w, at, s)
    at.add('%s = {"host": %s, "port": %s}' % (table, host, port))
    here = m.use((at, table))
    return here + '["host"]', here + '.get("port")'


def settings_pair(w, m, s):
    at = w.below(m, "app.config")
    class_, made = w.class_name("Settings"), w.name("settings")
    host, port = literal_pair(w, at, s)
    form = w.pick("class", "dataclass", "given", "init")
    if form == "class":
        at.add("class %s:" % class_, "    host = %s" % host, "    port = %s" % port, "", "", "%s = %s()" % (made, class_))
    elif form == "dataclass":
        at.need("import dataclasses")
        at.add("@dataclasses.dataclass", "class %s:" % class_, "    host: str = %s" % host, "    port: int = %s" % port,
               "", "", "%s = %s()" % (made, class_))
    elif form == "given":
        at.need("import dataclasses")
        at.add("@dataclasses.dataclass", "class %s:" % class_, "    host: str", "    port: int",
               "", "", "%s = %s(%s, port=%s)" % (made, class_, host, port))
    else:
        at.add("class %s:" % class_, "    def __init__(self, host=%s):" % host, "        self.host = host",
               "        self.port = %s" % port, "", "", "%s = %s()" % (made, class_))
    here = m.use((at, made))
    return here + ".host", here + ".port"


def environment_pair(w, m, s):
    m.need("import os")
    host, port = literal_pair(w, m, s)
    variable = s.upper() + w.pick("_HOST", "_SERVER_HOST")
    host = w.pick('os.environ.get("%s", %s)', 'os.getenv("%s", %s)') % (variable, host)
    return host, w.pick(port, 'int(os.environ.get("%s_PORT", "%s"))' % (s.upper(), port))


def pair(w, m, s):
    return w.pick(literal_pair, constant_pair, table_pair, dict_pair, settings_pair, environment_pair)(w, m, s)


def url(w, m, s):
    path = w.pick(*PATHS[s])
    form = w.pick("literal", "fstring", "percent", "format", "plus", "constant", "table", "environment")
    plain = '"http://%s:%d%s"' % (w.pick(*NAMES[s]), PORTS[s], path)
    if form in ("fstring", "percent", "format", "plus"):
        host, port = pair(w, m, s)
        if form == "fstring":
            m_host, m_port = w.name("host"), w.name("port")
            m.add("%s = %s" % (m_host, host), "%s = %s" % (m_port, port))
            return 'f"http://{%s}:{%s}%s"' % (m_host, m_port, path)
        return {"percent": '"http://%%s:%%s%s" %% (%s, %s)', "format": '"http://{}:{}%s".format(%s, %s)'}.get(
            form, '"http://" + %s + ":" + str(%s) + "%s"') % (
                (path, host, port) if form != "plus" else (host, port, path))
    if form == "constant":
        at = w.below(m, "app.config")
        name = w.name("URL")
        at.add("%s = %s" % (name, plain))
        return m.use((at, name))
    if form == "table":
        at = w.below(m, "app.config")
        name = w.name("URLS")
        at.add("%s = {" % name, *['    "%s": "http://%s:%d%s",' % (o, NAMES[o][-1], PORTS[o], PATHS[o][0])
                                  for o in sorted(SPEAKS_HTTP)], "}")
        return '%s["%s"]' % (m.use((at, name)), s)
    if form == "environment" and s in VARIABLES:
        m.need("import os")
        return 'os.environ.get("%s", "http://localhost:%d") + "%s"' % (VARIABLES[s], PORTS[s], path)
    return plain

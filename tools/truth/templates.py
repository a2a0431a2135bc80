"""Pieces of a suite written as Python with `$words` in it: the shapes of real suites, as they look there.

A shape is a list of parts.  The last is where it is used, its lines are handed back; each of the others goes into a module
that the next may import, or into the same.  A `$word` is a name that the first part to say it defines, and is imported
by the others: `$fetch` a function or variable, `$Client` a class, `$HOSTS` a constant, each with a number of its own.

    $s, $port_of_s     the service, and its usual port
    $host, $port       expressions for its address, a pair for each part
    $here, $there      literals for it
    $url, $path        an expression for a URL of it, and what its path may be
    $inner             on a line of its own: statements that reach it
    $bare_word         the name alone;  $from_word  the module that defines it
"""

import re

from addresses import literal_pair, pair, url
from writer import PATHS, PORTS, SPEAKS_HTTP

LAYERS = ["app.clients", "app.store", "app.api", "tests.support.helpers"]
WORD = re.compile(r"\$(\w*[a-zA-Z])")


class Filling:
    """One shape being written: the names in it, by word, and the module that each is of."""

    def __init__(self, w, s, inner):
        self.w, self.s, self.inner, self.owners = w, s, inner, {}

    def symbol(self, at, word):
        if word not in self.owners:
            is_class = word[0].isupper() and not word.isupper()
            self.owners[word] = (at, self.w.class_name(word) if is_class else self.w.name(word))
        return self.owners[word]

    def special(self, at, word, pairs):
        if word in ("host", "port", "here", "there"):
            if word not in pairs:
                written = (pair if word in ("host", "port") else literal_pair)(self.w, at, self.s)
                pairs.update(zip(("host", "port") if word in ("host", "port") else ("here", "there"), written))
            return pairs[word]
        if word in ("s", "S"):
            return self.s if word == "s" else self.s.upper()
        if word == "port_of_s":
            return str(PORTS[self.s])
        if word == "url":
            return url(self.w, at, self.s)
        if word == "path":
            return self.w.pick(*PATHS[self.s])
        if word.startswith("bare_"):
            return self.symbol(at, word[5:])[1]
        if word.startswith("from_"):
            return self.symbol(at, word[5:])[0].dotted
        return None

    def line(self, at, text, pairs):
        def word(match):
            found = self.special(at, match[1], pairs)
            return found if found is not None else at.use(self.symbol(at, match[1]))
        return WORD.sub(word, text)

    def lines(self, at, text):
        pairs, written = {}, []
        for line in text.strip("\n").split("\n"):
            bare = line.lstrip(" ")
            if bare == "$inner":
                written += [line[:-6] + more if more else more for more in self.inner(at)]
            elif line.startswith(("import ", "from ")) and "$" not in line:
                at.need(line)
            else:
                written.append(self.line(at, line, pairs))
        return written


def fits(shape, s):
    """A shape that asks for a URL is for services that have one."""
    return s in SPEAKS_HTTP or not any("$url" in part or "$path" in part for part in shape)


def write(w, m, s, shape, inner, layers=LAYERS):
    """The lines to put into `m`; `inner(module)` gives statements of that module that reach `s`."""
    filling = Filling(w, s, inner)
    modules = sorted((w.below(m, *layers) for _ in shape[:-1]), key=lambda at: at.rank)
    for at, part in zip(modules, shape):
        lines = filling.lines(at, part)
        if lines:
            at.add(*lines)
    return filling.lines(m, shape[-1])

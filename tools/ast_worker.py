"""ast-differ's worker: runs under the interpreter that is the oracle.  PROGRAM EVERY [PATH]...

Writes a syntax tree as docs/facts.md says a file's facts are dumped, and compares the lines.
"""

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import worker  # noqa: E402

VERSION = sys.version_info[:2]
LEVEL = 0 if VERSION < (3, 8) else 1 if VERSION < (3, 9) else 2 if VERSION < (3, 12) else 3
LONGEST = 1024  # bytes of a string that are kept
ELEMENTS = 4096  # of a literal collection
HEIGHT = 200  # of a chain

OPERATORS = {
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "In": "in", "NotIn": "not-in",
    "Is": "is", "IsNot": "is-not", "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/",
    "FloorDiv": "//", "Mod": "%", "Pow": "**", "LShift": "<<", "RShift": ">>", "BitAnd": "&", "BitOr": "|",
    "BitXor": "^", "UAdd": "+", "USub": "-", "Invert": "~",
}  # fmt: skip
NUMBER = re.compile(
    rb"0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?"
)


def name_of(node):
    return type(node).__name__


class Node:
    """An expression as we dump it."""

    __slots__ = ("kind", "place", "extra", "text", "children", "height")

    def __init__(self, kind, place, children=(), extra="", text=None):
        self.kind = kind
        self.place = place
        self.children = list(children)
        self.extra = extra
        self.text = text
        self.height = 1 + max([child.height for child in self.children] or [0])

    def is_blank(self):
        if self.kind == "unary":
            return self.children[0].is_blank()
        return self.kind == "number" or (self.kind == "other" and not self.children)


NOWHERE = (0, 0)


class Tree:
    """One file's tree, turned into the lines of a dump."""

    def __init__(self, text, tree):
        self.text = text
        self.lines = []
        self.line = 0
        self.starts = [0]
        for match in re.finditer(rb"\r\n|\r|\n", text):
            self.starts.append(match.end())
        self.bom = 3 if text.startswith(b"\xef\xbb\xbf") else 0
        encoding = tokenize.detect_encoding(io.BytesIO(text).readline)[0]
        self.encoding = None if encoding in ("utf-8", "utf-8-sig") else encoding
        self.in_field = 0
        self.block(tree.body, 0, True)

    # ---- places ----

    def offset(self, line, column):
        start = self.starts[line - 1] + (self.bom if line == 1 else 0)
        if self.encoding:  # columns are of the text recoded to UTF-8
            end = self.starts[line] if line < len(self.starts) else len(self.text)
            recoded = self.text[start:end].decode(self.encoding).encode("utf-8")
            column = len(recoded[:column].decode("utf-8").encode(self.encoding))
        return start + column

    def place(self, node):
        if LEVEL == 0 or (self.in_field and LEVEL < 3):
            return NOWHERE
        return self.offset(node.lineno, node.col_offset), node.lineno

    # ---- expressions ----

    def all(self, nodes):
        return [self.expr(node) for node in nodes]

    def string(self, place, value):
        extra = ""
        if isinstance(value, bytes):
            extra = " bytes"
        else:
            value = re.sub("[\ud800-\udfff]", "\ufffd", value)
            value = value.encode("utf-8")
        if len(value) > LONGEST:
            value = value[:LONGEST]
            if not extra:
                value = value.decode("utf-8", "ignore").encode("utf-8")
            extra += " cut"
        return Node("string", place, extra=extra, text=value)

    def number(self, node):
        text = b"?"
        if LEVEL == 3 or (LEVEL > 0 and not self.in_field):
            text = NUMBER.match(self.text, self.offset(node.lineno, node.col_offset)).group()
        return Node("number", self.place(node), text=text)

    def constant(self, node, value):
        place = self.place(node)
        if value is None or value is True or value is False:
            return Node(str(value), place)
        if value is Ellipsis:
            return Node("...", place)
        if isinstance(value, (str, bytes)):
            return self.string(place, value)
        return self.number(node)

    def collection(self, kind, node, children, per=1):
        kept = children[: ELEMENTS * per]
        return Node(kind, self.place(node), kept, " cut" if len(kept) < len(children) else "")

    def arguments(self, args, keywords):
        """In the order of the source, which the tree does not keep."""
        found = [(self.order(arg), self.expr(arg)) for arg in args]
        for keyword in keywords:
            place = self.place(keyword) if LEVEL >= 2 else NOWHERE
            value = self.expr(keyword.value)
            if keyword.arg is None:
                node = Node("double-star", place, [value])
            else:
                node = Node("keyword", place, [value], text=keyword.arg.encode("utf-8"))
            found.append((self.order(keyword.value), node))
        return [node for _, node in sorted(found, key=lambda pair: pair[0])]

    @staticmethod
    def order(node):
        return node.lineno, node.col_offset

    def chain(self, kind, node, left, others, extra="", text=None):
        """A node that may be the next link of a chain; a chain too tall goes on flat."""
        place = self.place(node)
        if left.kind == "other" and left.extra == "flat":
            return Node("other", NOWHERE, left.children + others, "flat")
        if left.height >= HEIGHT:
            return Node("other", NOWHERE, [left] + others, "flat")
        return Node(kind, place, [left] + others, extra, text)

    def comprehension(self, kind, node, elements):
        parts = list(elements)
        for clause in node.generators:
            parts.append(Node("for-in", NOWHERE, [self.expr(clause.target), self.expr(clause.iter)]))
            parts += self.all(clause.ifs)
        place = NOWHERE if kind == "other" else self.place(node)
        return Node("comprehension", place, parts, " " + kind)

    def field(self, node):
        value = self.expr(node.value)
        spec = []
        if node.format_spec is not None:
            spec = [self.field(part) for part in node.format_spec.values if name_of(part) == "FormattedValue"]
        return Node("other", NOWHERE, [value] + spec) if spec else value

    def fstring(self, node):
        place = self.place(node)
        self.in_field += 1
        parts = []
        text = ""
        for part in node.values:
            if name_of(part) in ("FormattedValue", "Interpolation"):
                if text:
                    parts.append(self.string(NOWHERE, text))
                text = ""
                value = self.field(part)
                if value.kind == "string":
                    value.place = NOWHERE  # it cannot be told from a literal piece
                parts.append(value)
            else:
                text += part.s if name_of(part) == "Str" else part.value
        if text:
            parts.append(self.string(NOWHERE, text))
        self.in_field -= 1
        return Node("fstring", place, parts)

    def index(self, node):
        kind = name_of(node)
        if kind == "Index":
            return self.expr(node.value)
        if kind == "ExtSlice":
            return Node("tuple", ("?", "?") if LEVEL else NOWHERE, [self.index(dim) for dim in node.dims])
        if kind == "Slice":
            parts = [part for part in (node.lower, node.upper, node.step) if part is not None]
            return Node("other", NOWHERE, self.all(parts))
        return self.expr(node)

    def expr(self, node):
        kind = name_of(node)
        method = getattr(self, "expr_" + kind, None)
        if method:
            return method(node)
        raise NotImplementedError(kind)

    def expr_Constant(self, node):
        return self.constant(node, node.value)

    expr_NameConstant = expr_Constant

    def expr_Num(self, node):
        return self.number(node)

    def expr_Str(self, node):
        return self.string(self.place(node), node.s)

    expr_Bytes = expr_Str

    def expr_Ellipsis(self, node):
        return Node("...", self.place(node))

    def expr_JoinedStr(self, node):
        return self.fstring(node)

    expr_TemplateStr = expr_JoinedStr

    def expr_Name(self, node):
        return Node("name", self.place(node), text=node.id.encode("utf-8"))

    def expr_Attribute(self, node):
        return self.chain("attribute", node, self.expr(node.value), [], text=node.attr.encode("utf-8"))

    def expr_Call(self, node):
        return self.chain("call", node, self.expr(node.func), self.arguments(node.args, node.keywords))

    def expr_Subscript(self, node):
        return self.chain("index", node, self.expr(node.value), [self.index(node.slice)])

    def expr_Slice(self, node):
        return self.index(node)

    def expr_Tuple(self, node):
        return self.collection("tuple", node, self.all(node.elts))

    def expr_List(self, node):
        return self.collection("list", node, self.all(node.elts))

    def expr_Set(self, node):
        return self.collection("set", node, self.all(node.elts))

    def expr_Dict(self, node):
        children = []
        pairs = list(zip(node.keys, node.values))
        for key, value in pairs[:ELEMENTS]:
            if key is None:
                place = NOWHERE
                children.append(Node("double-star", place, [self.expr(value)]))
            else:
                children += [self.expr(key), self.expr(value)]
        return Node("dict", self.place(node), children, " cut" if len(pairs) > ELEMENTS else "")

    def expr_Starred(self, node):
        return Node("star", self.place(node), [self.expr(node.value)])

    def expr_BoolOp(self, node):
        return Node(name_of(node.op).lower(), self.place(node), self.all(node.values))

    def expr_Compare(self, node):
        return Node(
            "compare", self.place(node), self.all([node.left] + node.comparators), " " + OPERATORS[name_of(node.ops[0])]
        )

    def expr_BinOp(self, node):
        left, right = self.expr(node.left), self.expr(node.right)
        if left.is_blank() and right.is_blank():
            return Node("other", NOWHERE)
        return self.chain("binary", node, left, [right], " " + OPERATORS[name_of(node.op)])

    def expr_UnaryOp(self, node):
        child = self.expr(node.operand)
        if name_of(node.op) == "Not":
            return Node("not", self.place(node), [child])
        return Node("unary", self.place(node), [child], " " + OPERATORS[name_of(node.op)])

    def expr_IfExp(self, node):
        return Node("if", self.place(node), self.all([node.body, node.test, node.orelse]))

    def expr_Lambda(self, node):
        defaults = [default for default in node.args.defaults + node.args.kw_defaults if default is not None]
        return Node("lambda", self.place(node), self.all([node.body] + defaults))

    def expr_Await(self, node):
        return Node("await", self.place(node), [self.expr(node.value)])

    def expr_Yield(self, node):
        return Node("yield", self.place(node), self.all([node.value] if node.value else []))

    def expr_YieldFrom(self, node):
        return Node("yield", self.place(node), [self.expr(node.value)], " from")

    def expr_NamedExpr(self, node):
        return Node("assign", self.place(node), self.all([node.target, node.value]))

    def expr_ListComp(self, node):
        return self.comprehension("list", node, [self.expr(node.elt)])

    def expr_SetComp(self, node):
        return self.comprehension("set", node, [self.expr(node.elt)])

    def expr_GeneratorExp(self, node):
        return self.comprehension("other", node, [self.expr(node.elt)])

    def expr_DictComp(self, node):
        return self.comprehension("dict", node, self.all([node.key, node.value]))

    # ---- patterns ----

    @staticmethod
    def unplaced(node):
        node.place = NOWHERE
        for child in node.children:
            Tree.unplaced(child)
        return node

    def binding(self, name):
        return Node("name", NOWHERE, text=(name or "_").encode("utf-8"))

    def pattern(self, node):
        kind = name_of(node)
        if kind == "MatchValue":
            return self.expr(node.value)
        if kind == "MatchSingleton":
            return Node(str(node.value), NOWHERE)
        if kind == "MatchSequence":
            bracket = self.text[self.offset(node.lineno, node.col_offset)]
            return Node("list" if bracket == ord("[") else "tuple", NOWHERE, map(self.pattern, node.patterns))
        if kind == "MatchMapping":
            children = []
            for key, value in zip(node.keys, node.patterns):
                children += [self.expr(key), self.pattern(value)]
            if node.rest:
                children.append(Node("double-star", NOWHERE, [self.binding(node.rest)]))
            return Node("dict", NOWHERE, children)
        if kind == "MatchClass":
            children = [self.expr(node.cls)] + [self.pattern(pattern) for pattern in node.patterns]
            for name, value in zip(node.kwd_attrs, node.kwd_patterns):
                children.append(Node("keyword", NOWHERE, [self.pattern(value)], text=name.encode("utf-8")))
            return Node("call", NOWHERE, children)
        if kind == "MatchStar":
            return Node("star", NOWHERE, [self.binding(node.name)])
        if kind == "MatchAs":
            if node.pattern is None:
                return self.binding(node.name)
            return Node("as", NOWHERE, [self.pattern(node.pattern), self.binding(node.name)])
        left = self.pattern(node.patterns[0])  # MatchOr
        for other in node.patterns[1:]:
            right = self.pattern(other)
            if left.is_blank() and right.is_blank():
                left = Node("other", NOWHERE)
            else:
                left = Node("binary", NOWHERE, [left, right], " |")
        return left

    # ---- writing ----

    def write(self, node):
        at, line = node.place
        out = [b"(%s@%s" % (node.kind.encode(), str(at).encode())]
        if line != self.line:
            out.append(b":%s" % str(line).encode())
        self.line = line
        if node.extra != "flat":
            out.append(node.extra.encode())
        if node.kind == "string":
            out.append(b' "' + self.quoted(node.text) + b'"')
        elif node.text is not None:
            out.append(b" " + node.text)
        for child in node.children:
            out.append(b" ")
            out.append(self.write(child))
        out.append(b")")
        return b"".join(out)

    @staticmethod
    def quoted(text):
        text = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        return re.sub(rb"[\x00-\x1f\x7f]", lambda match: b"\\x%02x" % ord(match.group()), text)

    def labelled(self, label, nodes):
        if not nodes:
            return b""
        return b" " + label + b":" + b"".join(b" " + self.write(node) for node in nodes)

    def emit(self, depth, place, word, nodes=(), before=b""):
        at, line = place
        self.line = line
        tail = b"".join(b" " + self.write(node) for node in nodes)
        head = b"%s%d:%d-0 " % (b"  " * depth, line, at)
        self.lines.append(head + word + before + tail)

    # ---- statements ----

    def block(self, statements, depth, may_document=False):
        for number, node in enumerate(statements):
            if may_document and number == 0 and self.is_docstring(node):
                self.emit(depth, self.place(node), b"expr docstring")
            else:
                getattr(self, "stmt_" + name_of(node))(node, depth)

    @staticmethod
    def is_docstring(node):
        if name_of(node) != "Expr":
            return False
        value = node.value
        return name_of(value) == "Str" or (name_of(value) == "Constant" and isinstance(value.value, str))

    def simple(word):
        def write(self, node, depth):
            self.emit(depth, self.place(node), word)

        return write

    stmt_Pass = simple(b"pass")
    stmt_Break = simple(b"break")
    stmt_Continue = simple(b"continue")

    def stmt_Expr(self, node, depth):
        self.emit(depth, self.place(node), b"expr", [self.expr(node.value)])

    def stmt_Assign(self, node, depth):
        self.emit(depth, self.place(node), b"assign", self.all(node.targets + [node.value]))

    def stmt_AugAssign(self, node, depth):
        word = b"augment " + OPERATORS[name_of(node.op)].encode()
        self.emit(depth, self.place(node), word, self.all([node.target, node.value]))

    def stmt_AnnAssign(self, node, depth):
        parts = [node.target, node.annotation] + ([node.value] if node.value is not None else [])
        self.emit(depth, self.place(node), b"annotate", self.all(parts))

    def stmt_Return(self, node, depth):
        self.emit(depth, self.place(node), b"return", self.all([node.value] if node.value else []))

    def stmt_Raise(self, node, depth):
        self.emit(depth, self.place(node), b"raise", self.all([part for part in (node.exc, node.cause) if part]))

    def stmt_Assert(self, node, depth):
        self.emit(depth, self.place(node), b"assert", self.all([part for part in (node.test, node.msg) if part]))

    def stmt_Delete(self, node, depth):
        self.emit(depth, self.place(node), b"delete", self.all(node.targets))

    def stmt_Global(self, node, depth):
        self.emit(depth, self.place(node), b"global", [self.binding(name) for name in node.names])

    stmt_Nonlocal = stmt_Global

    def stmt_TypeAlias(self, node, depth):
        self.emit(depth, self.place(node), b"type", self.all([node.name, node.value]))

    def imported(self, level, module, name, bound, has_alias):
        out = b' [%d "%s"' % (level, module.encode("utf-8"))
        if name:
            out += b" " + name.encode("utf-8")
        if bound:
            out += (b" as " if has_alias else b" binds ") + bound.encode("utf-8")
        return out + b"]"

    def stmt_Import(self, node, depth):
        out = b""
        for alias in node.names:
            out += self.imported(0, alias.name, "", alias.asname or alias.name.split(".")[0], alias.asname is not None)
        self.emit(depth, self.place(node), b"import", before=out)

    def stmt_ImportFrom(self, node, depth):
        out = b""
        for alias in node.names:
            bound = "" if alias.name == "*" else alias.asname or alias.name
            out += self.imported(node.level, node.module or "", alias.name, bound, alias.asname is not None)
        self.emit(depth, self.place(node), b"from", before=out)

    def clause(self, word, body, depth):
        if body:
            self.emit(depth, NOWHERE, word)
            self.block(body, depth + 1)

    def stmt_If(self, node, depth, word=b"if"):
        self.emit(depth, self.place(node), word, [self.expr(node.test)])
        self.block(node.body, depth + 1)
        orelse = node.orelse
        if len(orelse) == 1 and name_of(orelse[0]) == "If" and self.is_elif(node, orelse[0]):
            self.stmt_If(orelse[0], depth, b"elif")
        else:
            self.clause(b"else", orelse, depth)

    def is_elif(self, node, inner):
        if LEVEL > 0:
            return self.text.startswith(b"elif", self.offset(inner.lineno, inner.col_offset))
        # There the place is that of the condition: what stands before it tells.
        before = self.text[: self.offset(inner.test.lineno, inner.test.col_offset)]
        return re.search(rb"elif[^\w]*$", before) is not None or inner.col_offset == node.col_offset

    def stmt_For(self, node, depth, word=b"for"):
        self.emit(depth, self.place(node), word, self.all([node.target, node.iter]))
        self.block(node.body, depth + 1)
        self.clause(b"else", node.orelse, depth)

    def stmt_AsyncFor(self, node, depth):
        self.stmt_For(node, depth, b"async for")

    def stmt_While(self, node, depth):
        self.emit(depth, self.place(node), b"while", [self.expr(node.test)])
        self.block(node.body, depth + 1)
        self.clause(b"else", node.orelse, depth)

    def stmt_With(self, node, depth, word=b"with"):
        items = []
        for item in node.items:
            value = self.expr(item.context_expr)
            if item.optional_vars is not None:
                target = self.expr(item.optional_vars)
                if target.kind == "name":
                    target.place = NOWHERE
                value = Node("as", NOWHERE, [value, target])
            items.append(value)
        if VERSION < (3, 9) and len(items) == 1 and items[0].kind == "tuple" and items[0].children:
            items = items[0].children
        self.emit(depth, self.place(node), word, items)
        self.block(node.body, depth + 1)

    def stmt_AsyncWith(self, node, depth):
        self.stmt_With(node, depth, b"async with")

    def stmt_Try(self, node, depth, word=b"except"):
        self.emit(depth, self.place(node), b"try")
        self.block(node.body, depth + 1)
        for handler in node.handlers:
            parts = [self.expr(handler.type)] if handler.type is not None else []
            if handler.name:
                parts = [Node("as", NOWHERE, parts + [self.binding(handler.name)])]
            self.emit(depth, self.place(handler), word, parts)
            self.block(handler.body, depth + 1)
        self.clause(b"else", node.orelse, depth)
        self.clause(b"finally", node.finalbody, depth)

    def stmt_TryStar(self, node, depth):
        self.stmt_Try(node, depth, b"except star")

    def stmt_Match(self, node, depth):
        self.emit(depth, self.place(node), b"match", [self.expr(node.subject)])
        for case in node.cases:
            parts = [self.unplaced(self.pattern(case.pattern))]
            if case.guard is not None:
                parts.append(self.expr(case.guard))
            self.emit(depth + 1, NOWHERE, b"case", parts)
            self.block(case.body, depth + 2)

    def parameter(self, kind, arg, default):
        self_written = b" [" + kind + b" " + arg.arg.encode("utf-8")
        if arg.annotation is not None:
            self_written += self.labelled(b"annotation", [self.expr(arg.annotation)])
        if default is not None:
            self_written += self.labelled(b"default", [self.expr(default)])
        return self_written + b"]"

    def parameters(self, args):
        out = b""
        positional = list(getattr(args, "posonlyargs", []))
        n_only = len(positional)
        positional += args.args
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        for number, (arg, default) in enumerate(zip(positional, defaults)):
            out += self.parameter(b"positional-only" if number < n_only else b"normal", arg, default)
        if args.vararg:
            out += self.parameter(b"rest", args.vararg, None)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults):
            out += self.parameter(b"keyword-only", arg, default)
        if args.kwarg:
            out += self.parameter(b"keywords", args.kwarg, None)
        return out

    def is_generator(self, node):
        todo = list(node.body)
        while todo:
            inner = todo.pop()
            kind = name_of(inner)
            if kind in ("Yield", "YieldFrom"):
                return True
            if kind in ("FunctionDef", "AsyncFunctionDef"):
                todo += inner.decorator_list + inner.args.defaults + [d for d in inner.args.kw_defaults if d]
            elif kind == "ClassDef":
                todo += inner.decorator_list + inner.bases + [keyword.value for keyword in inner.keywords]
            elif kind == "Lambda":
                todo += inner.args.defaults + [d for d in inner.args.kw_defaults if d]
            elif kind == "AnnAssign":
                todo += [part for part in (inner.target, inner.value) if part is not None]
            else:
                todo += ast.iter_child_nodes(inner)
        return False

    def definition(self, node, depth, word, head, tail):
        at, line = self.place(node)
        self.line = line
        end = node.end_lineno if LEVEL else 0
        out = b" " + node.name.encode("utf-8") + b" to:%d" % end + head
        out += self.labelled(b"decorators", self.all(node.decorator_list))
        out += tail()
        self.lines.append(b"%s%d:%d-0 " % (b"  " * depth, line, at) + word + out)
        self.block(node.body, depth + 1, True)

    def stmt_FunctionDef(self, node, depth, is_async=False):
        head = (b" async" if is_async else b"") + (b" generator" if self.is_generator(node) else b"")
        word = b"async function" if is_async else b"function"
        self.definition(node, depth, word, head, lambda: self.parameters(node.args))

    def stmt_AsyncFunctionDef(self, node, depth):
        self.stmt_FunctionDef(node, depth, True)

    def stmt_ClassDef(self, node, depth):
        self.definition(
            node, depth, b"class", b"", lambda: self.labelled(b"bases", self.arguments(node.bases, node.keywords))
        )


class Program:
    """python_facts, asked for one file after the other."""

    def __init__(self, path):
        self.process = subprocess.Popen([path, str(LEVEL)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def dump(self, path):
        self.process.stdin.write(os.fsencode(path) + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.read(int(self.process.stdout.readline())).split(b"\n")[1:-1]


def normal(line):
    return unicodedata.normalize("NFKC", line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def same(ours, theirs, is_recoded):
    if ours == theirs:
        return True
    if any(byte > 127 for byte in ours):  # identifiers, which Python writes in normal form
        ours, theirs = normal(ours), normal(theirs)
    if is_recoded:  # our strings are the file's own bytes
        return loosely(ours) == loosely(theirs)
    if LEVEL == 0:
        ours = re.sub(rb"\(number(@0(:0)?) [^() ]+\)", rb"(number\1 ?)", ours)
    if b"\\\\N{" in ours or b"\xef\xbf\xbd" in theirs:  # a named character, left as written; a lone surrogate
        return loosely(ours) == loosely(theirs)
    if b" ?)" in theirs:  # numbers in f-strings, whose text cannot be found
        ours = re.sub(rb"\(number@0(:0)? [^() ]+\)", rb"(number@0\1 ?)", ours)
    if VERSION < (3, 9):  # the place of several slices in one subscript is not known
        return re.sub(rb"\(tuple@\d+(:\d+)?", b"(tuple@?:?", ours) == re.sub(rb"\(tuple@[\d?]+(:[\d?]+)?", b"(tuple@?:?", theirs)
    return ours == theirs


def loosely(line):
    """Without what cannot be compared: places, the text of numbers and of strings."""
    line = re.sub(rb"@[\d?]+(:[\d?]+)?", b"", line)
    line = re.sub(rb"\(number [^() ]+\)", b"(number)", line)
    return re.sub(rb'\(string( bytes)?( cut)? "(?:[^"\\]|\\.)*"\)', b"(string)", line)


def compare(tally, path, ours, tree):
    theirs = tree.lines
    faults = [line for line in ours if line.startswith(b"fault ")]
    ours = [line for line in ours if not line.startswith((b"fault ", b"remark "))]
    for number, (our, their) in enumerate(zip(ours, theirs)):
        if not same(our, their, tree.encoding is not None):
            show = next((i for i, (a, b) in enumerate(zip(our, their)) if a != b), 0)
            show = max(0, show - 80)
            tally.differs(path, "ours %s\n\ttheirs %s" % (our[show : show + 240], their[show : show + 240]))
            return
    if len(ours) != len(theirs):
        longer = ours if len(ours) > len(theirs) else theirs
        tally.differs(path, "%d lines, not %d: %s" % (len(ours), len(theirs), longer[min(len(ours), len(theirs))][:200]))
    elif faults:
        tally.differs(path, "equal, but we see faults: %s" % faults[:3])


def main():
    sys.setrecursionlimit(100000)
    program = Program(sys.argv[1])
    every = int(sys.argv[2])
    tally = worker.Tally("statements")
    for path in worker.python_files(sys.argv[3:] or worker.library())[::every]:
        with open(path, "rb") as file:
            text = file.read()
        if not worker.accepted(text, path):
            tally.refused += 1
            continue
        tree = Tree(text, ast.parse(text))
        tally.files += 1
        tally.bytes += len(text)
        tally.things += len(tree.lines)
        compare(tally, path, program.dump(path), tree)
    sys.exit(tally.report())


if __name__ == "__main__":
    main()

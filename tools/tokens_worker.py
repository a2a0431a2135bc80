"""tokens-differ's worker: runs under the interpreter that is the oracle.  PROGRAM EVERY [PATH]..."""

import array
import io
import os
import re
import struct
import subprocess
import sys
import tokenize

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import worker  # noqa: E402

NAME, NUMBER, STRING, OPERATOR, NEWLINE, INDENT, DEDENT = range(1, 8)
LABELS = [None, "name", "number", "string", "operator", "newline", "indent", "dedent"]
KINDS = {
    tokenize.NAME: NAME,
    tokenize.NUMBER: NUMBER,
    tokenize.STRING: STRING,
    tokenize.OP: OPERATOR,
    tokenize.NEWLINE: NEWLINE,
    tokenize.INDENT: INDENT,
    tokenize.DEDENT: DEDENT,
}
for word in ("ASYNC", "AWAIT"):  # kinds of their own in 3.6
    if hasattr(tokenize, word):
        KINDS[getattr(tokenize, word)] = NAME
OPENS = {getattr(tokenize, name) for name in ("FSTRING_START", "TSTRING_START") if hasattr(tokenize, name)}
CLOSES = {getattr(tokenize, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(tokenize, name)}


class Offsets:
    """Byte offsets of (row, column) places."""

    def __init__(self, text):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text).readline)
        self.encoding = encoding
        self.bom = 3 if encoding == "utf-8-sig" else 0
        if self.bom:
            self.encoding = "utf-8"
        self.lines = text.split(b"\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.is_ascii = [None] * len(self.lines)

    def of(self, place):
        row, column = place
        row -= 1
        if row >= len(self.lines):
            return self.starts[-1] - 1
        skipped = self.bom if row == 0 else 0
        line = self.lines[row][skipped:]
        if self.is_ascii[row] is None:
            self.is_ascii[row] = all(byte < 128 for byte in line)
        if not self.is_ascii[row]:
            column = len(line.decode(self.encoding)[:column].encode(self.encoding))
        return self.starts[row] + skipped + column


def fold(tokens):
    """(kind, start, end) of the tokens that matter, the pieces of an f-string made one."""
    depth = 0
    for token in tokens:
        if token.type in OPENS:
            if depth == 0:
                start = token.start
            depth += 1
        elif token.type in CLOSES:
            depth -= 1
            if depth == 0:
                yield STRING, start, token.end
        elif depth == 0 and token.type in KINDS:
            yield KINDS[token.type], token.start, token.end


def expected(text):
    offsets = Offsets(text)
    numbers = array.array("I")
    tokens = list(tokenize.tokenize(io.BytesIO(text).readline))
    if any(token.type == tokenize.ERRORTOKEN for token in tokens):
        return None
    for kind, start, end in fold(tokens):
        if kind in (INDENT, DEDENT):
            numbers.extend((kind, 0, 0))
        elif kind == NEWLINE:
            # Behind a last comment without a line end, versions place it differently.
            at = min(offsets.of(start), len(text))
            numbers.extend((kind, at, at))
        else:
            numbers.extend((kind, offsets.of(start), offsets.of(end)))
    return numbers


class Program:
    """python_tokens, asked for one file after the other."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tokens(self, path):
        self.process.stdin.write(os.fsencode(path) + b"\n")
        self.process.stdin.flush()
        n, faults = struct.unpack("=II", self.process.stdout.read(8))
        numbers = array.array("I")
        if n != 0xFFFFFFFF:
            numbers.frombytes(self.process.stdout.read(12 * n))
        return numbers, faults


def first_difference(text, ours, theirs):
    at = 0
    while at < min(len(ours), len(theirs)) and ours[at : at + 3] == theirs[at : at + 3]:
        at += 3

    def show(numbers):
        if at >= len(numbers):
            return "nothing"
        kind, start, end = numbers[at : at + 3]
        line = text.count(b"\n", 0, start) + 1
        return "%s %d-%d (line %d) %r" % (LABELS[kind], start, end, line, text[start:end][:60])

    return "token %d: ours %s, theirs %s" % (at // 3, show(ours), show(theirs))


def mend(text, ours, theirs):
    """3.12 misplaces the end of a string over several lines with characters beyond ASCII."""
    for at in range(0, len(theirs), 3):
        start, end = theirs[at + 1], theirs[at + 2]
        if theirs[at] == STRING and end != ours[at + 2] and not text[start:end].isascii() and b"\n" in text[start:end]:
            theirs[at + 2] = ours[at + 2]


def same(text, ours, theirs):
    if ours == theirs:
        return True
    if sys.version_info[:2] == (3, 12) and len(ours) == len(theirs):
        mend(text, ours, theirs)
        if ours == theirs:
            return True
    # The last NEWLINE of a text without one at its end.
    if len(ours) == len(theirs) and not text.endswith((b"\n", b"\r")):
        for at in range(len(ours) - 3, -1, -3):
            if ours[at] == NEWLINE == theirs[at]:
                return ours[:at] == theirs[:at] and ours[at + 3 :] == theirs[at + 3 :]
            if ours[at] != DEDENT:
                break
    return False


def main():
    program = Program(sys.argv[1])
    every = int(sys.argv[2])
    tally = worker.Tally("tokens")
    for path in worker.python_files(sys.argv[3:] or worker.library())[::every]:
        with open(path, "rb") as file:
            text = file.read()
        if not worker.accepted(text, path):
            tally.refused += 1
            continue
        ours, faults = program.tokens(path)
        try:
            theirs = expected(text)
        except (tokenize.TokenError, SyntaxError, IndentationError) as error:
            tally.differs(path, "compiles but does not tokenize: %s" % error)
            continue
        if theirs is None:
            tally.notes.append("%s: tokenize knows no better than ERRORTOKEN for something in it" % path)
            continue
        tally.files += 1
        tally.bytes += len(text)
        tally.things += len(theirs) // 3
        if not same(text, ours, theirs):
            tally.differs(path, first_difference(text, ours, theirs))
        elif faults:
            tally.differs(path, "the tokens agree, but we see %d faults" % faults)
    sys.exit(tally.report())


if __name__ == "__main__":
    main()

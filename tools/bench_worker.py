"""One yardstick of tools/bench in a process of its own: bench_worker.py ast|tokenize|tree-sitter <PATHS

Prints the bytes of the files that were read and the processor seconds spent on them, reading left out.  A file that the
yardstick refuses counts with the time until then."""

import ast
import io
import sys
import time
import tokenize
import warnings


def every_token(data):
    for _ in tokenize.tokenize(io.BytesIO(data).readline):
        pass


def tree_sitter():
    import tree_sitter
    import tree_sitter_python

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    return parser.parse


def main():
    warnings.simplefilter("ignore")
    parse = {"ast": lambda: ast.parse, "tokenize": lambda: every_token, "tree-sitter": tree_sitter}[sys.argv[1]]()
    size, seconds = 0, 0.0
    for path in sys.stdin.read().splitlines():
        with open(path, "rb") as file:
            data = file.read()
        start = time.process_time()
        try:
            parse(data)
        except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
            pass
        seconds += time.process_time() - start
        size += len(data)
    print(size, seconds)


main()

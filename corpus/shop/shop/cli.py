"""`python -m shop.cli`: what an operator types."""

import argparse

from shop import migrations
from shop.models import ENGINES


def build_parser():
    parser = argparse.ArgumentParser(prog="shop", description="Operate the shop.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the schema up to date")
    reindex = commands.add_parser("reindex", help="fill a search index")
    reindex.add_argument("--engine", choices=ENGINES, default="elasticsearch")
    reindex.add_argument("--batch", type=int, default=500)
    return parser


def main(argv=None):
    args = build_parser().parse_args(argv)
    if args.command == "migrate":
        migrations.main()
        return 0
    raise SystemExit("reindex runs in the worker; see docs/operations")


if __name__ == "__main__":
    raise SystemExit(main())

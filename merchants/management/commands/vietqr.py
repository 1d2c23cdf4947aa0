"""`manage.py vietqr encode|decode|batch`: VietQR for other programs. Contract: DESIGN §3."""

import json
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, gettext_noop

from merchants.vietqr.json_lines import Answer, answer_decode, answer_encode, answer_lines


class BadArguments(CommandError):
    """Arguments that cannot be read; told as JSON like every other refusal."""


def _refuse_arguments(message: str) -> NoReturn:
    raise BadArguments(message)


class OperationParser(CommandParser):
    """A parser for one operation that raises instead of printing usage to people."""

    def error(self, message: str) -> NoReturn:
        """Raise BadArguments."""
        _refuse_arguments(message)


class Command(BaseCommand):
    """Encodes and decodes VietQR payloads; prints nothing but the answer, exit code 1 on a refusal.

    `encode` folds the memo (marks off) but refuses one that is then longer than 25 characters.
    `batch` reads JSON lines and answers each on one line; it always ends with exit code 0.
    """

    help = "Encode, decode and check VietQR payloads."
    requires_system_checks = ()
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Make a parser that raises where Django's prints usage."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        vars(parser)["error"] = _refuse_arguments
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three operations."""
        operations = parser.add_subparsers(dest="operation", required=True, parser_class=OperationParser)
        encoding = operations.add_parser("encode", help="print the payload for a transfer")
        encoding.add_argument("--bin")
        encoding.add_argument("--account")
        encoding.add_argument("--amount")
        encoding.add_argument("--memo")
        encoding.add_argument("--card", action="store_true")
        decoding = operations.add_parser("decode", help="print what a payload says, as JSON")
        decoding.add_argument("payload")
        operations.add_parser("batch", help="answer JSON lines from standard input")

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as Django does, but answer unreadable arguments in JSON."""
        try:
            super().run_from_argv(_protected(argv))
        except BadArguments:
            self._print({"error": "bad_arguments", "message": gettext(BAD_ARGUMENTS)})
            sys.exit(1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer on standard output."""
        operation = options["operation"]
        if operation == "batch":
            for answer in answer_lines(sys.stdin.buffer, translate=gettext):
                self._print(answer)
            return
        if operation == "encode":
            answer = answer_encode(
                bin=options["bin"],
                account=options["account"],
                amount=options["amount"],
                memo=options["memo"],
                card=options["card"],
                translate=gettext,
            )
            if "payload" in answer:
                self.stdout.write(str(answer["payload"]))
                return
        else:
            answer = answer_decode(options["payload"], translate=gettext)
        self._print(answer)
        if "error" in answer:
            sys.exit(1)

    def _print(self, answer: Answer) -> None:
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        is_unicode = encoding.lower().replace("-", "") == "utf8"
        self.stdout.write(json.dumps(answer, ensure_ascii=not is_unicode))
        self.stdout.flush()


BAD_ARGUMENTS = gettext_noop("The arguments cannot be read; see manage.py vietqr --help.")


def _protected(argv: list[str]) -> list[str]:
    """Keep a scanned text that begins with a dash from being taken for an option."""
    if argv[2:3] == ["decode"] and len(argv) == 4 and argv[3] not in ("-h", "--help"):
        return [*argv[:3], "--", argv[3]]
    return argv

"""`seed_network`: a network of a given size, made up for load tests."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.actions.seeding import seed_tokens
from community.errors import Conflict
from threads.actions.seeding import seed_network


class Command(BaseCommand):
    """Adds nothing twice. Refuses a site that has members of its own."""

    help = "Make up a network of this size for load tests. Not for a site that people use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, and where the tokens go."""
        parser.add_argument("--members", type=int, default=18_000, help="how many members (%(default)s)")
        parser.add_argument("--centers", type=int, default=2_200, help="how many support centers (%(default)s)")
        parser.add_argument("--threads", type=int, default=0, help="how many threads that all see (%(default)s)")
        parser.add_argument(
            "--tokens", type=Path, metavar="FILE", help="write `handle token` lines; tokens of an earlier run end"
        )
        parser.add_argument("--force", action="store_true", help="even where members are that this did not make")

    def handle(
        self, *, members: int, centers: int, threads: int, tokens: Path | None, force: bool, **options: Any
    ) -> None:
        """Make what is missing, say how much, and write the tokens into a file that only its owner can read."""
        if members < 1 or centers < 1 or threads < 0:
            raise CommandError(_("--members and --centers take 1 or more, --threads 0 or more."))
        began = time.monotonic()
        try:
            people, opened = seed_network(members=members, centers=centers, threads=threads, force=force)
        except Conflict as error:
            raise CommandError(error.detail) from error
        if tokens is not None:
            self._write(tokens, members)
        took = time.monotonic() - began
        self.stdout.write(f"{people} new members and {opened} new threads in {took:.1f} s.")

    def _write(self, path: Path, members: int) -> None:
        """The file is opened first: without it nobody would know the new tokens, and the old ones would be gone."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise CommandError(_("Cannot write %(path)s: %(why)s.") % {"path": path, "why": error.strerror}) from error
        os.fchmod(descriptor, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{handle} {token}\n" for handle, token in seed_tokens(members=members).items())

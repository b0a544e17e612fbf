"""`manage.py prepare`: what `bin/serve` does before it serves: migrate, offer the demo, say who can sign in."""

import shlex
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from realtime.management.supervisor import listening_socket, refusal


class Command(BaseCommand):
    """Leaves a database that is there as it is, but for migrations and a demo that was asked for."""

    help = "Migrate the database and put the demo content into a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port to check before anything is written, and whether the demo is wanted."""
        parser.add_argument("--port", type=int, default=8000, help="the port about to be served on (%(default)s)")
        content = parser.add_mutually_exclusive_group()
        content.add_argument("--demo", action="store_true", help="put the demo content in, if it is not there")
        content.add_argument("--empty", action="store_true", help="leave a new database empty")

    def handle(self, *, port: int, demo: bool, empty: bool, **options: Any) -> None:
        """Refuses a port in use before it touches the database."""
        try:
            listening_socket("127.0.0.1", port).close()
        except OSError as error:
            raise CommandError(refusal("127.0.0.1", port, error)) from error
        executor = MigrationExecutor(connection)
        new = not executor.loader.applied_migrations
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._tell("Making the database ..." if new else "Migrating the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        if demo or (new and not empty and self._demo_wanted()):
            call_command("load_demo")
        elif new:
            self._tell(first_account())
        call_command("load_demo", show=True)

    def _demo_wanted(self) -> bool:
        if not sys.stdin.isatty():
            return True
        answer = input("Put demo content into the new database, to look around in? [Y/n] ")
        return answer.strip().lower() not in {"n", "no"}

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def first_account() -> str:
    """How to get into an empty site, whose data may be elsewhere than `bin/manage` looks."""
    elsewhere = (
        "" if settings.DATA_DIR == settings.BASE_DIR / "var" else f"DATA_DIR={shlex.quote(str(settings.DATA_DIR))} "
    )
    return f"The site is empty. Make the first account with: {elsewhere}bin/manage createsuperuser"

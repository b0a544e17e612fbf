"""`manage.py load_demo`: the demo content, and who can sign in to it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.errors import Conflict
from threads.importers.demo.loader import PASSWORD, load, sign_ins


class Command(BaseCommand):
    """Loads the demo into an empty database; a second time it changes nothing."""

    help = "Load the demo content into an empty database, or show who can sign in to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to load, or only to show."""
        parser.add_argument("--show", action="store_true", help="only print the demo's sign-ins, if it is loaded")

    def handle(self, *, show: bool, **options: Any) -> None:
        """Refuses a database that has members of its own."""
        if show:
            self._show()
            return
        try:
            loaded = load()
        except Conflict as error:
            raise CommandError(error.detail) from error
        if loaded is None:
            self.stdout.write("The demo content is there already; nothing was changed.")
            return
        self.stdout.write(
            f"Loaded the demo: {loaded.members} members of {loaded.organizations} organizations, "
            f"{loaded.threads} threads with {loaded.posts} posts, {loaded.practices} practices."
        )

    def _show(self) -> None:
        people = sign_ins()
        if not people:
            return
        width = max(len(person.email) for person in people)
        self.stdout.write(f"Sign in to the demo with the password {PASSWORD} as")
        for person in people:
            self.stdout.write(f"  {person.email:<{width}}  {person.handle}, who {person.what}")

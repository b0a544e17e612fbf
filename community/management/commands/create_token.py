"""`create_token HANDLE`: a token for the API, alone on its line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.actions.tokens import create_token
from community.errors import Refused
from community.queries.members import member_with_handle
from community.rendering.refusals import words_of


class Command(BaseCommand):
    """Makes a token for a member. It is shown this once; only a digest is kept."""

    help = "Make an API token for a member and print it, alone on its line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The member, and what the token is for."""
        parser.add_argument("handle", help="the member's handle, as in @handle")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token. Raises CommandError for an unknown handle, and for members whose access has ended."""
        handle = options["handle"].removeprefix("@").lower()
        member = member_with_handle(handle)
        if member is None:
            raise CommandError(_("There is no member with the handle “%(handle)s”.") % {"handle": handle})
        try:
            token = create_token(by=member, member=member, name=options["name"][:80])
        except Refused as refused:
            raise CommandError(words_of(refused)) from refused
        self.stdout.write(token)

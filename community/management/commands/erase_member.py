"""`manage.py erase_member HANDLE --yes`: take everything that says who a member is out of the network, for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.actions.erasure import erase_member
from community.errors import Refused
from community.queries.members import member_with_handle
from community.rendering.refusals import words_of


class Command(BaseCommand):
    """What they wrote stays, under "Former member"; awards and votes stay as numbers."""

    help = "Erase a member for good: name, address, words about them; what they wrote stays without a name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and that it is meant."""
        parser.add_argument("handle", help="the member's handle, as in @handle")
        parser.add_argument("--yes", action="store_true", help="do it; without this nothing happens")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Erase them. Raises CommandError for an unknown handle, without `--yes`, and for who cannot be erased."""
        handle = options["handle"].removeprefix("@").lower()
        member = member_with_handle(handle)
        if member is None:
            raise CommandError(_("There is no member with the handle “%(handle)s”.") % {"handle": handle})
        if not options["yes"]:
            raise CommandError(_("This cannot be undone. If you mean it, say --yes."))
        try:
            erased = erase_member(by=None, member=member, handle=handle)
        except Refused as refused:
            raise CommandError(words_of(refused)) from refused
        self.stdout.write(_("Erased. What they wrote stands under %(handle)s.") % {"handle": erased.handle})

"""`revoke_tokens HANDLE`: takes back a member's tokens for the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.actions.access import revoke_tokens
from community.queries.members import member_with_handle


class Command(BaseCommand):
    """Takes back tokens, for somebody who lost one. What was connected by them is closed within 2 seconds."""

    help = "Take back a member's API tokens, all of them or those of one name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The member, and which tokens."""
        parser.add_argument("handle", help="the member's handle, as in @handle")
        parser.add_argument("--name", default="", help="only the tokens of this name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many. Raises CommandError for an unknown handle."""
        handle = options["handle"].removeprefix("@").lower()
        member = member_with_handle(handle)
        if member is None:
            raise CommandError(_("There is no member with the handle “%(handle)s”.") % {"handle": handle})
        count = revoke_tokens(by=member, member=member, name=options["name"])
        self.stdout.write(ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", count) % {"count": count})

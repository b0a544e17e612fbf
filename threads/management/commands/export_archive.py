"""`manage.py export_archive DIR`: practices as a folder of Markdown and JSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.models import Member
from threads.importers.archive.layout import UnusableArchive
from threads.importers.archive.writing import AS, PUBLIC, WHOLE, Export, export_archive


class Command(BaseCommand):
    """Writes the archive, or says what is in the way."""

    help = "Write practices into a folder, as Markdown and JSON. The same practices are the same bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the command line."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder to write; it must not be there yet")
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--as", dest="member", metavar="HANDLE", help="what this member may see")
        scope.add_argument("--public", action="store_true", help="what strangers read, without people")
        scope.add_argument("--whole", action="store_true", help="everything, to restore it or to move the site")
        parser.add_argument("--product", default="", metavar="SLUG", help="only practices about this product")
        parser.add_argument("--tag", default="", metavar="TAG", help="only practices with this tag")
        parser.add_argument("--replace", action="store_true", help="replace an earlier archive in that folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Every refusal is a CommandError that says what to do."""
        export = Export(WHOLE if options["whole"] else PUBLIC, None, options["product"], options["tag"])
        if options["member"]:
            viewer = Member.objects.filter(handle=options["member"]).first()
            if viewer is None:
                raise CommandError(_("There is no member “%(handle)s”.") % {"handle": options["member"]})
            export = Export(AS, viewer, options["product"], options["tag"])
        try:
            count = export_archive(options["folder"], export, replace=options["replace"])
        except UnusableArchive as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(_("%(count)d practices written.") % {"count": count})

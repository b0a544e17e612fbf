"""`manage.py import_archive DIR`: practices from a folder that `export_archive` wrote."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from threads.importers.archive.layout import UnusableArchive
from threads.importers.archive.run import BATCH, Order, Stopped, import_archive

LARGEST_BATCH = 2_000


class Command(BaseCommand):
    """Imports an archive, or says what is wrong with it."""

    help = "Import practices from a folder that export_archive wrote. Running it again adds only what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the command line."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder with archive.json")
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--space", default="", metavar="SLUG", help="where they go; made when it is not there")
        place.add_argument("--whole", action="store_true", help="as it was, with organizations, people and verdicts")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--batch", type=int, default=BATCH, metavar="N", help=f"in one go (default {BATCH})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Every refusal is a CommandError that says what to do."""
        if not 1 <= options["batch"] <= LARGEST_BATCH:
            raise CommandError(_("--batch must be from 1 to %(most)d.") % {"most": LARGEST_BATCH})
        order = Order(options["folder"], options["space"], options["whole"], options["dry_run"], options["batch"])
        try:
            report = import_archive(order)
        except UnusableArchive as error:
            raise CommandError("\n".join([*error.messages, _("Nothing was imported.")])) from error
        except Stopped as error:
            lines = [*error.report.lines(), error.why, _("It stopped there. What is counted is here; run it again.")]
            raise CommandError("\n".join(lines)) from error
        if order.dry:
            self.stdout.write(_("Dry run: nothing was written."))
        for line in report.lines():
            self.stdout.write(line)

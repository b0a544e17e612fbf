"""What the commands that import a dump have in common: their options, their refusals and their exit codes."""

import re
import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from tqdm import tqdm

from threads.actions.postings import count_all_words
from threads.importers.broken import UnusableDump
from threads.importers.report import Report
from threads.importers.run import BATCH, Order

INTERRUPTED = 130
LARGEST_BATCH = 5_000
_SITE = re.compile(r"^[a-zA-Z0-9][a-zA-Z0-9.-]{0,50}$")
_SPACE = re.compile(r"^[a-zA-Z0-9_-]{1,60}$")


class ImportCommand(BaseCommand):
    """Imports a dump, or says what is wrong with it."""

    folder_help = ""
    site_help = ""
    may_be_lenient = True

    def run_import(self, order: Order, options: dict[str, Any]) -> Report:
        """Import what was ordered. Raises UnusableDump."""
        raise NotImplementedError

    def check_folder(self, folder: Path) -> None:
        """Raises UnusableDump when the folder is no dump of this kind."""

    def site_of(self, folder: Path) -> str:
        """The site's name where none is given."""
        return folder.resolve().name

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the command line."""
        parser.add_argument("folder", metavar="DIR", type=Path, help=self.folder_help)
        parser.add_argument(
            "--space", required=True, metavar="SLUG", help="where the threads go; made when it is not there"
        )
        parser.add_argument("--site", help=self.site_help)
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything and say what would be made, write nothing"
        )
        parser.add_argument(
            "--batch", type=int, default=BATCH, metavar="N", help=f"rows in one transaction (default {BATCH})"
        )
        if self.may_be_lenient:
            parser.add_argument(
                "--skip-broken", action="store_true", help="leave out what is broken and say so, instead of refusing"
            )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it. Every refusal is a CommandError that says what to do."""
        try:
            self.check_folder(options["folder"])
            order = self._order(options)
            report = self.run_import(order, options)
            if not order.dry:
                list(count_all_words())
        except UnusableDump as error:
            raise CommandError("\n".join([*error.messages, _("Nothing was imported.")])) from error
        except sqlite3.OperationalError as error:
            message = _("No room for temporary files (%(reason)s). Name a folder with room in SQLITE_TMPDIR.")
            raise CommandError(message % {"reason": error}) from error
        except OperationalError as error:
            message = _("The database did not take it (%(reason)s). Run the same command again; it goes on from there.")
            raise CommandError(message % {"reason": error}) from error
        except KeyboardInterrupt:
            message = _(
                "Interrupted. What was imported so far is complete in itself; the same command goes on from there."
            )
            raise CommandError(message, returncode=INTERRUPTED) from None
        if order.dry:
            self.stdout.write(_("Dry run: nothing was written. This would be made:"))
        for line in report.lines():
            self.stdout.write(line)

    def _order(self, options: dict[str, Any]) -> Order:
        folder: Path = options["folder"]
        site = options["site"] or self.site_of(folder)
        if not _SITE.match(site):
            message = _("“%(site)s” is no name of a site. Give it with --site: letters, digits, dots and dashes.")
            raise CommandError(message % {"site": site})
        _check_space(options["space"])
        if not 1 <= options["batch"] <= LARGEST_BATCH:
            raise CommandError(_("--batch must be from 1 to %(most)d.") % {"most": LARGEST_BATCH})
        quiet = options["verbosity"] == 0

        def bar(what: str, total: int, unit: str) -> "tqdm[Any]":
            return tqdm(total=total, desc=what, unit=unit, unit_scale=True, disable=True if quiet else None)

        lenient = options.get("skip_broken", False)
        return Order(folder, options["space"], site, bar, options["batch"], options["dry_run"], lenient)


def _check_space(slug: str) -> None:
    if not _SPACE.match(slug):
        message = _("“%(slug)s” cannot be a space's address. Use letters, digits, dashes and underscores, at most 60.")
        raise CommandError(message % {"slug": slug})

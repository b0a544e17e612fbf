"""`manage.py import_mozilla_support DIR --space SLUG`: questions, answers and articles of Mozilla Support."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from threads.importers.mozilla.files import tables_in
from threads.importers.mozilla.run import import_export
from threads.importers.report import Report
from threads.importers.run import Order
from threads.management.importing import ImportCommand

SITE = "support.mozilla.org"


class Command(ImportCommand):
    """Imports an export, or says what is wrong with it."""

    help = "Import questions, answers and articles of Mozilla Support. Running it again adds only what is new."
    folder_help = "the folder with questions.csv, answers.csv and articles.csv, each also with .gz"
    site_help = f"the site's name (default: {SITE})"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the command line."""
        super().add_arguments(parser)
        parser.add_argument(
            "--locale", action="append", default=[], metavar="CODE", help="only this language; may be given again"
        )

    def check_folder(self, folder: Path) -> None:
        """It must have the tables."""
        tables_in(folder)

    def site_of(self, folder: Path) -> str:
        """Whatever the folder is called."""
        return SITE

    def run_import(self, order: Order, options: dict[str, Any]) -> Report:
        """Import it."""
        return import_export(order, locales=options["locale"])

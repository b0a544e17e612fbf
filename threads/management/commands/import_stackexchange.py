"""`manage.py import_stackexchange DIR --space SLUG`: a complete Stack Exchange data dump."""

from pathlib import Path
from typing import Any

from threads.importers.report import Report
from threads.importers.run import Order
from threads.importers.stackexchange.checking import dump_files
from threads.importers.stackexchange.run import import_dump
from threads.management.importing import ImportCommand


class Command(ImportCommand):
    """Imports a dump, or says what is wrong with it."""

    help = "Import a complete Stack Exchange data dump. Running it again adds only what is new."
    folder_help = "the folder with Posts.xml, Users.xml and so on"
    site_help = "the site's name, such as iot or stackoverflow.com (default: the folder's name)"
    may_be_lenient = False

    def check_folder(self, folder: Path) -> None:
        """It must have the files of a dump."""
        dump_files(folder)

    def run_import(self, order: Order, options: dict[str, Any]) -> Report:
        """Import it."""
        return import_dump(order)

"""`manage.py import_discourse DIR --space SLUG`: topics of a Discourse forum."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from threads.importers.discourse.reading import files_in
from threads.importers.discourse.run import import_topics
from threads.importers.report import Report
from threads.importers.run import Order
from threads.management.importing import ImportCommand

_LICENSE_LENGTH = 60


class Command(ImportCommand):
    """Imports topics, or says what is wrong with them."""

    help = "Import topics of a Discourse forum from the JSON of /t/<id>.json. Running it again adds only what is new."
    folder_help = "the folder with the topics, one or more JSON files for each"
    site_help = "the site's name, such as meta.discourse.org (default: the folder's name)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the command line."""
        super().add_arguments(parser)
        parser.add_argument("--license", default="", help="the licence of the texts (default: none is said)")

    def check_folder(self, folder: Path) -> None:
        """It must have topics."""
        files_in(folder)

    def run_import(self, order: Order, options: dict[str, Any]) -> Report:
        """Import them."""
        return import_topics(order, licence=options["license"][:_LICENSE_LENGTH])

"""`manage.py embed`: makes the vectors of everything at once, as after an import or a change of the model."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from threads.management.importing import INTERRUPTED
from threads.management.model_refusals import refuse_without_model

MOST_AT_ONCE = 500


class Command(BaseCommand):
    """Makes what is lacking, beside people and the process of the model; may be interrupted and repeated."""

    help = "Make the vectors of the sentence model for everything that has none, or old ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much is stored at once."""
        parser.add_argument(
            "--batch", type=int, default=32, metavar="N", help="things in one transaction (%(default)s)"
        )

    def handle(self, *, batch: int, verbosity: int, **options: Any) -> None:
        """Show progress, then say how many vectors were made."""
        refuse_without_model()
        if not 1 <= batch <= MOST_AT_ONCE:
            raise CommandError(_("--batch must be from 1 to %(most)d.") % {"most": MOST_AT_ONCE})
        try:
            made, things = self._embed(batch, quiet=verbosity == 0)
        except KeyboardInterrupt:
            message = _("Interrupted. The same command goes on from there.")
            raise CommandError(message, returncode=INTERRUPTED) from None
        said = _("%(made)d vectors made; %(things)d things have theirs.")
        self.stdout.write(said % {"made": made, "things": things})

    def _embed(self, batch: int, *, quiet: bool) -> tuple[int, int]:
        from threads.management.model.filling import Filler, how_many
        from threads.management.model.minilm import MiniLM
        from threads.management.model.process import own_model

        filler = Filler(MiniLM(), own_model())
        made = things = 0
        with tqdm(total=how_many(), unit=" things", disable=True if quiet else None) as bar:
            for seen, new in filler.everything(batch):
                made, things = made + new, things + seen
                bar.update(seen)
        while filler.work():
            pass
        filler.finish()
        return made, things

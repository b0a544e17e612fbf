"""`manage.py rebuild_search`: writes the search index anew, while people search and write."""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from threads.actions.indexing import rebuild_index
from threads.actions.postings import count_all_words
from threads.actions.spelling import learn_all_spellings


class Command(BaseCommand):
    """Needed only after a change of how words are made; may be interrupted and repeated."""

    help = "Write the search index anew."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Show progress, then say how many things were indexed."""
        done = 0
        with tqdm(unit=" things", disable=None) as bar:
            for batch in rebuild_index():
                done += batch
                bar.update(batch)
        for _words in chain(count_all_words(), learn_all_spellings()):
            pass
        self.stdout.write(f"{done} things indexed.")

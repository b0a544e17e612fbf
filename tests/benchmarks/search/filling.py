"""A site that grows: the real archive through its importer first, then varied copies of its threads."""

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from community.models import Member, Organization
from tests.benchmarks.processor import Spent
from tests.benchmarks.retrieval.sets import plain, rows_of
from tests.benchmarks.search.bulk import in_bulk
from tests.benchmarks.search.copying import Copier
from threads.actions.postings import count_all_words
from threads.models import Post

SEED = 7
SPACE = "measured"

Named = dict[str, str]


class Site:
    """The site of this process's empty database. `texts` are titles and bodies of the real questions there."""

    def __init__(self, folder: Path) -> None:
        self.draw = random.Random(SEED)
        self.texts: list[tuple[str, str]] = []
        self.viewer = Member()
        self._folder = folder
        self._copier: Copier | None = None

    def grown(self, posts: int) -> "Site":
        """The same with at least so many posts."""
        if not self.texts:
            self._import(posts)
        missing = posts - Post.objects.count()
        if missing > 0:
            self._copy(missing)
        return self

    def _import(self, posts: int) -> None:
        call_command("migrate", verbosity=0, skip_checks=True)
        folder = self._part(posts)
        self.texts = [(row["title"], plain(row["content"])) for row in rows_of(folder / "questions.csv")]
        before = Spent.now()
        call_command("import_mozilla_support", str(folder), space=SPACE, verbosity=0, stdout=StringIO())
        spent, made = Spent.now() - before, Post.objects.count()
        say(
            f"\n{connection.vendor}, seed {SEED}: {made:,} posts imported in {spent.clock:.0f} s, "
            f"{made / spent.clock:,.0f} a second; {1000 * spent.own / made:.2f} ms of processor each, "
            f"and {1000 * spent.server / made:.2f} of the database's"
        )
        own = Organization.objects.create(slug="looking", name="Looking")
        self.viewer = Member.objects.create(handle="looks", name="Looks", email="looks@example.org", organization=own)

    def _part(self, posts: int) -> Path:
        """The archive, or its first questions with their answers when these are enough."""
        answers: defaultdict[str, list[Named]] = defaultdict(list)
        for row in rows_of(self._folder / "answers.csv"):
            answers[row["question_id"]].append(row)
        taken: list[Named] = []
        for row in rows_of(self._folder / "questions.csv"):
            if posts <= 0:
                break
            taken.append(row)
            posts -= 1 + len(answers[row["id"]])
        if posts > 0:
            return self._folder
        folder = Path(settings.DATA_DIR) / "part"
        folder.mkdir()
        _write(folder / "questions.csv", taken)
        _write(folder / "answers.csv", [answer for row in taken for answer in answers[row["id"]]])
        return folder

    def _copy(self, missing: int) -> None:
        before = Spent.now()
        if self._copier is None:
            self._copier = Copier(self.draw)
        with transaction.atomic(), in_bulk():
            postings = self._copier.write(missing)
        list(count_all_words())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        seconds = (Spent.now() - before).clock
        say(f"{missing:,} more posts written in bulk in {seconds:.0f} s, {postings:,} postings")


def say(line: str) -> None:
    """Print it now."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write(path: Path, rows: Sequence[Named]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

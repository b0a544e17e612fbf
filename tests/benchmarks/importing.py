"""What importing takes, checking pass included: `python -m tests.benchmarks.importing`.

All three importers (`--importer`, which may be given again) on both databases (`--database`), each in a process and a
database of its own: the `iot` dump of Stack Exchange, the whole export of Mozilla Support, and its questions with their
answers as a folder of Discourse topics. `--copies 20` imports a Stack Exchange dump made of twenty copies of the real
one, under other ids, to show that neither the rate nor the memory depends on the size.
"""

import argparse
import json
import re
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

from tests.benchmarks.matching.apart import alone, site_of_its_own
from tests.benchmarks.processor import Spent

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DATABASES = ("sqlite", "postgresql")
IMPORTERS = ("stackexchange", "mozilla_support", "discourse")
OFFSET = 10_000_000
_IDS = re.compile(r' (Id|PostId|ParentId|AcceptedAnswerId|RelatedPostId|OwnerUserId|UserId)="(\d+)"')
_READ = re.compile(r"^all +([\d,]+)", re.MULTILINE)
_GUID = re.compile(r'RevisionGUID="')


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--importer", choices=IMPORTERS, action="append")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--copies", type=int, default=1)
    options = parser.parse_args()
    asked = [(name, database) for name in options.importer or IMPORTERS for database in options.database or DATABASES]
    return max(alone(measure, (*each, options.data, options.copies)) for each in asked)


def measure(importer: str, database: str, data: Path, copies: int) -> None:
    """Import once and say what it took."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = _FOLDERS[importer](data, scratch, copies)
        site_of_its_own(stack, database)
        from django.core.management import call_command

        from threads.models import Post

        call_command("migrate", verbosity=0, skip_checks=True)
        memory, before, said = _peak_mib(), Spent.now(), StringIO()
        call_command(f"import_{importer}", str(folder), space="measured", site="x.example", verbosity=0, stdout=said)
        spent, posts = Spent.now() - before, Post.objects.count()
        rows = int(_READ.search(said.getvalue())[1].replace(",", ""))  # type: ignore[index]
        sys.stdout.write(
            f"{importer}, {database}: {rows:,} rows, {posts:,} of them posts, in {spent.clock:.1f} s, "
            f"{rows / spent.clock:,.0f} rows a second; processor {spent.own:.1f} s and {spent.server:.1f} of the "
            f"database's, {1000 * spent.processor / posts:.2f} ms a post; "
            f"peak memory {_peak_mib():.0f} MiB, {memory:.0f} MiB before\n"
        )


def _dump(data: Path, scratch: Path, copies: int) -> Path:
    dump = data / "stackexchange" / "iot"
    return dump if copies == 1 else _copied(dump, scratch / "large", copies)


def _topics(data: Path, scratch: Path, _copies: int) -> Path:
    """Questions of Mozilla Support as Discourse gives topics, one file each."""
    from tests.benchmarks.retrieval.sets import rows_of

    replies = defaultdict(list)
    for row in rows_of(data / "mozilla-support" / "answers.csv"):
        replies[row["question_id"]].append(row)
    for question in rows_of(data / "mozilla-support" / "questions.csv"):
        posts = [
            {
                "id": int(row["id"]) + OFFSET * (number > 1), "post_number": number, "post_type": 1,
                "username": row["creator"], "cooked": row["content"], "version": 1,
                "created_at": row["created"].replace(" ", "T", 1).replace(" ", ""), "actions_summary": [],
            }
            for number, row in enumerate([question, *replies[question["id"]]], start=1)
        ]  # fmt: skip
        topic = {
            "id": int(question["id"]), "title": question["title"], "slug": "topic", "archetype": "regular",
            "category_id": 4, "tags": [], "visible": True, "post_stream": {"posts": posts},
        }  # fmt: skip
        (scratch / f"{question['id']}.json").write_text(json.dumps(topic), encoding="utf-8")
    return scratch


_FOLDERS: dict[str, Callable[[Path, Path, int], Path]] = {
    "stackexchange": _dump,
    "mozilla_support": lambda data, _scratch, _copies: data / "mozilla-support",
    "discourse": _topics,
}


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _copied(source: Path, target: Path, copies: int) -> Path:
    """A dump that has each row of `source` so many times, every time under other ids."""
    target.mkdir()
    for file in source.glob("*.xml"):
        head, *rows, foot = file.read_text(encoding="utf-8-sig").replace("?>\n", "?>", 1).splitlines()
        with (target / file.name).open("w", encoding="utf-8") as out:
            out.write(head + "\n")
            for copy in range(copies):
                out.writelines(_renamed(row, copy) + "\n" for row in rows)
            out.write(foot + "\n")
    return target


def _renamed(row: str, copy: int) -> str:
    shifted = _IDS.sub(lambda match: f' {match[1]}="{int(match[2]) + copy * OFFSET}"', row)
    return _GUID.sub(f'RevisionGUID="{copy}-', shifted)


if __name__ == "__main__":
    sys.exit(main())

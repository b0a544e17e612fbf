"""What imported votes make of authors, beside what their own site said: `python -m tests.benchmarks.reputations`.

Imports each dump of Stack Exchange that is there into a site of its own (`--database`, which may be given again) and
compares every author's standing in the ledger with the `Reputation` that Users.xml has: Spearman's rank correlation,
the ten best of each, and out of what the two differ. That is counted from the dump by Stack Exchange's rules: half as
much for questions until November 2019, 2 off for each vote against a post, 2 for accepting an answer and for an edit
that was taken up, bounties won and set out, at most 200 a day by votes, nothing for posts that belong to the community.
What none of it explains should be nothing, or the 100 that somebody brought along who has 200 on another site.
Downvoting answers costs 1, which dumps do not tell. On a `.meta` site votes give no reputation at all.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from reputation.rules.ranks import rank_correlation
from tests.benchmarks.matching.apart import alone, site_of_its_own

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "stackexchange"
DATABASES = ("sqlite", "postgresql")
SITES = ("iot", "conlang.meta")
# Everybody begins with one; who has 200 on another site of theirs is given a hundred more.
BEGIN, BROUGHT = 1, 100
STARTS = (BEGIN, BEGIN + BROUGHT)
_UP, _AGAINST, _ACCEPTING, _EDIT, _A_DAY = 10, -2, 2, 2, 200
# Until then a vote for a question was half of one for an answer; then all were counted anew.
_QUESTIONS_COUNT_FULLY = "2019-11-13"
_ACCEPTED, _HELPED, _DOWN, _SET_OUT, _WON = "1", "2", "3", "8", "9"
_QUESTION, _ANSWER = "1", "2"
_EDITS, _SUGGESTED = {"4", "5", "6"}, "24"


class Author(NamedTuple):
    """One row of Users.xml and what became of it here. `explained` are the parts in which the sites differ."""

    id: str
    name: str
    posts: int
    standing: int
    reputation: int
    explained: Counter[str]

    @property
    def rest(self) -> int:
        """What of the reputation nothing explains."""
        return self.reputation - BEGIN - self.standing - self.explained.total()

    @property
    def earned(self) -> int:
        """The reputation without what was brought along, as far as the rest tells."""
        return self.reputation - BROUGHT * (abs(self.rest - BROUGHT) < BROUGHT // 2)


Some = Callable[[Author], bool]
GROUPS: dict[str, Some] = {
    "all authors": lambda author: bool(author.id),
    "all but those at exactly 101": lambda author: author.reputation != BEGIN + BROUGHT,
    "with posts": lambda author: author.posts > 0,
    "with posts, but those at exactly 101": lambda author: author.posts > 0 and author.reputation != BEGIN + BROUGHT,
    "beyond 1 and 101": lambda author: author.reputation not in STARTS,
    "with posts, beyond 1 and 101": lambda author: author.posts > 0 and author.reputation not in STARTS,
}
EARNED = "with posts, without the hundred that some brought along"


def main() -> int:
    """Compare each dump on each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    there = [options.data / site for site in SITES if (options.data / site).is_dir()]
    for missing in sorted({options.data / site for site in SITES} - set(there)):
        sys.stdout.write(f"left out: there is no dump in {missing}\n")
    asked = [(database, dump) for database in options.database or DATABASES for dump in there]
    return max((alone(measure, each) for each in asked), default=0)


def measure(database: str, dump: Path) -> None:
    """Import one dump and print the comparison."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        from io import StringIO

        from django.core.management import call_command

        call_command("migrate", verbosity=0, skip_checks=True)
        site = f"{dump.name}.example"
        call_command("import_stackexchange", str(dump), space="measured", site=site, verbosity=0, stdout=StringIO())
        sys.stdout.writelines(f"{line}\n" for line in report(f"{dump.name}, {database}", authors_of(dump, site)))


def authors_of(dump: Path, site: str) -> list[Author]:
    """Everybody in Users.xml of a dump that was imported as `site`, but the site's own robot."""
    from community.models import Member
    from reputation.models import Standing

    members = dict(Member.objects.filter(source_site=site).values_list("source_id", "pk"))
    standing = dict(Standing.objects.filter(scope="").values_list("member_id", "points"))
    posts, explained = _posts_and_differences(dump)
    return [
        Author(
            row["Id"], row["DisplayName"], posts[row["Id"]], standing.get(members[row["Id"]], 0),
            int(row["Reputation"]), explained[row["Id"]],
        )
        for row in _rows(dump / "Users.xml")
        if int(row["Id"]) > 0
    ]  # fmt: skip


def report(title: str, authors: list[Author]) -> Iterator[str]:
    """The lines that are printed about one dump."""
    yield f"{title}: {len(authors):,} authors"
    if ".meta" in title:
        yield "  (its Users.xml has the reputation of the site that it is about: votes here gave none)"
    for name, correlation, count in correlations(authors):
        told = "none" if correlation is None else f"{correlation:.3f}"
        yield f"  rank correlation {told}, {name} ({count:,})"
    yield from _best(authors)
    rests = Counter(author.rest for author in authors if author.posts)
    others = sum(count for rest, count in rests.items() if rest not in {0, BROUGHT})
    yield (
        f"  of {rests.total():,} with posts nothing is unexplained for {rests[0]:,}, exactly {BROUGHT} (brought along)"
        f" for {rests[BROUGHT]:,}, something else for {others:,}"
    )


def correlations(authors: Iterable[Author]) -> list[tuple[str, float | None, int]]:
    """Spearman's of standing and reputation, over each group of the authors, and how many they are."""
    found = []
    for name, belongs in GROUPS.items():
        some = [author for author in authors if belongs(author)]
        found.append((name, _ranked_alike(some, [author.reputation for author in some]), len(some)))
    wrote = [author for author in authors if author.posts]
    found.append((EARNED, _ranked_alike(wrote, [author.earned for author in wrote]), len(wrote)))
    return found


def _ranked_alike(authors: list[Author], theirs: list[int]) -> float | None:
    return rank_correlation([author.standing for author in authors], theirs)


def _best(authors: list[Author]) -> Iterator[str]:
    ours, theirs = (_places(authors, field) for field in ("standing", "reputation"))
    both = {author.id: author for author in (*ours[:10], *theirs[:10])}
    shown = sorted(both.values(), key=ours.index)
    common = len({each.id for each in ours[:10]} & {each.id for each in theirs[:10]})
    yield f"  the ten best by each, {common} of them the same (place here, place there, standing, reputation):"
    for author in shown:
        parts = ", ".join(f"{name} {points:+}" for name, points in author.explained.items() if points)
        yield (
            f"  {ours.index(author) + 1:6,} {theirs.index(author) + 1:6,} {author.standing:8,} {author.reputation:8,}"
            f"  {author.name}: {parts or 'no difference'}; rest {author.rest:+}"
        )


def _places(authors: list[Author], field: str) -> list[Author]:
    return sorted(authors, key=lambda author: -getattr(author, field))


def _posts_and_differences(dump: Path) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """By author: how many posts the dump has, and what there counts otherwise than here."""
    posts = {row["Id"]: row for row in _rows(dump / "Posts.xml") if row["PostTypeId"] in {_QUESTION, _ANSWER}}
    votes = [row for row in _rows(dump / "Votes.xml") if row["PostId"] in posts]
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    days: Counter[tuple[str, str]] = Counter()
    half = max((row["CreationDate"] for row in votes), default="") < _QUESTIONS_COUNT_FULLY
    for vote in votes:
        owner, day = posts[vote["PostId"]].get("OwnerUserId", ""), vote["CreationDate"][:10]
        for who, name, points in _differences(vote, posts, half=half):
            parts[who][name] += points
            days[owner, day] += points if vote["VoteTypeId"] in {_HELPED, _DOWN} else 0
        days[owner, day] += _UP if vote["VoteTypeId"] == _HELPED else 0
    for (who, _day), points in days.items():
        parts[who]["more than a day brings"] -= max(points - _A_DAY, 0)
    for who, edits in _edits_taken_up(dump).items():
        parts[who]["edits"] += _EDIT * edits
    return Counter(row.get("OwnerUserId", "") for row in posts.values()), parts


def _differences(
    vote: dict[str, str], posts: dict[str, dict[str, str]], *, half: bool
) -> Iterator[tuple[str, str, int]]:
    """Whose reputation a vote changes otherwise than their standing, under what name, by how many points."""
    post, amount = posts[vote["PostId"]], int(vote.get("BountyAmount", 0))
    kind, owner, shared = vote["VoteTypeId"], post.get("OwnerUserId", ""), "CommunityOwnedDate" in post
    if kind == _HELPED and shared:
        yield owner, "posts of the community", -_UP
    elif kind == _HELPED and half and post["PostTypeId"] == _QUESTION:
        yield owner, "votes for questions", -_UP // 2
    elif kind == _DOWN and not shared:
        yield owner, "votes against", _AGAINST
    elif kind == _WON:
        yield owner, "bounties", amount
    elif kind == _SET_OUT:
        yield vote.get("UserId", ""), "bounties", -amount
    elif kind == _ACCEPTED and post["PostTypeId"] == _ANSWER:
        asker = posts.get(post.get("ParentId", ""), {}).get("OwnerUserId", "")
        yield asker, "accepting", _ACCEPTING if asker != owner else 0


def _edits_taken_up(dump: Path) -> Counter[str]:
    """By member, how many suggested edits became part of a post."""
    rows = _rows(dump / "PostHistory.xml")
    suggested = {row["RevisionGUID"] for row in rows if row["PostHistoryTypeId"] == _SUGGESTED}
    return Counter(
        who for who, _revision in {
            (row["UserId"], row["RevisionGUID"]) for row in rows
            if row["RevisionGUID"] in suggested and row["PostHistoryTypeId"] in _EDITS and "UserId" in row
        }
    )  # fmt: skip


def _rows(file: Path) -> list[dict[str, str]]:
    return [{str(key): str(value) for key, value in row.items()} for row in etree.parse(file).getroot()]


if __name__ == "__main__":
    sys.exit(main())

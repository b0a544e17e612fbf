"""The real dumps beside the project, imported completely: the totals are those of a plain count of the XML."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from lxml import etree

from community.models import Member
from reputation.models import Award, Badge
from tests.threads.dumps import counts, inconsistencies, run_import
from threads.models import Post, PostRevision, Relation, Resolution, Tag, Thread

DUMPS = Path(settings.BASE_DIR).parent / "shared" / "data" / "stackexchange"
SITES = ["conlang.meta", "iot"]
FILES = ["Users", "Tags", "Posts", "Comments", "Votes", "PostHistory", "PostLinks", "Badges"]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _rows(file: Path) -> list[dict[str, str]]:
    return [{str(key): str(value) for key, value in row.items()} for row in etree.parse(file).getroot()]


class Plain:
    """A dump read whole, and counted in the simplest way."""

    def __init__(self, folder: Path) -> None:
        self.rows = {name: _rows(folder / f"{name}.xml") for name in FILES}
        self.questions = {row["Id"]: row for row in self.rows["Posts"] if row["PostTypeId"] == "1"}
        self.answers = {
            row["Id"]: row
            for row in self.rows["Posts"]
            if row["PostTypeId"] == "2" and row.get("ParentId") in self.questions
        }
        self.posts = self.questions | self.answers

    def thread_of(self, post: str) -> str:
        return post if post in self.questions else self.answers[post]["ParentId"]

    def solved(self) -> dict[str, str]:
        accepted = {key: row.get("AcceptedAnswerId", "") for key, row in self.questions.items()}
        return {key: post for key, post in accepted.items() if self.answers.get(post, {}).get("ParentId") == key}

    def helped(self) -> Counter[str]:
        return Counter(
            row["PostId"] for row in self.rows["Votes"] if row["VoteTypeId"] == "2" and row["PostId"] in self.posts
        )

    def solutions(self) -> int:
        solved = set(self.solved().values())
        rows = {row["PostId"] for row in self.rows["Votes"] if row["VoteTypeId"] == "1" and row["PostId"] in solved}
        return sum(self._author(post) != self._author(self.thread_of(post)) for post in rows)

    def _author(self, post: str) -> str:
        row = self.posts[post]
        return row.get("OwnerUserId") or row.get("OwnerDisplayName", "")

    def revisions(self) -> set[tuple[str, str]]:
        kinds = {str(number) for number in range(1, 10)}
        rows = (row for row in self.rows["PostHistory"] if row["PostHistoryTypeId"] in kinds)
        return {(row["PostId"], row["RevisionGUID"]) for row in rows if row["PostId"] in self.posts}

    def links(self) -> Iterator[tuple[str, str, str]]:
        for row in self.rows["PostLinks"]:
            if row["PostId"] in self.posts and row["RelatedPostId"] in self.posts and row["LinkTypeId"] in {"1", "3"}:
                yield self.thread_of(row["PostId"]), self.thread_of(row["RelatedPostId"]), row["LinkTypeId"]


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not (DUMPS / name).is_dir():
        pytest.skip(f"no dump in {DUMPS / name}")
    return name


def test_a_real_dump_is_imported_completely(site: str) -> None:
    plain = Plain(DUMPS / site)
    first = counts(run_import(DUMPS / site))
    for name in FILES:
        read, made, there, skipped = first[name]
        assert (read, there) == (len(plain.rows[name]), 0)
        assert read == made + skipped
    _compare_people(plain)
    _compare_posts(plain)
    _compare_votes(plain)
    _compare_rest(plain)
    assert inconsistencies() == []
    second = counts(run_import(DUMPS / site))
    assert {name: row[1] for name, row in second.items()} == dict.fromkeys(second, 0)
    assert {name: row[2] for name, row in second.items()} == {name: row[1] for name, row in first.items()}


def _compare_people(plain: Plain) -> None:
    ids = {row["Id"] for row in plain.rows["Users"]}
    assert ids <= set(Member.objects.values_list("source_id", flat=True))
    assert Badge.objects.count() == sum(row["UserId"] in ids for row in plain.rows["Badges"])
    assert not Member.objects.filter(email__isnull=False).exists()


def _compare_posts(plain: Plain) -> None:
    assert set(Thread.objects.values_list("source_id", flat=True)) == set(plain.questions)
    posts = {row.source_id: row for row in Post.objects.filter(parent__isnull=True).select_related("thread", "author")}
    assert set(posts) == set(plain.posts)
    notes = Post.objects.filter(parent__isnull=False)
    assert notes.count() == sum(row["PostId"] in plain.posts for row in plain.rows["Comments"])
    for key, row in plain.posts.items():
        post = posts[key]
        assert (post.body, post.imported_score) == (row["Body"], int(row["Score"]))
        assert post.created_at.isoformat()[:19] == row["CreationDate"][:19]
        assert post.thread.source_id == plain.thread_of(key)
        assert post.source_license == row.get("ContentLicense", "CC BY-SA 3.0")
        if "OwnerUserId" in row:
            assert post.author.source_id == row["OwnerUserId"]
        else:
            assert post.author.name == row["OwnerDisplayName"]
    for row in plain.questions.values():
        thread = posts[row["Id"]].thread
        assert thread.title == row["Title"]
        assert thread.reply_count == int(row["AnswerCount"])
    dates = Post.objects.order_by("thread", "number").values_list("thread", "created_at")
    assert all(one[1] <= other[1] for one, other in pairwise(dates) if one[0] == other[0])


def _compare_votes(plain: Plain) -> None:
    helped = dict(Post.objects.filter(imported_votes__gt=0).values_list("source_id", "imported_votes"))
    assert helped == plain.helped()
    assert Award.objects.filter(rule="helped").count() == plain.helped().total()
    assert Award.objects.filter(rule="solution").count() == plain.solutions()


def _compare_rest(plain: Plain) -> None:
    solved = dict(Resolution.objects.values_list("thread__source_id", "posts__source_id"))
    assert solved == plain.solved()
    closed = {key for key, row in plain.questions.items() if "ClosedDate" in row and key not in solved}
    assert set(Thread.objects.filter(status="closed").values_list("source_id", flat=True)) == closed
    assert PostRevision.objects.count() == len(plain.revisions())
    links = {(one, other, kind) for one, other, kind in plain.links() if one != other}
    assert Relation.objects.count() == len(links)
    assert Tag.objects.count() >= len(plain.rows["Tags"])

"""Standing by imported votes, compared with the reputation that authors had where the votes were given."""

from pathlib import Path

import pytest

from tests.benchmarks.reputations import DATA, EARNED, Author, authors_of, correlations, report
from tests.threads.dumps import answer, question, run_import, user, vote, write_dump

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "2018-05-01T00:00:00.000", "2021-05-01T00:00:00.000"


def dump(folder: Path, at: str) -> Path:
    """User 2 answers well and brought a hundred along; 1 asks and accepts; 3 is voted down; 4 is only there."""
    helped = [vote(number, 11, at=at) for number in range(1, 5)]
    return write_dump(
        folder,
        Users=[
            user(-1, "Community", Reputation=1), user(1, Reputation=13), user(2, Reputation=156),
            user(3, Reputation=9), user(4, Reputation=101),
        ],
        Tags=[],
        Posts=[question(10, AcceptedAnswerId=11), answer(11, 10), answer(12, 10, owner=3)],
        Comments=[],
        Votes=[*helped, vote(5, 11, 1, at), vote(6, 10, at=at), vote(7, 12, at=at), vote(8, 12, 3, at)],
        PostHistory=[], PostLinks=[], Badges=[],
    )  # fmt: skip


def by_id(authors: list[Author]) -> dict[str, Author]:
    return {author.id: author for author in authors}


@pytest.mark.both_databases
def test_what_a_site_counts_otherwise_is_explained(tmp_path: Path) -> None:
    folder = dump(tmp_path / "before", BEFORE)
    run_import(folder, site="x.example")
    found = by_id(authors_of(folder, "x.example"))
    assert {key: author.standing for key, author in found.items()} == {"1": 10, "2": 55, "3": 10, "4": 0}
    assert {key: author.posts for key, author in found.items()} == {"1": 1, "2": 1, "3": 1, "4": 0}
    assert +found["1"].explained == {"accepting": 2}
    assert -found["1"].explained == {"votes for questions": 5}
    assert found["1"].rest == 5, "its question is worth ten since 2019, this dump is older"
    assert (found["2"].rest, found["2"].earned) == (100, 56)
    assert -found["3"].explained == {"votes against": 2}
    assert (found["3"].rest, found["4"].rest) == (0, 100)
    ranks = {name: (rank, count) for name, rank, count in correlations(found.values())}
    assert ranks["all authors"][1] == 4
    assert ranks[EARNED][0] == pytest.approx(0.866, abs=0.001)
    lines = list(report("x", list(found.values())))
    assert any("User 2: no difference; rest +100" in line for line in lines)
    assert lines[-1] == (
        "  of 3 with posts nothing is unexplained for 1, exactly 100 (brought along) for 1, something else for 1"
    )


def test_a_younger_dump_counts_questions_as_answers(tmp_path: Path) -> None:
    folder = dump(tmp_path / "after", AFTER)
    run_import(folder, site="x.example")
    assert by_id(authors_of(folder, "x.example"))["1"].rest == 0


def test_real_votes_make_of_real_authors_what_their_site_made_of_them() -> None:
    if not (DATA / "iot").is_dir():
        pytest.skip(f"no dump in {DATA / 'iot'}")
    run_import(DATA / "iot", site="iot")
    authors = authors_of(DATA / "iot", "iot")
    ranks = {name: rank for name, rank, _count in correlations(authors)}
    assert (ranks["all but those at exactly 101"] or 0) > 0.95
    assert (ranks[EARNED] or 0) > 0.9
    wrote = [author for author in authors if author.posts]
    told = sum(author.rest in {0, 100} for author in wrote)
    assert told / len(wrote) > 0.85, "the ledger has what Stack Exchange counted, to the point"

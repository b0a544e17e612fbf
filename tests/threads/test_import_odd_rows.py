"""Rows of Stack Exchange dumps that are odd, hostile or incomplete: each is handled, and counted."""

from pathlib import Path

import pytest

from tests.threads.dumps import (
    answer,
    comment,
    counts,
    day,
    inconsistencies,
    question,
    run_import,
    user,
    write_dump,
)
from tests.threads.imported import PEOPLE, moment, note, post, thread
from threads.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_rows_dated_before_what_they_belong_to_follow_it(tmp_path: Path) -> None:
    posts = [question(1, at=day(9)), answer(2, 1, at=day(3))]
    notes = [comment(1, 2, at=day(1)), comment(2, 1, at=day(2))]
    run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts, Comments=notes))
    rows = thread(1).posts.order_by("number")
    assert [(row.source_id, row.parent_id is None) for row in rows] == [
        ("1", True),
        ("2", True),
        ("1", False),
        ("2", False),
    ]
    assert post(2).created_at == moment(3)
    assert inconsistencies() == []


def test_authors_who_are_gone_keep_their_names(tmp_path: Path) -> None:
    posts = [
        question(1, owner=None, OwnerDisplayName="user23"),
        answer(2, 1, owner=None, OwnerDisplayName="user23"),
        answer(3, 1, owner=None),
        answer(4, 1, owner=-1),
        answer(5, 1, owner=404),
        answer(6, 1, owner=None, OwnerDisplayName="z" * 300),
    ]
    people = [user(-1, "Community"), user(3, "Cleo")]
    output = run_import(write_dump(tmp_path / "iot", Users=people, Posts=posts))
    names = {row.source_id: row.author.name for row in Post.objects.all()}
    assert names == {
        "1": "user23",
        "2": "user23",
        "3": "Former member",
        "4": "Community",
        "5": "user404",
        "6": "z" * 120,
    }
    assert post(1).author == post(2).author
    assert not post(3).author.has_usable_password()
    assert "4 × member made for an author who is not in Users.xml" in output
    assert counts(run_import(tmp_path / "iot"))["all"] == (8, 0, 8, 0)


def test_odd_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    posts = [
        question(1),
        question(1, Title="again"),
        answer(2, 404),
        {**answer(3, 1), "ParentId": ""},
        answer(4, 2),
        {**question(5), "PostTypeId": 4},
        {**question(6), "PostTypeId": 77},
    ]
    notes = [comment(1, 1), comment(1, 1), comment(2, 2), comment(3, 404), comment(4, 1, Text=" \n ")]
    output = run_import(write_dump(tmp_path / "iot", Users=[*PEOPLE, user(1)], Posts=posts, Comments=notes))
    assert counts(output)["Users"] == (4, 3, 0, 1)
    assert counts(output)["Posts"] == (7, 1, 0, 6)
    assert counts(output)["Comments"] == (5, 1, 0, 4)
    for line in (
        "Posts: 3 × its question is not in the dump",
        "Posts: 1 × the same Id again",
        "Posts: 1 × not imported: type 4, Tag wiki excerpt",
        "Posts: 1 × not imported: type 77, unknown",
        "Comments: 1 × its post was skipped",
        "Comments: 1 × its post is not in the dump",
        "Comments: 1 × is empty",
    ):
        assert line in output
    assert thread(1).title == "Problem 1"
    assert inconsistencies() == []


def test_titles_are_mended(tmp_path: Path) -> None:
    posts = [
        question(1, Title="x" * 300),
        question(2, Title=" ", Body="<p>The <b>radio</b> is deaf.</p>"),
        {key: value for key, value in question(3, Body="").items() if key != "Title"},
    ]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts))
    assert thread(1).title == "x" * 199 + "…"
    assert thread(2).title == "The radio is deaf."
    assert thread(3).title == "Untitled"
    assert "2 × question without a title" in output
    assert "1 × title shortened" in output


def test_hostile_and_broken_html_is_made_harmless(tmp_path: Path) -> None:
    body = (
        "<p onclick='x()'>Hi <script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:x()'>a</a>"
        "<iframe src=//evil></iframe><style>*{}</style><b>open <i>tags</b></p></div><svg/onload=alert(1)>"
    )
    text = "<img src=x onerror=alert(1)> [a](javascript:alert(1))"
    dump = write_dump(
        tmp_path / "iot", Users=PEOPLE, Posts=[question(1, Body=body)], Comments=[comment(1, 1, Text=text)]
    )
    run_import(dump)
    assert post(1).body == body
    for html in (post(1).html, note(1).html):
        for evil in ("<script", "onclick", "<iframe", "<style", "<svg", "<img src", 'href="javascript'):
            assert evil not in html
    assert "Hi" in post(1).html
    assert "<b>open <i>tags</i></b>" in post(1).html


def test_control_characters_are_removed_and_counted(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[question(1, Title="aXXb", Body="nulXX")])
    file = dump / "Posts.xml"
    file.write_bytes(file.read_bytes().replace(b"XX", b"\x00&#x1;"))
    output = run_import(dump)
    assert (thread(1).title, post(1).body) == ("ab", "nul")
    assert "4 × control character removed" in output


def test_names_of_files_may_be_in_any_case(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[question(1)])
    (dump / "Posts.xml").rename(dump / "posts.xml")
    assert counts(run_import(dump))["Posts"] == (1, 1, 0, 0)

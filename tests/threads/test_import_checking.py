"""The first pass refuses what cannot be imported, says where, and writes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from community.models import Member, Organization, Space
from tests.threads.dumps import comment, counts, question, run_import, user, vote, write_dump

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write_dump(tmp_path / "iot", Users=[user(1)], Posts=[question(1)], Votes=[vote(1, 1)])


def refusal(folder: Path) -> str:
    """What the command says; that it wrote nothing is checked."""
    with pytest.raises(CommandError) as refused:
        run_import(folder)
    assert [model.__name__ for model in (Organization, Space, Member) if model.objects.exists()] == []
    return str(refused.value)


def test_a_folder_must_be_there(tmp_path: Path) -> None:
    assert "is not a folder" in refusal(tmp_path / "nowhere")


def test_a_folder_must_be_a_dump(tmp_path: Path) -> None:
    (tmp_path / "Votes.xml").write_text("<votes></votes>")
    assert "is not a Stack Exchange dump: it has no Users.xml, Posts.xml." in refusal(tmp_path)


def test_only_posts_and_users_are_needed(tmp_path: Path) -> None:
    output = run_import(write_dump(tmp_path / "iot", Users=[user(1)], Posts=[question(1)]))
    assert counts(output)["all"] == (2, 2, 0, 0)
    assert "Votes.xml is not there" in output


def test_an_empty_dump_is_a_dump(tmp_path: Path) -> None:
    assert counts(run_import(write_dump(tmp_path / "iot", Users=[], Posts=[])))["all"] == (0, 0, 0, 0)


def test_a_truncated_file_is_refused_even_when_all_others_are_whole(dump: Path) -> None:
    file = dump / "Votes.xml"
    file.write_bytes(file.read_bytes()[:-3])
    said = refusal(dump)
    assert f"{file}:4: the file ends too early" in said
    assert "Nothing was imported." in said


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"Id": "x"}, "Id is no number: “x”"),
        ({"Id": "1_0"}, "Id is no number: “1_0”"),
        ({"Id": "9" * 19}, "Id is no number"),
        ({"Id": ""}, "Id is no number: “”"),
        ({"PostTypeId": "one"}, "PostTypeId is no number: “one”"),
        ({"Score": 1 << 31}, "Score is no number: “2147483648”"),
        ({"CreationDate": "yesterday"}, "CreationDate is no date: “yesterday”"),
        ({"CreationDate": "2020-13-01T00:00:00"}, "CreationDate is no date"),
        ({"ClosedDate": "0001-01-01T00:00:00+14:00"}, "ClosedDate is no date"),
    ],
)
def test_what_a_row_says_must_be_readable(tmp_path: Path, row: dict[str, object], says: str) -> None:
    folder = write_dump(tmp_path / "iot", Users=[user(1)], Posts=[question(1), {**question(2), **row}])
    assert f"{folder}/Posts.xml:4: {says}" in refusal(folder)


@pytest.mark.parametrize("name", ["Id", "PostTypeId", "CreationDate"])
def test_a_row_must_have_what_is_needed(tmp_path: Path, name: str) -> None:
    row = {key: value for key, value in question(2).items() if key != name}
    folder = write_dump(tmp_path / "iot", Users=[user(1)], Posts=[question(1), row])
    assert f"{folder}/Posts.xml:4: the row has no {name}" in refusal(folder)


def test_every_broken_file_is_named(dump: Path) -> None:
    (dump / "Users.xml").write_text("<posts></posts>")
    (dump / "Votes.xml").write_text("<votes>\n<row Id='1' PostId='1'/>\n<row/></votes>")
    (dump / "Badges.xml").write_text("nothing")
    said = refusal(dump)
    assert f"{dump}/Users.xml:1: the outermost element is <posts>" in said
    assert f"{dump}/Votes.xml:2: the row has no VoteTypeId" in said
    assert f"{dump}/Votes.xml:3: the row has no Id" in said
    assert f"{dump}/Badges.xml:1: not well-formed XML" in said


def test_a_thousand_broken_rows_are_not_a_thousand_lines(tmp_path: Path) -> None:
    broken = [comment(number, 1, at="never") for number in range(1000)]
    said = refusal(write_dump(tmp_path / "iot", Users=[user(1)], Posts=[question(1)], Comments=broken))
    assert len(said.splitlines()) == 22
    assert "Comments.xml: and 980 more broken rows" in said

"""Tables that cannot be read are named with file and line, and nothing is written; or what is broken is left out."""

import gzip
from pathlib import Path

import pytest
from django.core.management import CommandError

from community.models import Member, Organization, Space
from tests.threads.dumps import counts
from tests.threads.exports import HEADERS, answered, article, asked, run_export, write_export
from threads.importers import tables
from threads.models import Post, Thread

pytestmark = [pytest.mark.django_db]

HEAD = ",".join(HEADERS["answers"])
GOOD = "5,1,2023-03-02 10:00:00 +0000,2023-03-02 10:00:00 +0000,<p>Do.</p>,ben,0,0"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "x", questions=[asked(1)], answers=[answered(5, 1)], articles=[article(1, "x")])


def refusal(folder: Path) -> str:
    with pytest.raises(CommandError) as refused:
        run_export(folder)
    assert [model.__name__ for model in (Organization, Space, Member) if model.objects.exists()] == []
    return str(refused.value)


def test_a_folder_must_have_the_tables(tmp_path: Path) -> None:
    assert "is not a folder" in refusal(tmp_path / "nowhere")
    (tmp_path / "articles.csv").write_text("id\n")
    assert "is not an export of Mozilla Support: it has no questions.csv, answers.csv." in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: the first line has to name the columns; there is no Id, question_id, created, content"),
        ("id,question_id,created\n", ":1: the first line has to name the columns; there is no content"),
        (f"{HEAD},ID\n", ":1: the first line names Id twice"),
        (f"{HEAD}\n{GOOD}\n1,2\n", ":3: the row has 2 values; there are 8 columns"),
        (f"{HEAD}\n{GOOD},9\n", ":2: the row has 9 values; there are 8 columns"),
        (f"{HEAD}\n{GOOD.replace('5,1', 'five,1')}\n", ":2: Id is no number: “five”"),
        (f"{HEAD}\n{GOOD.replace('5,1', '5,')}\n", ":2: question_id is no number: “”"),
        (f"{HEAD}\n{GOOD.replace('2023-03-02 10:00:00 +0000', '1/2/2023', 1)}\n", ":2: created is no date: “1/2/2023”"),
        (f"{HEAD}\n{GOOD[:-1]}{'9' * 12}\n", ":2: num_unhelpful is no number"),
        (f'{HEAD}\n{GOOD}\n6,1,x,x,"no end\n{GOOD}\n', ":3: cannot be read from here on"),
        (f'{HEAD}\n{GOOD}\n6,1,x,x,"a" b,ben,0,0\n', ":3: cannot be read from here on"),
        (f"{HEAD}\n{GOOD.replace('Do.', 'x' * 10_000_001)}\n", ":2: cannot be read from here on"),
    ],
)
def test_what_is_broken_is_named(export: Path, text: str, says: str) -> None:
    (export / "answers.csv").write_text(text)
    said = refusal(export)
    assert f"{export}/answers.csv{says}" in said
    assert "Nothing was imported." in said


def test_text_must_be_utf_8(export: Path) -> None:
    (export / "answers.csv").write_bytes(f"{HEAD}\n{GOOD}\n".encode() + b"6,1,\xff\n")
    assert "answers.csv:" in refusal(export)
    assert "this is no text in UTF-8" in refusal(export)


def test_compressed_files_must_be_whole(export: Path) -> None:
    packed = gzip.compress((export / "answers.csv").read_bytes())
    (export / "answers.csv").unlink()
    file = export / "answers.csv.gz"
    for broken, says in (
        (packed[:-12], "the file ends too early"),
        (b"no gzip", "Not a gzipped file"),
        (packed[:20] + b"\xff" * 30 + packed[50:], "Error"),
    ):
        file.write_bytes(broken)
        assert f"{file}:" in refusal(export)
        assert says in refusal(export)


def test_a_packed_file_without_line_ends_is_not_unpacked_whole(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_LINE", 5_000)
    unpacked: list[int] = []
    read = gzip.GzipFile.read1

    def counted(file: gzip.GzipFile, size: int = -1) -> bytes:
        found = read(file, size)
        unpacked.append(len(found))
        return found

    monkeypatch.setattr(gzip.GzipFile, "read1", counted)
    (export / "answers.csv").unlink()
    (export / "answers.csv.gz").write_bytes(gzip.compress(f"{HEAD}\n5,1,".encode() + b"x," * 5_000_000))
    assert "answers.csv.gz:2: cannot be read from here on: a line is longer than 5000 characters" in refusal(export)
    assert 5_000 < sum(unpacked) < 100_000


def test_every_broken_file_is_named_and_long_lists_are_cut(export: Path) -> None:
    (export / "questions.csv").write_text("nothing\n")
    (export / "answers.csv").write_text("\n".join([HEAD, *["x"] * 1000]))
    said = refusal(export)
    assert f"{export}/questions.csv:1:" in said
    assert "answers.csv: and 980 more broken rows" in said
    assert len(said.splitlines()) == 23


def test_asked_to_it_leaves_out_what_is_broken(export: Path) -> None:
    rows = [HEAD, GOOD, "6,1", GOOD.replace("5,1", "x,1"), GOOD.replace("5,1", "7,1"), '8,1,x,x,"no end']
    (export / "answers.csv").write_text("\n".join(rows))
    output = run_export(export, skip_broken=True)
    assert sorted(Post.objects.values_list("source_id", flat=True)) == ["1", "answer-5", "answer-7"]
    assert counts(output)["Answers"] == (4, 2, 0, 2)
    assert "Answers: 2 × is broken" in output
    for line in ("answers.csv:3: the row has 2 values", "answers.csv:4: Id is", "answers.csv:6: cannot be read"):
        assert line in output


def test_byte_order_marks_line_ends_blank_lines_and_more_columns_do_no_harm(export: Path) -> None:
    other = GOOD.replace("5,1", "6,1").replace("<p>Do.</p>", '"a\n""b"""')
    text = f"{HEAD},more\n\n{GOOD},x\n\n{other},y\n"
    (export / "answers.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    run_export(export)
    assert Thread.objects.get().reply_count == 2
    assert Post.objects.get(source_id="answer-6").body == 'a\r\n"b"'

"""The reader of XML rows: what it gives, and what it says of files that are not what they should be."""

from pathlib import Path

import pytest

from threads.importers import dump
from threads.importers.broken import Broken
from threads.importers.dump import DumpReader

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    return list(DumpReader(path, "posts").rows())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Posts.xml"


def test_rows_come_with_their_lines(file: Path) -> None:
    file.write_bytes(HEAD + b'<row Id="1" Body="&lt;p&gt;a&#xA;b" />\n\n<row\n Id="2"/></posts>')
    assert read(file) == [(3, {"Id": "1", "Body": "<p>a\nb"}), (5, {"Id": "2"})]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_harm(file: Path, encoding: str) -> None:
    file.write_text('<posts><row Id="é中"/></posts>', encoding=encoding)
    assert read(file) == [(1, {"Id": "é中"})]


@pytest.mark.parametrize("size", range(1, 24))
def test_what_xml_forbids_is_left_out_wherever_the_file_is_cut(
    file: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump, "PIECE", size)
    forbidden = b"\x00\x1b&#0;&#x1F;&#xB;&#xFFFF;&#xD800;\xef\xbf\xbe\xed\xa0\x80"
    file.write_bytes(HEAD + b'<row Id="a' + forbidden + b'b&#x9;&#10;&amp;" T="\xef\xbb\xbf\xed\x95\x9c"/></posts>')
    reader = DumpReader(file, "posts")
    assert list(reader.rows()) == [(3, {"Id": "ab\t\n&", "T": "\ufeff한"})]
    assert reader.removed == 9


def test_it_tells_how_many_bytes_it_has_read(file: Path) -> None:
    file.write_bytes(HEAD + b'<row Id="1"/>\n' * 50_000 + b"</posts>")
    told: list[int] = []
    assert len(list(DumpReader(file, "posts", told.append).rows())) == 50_000
    assert sum(told) == file.stat().st_size
    assert len(told) > 1


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "too early"),
        (HEAD, 3, "too early"),
        (HEAD + b'<row Id="1" />\n<row Id="2" Bo', 4, "too early"),
        (HEAD + b'<row Id="1" />\n', 4, "too early"),
        (HEAD + b'<row Id="1" Id="2" /></posts>', 3, "duplicate attribute"),
        (HEAD + b"<row Id=1 /></posts>", 3, "not well-formed"),
        (HEAD + b'<row Id="\xff" /></posts>', 3, "not well-formed"),
        (HEAD + b"</posts>\n<posts></posts>", 4, "junk after document element"),
        (b"just text", 1, "not well-formed"),
        (b"<users></users>", 1, "<users>; a dump has <posts> here"),
        (HEAD + b"\n<item /></posts>", 4, "unexpected element <item>"),
        (HEAD + b"<row><row /></row></posts>", 3, "unexpected element <row>"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(file: Path, content: bytes, line: int, says: str) -> None:
    file.write_bytes(content)
    with pytest.raises(Broken) as refusal:
        read(file)
    assert str(refusal.value).startswith(f"{file}:{line}: ")
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE posts [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE posts [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE posts SYSTEM "http://127.0.0.1:9/posts.dtd">',
    ],
)
def test_entities_are_never_expanded_or_fetched(file: Path, declaration: bytes) -> None:
    file.write_bytes(b'<?xml version="1.0"?>\n' + declaration + b'\n<posts><row Id="&b;"/></posts>')
    with pytest.raises(Broken, match=r"Posts\.xml:2: has a document type declaration"):
        read(file)


def test_a_file_that_cannot_be_opened_is_named(file: Path) -> None:
    with pytest.raises(Broken, match="No such file"):
        read(file)

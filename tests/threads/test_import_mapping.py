"""Addresses, licences and tags of imported content, and that checking needs no more memory for a larger dump."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.threads.dumps import question, user, vote, write_dump
from threads.importers.broken import Broken
from threads.importers.dump import DumpReader
from threads.importers.report import Report
from threads.importers.stackexchange.addresses import license_of, site_address
from threads.importers.stackexchange.checking import check, dump_files
from threads.importers.stackexchange.mapping import tags_of
from threads.importers.stackexchange.sorting import sort
from threads.importers.staging import Staging


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("iot", "https://iot.stackexchange.com"),
        ("conlang.meta", "https://conlang.meta.stackexchange.com"),
        ("stackoverflow", "https://stackoverflow.com"),
        ("stackoverflow.com", "https://stackoverflow.com"),
        ("es.stackoverflow", "https://es.stackoverflow.com"),
        ("superuser.meta", "https://meta.superuser.com"),
        ("meta.superuser.com", "https://meta.superuser.com"),
        ("meta.stackexchange", "https://meta.stackexchange.com"),
        ("askubuntu", "https://askubuntu.com"),
        ("serverfault", "https://serverfault.com"),
        ("mathoverflow", "https://mathoverflow.net"),
        ("diy.stackexchange.com", "https://diy.stackexchange.com"),
    ],
)
def test_sites_have_addresses(site: str, address: str) -> None:
    assert site_address(site) == address


@pytest.mark.parametrize(
    ("given_license", "at", "expected"),
    [
        (None, datetime(2011, 4, 7, 23, tzinfo=UTC), "CC BY-SA 2.5"),
        (None, datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 3.0"),
        (None, datetime(2018, 5, 1, 23, tzinfo=UTC), "CC BY-SA 3.0"),
        ("", datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 4.0"),
        (" CC BY-SA 4.0 ", datetime(2010, 1, 1, tzinfo=UTC), "CC BY-SA 4.0"),
    ],
)
def test_the_licence_is_the_one_named_or_that_of_the_time(
    given_license: str | None, at: datetime, expected: str
) -> None:
    assert license_of(given_license, at) == expected


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("<a><b>", ("a", "b")),
        ("|a|b|", ("a", "b")),
        ("<Wi-Fi><wi-fi><c++>", ("wi-fi", "c++")),
        ("|.net|" + "x" * 50 + "|", (".net", "x" * 40)),
        ("<сеть ж>", ("сеть-ж",)),
        ("", ()),
        (None, ()),
        ("<>||< >", ()),
    ],
)
def test_both_spellings_of_tags_are_read(written: str | None, tags: tuple[str, ...]) -> None:
    assert tags_of(written) == tags


WHOLE = b'<?xml version="1.0"?>\n<posts>\n<row Id="1" Body="&lt;p&gt;\xc3\xa9"/>\n<row Id="2"/>\n</posts>'


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_anywhere_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    file = tmp_path_factory.mktemp("cut") / "Posts.xml"
    file.write_bytes(WHOLE[:length])
    with pytest.raises(Broken, match=rf"Posts\.xml:{max(1, WHOLE[:length].count(10) + 1)}: "):
        list(DumpReader(file, "posts").rows())


def test_a_dump_ten_times_as_large_takes_no_more_memory(tmp_path: Path) -> None:
    small = write_dump(tmp_path / "small", Users=[user(1)], Posts=[question(1)], Votes=_votes(6_000))
    large = write_dump(tmp_path / "large", Users=[user(1)], Posts=[question(1)], Votes=_votes(60_000))
    _peak(small)
    assert _peak(large) < _peak(small) * 1.2


def _votes(count: int) -> list[dict[str, object]]:
    return [vote(number, 1) for number in range(count)]


def _peak(folder: Path) -> int:
    """The most memory that Python held while a dump was checked, sorted and read back."""
    staging = Staging()
    tracemalloc.start()
    check(dump_files(folder), staging, Report(), lambda _size: None)
    sort(staging)
    assert sum(len(rows) for rows in staging.taken("Votes", 500)) > 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    staging.close()
    return peak

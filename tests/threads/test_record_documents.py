"""One record's document: what it takes, what it writes with few edits, and who wrote what of a text."""

import itertools
import random
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.threads.replicas import FIELDS, Replica
from threads.rules.document import SITE, Broken, Document
from threads.rules.edits import Edit, edits
from threads.rules.runs import Followed
from threads.rules.texts import plain
from threads.rules.yjs import Malformed, read_update

EMPTY = dict.fromkeys(FIELDS, "")
texts = st.text(st.sampled_from("ab \n.é😀"), max_size=60)


def applied(old: str, changes: list[Edit]) -> str:
    for at, removed, inserted in reversed(changes):
        old = old[:at] + inserted + old[at + removed :]
    return old


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_edits_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    changes = edits(old, new)
    assert applied(old, changes) == new
    assert all(edit.removed or edit.inserted for edit in changes)
    ends = [edit.at + edit.removed for edit in changes]
    assert all(end <= later.at for end, later in zip(ends, changes[1:], strict=False))


def test_edits_touch_what_changed() -> None:
    old = "The relay refuses mail.\nIt says 451.\nNobody knows why."
    new = "The old relay refuses mail.\nIt says 452.\nNobody knows why."
    assert edits(old, new) == [Edit(4, 0, "old "), Edit(34, 1, "2")]
    assert edits(old, old) == []
    assert edits("", "x") == [Edit(0, 0, "x")]


@settings(max_examples=100, deadline=None)
@given(texts, texts, texts)
def test_a_document_says_what_was_written_into_it(one: str, other: str, third: str) -> None:
    document = Document.made({"cause": one, "problem": other})
    assert document.texts == {**EMPTY, "cause": one, "problem": other}
    watching = Replica(None, document.state)
    news = document.write({"cause": third})
    assert (news is None) == (third == one)
    watching.take(*([news] if news else []))
    assert watching.texts == document.texts == {**EMPTY, "cause": third, "problem": other}
    assert set(document.clocks) <= {SITE}
    again = Document.loaded(document.state)
    assert (again.texts, again.clocks) == (document.texts, document.clocks)


def test_who_writes_keeps_their_place_while_the_rest_is_rewritten() -> None:
    document = Document.made({"cause": "The relay é refuses 😀 mail. Nobody knows why."})
    ben = Replica(7, document.state)
    document.write({"cause": "Since Sunday the relay é refuses 😀 all mail. Nobody knows why."})
    document.take([ben.write("cause", ben.texts["cause"].index("s 😀"), "!!")])
    assert document.texts["cause"] == "Since Sunday the relay é refuse!!s 😀 all mail. Nobody knows why."


def test_news_is_what_was_new_of_all_that_was_given() -> None:
    document, ben, zoe = Document.loaded(None), Replica(7), Replica(8)
    one, two, other = ben.write("cause", 0, "a"), ben.write("cause", 1, "b"), zoe.write("problem", 0, "é")
    assert document.take([one]) == one
    news = document.take([one, two, other])
    assert news is not None
    assert {client: (start, end) for client, start, end in read_update(news).ranges} == {7: (1, 2), 8: (0, 1)}
    assert document.take([one, two, other, b"\0\0"]) is None
    assert document.take([]) is None


def test_what_does_not_fit_wholly_breaks_the_document() -> None:
    ben = Replica(7)
    ben.write("cause", 0, "a")
    with pytest.raises(Broken):
        Document.loaded(None).take([ben.write("cause", 1, "b")])


def test_a_document_knows_what_would_change_nothing() -> None:
    document, ben = Document.loaded(None), Replica(7)
    written = [ben.write("cause", 0, "abcdef"), ben.remove("cause", 1, 2), ben.remove("cause", 3, 1)]
    assert not document.has(read_update(written[0]))
    document.take(written[:2])
    assert document.has(read_update(written[0]))
    assert document.has(read_update(written[1]))
    assert not document.has(read_update(written[2]))
    assert not document.has(read_update(ben.since()))
    document.take(written[2:])
    assert document.has(read_update(ben.since()))
    assert document.has(read_update(b"\0\0"))
    one_half = read_update(b"\0\1\7\1\1\1")
    assert document.has(one_half)


def test_what_somebody_is_missing() -> None:
    document, ben = Document.made({"cause": "abc"}), Replica(7)
    ben.take(document.since(ben.vector))
    assert ben.texts == document.texts
    for vector in (b"", b"\xff", b"\1\1\xff\xff\xff\xff\xff\xff\xff\xff"):
        with pytest.raises(Malformed):
            document.since(vector)
    assert read_update(document.since(b"\1\1\xff\7")).ranges == []


class Written:
    """A text of a document, written over and over, and followed by another one."""

    def __init__(self, text: str) -> None:
        self.document = Document.made({"cause": text})
        self.other = Document.loaded(self.document.state)
        self.followed = Followed(text)

    def become(self, text: str, writer: int) -> tuple[int, int]:
        update = self.document.write({"cause": text})
        with self.other.followed() as follow:
            return self.followed.take(follow(update)["cause"], writer) if update else (0, 0)

    @property
    def runs(self) -> list[list[int]]:
        return self.followed.runs(self.other.texts["cause"])


def test_who_wrote_what_is_followed_through_changes() -> None:
    written = Written("abcéd😀f")
    assert written.become("abcéé\x1b!d😀f", 12) == (3, 0)
    assert written.become("abcéé😀f", 13) == (0, 3)
    assert written.runs == [[4, 0], [1, 12], [2, 0]]
    assert written.become("abcéé😀f\0, said Ben", 14) == (11, 0)
    assert written.runs == [[4, 0], [1, 12], [2, 0], [10, 14]]
    assert written.become("", 15) == (0, 18)
    assert written.runs == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), texts), max_size=8))
def test_every_character_has_a_writer(steps: list[tuple[int, str]]) -> None:
    written, length = Written("é😀ab"), 4
    for writer, text in steps:
        inserted, deleted = written.become(text, writer)
        length += inserted - deleted
        assert length == len(text)
        assert sum(run[0] for run in written.runs) == len(plain(text))
        assert all(one[1] != other[1] for one, other in itertools.pairwise(written.runs))


def test_who_changes_a_few_letters_of_words_has_written_those() -> None:
    """In one update, as of who comes back with what they wrote without a connection."""
    zoe, document = Replica(7), Document.loaded(None)
    followed = Followed("")
    with document.followed() as follow:
        followed.take(follow(zoe.write("cause", 0, "colour and behaviour"))["cause"], 1)
        ben = Replica(8, document.state)
        before = ben.vector
        for place in (17, 4):
            ben.remove("cause", place, 1)
        ben.write("cause", 0, "the ")
        assert followed.take(follow(ben.since(before))["cause"], 2) == (4, 2)
    assert followed.runs(document.texts["cause"]) == [[4, 2], [18, 1]]


def test_long_texts_of_few_words() -> None:
    chance = random.Random(1)
    old, new = ("".join(chance.choice(["to ", "be ", "\n"]) for _ in range(7_000))[:20_000] for _ in range(2))
    assert applied(old, edits(old, new)) == new


def test_a_document_that_is_let_go_is_freed() -> None:
    document = Document.made({"cause": "DNS"})
    document.take([Replica(7).write("problem", 0, "Slow")])
    seen = weakref.ref(document)
    del document
    assert seen() is None

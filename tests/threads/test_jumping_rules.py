"""What is read of a text that somebody is typing, and which titles it means first."""

import pytest

from threads.rules.jumping import fits, nearness, read
from threads.rules.words import terms_of


@pytest.mark.parametrize(
    ("text", "words", "beginning", "number"),
    [
        ("", [], "", None),
        ("pri", [], "pri", None),
        ("p", [], "", None),
        ("printers jam", ["printer"], "jam", None),
        ("printers ", [], "printers", None),
        ("the", [], "the", None),
        ("Ünïcode Ört", ["unicod"], "ort", None),
        ("12", [], "12", 12),
        ("#12", [], "12", 12),
        ("#1234567890123", [], "1234567890123", None),
        ("٣٤", [], "٣٤", None),
        ("印刷機", ["印刷", "刷機"], "", None),
        ("mail\0loops", ["mail"], "loops", None),
        ('"AND" -x*', ["x"], "", None),
        ("@ada", [], "ada", None),
        ("\ud800 printer", [], "printer", None),
    ],
)
def test_what_is_typed(text: str, words: list[str], beginning: str, number: int | None) -> None:
    typed = read(text)
    assert (list(typed.words), typed.beginning, typed.number) == (words, beginning, number)


def test_what_is_typed_is_bounded() -> None:
    typed = read("word " * 10_000 + "x" * 10_000)
    assert len(typed.text) <= 200
    assert typed.words == ("word",)
    assert len(read(" ".join(f"w{n}" for n in range(60))).words) == 8


@pytest.mark.parametrize(
    ("text", "title", "begun"),
    [
        ("conf", "Configuration lost", True),
        ("configurat", "Configuration lost", False),
        ("printers", "Printer", True),
        ("activities", "Activity log", True),
    ],
)
def test_a_stem_is_met_by_its_beginning_or_in_the_shortened_word(text: str, title: str, begun: bool) -> None:
    typed, words = read(text), terms_of(title)
    assert any(word.startswith(typed.begun[0]) or word in typed.begun for word in words) is begun
    assert begun or any(word in typed.shortened for word in words)


def test_titles_that_begin_with_it_and_say_little_else_come_first() -> None:
    typed = read("mail loo")
    titles = ["Loops of mail", "Mail loops", "Mail loops between gateways", "Why a calendar loops, and mail too"]
    ranked = sorted(titles, key=lambda title: nearness(typed, terms_of(title)), reverse=True)
    assert ranked == [
        "Mail loops",
        "Mail loops between gateways",
        "Loops of mail",
        "Why a calendar loops, and mail too",
    ]


def test_names_of_pages_are_met_word_by_word() -> None:
    assert fits("cur de", "Curators’ desk")
    assert fits("HELP", "Help and shortcuts")
    assert not fits("desks", "Curators’ desk")

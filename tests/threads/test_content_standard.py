"""The content standard: what each of its points asks, and what it leaves open."""

import pytest

from threads.rules.content_standard import POINTS, Point, checklist

GOOD = {
    "problem": "Mail waits in the queue.",
    "environment": "Version 2.1",
    "cause": "A stale cache.",
    "resolution": "1. Empty the cache.\n2. Start the queue.",
}
LONG = "word " * 70


def points(
    title: str = "Mail waits in the queue", *, asked: str = "Our mail is stuck", **fields: str
) -> dict[str, Point]:
    found = checklist(title, GOOD | fields, asked=asked, product=True)
    assert [point.name for point in found] == list(POINTS)
    return {point.name: point for point in found}


def test_a_good_one_meets_every_point() -> None:
    assert {name: point.met for name, point in points().items()} == dict.fromkeys(POINTS, True) | {"steps": None}


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Help", "length"), ("x" * 121, "length"), ("Urgent help needed!", "empty"), ("Problem with mail", "empty"),
        ("Question about the queue", "empty"), ("Mailqueue stuck", "words"), ("MAIL WAITS IN THE QUEUE", "shouted"),
        ("Printer jams on Mondays", "words_of_asker"),
        ("Mail waits in the queue", ""), ("待機中のメールが届かない", "words_of_asker"),
    ],
)  # fmt: skip
def test_titles(title: str, why: str) -> None:
    assert points(title)["title"] == Point("title", not why, why)


def test_what_has_to_be_there_and_what_is_only_advised() -> None:
    for name, must in (("problem", True), ("resolution", True), ("environment", False), ("cause", False)):
        point = points(**{name: " "})["complete"]
        assert (point.met, point.why, point.must) == (False, name, must)


def test_short_or_in_steps() -> None:
    assert points(problem=LONG * 3)["short"].why == "problem"
    assert points(resolution=LONG * 6)["short"] == Point("short", False, "resolution")
    assert points(resolution=f"- {LONG * 6}")["short"].met
    assert points(resolution=LONG)["steps"].met is False
    for steps in (f"1. {LONG}", f"* {LONG}", f"{LONG}\n```\nqueue start\n```"):
        assert points(resolution=steps)["steps"].met


def test_found_and_safe() -> None:
    assert not checklist("t", GOOD, asked="", product=False)[4].met
    assert points(cause="Ask jan@firma.cz")["safe"] == Point("safe", False, must=True)
    assert not checklist("At Umbrella", GOOD, asked="", product=True, names=["umbrella"])[5].met

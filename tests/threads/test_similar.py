"""What is most like a text: the same on both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.threads.findings import post, titles
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.queries import similar as likeness
from threads.queries.similar import MAX_TEXT, similar

pytestmark = pytest.mark.both_databases

QUESTION = """Thermostat loses the wireless network every night
Since the last firmware the thermostat in our lobby drops off the wireless network at about 2 in the morning and
comes back only after somebody pulls the plug. The access point says nothing about it."""


def test_the_problem_most_alike_comes_first(cast: Cast) -> None:
    post(cast, "Printer prints blank pages", "The printer in our lobby prints blank pages since this morning.")
    post(cast, "Invoice numbers repeat", "Two invoices have the same number.")
    alike = post(
        cast, "Thermostats disconnect at night", "Each night all thermostats leave the network until unplugged."
    )
    found = similar(cast.ben, QUESTION)
    assert titles(found)[0] == alike.title
    assert "Invoice numbers repeat" not in titles(found)
    assert found[0].score > found[1].score


def test_the_first_line_counts_as_title(cast: Cast) -> None:
    one, two = post(cast, "Lamp flickers"), post(cast, "Heater leaks")
    assert titles(similar(cast.ben, "lamp\nheater")) == [one.title, two.title]
    assert titles(similar(cast.ben, "heater\nlamp")) == [two.title, one.title]


def test_replies_do_not_make_a_thread_alike(cast: Cast) -> None:
    thread = post(cast, "Something else entirely")
    post_reply(by=cast.ben, thread=thread, body=QUESTION)
    assert similar(cast.ben, "thermostat firmware") == []


def test_a_thread_and_its_practice_are_left_out_together(cast: Cast) -> None:
    thread = post(cast, "Thermostat asleep")
    resolve(by=cast.ada, thread=thread, summary="Wake it.")
    fields = {"problem": "The thermostat is asleep.", "resolution": "Wake it."}
    practice = record_practice(by=cast.ada, thread=thread, fields=fields)
    other = post(cast, "Thermostat awake")
    assert {hit.kind for hit in similar(cast.ada, "thermostat")} == {"thread", "practice"}
    for without in (thread, practice):
        assert titles(similar(cast.ada, "thermostat", exclude=without)) == [other.title]
    assert titles(similar(cast.ada, "thermostat", kinds=["practice"])) == [practice.title]


def test_limit_and_bounds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "MOST_ENTRIES", 3)
    for number in range(6):
        post(cast, f"Thermostat {number}")
    assert len(similar(cast.ada, "thermostat", limit=2)) == 2
    assert len(similar(cast.ada, "thermostat", limit=10)) == 3


def test_few_visible_still_get_their_hits_by_more_common_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "MOST_ENTRIES", 2)
    monkeypatch.setattr(likeness, "CHOSEN_TERMS", 1)
    seen = post(cast, "Gateway down")
    for number in range(4):
        post(cast, f"Zither gateway {number}", audience="center")
    assert titles(similar(cast.zoe, "zither gateway")) == [seen.title]


@pytest.mark.parametrize("text", ["", "\n\n", "the and of", "\x00", "zzzz qqqq", "(" * 5000, "thermostat " * 20_000])
def test_odd_texts(cast: Cast, text: str) -> None:
    post(cast, "Thermostat")
    assert len(similar(cast.ada, text)) == (1 if "thermostat" in text[:MAX_TEXT] else 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(text=st.text(max_size=200))
def test_any_text_is_answered(db: None, text: str) -> None:
    from community.models import Member

    assert similar(Member(pk=1, is_superuser=True, organization_id=1), text) == []

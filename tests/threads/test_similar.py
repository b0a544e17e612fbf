"""What is most like a text: the same on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.threads.findings import post, titles
from tests.threads.playing import STEPS, mo_writes
from tests.threads.practicing import recorded
from threads.actions.playbooks import edit_playbook, retire_playbook
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice, withdraw_use
from threads.queries.search import search
from threads.queries.similar import MAX_TEXT, similar

pytestmark = pytest.mark.both_databases

Limit = Callable[[int], AbstractContextManager[Any]]

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


def test_a_limit(cast: Cast) -> None:
    for number in range(6):
        post(cast, f"Thermostat {number}")
    assert len(similar(cast.ada, "thermostat", limit=2)) == 2
    assert len(similar(cast.ada, "thermostat", limit=10)) == 6


def test_scores_are_shares_of_the_best(cast: Cast) -> None:
    post(cast, "Thermostat asleep")
    post(cast, "Thermostat and lamp", "A long story about a lamp that has little to do with it.")
    first, second = similar(cast.ada, "thermostat asleep")
    assert first.score == 1.0
    assert second.score == round(second.score, 2) < 1.0


def test_what_is_as_like_as_another_comes_newest_first(cast: Cast) -> None:
    made = [post(cast, "Thermostat asleep") for _number in range(3)]
    assert [hit.id for hit in similar(cast.ada, "thermostat asleep")] == [thread.pk for thread in reversed(made)]


def test_few_statements_whatever_there_is(cast: Cast, django_assert_max_num_queries: Limit) -> None:
    """The words, whether they were counted, how much there is; of each kind lists, sight and scores; votes; what raises
    them; and what a page shows of them."""
    for number in range(12):
        practice = recorded(cast, title=f"Thermostat {number}")
        use_practice(by=cast.ben, thread=post(cast, f"Thermostat again {number}"), practice=practice)
    with django_assert_max_num_queries(18):
        assert len(similar(cast.ada, "thermostat", limit=20)) == 20


def test_what_was_used_in_threads_like_it_comes_higher(cast: Cast) -> None:
    """Even a practice that says it in other words, as soon as one thread tells that it helps."""
    other_words = recorded(cast, title="Heating controller forgets its access point")
    named = recorded(cast, title="Thermostat firmware", problem="Where to find the firmware of a thermostat.")
    before = post(cast, *QUESTION.split("\n", 1))
    assert titles(similar(cast.ben, QUESTION, kinds=["practice"]))[0] == named.title
    use_practice(by=cast.ben, thread=before, practice=other_words)
    first = similar(cast.ben, QUESTION, kinds=["practice"])[0]
    assert (first.id, first.because) == (other_words.pk, "used in 1 thread like this")
    assert similar(cast.ben, QUESTION, kinds=["thread"])[0].because == ""


def test_a_thread_does_not_vote_for_what_was_used_in_itself(cast: Cast) -> None:
    practice = recorded(cast, title="Heating controller forgets its access point")
    thread = post(cast, *QUESTION.split("\n", 1))
    use_practice(by=cast.ben, thread=thread, practice=practice)
    assert not any(hit.because for hit in similar(cast.ben, QUESTION, kinds=["practice"], exclude=thread))
    assert [hit.because for hit in similar(cast.ben, QUESTION, kinds=["practice"])] == ["used in 1 thread like this"]
    withdraw_use(by=cast.ben, thread=thread, practice=practice)
    assert not any(hit.because for hit in similar(cast.ben, QUESTION, kinds=["practice"]))


def test_playbooks_are_found_by_their_steps_until_they_are_retired(cast: Cast) -> None:
    playbook = mo_writes(cast)
    assert [(hit.kind, hit.id) for hit in similar(cast.ada, "postqueue is long", kinds=["playbook"])] == [
        ("playbook", playbook.pk)
    ]
    edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="Shorter", title="Short queues", steps=STEPS[:1])
    assert similar(cast.ada, "call operators", kinds=["playbook"]) == []
    assert titles(similar(cast.ada, "short queues", kinds=["playbook"])) == ["Short queues"]
    assert titles(search(cast.ada, "short queue").hits) == ["Short queues"]
    retire_playbook(by=cast.mo, playbook=playbook)
    assert similar(cast.ada, "short queues", kinds=["playbook"]) == search(cast.ada, "short queue").hits == []


@pytest.mark.parametrize("text", ["", "\n\n", "the and of", "\x00", "zzzz qqqq", "(" * 5000, "thermostat " * 20_000])
def test_odd_texts(cast: Cast, text: str) -> None:
    post(cast, "Thermostat")
    assert len(similar(cast.ada, text)) == (1 if "thermostat" in text[:MAX_TEXT] else 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(text=st.text(max_size=200))
def test_any_text_is_answered(db: None, text: str) -> None:
    from community.models import Member

    assert similar(Member(pk=1, is_superuser=True, organization_id=1), text) == []

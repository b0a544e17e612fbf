"""What becomes of problems that somebody describes: one row a sitting, of what they may see, counted for curators."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.errors import NotThere
from community.models import Member
from community.rules import clock
from tests.cast import Cast, make_cast
from tests.threads.findings import post
from tests.threads.practicing import recorded
from threads.actions.deflecting import Sitting, blank_typed, note_opened, note_shown, note_solved
from threads.models import Deflection, LikelyAnswer, Practice
from threads.queries.deflections import Deflected, deflected_by

pytestmark = pytest.mark.both_databases

NAME, OTHER = "a" * 22, "b" * 22


def sitting(cast: Cast, text: str = "Mail loops", *, name: str = NAME, space: str = "lobby") -> Sitting:
    """A form in a space."""
    return Sitting(name, cast.spaces[space], text)


def told(row: Deflection) -> dict[str, str]:
    """What is known of each answer of a sitting."""
    words = {(False, False): "shown", (True, False): "opened", (True, True): "solved"}
    return {answer.thing: words[answer.opened, answer.solved] for answer in row.answers.order_by("pk")}


def test_a_sitting_is_one_row_and_rises(cast: Cast) -> None:
    threads = [post(cast, f"Mail loops {n}") for n in range(3)]
    one, two, three = (f"thread:{thread.pk}" for thread in threads)
    note_shown(by=cast.zoe, sitting=sitting(cast, "Mail"), shown=[one, two])
    note_shown(by=cast.zoe, sitting=sitting(cast, "Mail loops"), shown=[two, three, two])
    row = Deflection.objects.get()
    assert (row.outcome, row.text, row.space) == ("looking", "Mail loops", cast.spaces["lobby"])
    assert told(row) == {one: "shown", two: "shown", three: "shown"}
    note_opened(by=cast.zoe, sitting=sitting(cast), thing=two)
    note_solved(by=cast.zoe, sitting=sitting(cast), thing=three)
    note_opened(by=cast.zoe, sitting=sitting(cast), thing=one)
    row = Deflection.objects.get()
    assert (row.outcome, row.chosen, row.ended_at is None) == ("solved", three, False)
    assert told(row) == {one: "opened", two: "opened", three: "solved"}
    note_shown(by=cast.ben, sitting=sitting(cast), shown=[one])
    note_shown(by=cast.zoe, sitting=sitting(cast, name=OTHER), shown=[one])
    assert Deflection.objects.count() == 3


def test_where_nothing_is_new_nothing_is_written(cast: Cast) -> None:
    thing = f"thread:{post(cast, 'Mail loops').pk}"
    note_shown(by=cast.zoe, sitting=sitting(cast), shown=[thing])
    for shown in ([thing], [thing, thing], [], ["thread:999999"]):
        with CaptureQueriesContext(connection) as asked:
            note_shown(by=cast.zoe, sitting=sitting(cast, "Mail loops again"), shown=shown)
        assert not [each for each in asked if each["sql"].startswith(("INSERT", "UPDATE"))]
    for name in ("", "short", "a" * 25, "ä" * 22, "a" * 21 + "\n", "a" * 10 + "\0" * 10):
        note_shown(by=cast.zoe, sitting=sitting(cast, name=name), shown=[thing])
    assert Deflection.objects.count() == 1


def test_what_is_hidden_is_as_what_is_not_there(cast: Cast) -> None:
    seen, hidden = post(cast, "Mail loops"), post(cast, "Mail loops", audience="organization")
    kept = recorded(cast, audience="organization")
    unseen = [f"thread:{hidden.pk}", f"practice:{kept.pk}", "thread:999999", "practice:x", "member:1", "thread:01", ""]
    note_shown(by=cast.zoe, sitting=sitting(cast), shown=[*unseen, f"thread:{seen.pk}"])
    assert told(Deflection.objects.get()) == {f"thread:{seen.pk}": "shown"}
    for thing in unseen:
        for note in (note_opened, note_solved):
            with pytest.raises(NotThere):
                note(by=cast.zoe, sitting=sitting(cast, name=OTHER), thing=thing)
    assert Deflection.objects.count() == LikelyAnswer.objects.count() == 1
    note_solved(by=cast.ben, sitting=sitting(cast), thing=f"practice:{kept.pk}")


def test_posting_ends_it_with_its_thread(cast: Cast) -> None:
    practice = recorded(cast)
    thing = f"practice:{practice.pk}"
    note_shown(by=cast.zoe, sitting=sitting(cast), shown=[thing])
    note_solved(by=cast.zoe, sitting=sitting(cast), thing=thing)
    assert deflected_by(cast.cleo, practice) == Deflected(1, 1, 1)
    post(cast, "Mail loops", by="ben", sitting=NAME)
    assert Deflection.objects.get().outcome == "solved", "another member's form"
    thread = post(cast, "Mail loops", by="zoe", sitting=NAME)
    note_solved(by=cast.zoe, sitting=sitting(cast, "More"), thing=thing)
    note_shown(by=cast.zoe, sitting=sitting(cast, "More"), shown=[f"thread:{thread.pk}"])
    post(cast, "Mail loops again", by="zoe", sitting=NAME)
    row = Deflection.objects.get()
    assert (row.outcome, row.thread, row.text) == ("posted", thread, "Mail loops")
    assert told(row) == {thing: "solved"}
    assert deflected_by(cast.cleo, practice) == Deflected(1, 1, 0)


def test_a_sitting_is_bounded(cast: Cast) -> None:
    things = [f"thread:{post(cast, f'Mail {n}').pk}" for n in range(33)]
    note_shown(by=cast.zoe, sitting=sitting(cast, "x" * 9_000), shown=things[:20])
    note_shown(by=cast.zoe, sitting=sitting(cast, "x" * 9_000), shown=things[10:])
    note_opened(by=cast.zoe, sitting=sitting(cast), thing=things[31])
    row = Deflection.objects.get()
    assert (row.answers.count(), row.outcome) == (30, "opened")
    note_solved(by=cast.zoe, sitting=sitting(cast, "x" * 9_000), thing=things[32])
    row.refresh_from_db()
    assert (row.chosen, len(row.text)) == (things[32], 4_000)


def test_what_was_typed_is_forgotten_after_90_days(cast: Cast) -> None:
    thing = f"thread:{post(cast, 'Mail loops').pk}"
    for name, days in ((NAME, 89), (OTHER, 91)):
        note_shown(by=cast.zoe, sitting=sitting(cast, name=name), shown=[thing])
        Deflection.objects.filter(sitting=name).update(at=clock.now() - timedelta(days=days))
    assert (blank_typed(), blank_typed()) == (1, 0)
    assert dict(Deflection.objects.values_list("sitting", "text")) == {NAME: "Mail loops", OTHER: ""}
    assert LikelyAnswer.objects.count() == 2


def test_curators_count_what_was_asked_where_they_see_it(cast: Cast) -> None:
    practice = recorded(cast)
    thing = f"practice:{practice.pk}"
    for number, (who, space) in enumerate(
        [("ada", "lobby"), ("ben", "workshop"), ("ada", "backroom"), ("zoe", "lobby")]
    ):
        note_shown(by=cast.people[who], sitting=sitting(cast, name=f"{number}" * 22, space=space), shown=[thing])
    note_shown(by=cast.zoe, sitting=Sitting(OTHER, None, "x"), shown=[thing])
    seen = {who: deflected_by(cast.people[who], practice).shown for who in ("cleo", "olga", "ada", "mo", "nia", "sam")}
    assert seen == {"cleo": 2, "olga": 3, "ada": 4, "mo": 4, "nia": 4, "sam": 0}
    assert deflected_by(cast.nia, Practice(pk=0)) == Deflected(0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one_sitting() -> None:
    cast = make_cast()
    things = [f"thread:{post(cast, f'Mail loops {n}').pk}" for n in range(4)]

    def showing(shown: list[str]) -> Callable[[], None]:
        return closing(lambda: note_shown(by=fresh(cast.zoe), sitting=sitting(cast), shown=shown))

    def opening(thing: str) -> Callable[[], None]:
        return closing(lambda: note_opened(by=fresh(cast.zoe), sitting=sitting(cast), thing=thing))

    work = [showing(things[:3]), showing(things[1:]), opening(things[0]), opening(things[0])]
    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(each) for each in work]:
            done.result(timeout=60)
    row = Deflection.objects.get()
    assert told(row) == {things[0]: "opened"} | dict.fromkeys(things[1:], "shown")
    assert row.outcome == "opened"


def fresh(member: Member) -> Member:
    """The member, read by this thread's own connection."""
    return Member.objects.get(pk=member.pk)


def closing(work: Callable[[], None]) -> Callable[[], None]:
    """The work, after which its thread's connection is closed."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run

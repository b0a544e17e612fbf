"""Many thanks at once: nobody exceeds the budget, and what is sent twice is said once."""

from functools import partial

import pytest

from community.errors import Refused, TooMuch
from community.models import InboxItem, Member
from reputation.actions.kudos import give_kudos, remove_kudos, take_back_kudos
from reputation.models import Kudos
from tests.cast import make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WHY = "For staying with it until the queue was empty."


def _try(refusals: list[str], by: Member, to: Member, client_id: str | None = None) -> None:
    try:
        give_kudos(by=by, to=to, reason=WHY, client_id=client_id)
    except TooMuch as refused:
        refusals.append(refused.code)


def test_the_month_is_never_exceeded() -> None:
    cast = make_cast()
    refusals: list[str] = []
    receivers = [cast.people[name] for name in ("ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "ben")]
    at_once(*(partial(_try, refusals, cast.ada, to) for to in receivers))
    assert Kudos.objects.filter(giver=cast.ada).count() == 5
    assert refusals == ["no_thanks_left"] * 3
    assert InboxItem.objects.filter(kind="kudos").count() == 5
    assert_gap_free()


def test_nobody_gets_more_than_two_of_them() -> None:
    cast = make_cast()
    refusals: list[str] = []
    at_once(*(partial(_try, refusals, cast.ada, cast.ben) for _time in range(4)))
    assert Kudos.objects.filter(giver=cast.ada, receiver=cast.ben).count() == 2
    assert refusals == ["no_thanks_left_for_them"] * 2


def test_the_same_sent_twice_at_once_is_said_once() -> None:
    cast = make_cast()
    refusals: list[str] = []
    at_once(*(partial(_try, refusals, cast.ada, cast.ben, "one button") for _time in range(4)))
    assert Kudos.objects.count() == 1
    assert refusals == []
    assert_gap_free()


def test_two_who_thank_each_other_do_not_wait_for_each_other() -> None:
    cast = make_cast()
    refusals: list[str] = []
    pairs = [(cast.ada, cast.ben), (cast.ben, cast.ada)] * 2
    at_once(*(partial(_try, refusals, by, to) for by, to in pairs))
    assert (Kudos.objects.count(), refusals) == (4, [])
    assert_gap_free()


def test_taken_back_and_removed_at_once_is_one_of_them() -> None:
    cast = make_cast()
    given = give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    lost: list[str] = []

    def attempt(act: partial[None]) -> None:
        try:
            act()
        except Refused as refused:
            lost.append(refused.code)

    at_once(
        partial(attempt, partial(take_back_kudos, by=cast.ada, kudos=given)),
        partial(attempt, partial(remove_kudos, by=cast.mo, kudos=given, reason="It names a customer.")),
    )
    assert lost == ["not_there"]
    assert not InboxItem.objects.filter(kind="kudos").exists()
    assert_gap_free()

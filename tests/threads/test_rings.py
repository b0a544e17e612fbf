"""A ring of accounts in one organization: how far it moves standing, and that it moves no confidence."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db.models import Sum

from community.models import Member
from community.rules import clock
from reputation.models import Award
from reputation.queries.standing import standing_of
from reputation.rules import points as rules
from reputation.rules.books import Books, Gift
from tests.cast import Cast
from tests.threads.practicing import fresh, recorded
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.actions.votes import vote

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
START = datetime(2026, 1, 1, 9, tzinfo=UTC)
BOUND = rules.FROM_OWN_ORGANIZATION + rules.OWN_WORD["practice"]
"""What each of a ring in one organization can gain in any thirty days, by whatever they do for each other."""


def ring(cast: Cast, size: int) -> list[Member]:
    return [
        Member.objects.create_user(
            f"ring{number}@example.org", handle=f"ring{number}", name=f"Ring {number}",
            organization=cast.organizations["corax"],
        )
        for number in range(size)
    ]  # fmt: skip


def collude(cast: Cast, members: list[Member], day: int) -> None:
    """All that they can do for each other: ask, answer, vote, solve, and record it."""
    for asking, answering in zip(members, members[1:] + members[:1], strict=True):
        thread = open_thread(by=asking, space=cast.spaces["lobby"], title=f"Odd {day} {asking.pk}", body="It is odd.")
        reply = post_reply(by=answering, thread=thread, body="Turn it off and on.")
        for other in members:
            if other != answering:
                vote(by=other, post=reply, value=True)
        record = {"problem": "It is odd.", "resolution": f"Turn number {day} of {asking.pk} off and on."}
        resolve(by=asking, thread=thread, posts=[reply], record=record)
        record_practice(by=answering, thread=thread, title=f"Odd number {day} of {asking.pk}")


def test_a_ring_gains_no_more_than_the_bound_in_any_thirty_days(cast: Cast) -> None:
    members = ring(cast, 5)
    for day in range(0, 64, 4):
        with clock.at(START + timedelta(days=day)):
            collude(cast, members, day)
        since = START + timedelta(days=day - rules.WINDOW_DAYS)
        for member in members:
            lately = Award.objects.filter(member=member, at__gt=since).aggregate(sum=Sum("points"))["sum"]
            assert lately <= BOUND
    reached = {standing_of(member) for member in members}
    assert max(reached) <= 3 * BOUND
    assert min(reached) >= 2 * rules.FROM_OWN_ORGANIZATION, "the ring did try"


def test_a_larger_ring_gains_each_no_more_and_all_no_more_than_another_bound() -> None:
    """Of 200 accounts, each votes for every other one, every day of a quarter: by the code that `grant` gives by."""
    books, window = Books(rules), Counter[int]()
    for day in range(rules.WINDOW_DAYS):
        for giver, member in permutations(range(1, 201), 2):
            if (giver + member) % rules.WINDOW_DAYS == day:
                window[member] += books.give(Gift(member, 1, "helped", giver, 1, START + timedelta(days=day)))[0]
    assert max(window.values()) <= rules.FROM_OWN_ORGANIZATION
    assert sum(window.values()) <= rules.BETWEEN_ORGANIZATIONS < 200 * rules.FROM_OWN_ORGANIZATION


def test_a_ring_in_one_organization_moves_confidence_as_one_member_of_it_does(cast: Cast) -> None:
    members = ring(cast, 6)
    practice = recorded(cast)
    say_verdict(by=members[0], practice=practice, kind="worked")
    one = fresh(practice)
    for member in members[1:]:
        say_verdict(by=member, practice=fresh(practice), kind="worked")
    all_of_them = fresh(practice)
    assert (all_of_them.confidence, all_of_them.score, all_of_them.worked) == (one.confidence, one.score, one.worked)
    assert all_of_them.confidence == "not_validated"
    for member in members:
        say_verdict(by=member, practice=fresh(practice), kind="failed", note="It did not help us at all.")
    assert fresh(practice).failed == 1

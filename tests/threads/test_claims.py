"""Claims: one curator at a time, for some hours, and nobody who does not curate."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from community.errors import Conflict, Forbidden, NotThere
from community.models import Grant, Member
from community.rules import clock
from tests.cast import Cast, make_cast
from tests.threads.curating import fresh, recorded
from threads.actions.claims import claim, extend_claim, release
from threads.actions.retiring import retire
from threads.models import Practice
from threads.rules.reviews import CLAIM

pytestmark = pytest.mark.both_databases

PATIENCE = 60


def test_a_curator_claims_and_gives_back(cast: Cast) -> None:
    practice = recorded(cast)
    claim(by=cast.cleo, practice=practice)
    held = fresh(practice)
    assert held.claimed_by == cast.cleo
    assert held.claimed_until is not None
    assert timedelta(0) < held.claimed_until - clock.now() <= CLAIM
    release(by=cast.cleo, practice=practice)
    assert (fresh(practice).claimed_by, fresh(practice).claimed_until) == (None, None)
    release(by=cast.cleo, practice=practice)


def test_while_it_lasts_nobody_else_claims_it(cast: Cast) -> None:
    practice = recorded(cast)
    _second_curator(cast)
    claim(by=cast.cleo, practice=practice)
    claim(by=cast.cleo, practice=practice)
    with pytest.raises(Conflict, match="Cleo"):
        claim(by=cast.zoe, practice=practice)
    with pytest.raises(Forbidden):
        release(by=cast.zoe, practice=practice)
    release(by=cast.nia, practice=practice)
    assert claim(by=cast.zoe, practice=practice).claimed_by == cast.zoe


def test_it_ends_by_itself(cast: Cast) -> None:
    practice = recorded(cast)
    _second_curator(cast)
    claim(by=cast.cleo, practice=practice)
    Practice.objects.filter(pk=practice.pk).update(claimed_until=clock.now() - timedelta(seconds=1))
    assert claim(by=cast.zoe, practice=practice).claimed_by == cast.zoe


def test_it_is_extended_only_for_who_has_it(cast: Cast) -> None:
    practice = claim(by=cast.cleo, practice=recorded(cast))
    soon = clock.now() + timedelta(minutes=1)
    practice.claimed_until = soon
    extend_claim(practice, by=cast.nia)
    assert (practice.claimed_by, practice.claimed_until) == (cast.cleo, soon)
    extend_claim(practice, by=cast.cleo)
    assert practice.claimed_until > soon


@pytest.mark.parametrize("who", ["ada", "ben", "mo", "zoe", "finn"])
def test_who_does_not_curate_may_not(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        claim(by=getattr(cast, who), practice=recorded(cast))


@pytest.mark.parametrize("who", ["cleo", "zoe", "finn", "sam"])
def test_for_whom_it_is_not_there_it_is_not_there(cast: Cast, who: str) -> None:
    """A curator of the space who does not see it, too."""
    practice = recorded(cast, audience="organization")
    with pytest.raises(NotThere):
        claim(by=getattr(cast, who), practice=practice)


def test_what_is_retired_is_not_claimed(cast: Cast) -> None:
    practice = recorded(cast)
    retire(by=cast.cleo, practice=practice, reason="Out of date.")
    with pytest.raises(Conflict):
        claim(by=cast.cleo, practice=practice)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_exactly_one_has_it() -> None:
    cast = make_cast()
    _second_curator(cast)
    practice = recorded(cast)
    start = Barrier(2)

    def tries(member: Member) -> bool:
        try:
            start.wait()
            claim(by=member, practice=practice)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        won = [work.result(timeout=PATIENCE) for work in [pool.submit(tries, who) for who in (cast.cleo, cast.zoe)]]
    assert sorted(won) == [False, True]
    assert fresh(practice).claimed_by == (cast.cleo if won[0] else cast.zoe)


def _second_curator(cast: Cast) -> None:
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])

"""Claims: one curator at a time, for some hours, and nobody who does not curate."""

from collections.abc import Callable
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
from threads.actions.claims import claim, claim_pair, extend_claim, give_back, give_back_pair
from threads.actions.duplicates import dismiss_pair, propose_pair
from threads.actions.merging import merge_practices
from threads.actions.retiring import retire
from threads.actions.suggestions import accept_suggestion, reject_suggestion, suggest_edit
from threads.models import DuplicatePair, Practice
from threads.queries.desk import DUPLICATES, Narrowed, desk_page
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
    give_back(by=cast.cleo, practice=practice)
    assert (fresh(practice).claimed_by, fresh(practice).claimed_until) == (None, None)
    give_back(by=cast.cleo, practice=practice)


def test_while_it_lasts_nobody_else_claims_it(cast: Cast) -> None:
    practice = recorded(cast)
    _second_curator(cast)
    claim(by=cast.cleo, practice=practice)
    claim(by=cast.cleo, practice=practice)
    with pytest.raises(Conflict, match="Cleo"):
        claim(by=cast.zoe, practice=practice)
    with pytest.raises(Forbidden):
        give_back(by=cast.zoe, practice=practice)
    give_back(by=cast.nia, practice=practice)
    assert claim(by=cast.zoe, practice=practice).claimed_by == cast.zoe


def test_suggestions_wait_for_who_has_claimed_the_practice(cast: Cast) -> None:
    """Neither its recorder nor another curator decides meanwhile; network administrators may."""
    practice = recorded(cast)
    made = suggest_edit(by=cast.zoe, practice=practice, base_version=1, fields={"cause": "A rule."}, reason="I know.")
    claim(by=cast.cleo, practice=practice)
    acts: list[Callable[[Member], object]] = [
        lambda by: accept_suggestion(by=by, suggestion=made, version=1, number=1),
        lambda by: reject_suggestion(by=by, suggestion=made, reply="No."),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="Cleo"):
            act(cast.ben)
    reject_suggestion(by=cast.cleo, suggestion=made, reply="It is another one.")
    again = suggest_edit(by=cast.zoe, practice=practice, base_version=1, fields={"cause": "A disk."}, reason="I know.")
    accept_suggestion(by=cast.nia, suggestion=again, version=1, number=1)
    assert fresh(practice).cause == "A disk."


def test_a_pair_is_looked_into_by_one(cast: Cast) -> None:
    _second_curator(cast)
    first, second = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    pair = propose_pair(by=cast.ben, practice=first, other=second)
    claim_pair(by=cast.cleo, pair=pair)
    acts: list[Callable[[Member], object]] = [
        lambda by: claim_pair(by=by, pair=pair),
        lambda by: dismiss_pair(by=by, pair=pair),
        lambda by: merge_practices(by=by, source=first, target=second, reason="The same.", version=1),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="Cleo"):
            act(cast.zoe)
    (row,) = desk_page(cast.zoe, DUPLICATES).rows
    assert (row.claimed, row.held) == (True, pair)
    mine = Narrowed(mine=True)
    assert [len(desk_page(who, DUPLICATES, mine).rows) for who in (cast.cleo, cast.zoe)] == [1, 0]
    with pytest.raises(Forbidden):
        give_back_pair(by=cast.zoe, pair=pair)
    with pytest.raises(Forbidden):
        claim_pair(by=cast.ada, pair=pair)
    give_back_pair(by=cast.cleo, pair=pair)
    claim_pair(by=cast.zoe, pair=pair)
    DuplicatePair.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    dismiss_pair(by=cast.cleo, pair=pair)
    pair.refresh_from_db()
    assert (pair.state, pair.claimed_by) == ("dismissed", None)
    with pytest.raises(Conflict):
        claim_pair(by=cast.cleo, pair=pair)


def test_a_claimed_pair_is_merged_by_who_has_it(cast: Cast) -> None:
    first, second = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    pair = claim_pair(by=cast.cleo, pair=propose_pair(by=cast.ben, practice=first, other=second))
    merge_practices(by=cast.cleo, source=first, target=second, reason="The same.", version=1)
    pair.refresh_from_db()
    assert (pair.state, pair.claimed_by) == ("merged", None)


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

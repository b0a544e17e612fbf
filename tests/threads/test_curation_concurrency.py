"""Curators at the same practices at the same time: each thing is decided once, and nobody waits in a circle."""

from collections.abc import Callable
from functools import partial

import pytest

from community.errors import Conflict
from community.models import Grant, Member
from reputation.models import Award
from tests.cast import Cast, make_cast
from tests.threads.curating import fresh, recorded
from tests.threads.test_record_concurrency import at_once
from tests.threads.test_terms import planned
from threads.actions.deciding import decide_review
from threads.actions.merging import merge_practices, unmerge
from threads.actions.practices import edit_practice
from threads.actions.reviews import start_review
from threads.actions.terms import begin_term
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Review
from threads.rules.reviews import CHALLENGED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WHY = "They say the same."
ROUNDS = 4


def two_curators() -> Cast:
    cast = make_cast()
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    return cast


def kept(work: Callable[[], object], done: list[str], name: str) -> Callable[[], None]:
    """The work, with its name among those done when it was not refused."""

    def run() -> None:
        try:
            work()
        except Conflict:
            return
        done.append(name)

    return run


def merging(by: Member, source: Practice, target: Practice) -> Callable[[], object]:
    return partial(merge_practices, by=by, source=source, target=target, reason=WHY, version=1)


def test_of_two_decisions_one_counts_and_is_credited_once() -> None:
    cast = two_curators()
    practice = recorded(cast)
    review = Review.objects.create(practice=practice, kind="new", version=1)
    done: list[str] = []
    approve = partial(decide_review, review=review, outcome="approved", version=1)
    at_once(*(kept(partial(approve, by=who), done, who.handle) for who in (cast.cleo, cast.zoe)))
    assert len(done) == 1
    decided = Review.objects.get(pk=review.pk)
    assert decided.decided_by is not None
    assert decided.decided_by.handle == done[0]
    assert [award.member.handle for award in Award.objects.filter(rule=Award.Rule.REVIEW)] == done


def test_a_decision_and_an_edit_never_approve_what_nobody_read() -> None:
    cast = two_curators()
    for number in range(ROUNDS):
        practice = recorded(cast, f"Mail loops, case {number}")
        review = start_review(by=cast.cleo, practice=practice)
        done: list[str] = []
        approve = partial(decide_review, by=cast.cleo, review=review, outcome="approved", version=1)
        edit = partial(edit_practice, by=cast.ben, practice=practice, fields={"cause": "A rule."}, version=1)
        at_once(kept(approve, done, "approved"), kept(edit, done, "edited"))
        assert "edited" in done
        now = fresh(practice)
        assert (now.version, now.reviewed_version) == (2, 1 if "approved" in done else 0)


def test_merged_both_ways_at_once_one_stays() -> None:
    cast = two_curators()
    for number in range(ROUNDS):
        one, two = recorded(cast, f"Mail loops, case {number}"), recorded(cast, f"Mail goes round, case {number}")
        done: list[str] = []
        at_once(
            kept(merging(cast.cleo, one, two), done, "one"),
            kept(merging(cast.zoe, two, one), done, "two"),
        )
        assert len(done) == 1
        gone, stays = (one, two) if done == ["one"] else (two, one)
        assert (fresh(gone).merged_into, fresh(stays).merged_into) == (stays, None)


def test_a_chain_made_at_once_is_flat() -> None:
    """One into two while two goes into three: whichever comes first, nothing leads to what leads on."""
    cast = two_curators()
    for number in range(ROUNDS):
        one, two, three = (recorded(cast, f"Mail loops, {name} of {number}") for name in ("one", "two", "three"))
        done: list[str] = []
        at_once(
            kept(merging(cast.cleo, one, two), done, "one"),
            kept(merging(cast.zoe, two, three), done, "two"),
        )
        assert "two" in done
        merged = Practice.objects.filter(merged_into__isnull=False)
        assert not merged.filter(merged_into__merged_into__isnull=False).exists()
        assert fresh(two).merged_into == three
        assert fresh(one).merged_into == (three if "one" in done else None)
        unmerge(by=cast.cleo, practice=fresh(two), reason="Once more.")


def test_one_review_is_open_whoever_opens_it() -> None:
    cast = two_curators()
    practice = recorded(cast)
    done: list[str] = []
    speak = partial(say_verdict, practice=practice, kind="failed", note="The rule does not exist from version 9 on.")
    at_once(*(kept(partial(speak, by=who), done, who.handle) for who in (cast.finn, cast.ada, cast.mo)))
    review = Review.objects.get(practice=practice)
    assert review.kind == CHALLENGED
    assert practice.verdicts.count() == 3


def test_two_workers_begin_a_term_once() -> None:
    cast = make_cast()
    term = planned(cast, cast.finn)
    begun: list[bool] = []
    at_once(*(lambda: begun.append(begin_term(term_id=term.pk)) for _worker in range(2)))
    assert sorted(begun) == [False, True]
    assert Grant.objects.filter(member=cast.finn).count() == 1

"""What the worker does in the archive: each thing once, however many workers there are and however often they look."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from community.actions import duties as doing
from community.actions.inbox import choose
from community.events.duties import duties
from community.models import InboxItem, Member, Organization
from community.rules import clock
from tests.cast import Cast
from tests.threads.curating import fresh, recorded
from threads.actions import practice_duties
from threads.actions.practice_duties import find_duplicates, judge_marked, mask_shown, take_turns, tell_due
from threads.actions.practice_owners import own_practice
from threads.actions.retiring import retire
from threads.actions.verdicts import say_verdict
from threads.models import CuratorTerm, DuplicatePair, Practice
from threads.queries import duplicates, terms, upkeep

pytestmark = pytest.mark.both_databases


def test_the_worker_knows_of_them() -> None:
    known = {duty.work for duty in duties()}
    assert {find_duplicates, judge_marked, mask_shown, take_turns, tell_due} <= known


def test_an_owner_is_told_once_that_it_is_due(cast: Cast) -> None:
    now = clock.now()
    due, later, long_ago, unowned, retired = (recorded(cast, f"Mail loops, case {number}") for number in range(5))
    for practice, hours in ((due, -1), (later, 1), (long_ago, -9999), (unowned, -1), (retired, -1)):
        Practice.objects.filter(pk=practice.pk).update(due_at=now + timedelta(hours=hours))
    Practice.objects.filter(pk=unowned.pk).update(owner=None)
    retire(by=cast.cleo, practice=retired, reason="Out of date.")
    assert tell_due() == 2, "also what came due while no worker was there"
    assert tell_due() == 0
    told = InboxItem.objects.filter(kind="review-due")
    subjects = {(cast.ben, f"practice:{each.pk}") for each in (due, long_ago)}
    assert {(row.member, row.subject) for row in told} == subjects
    Practice.objects.filter(pk=due.pk).update(due_at=clock.now())
    assert (tell_due(), tell_due()) == (1, 0)
    assert InboxItem.objects.filter(kind="review-due").count() == 3, "due anew, told anew"


def test_who_looks_after_it_from_now_on_is_told_too(cast: Cast) -> None:
    practice = recorded(cast)
    Practice.objects.filter(pk=practice.pk).update(due_at=clock.now())
    assert tell_due() == 1
    own_practice(by=cast.cleo, practice=practice, member=cast.ada)
    assert (tell_due(), tell_due()) == (1, 0)
    assert set(told_of_reviews()) == {"ben", "ada"}
    own_practice(by=cast.cleo, practice=practice, member=cast.ben)
    tell_due()
    assert sorted(told_of_reviews()) == ["ada", "ben"], "nobody twice"


def told_of_reviews() -> list[str]:
    return list(InboxItem.objects.filter(kind="review-due").values_list("member__handle", flat=True))


def test_who_declined_is_not_told(cast: Cast) -> None:
    practice = recorded(cast)
    choose(by=cast.ben, kind="review-due", wanted=False)
    Practice.objects.filter(pk=practice.pk).update(due_at=clock.now())
    assert (tell_due(), tell_due()) == (1, 0)
    assert not InboxItem.objects.filter(kind="review-due").exists()


def test_marked_practices_are_judged_anew(cast: Cast) -> None:
    practice = recorded(cast)
    Practice.objects.filter(pk=practice.pk).update(rejudge=True, score=99)
    assert judge_marked() == 1
    assert judge_marked() == 0
    assert (fresh(practice).score, fresh(practice).rejudge) == (50, False)


def dora(organization: Organization) -> Member:
    """Somebody of an organization that had nobody."""
    return Member.objects.create_user("dora", "dora@deltik.example", name="Dora", organization=organization)


def test_when_organizations_come_or_go_practices_are_judged_by_how_many_are_needed_now(cast: Cast) -> None:
    """Two of four were enough; once a fifth takes part it is three. What nobody judged here is left alone."""
    practice, brought = recorded(cast), recorded(cast, "Mail is slow")
    for who in (cast.zoe, cast.finn):
        say_verdict(by=who, practice=practice, kind="worked")
    assert (fresh(practice).confidence, fresh(practice).needed) == ("validated", 2)
    Practice.objects.filter(pk=brought.pk).update(needed=0)
    assert judge_marked() == 0
    fifth = Organization.objects.create(slug="deltik", name="Deltik")
    assert judge_marked() == 0, "nobody is there yet"
    come = dora(fifth)
    assert [judge_marked(), judge_marked()] == [1, 0]
    assert (fresh(practice).confidence, fresh(practice).needed) == ("not_validated", 3)
    Member.objects.filter(pk=come.pk).update(is_active=False)
    assert [judge_marked(), judge_marked()] == [1, 0]
    assert (fresh(practice).confidence, fresh(brought).needed) == ("validated", 0)


def test_what_was_judged_before_there_was_a_number_is_judged_by_todays(cast: Cast) -> None:
    """What the migration makes of a practice that two of four were enough for, on a site that has five by now."""
    practice, brought, alone = (recorded(cast, f"Mail loops, case {number}") for number in range(3))
    for who, what in ((cast.zoe, practice), (cast.finn, practice), (cast.zoe, alone)):
        say_verdict(by=who, practice=what, kind="worked")
    dora(Organization.objects.create(slug="deltik", name="Deltik"))
    Practice.objects.update(needed=0)
    Practice.objects.filter(pk=brought.pk).update(source_site="elsewhere.example", source_id="1", worked=3)
    assert fresh(practice).confidence == "validated"
    import_module("threads.migrations.0017_trust_and_curation").judged_by_how_many(apps, None)
    assert [judge_marked(), judge_marked()] == [1, 0]
    assert (fresh(practice).confidence, fresh(practice).needed) == ("not_validated", 3)
    assert (fresh(alone).confidence, fresh(alone).needed) == ("not_validated", 3), "one is too few either way"
    assert (fresh(brought).worked, fresh(brought).needed) == (3, 0), "nobody here spoke of it"


@pytest.fixture
def choke(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has an action of the worker fail for one thing, and queries find no more than one at once."""
    monkeypatch.setattr(doing, "_put_off", {})
    for module, name in ((upkeep, "_MOST_JUDGED"), (duplicates, "_AT_ONCE"), (terms, "_AT_ONCE")):
        monkeypatch.setattr(module, name, 1)

    def fail_for(action: str, poisoned: int) -> None:
        act = getattr(practice_duties, action)

        def choking(**given: int) -> int:
            if poisoned in given.values():
                raise ArithmeticError("too large")
            return int(act(**given))

        monkeypatch.setattr(practice_duties, action, choking)

    return fail_for


def test_a_practice_that_cannot_be_judged_stops_no_other(cast: Cast, choke: Callable[..., None]) -> None:
    poisoned, marked, stale = (recorded(cast, f"Mail loops, case {number}") for number in range(3))
    Practice.objects.filter(pk__in=[poisoned.pk, marked.pk]).update(rejudge=True)
    Practice.objects.filter(pk=stale.pk).update(needed=3)
    choke("rejudge_marked", poisoned.pk)
    assert [judge_marked() for _turn in range(4)] == [0, 1, 1, 0]
    assert [fresh(each).rejudge for each in (poisoned, marked)] == [True, False]
    assert fresh(stale).needed == 2


def test_a_practice_that_cannot_be_compared_stops_no_other(cast: Cast, choke: Callable[..., None]) -> None:
    poisoned, one, other = (recorded(cast, f"Mail {what} between gateways") for what in ("waits", "loops", "loops"))
    choke("compare", poisoned.pk)
    assert find_duplicates() == 0
    assert sum(find_duplicates() for _turn in range(2)) >= 1
    assert [fresh(each).compared_version for each in (poisoned, one, other)] == [0, 1, 1]
    assert DuplicatePair.objects.filter(first=one, second=other).exists()


def test_a_term_that_cannot_begin_or_end_stops_no_other(cast: Cast, choke: Callable[..., None]) -> None:
    now = clock.now()
    poisoned, sound = (
        CuratorTerm.objects.create(
            space=cast.spaces["lobby"], member=member, by=cast.mo, starts_at=now - timedelta(days=days),
            ends_at=now + timedelta(days=9),
        )
        for member, days in ((cast.zoe, 2), (cast.finn, 1))
    )  # fmt: skip
    choke("begin_term", poisoned.pk)
    assert [take_turns() for _turn in range(3)] == [0, 1, 0]
    CuratorTerm.objects.update(began_at=now, ends_at=now)
    CuratorTerm.objects.filter(pk=poisoned.pk).update(ends_at=now - timedelta(hours=1))
    choke("end_term", poisoned.pk)
    assert [take_turns() for _turn in range(3)] == [0, 1, 0]
    assert CuratorTerm.objects.get(pk=sound.pk).ended_at is not None
    assert CuratorTerm.objects.get(pk=poisoned.pk).ended_at is None

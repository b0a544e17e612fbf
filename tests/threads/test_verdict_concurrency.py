"""Many speak at once: each voice is counted, nobody has two, and one review is opened."""

from collections.abc import Callable
from functools import partial

import pytest

from community.models import Member
from tests.cast import make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.threads.practicing import fresh, recorded
from threads.actions.practices import edit_practice
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.models import Practice, Review, Verdict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WHY = "It made things worse here."


def saying(by: Member, practice: Practice, kind: str) -> Callable[[], object]:
    return partial(say_verdict, by=by, practice=practice, kind=kind, note=WHY)


def test_organizations_that_speak_at_once_are_all_counted() -> None:
    cast = make_cast()
    practice = recorded(cast)
    at_once(*(saying(cast.people[name], practice, "worked") for name in ("ada", "zoe", "finn", "mo")))
    now = fresh(practice)
    assert (now.worked, now.score, now.confidence) == (4, 75, "validated")
    assert_gap_free()


def test_a_member_who_says_two_things_at_once_has_said_one() -> None:
    cast = make_cast()
    practice = recorded(cast)
    at_once(
        saying(cast.zoe, practice, "worked"), saying(cast.zoe, practice, "failed"), saying(cast.zoe, practice, "worked")
    )
    standing = Verdict.objects.get(superseded_at=None)
    now = fresh(practice)
    assert (now.worked, now.failed) == ((1, 0) if standing.kind == "worked" else (0, 1))


def test_what_is_said_against_it_at_once_opens_one_review() -> None:
    cast = make_cast()
    practice = recorded(cast)
    against = [saying(cast.people[name], practice, "failed") for name in ("ada", "zoe", "finn")]
    at_once(*against, saying(cast.mo, practice, "dangerous"))
    assert Review.objects.get().kind == "challenged"
    now = fresh(practice)
    assert (now.failed, now.dangerous, now.warned_at is not None) == (3, 1, True)


def test_a_verdict_and_a_withdrawal_and_a_new_text_at_once() -> None:
    cast = make_cast()
    practice = recorded(cast)
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    rewrite = partial(
        edit_practice, by=cast.ben, practice=practice, version=1,
        fields={"resolution": "Replace the disk and rebuild the array on both nodes."},
    )  # fmt: skip
    at_once(rewrite, partial(withdraw_verdict, by=cast.zoe, practice=practice), saying(cast.finn, practice, "worked"))
    now = fresh(practice)
    counted = Verdict.objects.filter(superseded_at=None, version__gte=now.judged_from)
    assert now.judged_from == 2
    assert now.worked == counted.count()
    assert_gap_free()

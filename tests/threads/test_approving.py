"""Who earned it looks at new and changed practices of other organizations, beside curators; it validates nothing."""

import pytest

from community.errors import Conflict, Forbidden, NotThere
from community.models import Member
from reputation.models import Standing
from reputation.rules.points import THRESHOLDS
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised
from threads.actions.deciding import decide_review
from threads.actions.governance import set_governance
from threads.actions.judging import rejudge_marked
from threads.actions.practices import edit_practice
from threads.actions.reviews import start_review
from threads.actions.verdicts import say_verdict
from threads.models import Practice
from threads.offers import practice_offers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def earned(member: Member, points: int) -> None:
    """The member has that much standing in SMTP."""
    Standing.objects.update_or_create(member=member, scope="tag:smtp", defaults={"points": points, "awards": 1})


def looks_at(member: Member, practice: Practice) -> bool:
    """Whether they are let begin a review."""
    try:
        start_review(by=member, practice=practice)
    except Forbidden:
        return False
    return True


def test_who_earned_it_approves_what_is_new_in_another_organization(cast: Cast) -> None:
    practice = recorded(cast)
    earned(cast.finn, THRESHOLDS["validate"] - 1)
    assert not looks_at(cast.finn, practice)
    earned(cast.finn, THRESHOLDS["validate"])
    assert "review" in practice_offers(cast.finn, practice)
    review = start_review(by=cast.finn, practice=practice)
    assert start_review(by=cast.finn, practice=practice) == review
    decided = decide_review(by=cast.finn, review=review, outcome="approved", version=1)
    assert (decided.by_standing, decided.decided_by) == (True, cast.finn)
    now = fresh(practice)
    assert (now.reviewed_version, now.confidence) == (1, Practice.Confidence.NOT_VALIDATED)
    assert "review" not in practice_offers(cast.finn, now)
    with pytest.raises(Conflict):
        start_review(by=cast.finn, practice=now)


def test_approving_validates_nothing(cast: Cast) -> None:
    """However many of one organization have earned it: validated is what several organizations said works."""
    practice = recorded(cast)
    for member in (cast.zoe, cast.finn):
        earned(member, 10_000)
    for number, member in enumerate((cast.zoe, cast.finn), start=1):
        review = start_review(by=member, practice=fresh(practice))
        decide_review(by=member, review=review, outcome="approved", version=number)
        assert fresh(practice).confidence == Practice.Confidence.NOT_VALIDATED
        revised(practice, cast.ben, cause=f"Rule {number}.")


def test_nobody_approves_their_own_or_their_organizations_by_standing(cast: Cast) -> None:
    practice = recorded(cast)
    for member in (cast.ada, cast.ben, cast.zoe):
        earned(member, 10_000)
    for member in (cast.ada, cast.ben):
        assert not looks_at(member, practice)
    now = revised(practice, cast.zoe, cause="The rule R7.")
    assert not looks_at(cast.zoe, now)
    review = start_review(by=cast.cleo, practice=now)
    for member in (cast.ada, cast.zoe):
        with pytest.raises((Forbidden, NotThere)):
            decide_review(by=member, review=review, outcome="approved", version=now.version)


def test_who_approves_by_standing_neither_retires_nor_answers_challenges(cast: Cast) -> None:
    practice, challenged = recorded(cast), recorded(cast, "Mail is slow")
    earned(cast.finn, 10_000)
    review = start_review(by=cast.finn, practice=practice)
    with pytest.raises(Forbidden):
        decide_review(by=cast.finn, review=review, outcome="retired", version=1, reason="I do not like it at all.")
    say_verdict(by=cast.zoe, practice=challenged, kind="failed", note="The rule does not exist from version 9 on.")
    assert not looks_at(cast.finn, challenged)
    with pytest.raises(NotThere):
        decide_review(by=cast.finn, review=challenged.reviews.get(), outcome="kept", version=1, reason="It is true.")


def test_curators_who_work_on_it_are_not_disturbed(cast: Cast) -> None:
    practice = recorded(cast)
    earned(cast.finn, 10_000)
    review = start_review(by=cast.cleo, practice=practice)
    with pytest.raises(Conflict):
        decide_review(by=cast.finn, review=review, outcome="approved", version=1)
    other = recorded(cast, "Mail is slow")
    start_review(by=cast.finn, practice=other)
    assert fresh(other).claimed_by is None


def test_where_approval_is_asked_for_no_standing_counts(cast: Cast) -> None:
    """Neither afterwards, when it was approved by standing before."""
    practice, later = recorded(cast), recorded(cast, "Mail is slow")
    earned(cast.finn, 10_000)
    decide_review(
        by=cast.finn, review=start_review(by=cast.finn, practice=later), outcome="approved", version=1
    )  # fmt: skip
    set_governance(
        by=cast.nia, space=None, product=cast.products["mail-gateway"], mode="compliance", keepers=[cast.cleo],
        reason="The law.",
    )  # fmt: skip
    assert not looks_at(cast.finn, practice)
    with pytest.raises(Forbidden):
        edit_practice(by=cast.finn, practice=practice, fields={"cause": "Rule R7."}, version=1)
    rejudge_marked(practice_id=later.pk)
    assert fresh(later).confidence == Practice.Confidence.NOT_VALIDATED
    review = start_review(by=cast.cleo, practice=practice)
    decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    assert fresh(practice).confidence == Practice.Confidence.VALIDATED

"""Reviews earn what is work for others: not what is one's own, what nobody asked for, nor the same again."""

from datetime import timedelta

import pytest

from community.models import Member
from community.rules import clock
from reputation.models import Award
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised
from threads.actions.deciding import decide_review
from threads.actions.retiring import retire, unretire
from threads.actions.reviews import start_review
from threads.actions.verdicts import say_verdict
from threads.models import Review

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def of(member: Member, rule: str) -> list[int]:
    rows = Award.objects.filter(member=member, rule=rule).order_by("pk")
    return list(rows.values_list("points", flat=True))


def approved(review: Review, by: Member, outcome: str = "approved") -> None:
    practice = fresh(review.practice)
    decide_review(by=by, review=review, outcome=outcome, version=practice.version, reason="It says what it should.")


def test_who_decides_about_their_own_practice_earns_nothing(cast: Cast) -> None:
    own = recorded(cast, by=cast.cleo)
    approved(start_review(by=cast.nia, practice=own), cast.nia)
    other = revised(own, cast.nia, resolution="Do it the other way round, both gateways at once.")
    approved(start_review(by=cast.cleo, practice=other), cast.cleo)
    assert of(cast.cleo, "review") == []


def test_looking_at_the_same_again_and_again_earns_once(cast: Cast) -> None:
    practice = recorded(cast)
    approved(start_review(by=cast.cleo, practice=practice), cast.cleo)
    assert of(cast.cleo, "review") == [15]
    for _again in range(3):
        approved(start_review(by=cast.cleo, practice=fresh(practice)), cast.cleo)
    assert of(cast.cleo, "review") == [15]
    with clock.at(clock.now() + timedelta(days=400)):
        approved(start_review(by=cast.cleo, practice=fresh(practice)), cast.cleo)
    assert of(cast.cleo, "review") == [15, 15]


def test_who_answers_their_own_challenge_earns_nothing(cast: Cast) -> None:
    practice = recorded(cast)
    approved(start_review(by=cast.cleo, practice=practice), cast.cleo)
    say_verdict(by=cast.cleo, practice=fresh(practice), kind="outdated", note="The new version has no such rule.")
    approved(Review.objects.exclude(state="closed").get(), cast.cleo, "kept")
    assert of(cast.cleo, "review") == [15]
    say_verdict(by=cast.zoe, practice=fresh(practice), kind="outdated", note="The new version has no such rule.")
    approved(Review.objects.exclude(state="closed").get(), cast.cleo, "kept")
    assert of(cast.cleo, "review") == [15, 15]


def test_retiring_and_bringing_back_makes_nothing_new_to_look_at(cast: Cast) -> None:
    practice = recorded(cast)
    approved(start_review(by=cast.cleo, practice=practice), cast.cleo)
    for _again in range(2):
        retire(by=cast.cleo, practice=fresh(practice), reason="It is old.")
        unretire(by=cast.cleo, practice=fresh(practice), reason="It is not.")
        approved(start_review(by=cast.cleo, practice=fresh(practice)), cast.cleo)
    assert of(cast.cleo, "review") == [15]


def test_retiring_by_reviews_again_and_again_earns_once(cast: Cast) -> None:
    practice = recorded(cast)
    for _again in range(3):
        approved(start_review(by=cast.cleo, practice=fresh(practice)), cast.cleo, "retired")
        unretire(by=cast.cleo, practice=fresh(practice), reason="It is not.")
    assert of(cast.cleo, "review") == [15]

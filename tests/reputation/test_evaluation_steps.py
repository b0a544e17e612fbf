"""Nothing can be learnt by subtraction: by waiting, comparing subjects and times, or knowing who did something."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from community.actions.members import suspend
from community.models import Member
from community.rules import clock
from reputation.actions.evaluations import Said, withdraw_evaluation
from reputation.models import Evaluation, Tally
from reputation.rules.evaluations import differing
from reputation.rules.subtraction import Known
from tests.cast import Cast
from tests.reputation.evaluating import crowd, numbers, rates, worked
from threads.actions.evaluating import rate_part

pytestmark = pytest.mark.both_databases


def _pairs_hold(rated: Member) -> None:
    """Any two numbers of one kind and quality differ in what at least five said, or in nothing; and none leaves any
    over, however they are added and subtracted."""
    rows: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for row in Tally.objects.filter(rated=rated):
        rows[row.kind, row.quality].append(row)
    for shown in rows.values():
        known = Known()
        for one in shown:
            parts = {int(rater): (score, weight) for rater, (score, weight) in one.parts.items()}
            assert not known.reveals(parts)
            known.add(parts)
            assert all(differing(one.parts, other.parts) in {0, *range(5, 99)} for other in shown)


def test_four_more_change_nothing_and_the_fifth_does(cast: Cast) -> None:
    raters = crowd(cast, 10)
    thread = worked(cast, raters)
    for member in raters[:5]:
        rates(member, thread, cast.ben, clarity=5)
    opened = numbers(cast.ben, cast.ben)
    for member in raters[5:9]:
        rates(member, thread, cast.ben, clarity=1)
        assert numbers(cast.ben, cast.ben) == opened
    rates(raters[9], thread, cast.ben, clarity=1)
    assert numbers(cast.ben, cast.ben)[""] == (3.0, 10)
    _pairs_hold(cast.ben)


def test_an_edit_a_withdrawal_and_a_suspension_move_no_number(cast: Cast) -> None:
    """Whoever knows that it was this one person's would read from the change what they gave."""
    raters = crowd(cast, 6)
    thread = worked(cast, raters)
    made = [rates(member, thread, cast.ben, clarity=5) for member in raters[:5]]
    before = numbers(cast.ben, cast.ben)
    rate_part(by=raters[0], thread=thread, member=cast.ben, said=Said({"clarity": 1}), version=made[0].version)
    withdraw_evaluation(by=raters[1], evaluation=made[1])
    suspend(by=cast.nia, member=raters[2])
    assert numbers(cast.ben, cast.ben) == before
    rates(raters[5], thread, cast.ben, clarity=5)
    assert numbers(cast.ben, cast.ben) == before
    _pairs_hold(cast.ben)


def test_what_was_taken_back_does_not_count_when_the_next_number_is_made(cast: Cast) -> None:
    raters = crowd(cast, 9)
    thread = worked(cast, raters)
    made = [rates(member, thread, cast.ben, clarity=1) for member in raters[:5]]
    withdraw_evaluation(by=raters[0], evaluation=made[0])
    for member in raters[5:]:
        rates(member, thread, cast.ben, clarity=5)
    # Four with 1, four with 5; the withdrawn one and the four new ones are the five that differ.
    assert numbers(cast.ben, cast.ben)[""] == (3.0, 5)
    assert Tally.objects.filter(scope="", window="").latest("pk").raters == 8


def test_a_subject_is_not_subtracted_from_all(cast: Cast) -> None:
    """Five in all, then a sixth: five of the six in one subject are not shown, because one is left over."""
    raters = crowd(cast, 12)
    plain = worked(cast, raters)
    about = worked(cast, raters, tags=["dns"])
    rates(raters[0], plain, cast.ben)
    for member in raters[1:6]:
        rates(member, about, cast.ben)
    assert set(numbers(cast.ben, cast.ben)) == {"", "year"}
    for member in raters[6:10]:
        rates(member, about, cast.ben)
    _pairs_hold(cast.ben)
    for member in raters[10:]:
        rates(member, plain, cast.ben)
    _pairs_hold(cast.ben)


def test_two_subjects_together_are_not_subtracted_from_all(cast: Cast) -> None:
    """Six about one thing, eight about another, one about neither: the one would be left."""
    raters = crowd(cast, 15)
    plain, one, other = (worked(cast, raters, tags=tags) for tags in ((), ("dns",), ("smtp",)))
    for member in raters[:8]:
        rates(member, other, cast.ben)
    rates(raters[8], plain, cast.ben)
    for member in raters[9:]:
        rates(member, one, cast.ben)
    assert Tally.objects.filter(raters=15, scope="").exists()
    assert not Tally.objects.filter(scope="tag:dns", raters=6).exists() or not Tally.objects.filter(raters=8).exists()
    _pairs_hold(cast.ben)


def test_what_falls_out_of_the_year_is_not_subtracted(cast: Cast) -> None:
    raters = crowd(cast, 11)
    thread = worked(cast, raters)
    start = clock.now()
    with clock.at(start - timedelta(days=370)):
        old = rates(raters[0], thread, cast.ben, clarity=1)
    for member in raters[1:5]:
        rates(member, thread, cast.ben, clarity=5)
    assert old.given_at < start - timedelta(days=365)
    assert set(numbers(cast.ben, cast.ben)) == {""}
    for member in raters[5:]:
        rates(member, thread, cast.ben, clarity=5)
        _pairs_hold(cast.ben)
    shown = [(row.window, row.raters) for row in Tally.objects.all()]
    assert shown == [("", 5), ("", 10)]  # nine of the year beside ten of all would tell what the old one gave


def test_subjects_do_not_keep_the_number_of_all_from_being_made(cast: Cast) -> None:
    raters = crowd(cast, 15)
    thread, about = worked(cast, raters), worked(cast, raters, tags=["dns"])
    rates(raters[0], thread, cast.ben)
    for member in raters[1:]:
        rates(member, about, cast.ben)
    assert [row.raters for row in Tally.objects.filter(scope="", window="")] == [5, 10, 15]
    _pairs_hold(cast.ben)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_no_two_numbers_tell_of_fewer_than_five(cast: Cast, seed: int) -> None:
    """Sixteen rate, change, take back, are suspended and come back, in three threads of different subjects."""
    chance, raters = random.Random(seed), crowd(cast, 16)
    threads = [worked(cast, raters, tags=tags) for tags in ((), ("dns",), ("dns", "smtp"))]

    def again(row: Evaluation) -> None:
        said = Said({"clarity": chance.randint(1, 5)})
        rate_part(by=row.rater, thread=row.thread, member=cast.ben, said=said, version=row.version)

    for _step in range(90):
        member, thread = Member.objects.get(pk=chance.choice(raters).pk), chance.choice(threads)
        row = Evaluation.objects.filter(rater=member, thread=thread).first()
        before, act = numbers(cast.ben, cast.ben), chance.random()
        if act < 0.1:
            Member.objects.filter(pk=member.pk).update(is_active=not member.is_active)
        elif not member.is_active:
            continue
        elif row is None:
            rates(member, thread, cast.ben, clarity=chance.randint(1, 5))
            continue
        elif act < 0.5:
            withdraw_evaluation(by=member, evaluation=row)
        else:
            again(row)
        assert numbers(cast.ben, cast.ben) == before
    assert Tally.objects.count() > 2
    _pairs_hold(cast.ben)


def test_rating_again_elsewhere_counts_once(cast: Cast) -> None:
    """One of five who rates ten threads is one rater; their ten do not open, and do not renew."""
    raters = crowd(cast, 5)
    for _again in range(3):
        thread = worked(cast, raters)
        for member in raters[:2]:
            rates(member, thread, cast.ben, clarity=5)
    assert numbers(cast.ben, cast.ben) == {}
    for member in raters[2:]:
        rates(member, thread, cast.ben, clarity=5)
    opened = numbers(cast.ben, cast.ben)
    assert opened[""] == (4.0, 5)
    rates(raters[0], worked(cast, raters), cast.ben, clarity=1)
    assert numbers(cast.ben, cast.ben) == opened


def test_every_quality_has_five_of_its_own(cast: Cast) -> None:
    raters = crowd(cast, 6)
    thread = worked(cast, raters)
    for place, member in enumerate(raters):
        scores = {"accuracy": 5, "courtesy": 1} if place < 4 else {"accuracy": 5}
        rate_part(by=member, thread=thread, member=cast.ben, said=Said(scores))
    assert set(Tally.objects.values_list("quality", flat=True)) == {"accuracy"}
    assert Evaluation.objects.count() == 6

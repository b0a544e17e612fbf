"""Rating those with whom one worked: who may, what it says, and from when on it is seen by whom."""

from datetime import timedelta

import pytest

from community.actions.members import suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import Member
from community.rules import clock
from reputation.actions.evaluations import Said, withdraw_evaluation
from reputation.models import Evaluation, Standing, Tally
from reputation.queries.evaluations import given_by, lines_of
from tests.cast import Cast
from tests.reputation.evaluating import crowd, numbers, rates, worked
from threads.actions.evaluating import rate_part
from threads.actions.posts import delete_post, post_reply
from threads.actions.resolution import reopen
from threads.models import Post

pytestmark = pytest.mark.both_databases


def test_the_fifth_rater_opens_a_number(cast: Cast) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters)
    for member in raters[:4]:
        rates(member, thread, cast.ben, clarity=5)
        assert numbers(cast.ben, cast.ben) == {}
    rates(raters[4], thread, cast.ben, clarity=5, accuracy=1)
    assert numbers(cast.ben, cast.ben) == {"": (4.0, 5), "year": (4.0, 5)}
    assert {name for line in lines_of(cast.ben, cast.ben) for name in line.numbers} == {"clarity"}


def test_only_the_rated_person_sees_a_number(cast: Cast) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters)
    for member in raters:
        rates(member, thread, cast.ben)
    assert numbers(cast.ben, cast.ben)
    for name, person in cast.people.items():
        if name != "ben":
            assert lines_of(person, cast.ben) == [], name
    assert lines_of(raters[0], cast.ben) == []
    cast.ben.is_active = False
    assert lines_of(cast.ben, cast.ben) == []


def test_requesters_are_kept_apart(cast: Cast) -> None:
    """Four peers and the asker are not five peers; one person who asked and helped is one of each."""
    raters = crowd(cast, 5)
    thread = worked(cast, raters[:4])
    for member in [*raters[:4], cast.ada]:
        rates(member, thread, cast.ben)
    assert numbers(cast.ben, cast.ben) == {}
    assert {row.kind for row in Evaluation.objects.filter(rater=cast.ada)} == {"requester"}
    other = worked(cast, raters)
    rates(raters[4], other, cast.ben)
    assert numbers(cast.ben, cast.ben, "peer") == {"": (3.5, 5), "year": (3.5, 5)}
    assert numbers(cast.ben, cast.ben, "requester") == {}


def test_subjects_have_numbers_of_their_own(cast: Cast) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters, tags=["dns"], product="mail-gateway")
    for member in raters:
        rates(member, thread, cast.ben, clarity=5)
    shown = (4.0, 5)
    assert numbers(cast.ben, cast.ben) == {
        "": shown, "year": shown, "tag:dns": shown, "product:mail-gateway": shown,
    }  # fmt: skip


def test_standing_in_the_subject_gives_weight(cast: Cast) -> None:
    """Not standing elsewhere, nor in all; and it is the weight of that day."""
    expert, other = crowd(cast, 2)
    Standing.objects.create(member=expert, scope="tag:dns", points=300, awards=9)
    Standing.objects.create(member=other, scope="tag:smtp", points=300, awards=9)
    Standing.objects.create(member=other, scope="", points=300, awards=9)
    thread = worked(cast, [expert, other], tags=["dns"])
    given = rates(expert, thread, cast.ben)
    assert (given.weight, rates(other, thread, cast.ben).weight) == (3.0, 1.0)
    Standing.objects.filter(member=expert).update(points=0)
    given.refresh_from_db()
    assert given.weight == 3.0


def test_an_expert_weighs_more_in_the_number(cast: Cast) -> None:
    raters = crowd(cast, 5)
    for member in raters[:2]:
        Standing.objects.create(member=member, scope="tag:dns", points=400, awards=9)
    thread = worked(cast, raters, tags=["dns"])
    for member in raters:
        rates(member, thread, cast.ben, clarity=5 if member in raters[:2] else 1)
    assert numbers(cast.ben, cast.ben)[""] == (3.5, 5)  # 3.0 without the weight of the two: (15 + 13) / 10 is 2.8


def test_who_may_not_rate(cast: Cast) -> None:
    """No part in it, not seen, suspended, oneself, not resolved, and whoever has no part cannot be rated."""
    thread = worked(cast, [cast.zoe])
    for who in ("cleo", "mo", "nia", "olga", "finn", "sam"):
        with pytest.raises(Forbidden):
            rates(cast.people[who], thread, cast.ben)
    with pytest.raises(Forbidden):
        rates(cast.ben, thread, cast.ben)
    with pytest.raises(Forbidden):
        rates(cast.zoe, thread, cast.olga)
    rates(cast.zoe, thread, cast.ben)
    rates(cast.ben, thread, cast.ada)
    reopen(by=cast.ada, thread=thread, reason="Again.")
    with pytest.raises(Forbidden):
        rates(cast.ada, thread, cast.ben)
    assert Evaluation.objects.count() == 2


def test_whoever_sees_the_thread_no_more_rates_nobody(cast: Cast) -> None:
    thread = worked(cast, [cast.olga], audience="organization")
    Member.objects.filter(pk=cast.olga.pk).update(organization=cast.organizations["corax"])
    moved = Member.objects.get(pk=cast.olga.pk)
    with pytest.raises(Forbidden):
        rates(moved, thread, cast.ben)


def test_posts_are_rated_too_but_not_deleted_ones(cast: Cast) -> None:
    thread = worked(cast, [cast.zoe])
    post = Post.objects.get(thread=thread, author=cast.ben)
    said = Said({"accuracy": 2})
    made = rate_part(by=cast.zoe, thread=thread, member=cast.ben, post=post, said=said)
    assert (made.post_id, rates(cast.zoe, thread, cast.ben).post_id) == (post.pk, None)
    with pytest.raises(Forbidden):
        rate_part(by=cast.zoe, thread=thread, member=cast.ada, post=post, said=said)
    other = post_reply(by=cast.ben, thread=thread, body="One more.")
    delete_post(by=cast.ben, post=other)
    with pytest.raises(Forbidden):
        rate_part(by=cast.zoe, thread=thread, member=cast.ben, post=other, said=said)
    elsewhere = worked(cast, [cast.zoe])
    with pytest.raises(Forbidden):
        rate_part(by=cast.zoe, thread=elsewhere, member=cast.ben, post=post, said=said)


@pytest.mark.parametrize(
    "said",
    [
        Said({}),
        Said({"clarity": 0}),
        Said({"clarity": 6}),
        Said({"charm": 3}),
        Said({"clarity": 3}, note="Well."),
        Said({"clarity": 3}, note="Well.", note_to="everybody"),
        Said({"clarity": 3}, note="x" * 1_001, note_to="person"),
        Said({}, note="Well.", note_to="person"),
    ],
)
def test_what_is_no_evaluation(cast: Cast, said: Said) -> None:
    thread = worked(cast, [cast.zoe])
    with pytest.raises(Invalid):
        rate_part(by=cast.zoe, thread=thread, member=cast.ben, said=said)
    assert not Evaluation.objects.exists()


def test_it_is_changed_in_place_for_thirty_days(cast: Cast) -> None:
    thread = worked(cast, [cast.zoe])
    made = rates(cast.zoe, thread, cast.ben, clarity=2)

    def again(version: int | None) -> Evaluation:
        said = Said({"courtesy": 5})
        return rate_part(by=cast.zoe, thread=thread, member=cast.ben, said=said, version=version)

    for stale in (None, 2):
        with pytest.raises(Conflict):
            again(stale)
    changed = again(made.version)
    assert (changed.pk, changed.scores, changed.version) == (made.pk, {"courtesy": 5}, 2)
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(Conflict):
        again(changed.version)


def test_only_the_rater_takes_it_back_and_may_rate_again(cast: Cast) -> None:
    thread = worked(cast, [cast.zoe])
    made = rates(cast.zoe, thread, cast.ben)
    for who in ("ben", "mo", "nia", "olga"):
        with pytest.raises(NotThere):
            withdraw_evaluation(by=cast.people[who], evaluation=made)
    withdraw_evaluation(by=cast.zoe, evaluation=made)
    assert given_by(cast.zoe) == []
    rates(cast.zoe, thread, cast.ben, clarity=1)
    assert [row.scores for row in given_by(cast.zoe)] == [{"clarity": 1}]
    assert given_by(cast.ben) == []


def test_who_is_suspended_does_not_count(cast: Cast) -> None:
    """Four and a suspended one are four; who comes back counts again."""
    raters = crowd(cast, 6)
    thread = worked(cast, raters)
    for member in raters[:4]:
        rates(member, thread, cast.ben, clarity=5)
    suspend(by=cast.nia, member=raters[0])
    rates(raters[4], thread, cast.ben, clarity=5)
    assert numbers(cast.ben, cast.ben) == {}
    Member.objects.filter(pk=raters[0].pk).update(is_active=True)
    rates(raters[5], thread, cast.ben, clarity=5)
    assert numbers(cast.ben, cast.ben)[""] == (4.0, 5)
    assert Tally.objects.filter(window="", scope="").get().raters == 6

"""While somebody is suspended their votes and credits count for nothing, and then they count again."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions.erasure import erase_member
from community.actions.members import let_go, reinstate, suspend
from community.errors import Forbidden, Refused
from community.models import Member
from community.rules import clock
from reputation.models import Award, Vote, WithheldAward, Withholding
from reputation.queries.standing import standing_of
from reputation.queries.withholding import to_settle
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.pages.stories import signed_in
from tests.reputation.suspending import counters_hold, replies, settle_all, thread_of, vote_for
from tests.threads.curating import recorded
from threads.actions import withholding
from threads.actions.posts import delete_post, restore_post
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.votes import vote
from threads.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def test_votes_go_with_the_suspension_and_come_back_with_its_end(cast: Cast) -> None:
    posts = replies(thread_of(cast), cast.ben, 3)
    vote_for(cast.ada, posts)
    vote_for(cast.olga, posts[:1])
    suspend(by=cast.nia, member=cast.ada)
    settle_all()
    assert [post.votes for post in Post.objects.filter(author=cast.ben).order_by("pk")] == [1, 0, 0]
    assert standing_of(cast.ben) == 10
    assert set(Award.objects.filter(reverses__isnull=False).values_list("why", flat=True)) == {"suspended"}
    assert counters_hold()
    reinstate(by=cast.nia, member=fresh(cast.ada))
    settle_all()
    assert [post.votes for post in Post.objects.filter(author=cast.ben).order_by("pk")] == [2, 1, 1]
    assert standing_of(cast.ben) == 40
    assert not Vote.objects.exclude(withheld_at=None).exists()
    assert counters_hold()


def test_the_admin_suspends_as_well_and_can_say_that_somebody_left(cast: Cast) -> None:
    posts = replies(thread_of(cast), cast.ben, 1)
    vote_for(cast.ada, posts)
    client, address = signed_in(cast.nia), reverse("admin:community_member_change", args=[cast.ada.pk])
    form = {
        "handle": "ada", "name": "Ada", "email": "ada@example.org", "organization": cast.ada.organization_id,
        "joined_at_0": "2026-01-01", "joined_at_1": "00:00",
    }  # fmt: skip
    assert client.post(address, form).status_code == 302
    settle_all()
    assert (standing_of(cast.ben), Post.objects.get(pk=posts[0].pk).votes) == (0, 0)
    left = {"left_at_0": "2026-02-01", "left_at_1": "00:00"}
    assert client.post(address, form | left).status_code == 302
    settle_all()
    assert (standing_of(cast.ben), Post.objects.get(pk=posts[0].pk).votes) == (10, 1)
    assert client.post(address, form | left | {"is_active": "on"}).status_code == 302
    assert fresh(cast.ada).left_at is None
    settle_all()
    assert standing_of(cast.ben) == 10


def test_who_leaves_in_good_standing_takes_nothing_along(cast: Cast) -> None:
    posts = replies(thread_of(cast), cast.ben, 1)
    vote_for(cast.ada, posts)
    let_go(by=cast.olga, member=cast.ada)
    settle_all()
    assert (standing_of(cast.ben), Withholding.objects.count()) == (10, 0)
    for somebody in (cast.ben, cast.zoe, cast.mo):
        for change in (suspend, let_go, reinstate):
            with pytest.raises(Forbidden):
                change(by=somebody, member=cast.olga)


def test_a_suspension_that_no_action_told_of_is_noticed(cast: Cast) -> None:
    vote_for(cast.ada, replies(thread_of(cast), cast.ben, 1))
    Member.objects.filter(pk=cast.ada.pk).update(is_active=False)
    settle_all()
    assert standing_of(cast.ben) == 10
    assert withholding.notice() == 2, "Ada, and Sam who never gave anything"
    settle_all()
    assert standing_of(cast.ben) == 0
    Member.objects.filter(pk=cast.ada.pk).update(is_active=True)
    assert withholding.notice() == 1
    settle_all()
    assert standing_of(cast.ben) == 10
    assert withholding.notice() == 0


def test_what_was_deleted_meanwhile_earns_nothing_and_earns_it_when_it_is_there_again(cast: Cast) -> None:
    first, second = replies(thread_of(cast), cast.ben, 2)
    vote_for(cast.ada, [first, second])
    delete_post(by=cast.ben, post=first)
    suspend(by=cast.nia, member=cast.ada)
    settle_all()
    delete_post(by=cast.ben, post=second)
    restore_post(by=cast.ben, post=first)
    assert standing_of(cast.ben) == 0, "what a suspended member said does not come back with a post"
    reinstate(by=cast.nia, member=fresh(cast.ada))
    settle_all()
    assert standing_of(cast.ben) == 10
    restore_post(by=cast.ben, post=second)
    assert standing_of(cast.ben) == 20
    assert counters_hold()


def test_a_vote_taken_back_before_it_came_back_is_gone(cast: Cast) -> None:
    posts = replies(thread_of(cast), cast.ben, 1)
    vote_for(cast.ada, posts)
    suspend(by=cast.nia, member=cast.ada)
    settle_all()
    ada = fresh(cast.ada)
    reinstate(by=cast.nia, member=ada)
    vote(by=ada, post=posts[0], value=False)
    assert counters_hold()
    settle_all()
    assert (Vote.objects.count(), standing_of(cast.ben), Post.objects.get(pk=posts[0].pk).votes) == (0, 0, 0)
    vote(by=ada, post=posts[0], value=True)
    assert standing_of(cast.ben) == 10
    assert counters_hold()


def test_credits_for_reuse_go_and_come_back_where_the_use_stands(cast: Cast) -> None:
    practices = [recorded(cast, f"Mail loops {number}", by=cast.ben) for number in range(2)]
    threads = [thread_of(cast, f"Used {number}") for number in range(2)]
    before = standing_of(cast.ben)
    for practice, thread in zip(practices, threads, strict=True):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    credited = standing_of(cast.ben) - before
    assert credited > 0
    suspend(by=cast.nia, member=cast.zoe)
    settle_all()
    assert (standing_of(cast.ben), WithheldAward.objects.filter(award__member=cast.ben).count()) == (before, 2)
    withdraw_use(by=cast.nia, thread=threads[0], practice=practices[0])
    reinstate(by=cast.nia, member=fresh(cast.zoe))
    settle_all()
    assert (standing_of(cast.ben), WithheldAward.objects.count()) == (before + credited // 2, 0)
    assert counters_hold()


def test_what_others_see_and_may_undo_stays(cast: Cast) -> None:
    thread = thread_of(cast)
    (post,) = replies(thread, cast.ben, 1)
    resolve(by=cast.zoe, thread=thread, posts=[post])
    earned = standing_of(cast.ben)
    suspend(by=cast.nia, member=cast.zoe)
    settle_all()
    assert standing_of(cast.ben) == earned == 15


def test_it_ends_half_a_minute_after_the_last(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vote that was on its way when its voter was suspended is found all the same."""
    thread = thread_of(cast)
    posts = replies(thread, cast.ben, 2)
    vote_for(cast.ada, posts[:1])
    suspend(by=cast.nia, member=cast.ada)
    settle_all()
    Vote.objects.create(voter=cast.ada, post=posts[1], receiver=cast.ben)
    Post.objects.filter(pk=posts[1].pk).update(votes=1)
    settle_all()
    assert counters_hold()
    assert not Vote.objects.filter(withheld_at=None).exists()
    assert Withholding.objects.get(member=cast.ada).settled_at is None
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    settle_all()
    assert Withholding.objects.get(member=cast.ada).settled_at is not None


def erase(*, by: Member, member: Member) -> None:
    erase_member(by=by, member=member, handle=member.handle)


steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["vote", "unvote"]), st.sampled_from(["ada", "olga"]), st.integers(0, 2)),
        st.tuples(
            st.sampled_from(["suspend", "reinstate", "let go", "erase"]), st.sampled_from(["ada", "olga"]), st.just(0)
        ),
        st.tuples(st.sampled_from(["delete", "restore"]), st.just("ben"), st.integers(0, 2)),
        st.tuples(st.just("settle a few"), st.just("ben"), st.integers(1, 2)),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_sequence_leaves_counters_and_standing_right(cast: Cast, found: list[tuple[str, str, int]]) -> None:
    with transaction.atomic():
        posts = replies(thread_of(cast), cast.ben, 3)
        acts = {"suspend": suspend, "reinstate": reinstate, "let go": let_go, "erase": erase}
        for verb, handle, number in found:
            who, post = fresh(cast.people[handle]), Post.objects.get(pk=posts[number].pk)
            try:
                if verb in {"vote", "unvote"} and who.is_active:
                    vote(by=who, post=post, value=verb == "vote")
                elif verb in acts:
                    acts[verb](by=cast.nia, member=who)
                elif verb in {"delete", "restore"}:
                    {"delete": delete_post, "restore": restore_post}[verb](by=who, post=post)
                elif verb == "settle a few":
                    for due in to_settle(limit=number):
                        withholding.settle(due)
            except Refused:
                pass
            assert counters_hold(), (verb, handle, number)
        settle_all()
        assert counters_hold()
        for given_vote in Vote.objects.select_related("voter", "post"):
            away = not given_vote.voter.is_active and given_vote.voter.left_at is None
            assert (given_vote.withheld_at is not None) == away
            stands = Award.objects.filter(
                giver=given_vote.voter, subject=f"post:{given_vote.post_id}", reverses=None, reversal=None
            ).exists()
            assert stands == (not away and given_vote.post.deleted_at is None)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_first_go_at_once_and_workers_and_people_do_not_stand_in_each_others_way() -> None:
    cast = make_cast()
    posts = [post for number in range(2) for post in replies(thread_of(cast, f"T {number}"), cast.ben, 25)]
    vote_for(cast.ada, posts)
    vote_for(cast.olga, posts[:20])
    suspend(by=cast.nia, member=fresh(cast.ada))
    assert Vote.objects.exclude(withheld_at=None).count() == withholding.AT_ONCE < len(posts)
    at_once(
        settle_all, settle_all, settle_all,
        partial(vote_for, cast.zoe, posts[:20]), partial(vote_for, cast.cleo, list(reversed(posts[:20]))),
    )  # fmt: skip
    settle_all()
    assert counters_hold()
    assert Vote.objects.filter(voter=cast.ada, withheld_at=None).count() == 0
    at_once(settle_all, partial(reinstate, by=cast.nia, member=fresh(cast.ada)), settle_all)
    settle_all()
    assert counters_hold()
    assert Vote.objects.exclude(withheld_at=None).count() == 0
    assert_gap_free()

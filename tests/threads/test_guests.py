"""Letting one person in: what they see through every door, what they do not, and how it ends."""

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events.reactors import those_who_see
from community.models import InboxItem, Member
from community.queries.spaces import spaces_visible_to
from tests.cast import Cast
from tests.threads.asking import problem
from threads.actions.guests import end_guest, let_in, widen
from threads.actions.helpers import join, remove_helper
from threads.actions.ownership import take
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import Guest, Thread
from threads.policies.practices import may_see as may_see_practice
from threads.policies.rights import rights_in
from threads.policies.sight import Sight, threads_as_things
from threads.policies.threads import may_reply, may_see, may_write_record
from threads.queries.guests import preview_for, preview_of_widening
from threads.queries.threads import threads_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def invite(cast: Cast, thread: Thread, whom: Member, by: Member | None = None, *, reads_only: bool = False) -> Guest:
    digest = preview_for(thread, whom).digest
    return let_in(by=by or cast.ada, thread=thread, member=whom, preview=digest, reads_only=reads_only)


def everywhere(member: Member, thread: Thread) -> set[bool]:
    """Whether they see it, asked in every way."""
    things = threads_as_things([thread.pk])
    return {
        may_see(member, thread),
        threads_visible_to(member).filter(pk=thread.pk).exists(),
        member.pk in those_who_see(f"thread:{thread.pk}", [member.pk]),
        Sight([member.pk], things.values()).sees(member.pk, things[thread.pk]),
        rights_in(member, thread).sees,
    }


@pytest.mark.parametrize("space", ["lobby", "backroom", "workshop"])
def test_a_guest_sees_the_thread_and_nothing_else(cast: Cast, space: str) -> None:
    audience = "organization"
    thread, other = problem(cast, space, audience=audience), problem(cast, space, audience=audience)
    assert everywhere(cast.finn, thread) == {False}
    invite(cast, thread, cast.finn)
    assert everywhere(cast.finn, thread) == {True}
    assert everywhere(cast.finn, other) == {False}
    assert everywhere(cast.zoe, thread) == {False}
    if space != "lobby":
        assert thread.space not in spaces_visible_to(cast.finn)
    assert InboxItem.objects.filter(member=cast.finn, kind="let-in").exists()
    post_reply(by=cast.finn, thread=thread, body="Hello.")
    join(by=cast.finn, thread=thread)
    assert may_write_record(cast.finn, thread)
    resolve(by=cast.ada, thread=thread, summary="It was the cache.")
    practice = record_practice(by=cast.ada, thread=thread, fields={"problem": "P", "resolution": "R"})
    assert not may_see_practice(cast.finn, practice)
    end_guest(by=cast.ada, thread=thread, member=cast.finn)
    assert everywhere(cast.finn, thread) == {False}
    with pytest.raises((NotThere, Forbidden)):
        post_reply(by=cast.finn, thread=thread, body="Hello?")


def test_roles_do_not_follow_a_guest(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    invite(cast, thread, cast.mo)
    rights = rights_in(cast.mo, thread)
    assert (rights.sees, rights.moderates, rights.guest) == (True, False, True)


def test_who_only_reads(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    invite(cast, thread, cast.zoe, reads_only=True)
    assert may_see(cast.zoe, thread)
    assert not may_reply(cast.zoe, thread)
    assert not may_write_record(cast.zoe, thread)
    with pytest.raises(Forbidden):
        join(by=cast.zoe, thread=thread)
    with pytest.raises(Forbidden):
        post_reply(by=cast.zoe, thread=thread, body="Hello.")


def test_who_lets_in(cast: Cast) -> None:
    thread = problem(cast, audience="organizations", organizations=[cast.organizations["brightline"]])
    take(by=cast.zoe, thread=thread)
    for partner in (cast.zoe, cast.cleo, cast.ben):
        with pytest.raises(Forbidden):
            invite(cast, thread, cast.finn, by=partner)
        digest = preview_of_widening(thread, "space", []).digest
        with pytest.raises(Forbidden):
            widen(by=partner, thread=thread, audience="space", preview=digest)
    join(by=cast.ben, thread=thread)
    invite(cast, thread, cast.finn, by=cast.ben)
    with pytest.raises(Forbidden):
        invite(cast, thread, cast.mo, by=cast.finn)
    with pytest.raises(Conflict):
        invite(cast, thread, cast.olga)
    with pytest.raises(Invalid):
        invite(cast, thread, cast.sam)
    end_guest(by=cast.finn, thread=thread, member=cast.finn)
    assert not may_see(cast.finn, thread)


def test_a_guest_who_is_removed_sees_nothing_any_more(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    take(by=cast.ben, thread=thread)
    invite(cast, thread, cast.zoe)
    join(by=cast.zoe, thread=thread)
    remove_helper(by=cast.ben, thread=thread, member=cast.zoe)
    assert everywhere(cast.zoe, thread) == {False}


def test_a_guest_who_leaves_gives_the_thread_back(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    invite(cast, thread, cast.zoe)
    take(by=cast.zoe, thread=thread)
    end_guest(by=cast.ada, thread=thread, member=cast.zoe)
    assert Thread.objects.get(pk=thread.pk).owner is None


def test_a_preview_of_yesterday_is_shown_again(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    digest = preview_for(thread, cast.zoe).digest
    with pytest.raises(Conflict, match="preview_changed"):
        let_in(by=cast.ada, thread=thread, member=cast.finn, preview=digest)
    post_reply(by=cast.ben, thread=thread, body="One more.")
    with pytest.raises(Conflict, match="preview_changed"):
        let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=digest)


def test_a_thread_opens_but_never_closes_again(cast: Cast) -> None:
    thread = problem(cast, audience="organization")

    def open_to(audience: str, *slugs: str) -> None:
        named = [cast.organizations[slug] for slug in slugs]
        digest = preview_of_widening(thread, audience, named).digest
        widen(by=cast.ada, thread=thread, audience=audience, organizations=named, preview=digest)
        thread.refresh_from_db()

    assert preview_of_widening(thread, "organizations", [cast.organizations["brightline"]]).people == 2
    open_to("organizations", "brightline")
    assert everywhere(cast.zoe, thread) == {True}
    assert everywhere(cast.finn, thread) == {False}
    open_to("organizations", "corax")
    assert everywhere(cast.finn, thread) == {True}
    open_to("space")
    for narrower in ("center", "organization", "organizations"):
        with pytest.raises((Invalid, Conflict)):
            open_to(narrower, "brightline")
    with pytest.raises(Conflict):
        open_to("space")


def test_organizations_that_cannot_enter_the_space_cannot_be_named(cast: Cast) -> None:
    thread = problem(cast, "workshop", audience="organization")
    with pytest.raises(Invalid):
        widen(
            by=cast.ada,
            thread=thread,
            audience="organizations",
            organizations=[cast.organizations["corax"]],
            preview="",
        )

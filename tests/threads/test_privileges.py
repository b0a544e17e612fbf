"""What standing in a subject lets members do, and what no standing does."""

from collections.abc import Callable

import pytest

from community.actions.members import suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere, Refused
from community.models import Grant, InboxItem, Member
from community.policies.network import may_administer
from community.policies.spaces import is_curator
from community.queries.inbox import inbox_of
from reputation.actions.awards import About, grant, reverse
from reputation.models import Award, Standing
from reputation.policies.privileges import has
from reputation.queries.privileges import held_by
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised
from threads.actions.closing import close_duplicate, open_again
from threads.actions.governance import set_governance
from threads.actions.guests import let_in
from threads.actions.resolution import resolve
from threads.actions.retagging import retag_practice, retag_thread
from threads.actions.reviews import start_review
from threads.actions.threads import edit_thread, open_thread
from threads.models import DuplicateClosing, Relation, Thread, TimelineEntry
from threads.offers import practice_offers
from threads.policies.desk import has_desk
from threads.policies.practices import may_curate, may_edit
from threads.policies.rights import rights_in
from threads.policies.threads import may_close
from threads.queries.guests import preview_for
from threads.queries.privileges import lacking
from threads.rendering.privileges import NAMES
from threads.rendering.standing_rules import CAPS, EARNED, OWN_WORD, PRIVILEGES

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LEAST = {each: THRESHOLDS[each] for each in Privilege}


def earned(member: Member, points: int, scope: str = "tag:smtp") -> None:
    """The member has that much standing in a subject, and as much in all."""
    for each in ("", scope):
        Standing.objects.update_or_create(member=member, scope=each, defaults={"points": points, "awards": 1})


def problem(cast: Cast, *, audience: str = "space", tags: tuple[str, ...] = ("smtp",), space: str = "lobby") -> Thread:
    return open_thread(
        by=cast.ada, space=cast.spaces[space], title="Mail loops", body="Again.", audience=audience, tags=tags,
        product=cast.products["mail-gateway"],
    )  # fmt: skip


def solved(cast: Cast, *, audience: str = "space", by: str = "ada") -> Thread:
    thread = open_thread(
        by=cast.people[by], space=cast.spaces["lobby"], title="Mail loops, the first", body="It does.",
        audience=audience, tags=["smtp"],
    )  # fmt: skip
    resolve(by=cast.people[by], thread=thread, summary="Rule R7.")
    thread.refresh_from_db()
    return thread


def allowed(act: Callable[[], object]) -> bool:
    try:
        act()
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("scope", ["tag:smtp", "product:mail-gateway"])
@pytest.mark.parametrize("privilege", list(Privilege))
def test_enough_in_any_one_of_the_subjects_is_enough(cast: Cast, privilege: Privilege, scope: str) -> None:
    subjects = ["product:mail-gateway", "tag:smtp", "tag:exchange"]
    earned(cast.zoe, LEAST[privilege] - 1, scope)
    assert not has(cast.zoe, privilege, subjects)
    earned(cast.zoe, LEAST[privilege], scope)
    assert has(cast.zoe, privilege, subjects)
    assert not has(cast.zoe, privilege, ["tag:exchange"])
    assert not has(cast.zoe, privilege, [])


def test_standing_in_all_or_in_a_space_is_none_in_a_subject(cast: Cast) -> None:
    Standing.objects.create(member=cast.zoe, scope="", points=10_000, awards=1)
    Standing.objects.create(member=cast.zoe, scope="space:lobby", points=10_000, awards=1)
    for privilege in Privilege:
        assert not has(cast.zoe, privilege, ["", "space:lobby", "tag:smtp"])
    assert [row.scopes for row in held_by(cast.zoe)] == [()] * len(Privilege)


def test_who_has_no_access_or_was_brought_along_has_none(cast: Cast) -> None:
    earned(cast.sam, 10_000)
    ghost = Member.objects.create_user(
        None, handle="ghost", name="Ghost", organization=cast.organizations["corax"], source_site="dump", source_id="1"
    )
    earned(ghost, 10_000)
    for member in (cast.sam, ghost):
        assert not any(has(member, privilege, ["tag:smtp"]) for privilege in Privilege)


def test_it_is_gone_with_the_award_that_made_it(cast: Cast) -> None:
    practice = recorded(cast)
    earned(cast.zoe, LEAST[Privilege.EDIT] - 5)
    given = grant(
        member=cast.zoe, rule=Award.Rule.HELPED, cause="vote:1:9", subject="post:1",
        about=About(tags=("smtp",)), giver=cast.ada,
    )  # fmt: skip
    assert given is not None
    assert may_edit(cast.zoe, practice)
    revised(practice, cast.zoe, cause="A rule.")
    reverse(cause="vote:1:9", subject="post:1", why=Award.Why.UNVOTED)
    assert not may_edit(cast.zoe, practice)
    with pytest.raises(Forbidden):
        revised(practice, cast.zoe, cause="Another rule.")


def test_no_standing_gives_a_role(cast: Cast) -> None:
    """Curators, moderators and administrators are appointed: a million points in every subject open no such door."""
    practice, thread = recorded(cast), problem(cast)
    for scope in ("", "tag:smtp", "product:mail-gateway", "space:lobby"):
        Standing.objects.create(member=cast.zoe, scope=scope, points=1_000_000, awards=1)
    rights = rights_in(cast.zoe, thread)
    assert (rights.curates, rights.moderates, bool(rights.administers)) == (False, False, False)
    assert not may_curate(cast.zoe, practice)
    assert not may_close(cast.zoe, thread)
    assert not has_desk(cast.zoe)
    assert not is_curator(cast.zoe, cast.spaces["lobby"])
    assert not may_administer(cast.zoe)
    assert {"retire", "merge", "claim", "publish"}.isdisjoint(practice_offers(cast.zoe, practice))
    assert not Grant.objects.filter(member=cast.zoe).exists()


def test_what_is_lacking_is_said_with_numbers(cast: Cast) -> None:
    practice = recorded(cast)
    subjects = ("product:mail-gateway", "tag:smtp")
    assert lacking(cast.zoe, Privilege.EDIT, subjects) == (
        "Editing others’ practices needs 200 standing in one of Mail Gateway, #smtp; you have none yet."
    )
    earned(cast.zoe, 40)
    assert lacking(cast.zoe, Privilege.EDIT, subjects) == (
        "Editing others’ practices needs 200 standing in one of Mail Gateway, #smtp; you have 40 in #smtp."
    )
    assert lacking(cast.zoe, Privilege.EDIT, subjects[1:]).endswith("200 standing in #smtp; you have 40.")
    assert "neither product nor tags" in lacking(cast.zoe, Privilege.EDIT, ())
    with pytest.raises(Forbidden) as refused:
        retag_practice(by=cast.zoe, practice=practice, tags=["smtp", "loops"], version=1)
    assert "you have 40 in #smtp" in refused.value.detail


def test_every_number_of_the_rules_is_explained() -> None:
    from reputation.rules import points

    caps = {name for name, value in vars(points).items() if name.isupper() and isinstance(value, int)}
    assert caps - {"RULES_VERSION", "WINDOW_DAYS"} == CAPS.keys()
    assert points.OWN_WORD.keys() == OWN_WORD.keys()
    assert points.POINTS.keys() == EARNED.keys() == set(Award.Rule.values)
    assert points.THRESHOLDS.keys() == NAMES.keys() == PRIVILEGES.keys() == {str(each) for each in Privilege}


# Tags.


def test_who_earned_it_puts_others_threads_under_other_tags(cast: Cast) -> None:
    thread = problem(cast)
    earned(cast.zoe, LEAST[Privilege.RETAG] - 1)
    assert not allowed(lambda: retag_thread(by=cast.zoe, thread=thread, tags=["loops"]))
    earned(cast.zoe, LEAST[Privilege.RETAG])
    found = retag_thread(by=cast.zoe, thread=thread, tags=["smtp", "loops"])
    assert sorted(tag.slug for tag in found.tags.all()) == ["loops", "smtp"]
    assert TimelineEntry.objects.filter(thread=thread, actor=cast.zoe).get().data == {"tags": ["loops", "smtp"]}
    version = found.version
    assert retag_thread(by=cast.zoe, thread=thread, tags=["loops", "smtp"]).version == version
    with pytest.raises(Forbidden):
        edit_thread(by=cast.zoe, thread=thread, title="Another title")


def test_the_subjects_that_count_are_those_it_has_now(cast: Cast) -> None:
    thread = problem(cast)
    earned(cast.zoe, LEAST[Privilege.RETAG])
    retag_thread(by=cast.zoe, thread=thread, tags=["loops"])
    assert not allowed(lambda: retag_thread(by=cast.zoe, thread=thread, tags=["smtp"]))
    earned(cast.finn, 10_000, "tag:smtp")
    assert not allowed(lambda: retag_thread(by=cast.finn, thread=thread, tags=["smtp"]))


def test_what_is_not_seen_is_not_there_whatever_was_earned(cast: Cast) -> None:
    thread, practice = problem(cast, audience="organization"), recorded(cast, audience="organization")
    other = solved(cast, audience="organization")
    seen = problem(cast)
    earned(cast.zoe, 10_000)
    for act in (
        lambda: retag_thread(by=cast.zoe, thread=thread, tags=["x"]),
        lambda: retag_practice(by=cast.zoe, practice=practice, tags=["x"], version=1),
        lambda: close_duplicate(by=cast.zoe, thread=thread, other=other),
        lambda: close_duplicate(by=cast.zoe, thread=seen, other=other),
        lambda: start_review(by=cast.zoe, practice=practice),
    ):
        with pytest.raises(NotThere):
            act()


def test_a_guest_puts_nothing_in_order(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    earned(cast.zoe, 10_000)
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    with pytest.raises(Forbidden) as refused:
        retag_thread(by=cast.zoe, thread=thread, tags=["x"])
    assert "standing in" not in refused.value.detail
    with pytest.raises(Refused):
        close_duplicate(by=cast.zoe, thread=thread, other=solved(cast))


def test_a_practice_gets_a_version_by_it(cast: Cast) -> None:
    practice = recorded(cast)
    earned(cast.zoe, LEAST[Privilege.RETAG])
    assert not allowed(lambda: retag_practice(by=cast.finn, practice=practice, tags=["loops"], version=1))
    found = retag_practice(by=cast.zoe, practice=practice, tags=["smtp", "loops"], version=1)
    assert (found.version, found.resolution) == (2, practice.resolution)
    row = found.versions.get(number=2)
    assert (row.author, row.tags) == (cast.zoe, ["loops", "smtp"])
    with pytest.raises(Conflict):
        retag_practice(by=cast.zoe, practice=practice, tags=["x"], version=1)


def test_tags_do_not_lead_around_approval(cast: Cast) -> None:
    """Nobody takes a practice out of approval by its tags, nor puts one under it, who does not curate."""
    from threads.models import Tag

    practice = recorded(cast)
    tag = Tag.objects.create(slug="payments")
    set_governance(by=cast.nia, space=None, tag=tag, mode="compliance", keepers=[cast.cleo], reason="The law.")
    earned(cast.zoe, LEAST[Privilege.RETAG])
    with pytest.raises(Invalid):
        retag_practice(by=cast.zoe, practice=practice, tags=["smtp", "payments"], version=1)
    assert fresh(practice).version == 1
    assert [each.slug for each in fresh(practice).tags.all()] == ["smtp"]
    retag_practice(by=cast.cleo, practice=practice, tags=["smtp", "payments"], version=1)
    for tags in (["smtp"], ["smtp", "x"]):
        with pytest.raises(Forbidden):
            retag_practice(by=cast.zoe, practice=practice, tags=tags, version=2)


# Duplicates.


def test_who_earned_it_closes_a_duplicate_and_the_asker_is_led_on(cast: Cast) -> None:
    thread, other = problem(cast), solved(cast)
    earned(cast.zoe, LEAST[Privilege.DUPLICATES] - 1)
    assert not allowed(lambda: close_duplicate(by=cast.zoe, thread=thread, other=other))
    earned(cast.zoe, LEAST[Privilege.DUPLICATES])
    close_duplicate(by=cast.zoe, thread=thread, other=other, reason="The same rule.")
    thread.refresh_from_db()
    assert thread.status == Thread.Status.CLOSED
    assert Relation.objects.filter(thread=thread, other=other, kind="duplicate", added_by=cast.zoe).exists()
    notice = InboxItem.objects.get(member=cast.ada, kind="closed-duplicate")
    assert notice.actor == cast.zoe
    (shown,) = [each for group in inbox_of(cast.ada).groups for each in group.notices if each.item == notice]
    assert shown.url == other.get_absolute_url()
    with pytest.raises(Conflict):
        close_duplicate(by=cast.zoe, thread=thread, other=other)


def test_the_asker_says_that_it_is_none(cast: Cast) -> None:
    thread, other = problem(cast), solved(cast)
    earned(cast.zoe, LEAST[Privilege.DUPLICATES])
    close_duplicate(by=cast.zoe, thread=thread, other=other)
    for who in (cast.finn, cast.ben):
        with pytest.raises(Forbidden):
            open_again(by=who, thread=thread)
    open_again(by=cast.ada, thread=thread)
    thread.refresh_from_db()
    assert thread.status == Thread.Status.OPEN
    assert not Relation.objects.exists()
    assert DuplicateClosing.objects.get().undone_by == cast.ada
    with pytest.raises(Conflict):
        open_again(by=cast.ada, thread=thread)
    close_duplicate(by=cast.zoe, thread=thread, other=other)
    edit_thread(by=cast.mo, thread=thread, status="open")
    assert not DuplicateClosing.objects.filter(undone_at__isnull=True).exists()


def test_the_asker_does_not_open_what_a_moderator_closed(cast: Cast) -> None:
    thread = problem(cast)
    edit_thread(by=cast.mo, thread=thread, status="closed")
    for who in (cast.ada, cast.mo):
        with pytest.raises(Conflict):
            open_again(by=who, thread=thread)


def test_only_what_helps_the_asker_is_a_reason_to_close(cast: Cast) -> None:
    """The other thread is resolved, another one, and the asker sees it."""
    thread, unsolved = problem(cast), problem(cast)
    theirs = solved(cast, by="zoe", audience="organization")
    earned(cast.zoe, LEAST[Privilege.DUPLICATES])
    for other in (thread, unsolved, theirs):
        with pytest.raises(Invalid):
            close_duplicate(by=cast.zoe, thread=thread, other=other)
    assert not DuplicateClosing.objects.exists()
    assert fresh_status(thread) == Thread.Status.OPEN


def fresh_status(thread: Thread) -> str:
    return Thread.objects.values_list("status", flat=True).get(pk=thread.pk)


def test_who_is_suspended_does_none_of_it(cast: Cast) -> None:
    thread, other, practice = problem(cast), solved(cast), recorded(cast)
    earned(cast.ben, 10_000)
    suspend(by=cast.olga, member=cast.ben)
    cast.ben.refresh_from_db()
    for act in (
        lambda: retag_thread(by=cast.ben, thread=thread, tags=["x"]),
        lambda: close_duplicate(by=cast.ben, thread=thread, other=other),
        lambda: retag_practice(by=cast.ben, practice=practice, tags=["x"], version=1),
    ):
        with pytest.raises((NotThere, Forbidden)):
            act()

"""Who is proposed for a thread, in which order, and why."""

from datetime import timedelta

import pytest

from community.models import InboxSetting, Member, Reach
from community.rules import clock
from reputation.models import Certificate, Skill
from tests.cast import Cast
from tests.threads.findings import post
from threads.actions.posts import delete_post, post_reply
from threads.actions.resolution import reopen, resolve
from threads.models import Asked, Helper, HelpRequest, Post, Thread
from threads.queries.matching import Among, Candidate, candidates_for
from threads.rules.matching import ASKABLE, HERE, LOAD, NO_COMMON_LANGUAGE

pytestmark = pytest.mark.both_databases


def handles(found: list[Candidate]) -> list[str]:
    return [each.member.handle for each in found]


def kinds(found: list[Candidate], handle: str) -> set[str]:
    return {reason.kind for each in found if each.member.handle == handle for reason in each.reasons}


def score(found: list[Candidate], handle: str) -> float:
    return next(each.score for each in found if each.member.handle == handle)


def solved_by(cast: Cast, solver: Member, title: str) -> tuple[Thread, Post]:
    """A thread of Ada's that `solver` answered and that was resolved with it."""
    thread = post(cast, title, "The queue of the gateway grows and nothing is delivered.")
    answer = post_reply(by=solver, thread=thread, body="Restart the queue runner.")
    resolve(by=cast.ada, thread=thread, posts=[answer])
    return thread, answer


def test_who_solved_a_thread_like_it_comes_first_and_the_reason_names_it(cast: Cast) -> None:
    other = post(cast, "Lamp flickers", "The lamp in the hall flickers.")
    post_reply(by=cast.zoe, thread=other, body="Another bulb.")
    known, _answer = solved_by(cast, cast.ben, "Mail queue grows")
    thread = post(cast, "Queue of the mail gateway grows", "Mail queue grows, nothing is delivered.", by="olga")
    found = candidates_for(cast.olga, thread)
    assert handles(found)[0] == "ben"
    reason = found[0].reasons[0]
    assert (reason.kind, reason.thread) == ("solved", known.pk)


def test_a_solution_counts_from_its_marking_to_its_withdrawal(cast: Cast) -> None:
    known = post(cast, "Mail queue grows", tags=["mail"])
    answer = post_reply(by=cast.ben, thread=known, body="Restart the runner.")
    thread = post(cast, "Mail queue grows again", by="olga", tags=["mail"])
    before = score(candidates_for(cast.olga, thread), "ben")
    resolve(by=cast.ada, thread=known, posts=[answer])
    found = candidates_for(cast.olga, thread)
    assert score(found, "ben") > before
    assert {"solved", "standing", "topic"} <= kinds(found, "ben")
    reopen(by=cast.ada, thread=known, reason="It grows again.")
    assert score(candidates_for(cast.olga, thread), "ben") == pytest.approx(before, abs=0.01)


def test_deleted_posts_are_no_reason(cast: Cast) -> None:
    known = post(cast, "Mail queue grows")
    answer = post_reply(by=cast.ben, thread=known, body="Restart the runner.")
    thread = post(cast, "Mail queue grows again", by="olga")
    assert "ben" in handles(candidates_for(cast.olga, thread))
    delete_post(by=cast.ben, post=answer)
    assert "ben" not in handles(candidates_for(cast.olga, thread))


def test_people_who_only_say_that_they_know_are_found(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", by="olga", tags=["mail"])
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    Skill.objects.create(member=cast.finn, scope="tag:mail", level=Skill.Level.LEARNING, wants_to_learn=True)
    today = clock.now().date()
    Certificate.objects.create(
        member=cast.ben, name="Mail Engineer", issuer="Postal", scope="tag:mail", issued_on=today,
        confirmed_by=cast.olga, confirmed_at=clock.now(),
    )  # fmt: skip
    Certificate.objects.create(
        member=cast.cleo, name="Old", issuer="Postal", scope="tag:mail", issued_on=today - timedelta(days=9),
        expires_on=today - timedelta(days=1),
    )  # fmt: skip
    found = candidates_for(cast.olga, thread)
    assert handles(found) == ["zoe", "ben", "finn"]
    assert kinds(found, "zoe") == {"declared"}
    assert kinds(found, "ben") == {"confirmed"}
    assert kinds(found, "finn") == {"declared", "wish"}


def test_nobody_is_proposed_who_cannot_or_need_not_be_asked(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", by="ada", tags=["mail"])
    for person in cast.people.values():
        Skill.objects.create(member=person, scope="tag:mail", level=Skill.Level.EXPERT)
    imported = Member.objects.create_user(
        None, handle="old", name="Old", organization=cast.organizations["acme"], source_site="elsewhere", source_id="1"
    )
    Skill.objects.create(member=imported, scope="tag:mail", level=Skill.Level.EXPERT)
    Helper.objects.create(thread=thread, member=cast.ben)
    Helper.objects.create(thread=thread, member=cast.zoe, until=clock.now(), ended_by=cast.ada, removed=True)
    Thread.objects.filter(pk=thread.pk).update(owner=cast.cleo)
    InboxSetting.objects.create(member=cast.finn, kind="help-asked", wanted=False)
    _asked(thread, cast.mo, asker=cast.olga)
    thread.refresh_from_db()
    # left: the viewer's own name, the asker, the owner, the helper, the removed, who declined, who is asked; Sam left
    assert handles(candidates_for(cast.olga, thread)) == ["nia"]
    assert handles(candidates_for(cast.olga, thread, skip=[cast.nia.pk])) == []
    assert handles(candidates_for(cast.nia, thread)) == ["olga"]


def test_who_was_asked_as_often_as_they_want_is_left_alone(cast: Cast) -> None:
    thread, other = post(cast, "Mail queue grows", tags=["mail"]), post(cast, "Something else")
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    Reach.objects.create(member=cast.zoe, most_a_day=1)
    assert handles(candidates_for(cast.olga, thread)) == ["zoe"]
    asked = _asked(other, cast.zoe, asker=cast.ada)
    assert handles(candidates_for(cast.olga, thread)) == []
    Asked.objects.filter(pk=asked.pk).update(asked_at=clock.now() - timedelta(hours=25))
    assert handles(candidates_for(cast.olga, thread)) == ["zoe"]


def test_what_somebody_has_to_do_counts_against_them_and_is_told(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", tags=["mail"])
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    free = candidates_for(cast.olga, thread)[0]
    owned, helped, asked = (post(cast, title) for title in ("Owned", "Helped", "Asked"))
    Thread.objects.filter(pk=owned.pk).update(owner=cast.zoe)
    Helper.objects.create(thread=helped, member=cast.zoe)
    _asked(asked, cast.zoe, asker=cast.ada)
    busy = candidates_for(cast.olga, thread)[0]
    assert (free.load, busy.load) == (0, 3)
    assert busy.score == pytest.approx(free.score + 3 * LOAD)
    assert busy.firsts == 1


def test_a_common_language_is_said_and_none_counts_against(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", tags=["mail"])
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    plain = candidates_for(cast.olga, thread)[0]
    speaks = Reach.objects.create(member=cast.zoe, languages=["ja", "pt"])
    assert candidates_for(cast.olga, thread)[0].score == pytest.approx(plain.score)
    mine = Reach.objects.create(member=cast.olga, languages=["en"])
    assert candidates_for(cast.olga, thread)[0].score == pytest.approx(plain.score + NO_COMMON_LANGUAGE)
    mine.languages = ["en", "pt"]
    mine.save()
    found = candidates_for(cast.olga, thread)
    assert found[0].score == pytest.approx(plain.score)
    assert [reason.about for reason in found[0].reasons if reason.kind == "language"] == ["pt"]
    assert speaks.member_id == found[0].member.pk


def test_who_can_be_asked_now_comes_before_who_knows_as_much_and_cannot(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", tags=["mail"])
    for person in (cast.zoe, cast.finn):
        Skill.objects.create(member=person, scope="tag:mail", level=Skill.Level.EXPERT)
    tomorrow = clock.now() + timedelta(days=1)
    zoe = Reach.objects.create(member=cast.zoe, state="away", until=tomorrow)
    Reach.objects.create(member=cast.finn, state="available", until=tomorrow)
    found = candidates_for(cast.olga, thread)
    assert [(each.member.handle, each.reachable.now) for each in found] == [("finn", True), ("zoe", False)]
    assert score(found, "finn") == pytest.approx(score(found, "zoe") + ASKABLE)
    assert not {"askable"} & kinds(found, "finn"), "that stands beside the reasons"
    zoe.state = "available"
    zoe.save()
    assert handles(candidates_for(cast.olga, thread)) == ["zoe", "finn"]


def test_among_an_organization_a_center_named_people_or_the_experts_of_a_topic(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", by="nia", tags=["mail"])
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    Skill.objects.create(member=cast.finn, scope="tag:dns", level=Skill.Level.EXPERT)
    organizations, centers = cast.organizations, cast.centers
    assert handles(candidates_for(cast.nia, thread)) == ["zoe"]
    everybody = Among(organization=organizations["brightline"].pk)
    assert handles(candidates_for(cast.nia, thread, among=everybody)) == ["zoe", "cleo"]
    center = Among(center=centers["brightline-turin"].pk)
    assert handles(candidates_for(cast.nia, thread, among=center)) == ["cleo"]
    named = Among(members=frozenset([cast.ben.pk, cast.sam.pk]))
    assert handles(candidates_for(cast.nia, thread, among=named)) == ["ben"]
    assert handles(candidates_for(cast.nia, thread, among=Among(scope="tag:dns"))) == ["finn"]


def test_a_thread_that_nobody_knows_anything_about(cast: Cast) -> None:
    thread = post(cast, "?", "?")
    assert candidates_for(cast.ada, thread) == []


def _asked(thread: Thread, member: Member, *, asker: Member) -> Asked:
    soon = clock.now() + timedelta(hours=1)
    request = HelpRequest.objects.create(thread=thread, by=asker, what="Help", html="Help", due_at=soon)
    return Asked.objects.create(request=request, member=member, place=1, first=True, answer_by=soon)


def test_who_is_on_line_is_said_and_counts_a_little_and_not_to_know_it_counts_for_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = post(cast, "Mail queue grows", tags=["mail"])
    for person in (cast.zoe, cast.finn):
        Skill.objects.create(member=person, scope="tag:mail", level=Skill.Level.EXPERT)
    unknown = candidates_for(cast.olga, thread)
    assert not {"here"} & kinds(unknown, "zoe")
    monkeypatch.setattr("community.events.reactors._finders", [lambda ids: {cast.finn.pk, cast.nia.pk} & set(ids)])
    found = candidates_for(cast.olga, thread)
    assert handles(unknown) == ["zoe", "finn"]
    assert handles(found) == ["finn", "zoe"]
    assert score(found, "finn") == pytest.approx(score(unknown, "finn") + HERE)
    assert score(found, "zoe") == pytest.approx(score(unknown, "zoe"))
    assert "here" in kinds(found, "finn")
    now, before = ([(each.reachable.now, each.reachable.why) for each in rows] for rows in (found, unknown))
    assert now == before[::-1]

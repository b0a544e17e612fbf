"""Of who was erased nothing is left in any table but numbers, and what they wrote for others."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from community.actions.erasure import erase_member
from community.actions.members import edit_profile, invite, reinstate, suspend
from community.actions.tokens import create_token
from community.errors import Conflict, Forbidden, Invalid
from community.models import Event, Invitation, Member
from community.rules import clock
from reputation.actions.kudos import give_kudos, remove_kudos
from reputation.actions.rebuilding import differences
from reputation.models import Award, Certificate, Evaluation, Kudos, Mentoring, Skill, Vote
from reputation.queries.standing import standing_of
from tests.cast import Cast
from tests.pages.stories import signed_in, told
from tests.reputation.suspending import counters_hold, settle_all
from threads.actions import withholding
from threads.actions.helpers import join
from threads.actions.saved import save_search
from threads.actions.threads import open_thread
from threads.actions.votes import vote
from threads.models import Draft, Post, SavedSearch

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WORDS = ("Benedikt", "Xylander", "ben@example.org", "zymurgist")


def where_told(*words: str) -> set[str]:
    """The columns of all tables, as text, in which any of the words stands."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                table, column = model._meta.db_table, field.column
                for word in words:
                    cursor.execute(
                        f'SELECT count(*) FROM "{table}" WHERE lower(CAST("{column}" AS text)) LIKE %s',  # noqa: S608  (names of our own)
                        [f"%{word.lower()}%"],
                    )
                    if cursor.fetchone()[0] and not isinstance(field, models.BinaryField):
                        found.add(f"{table}.{column}: {word}")
    return found


def lived(cast: Cast) -> Any:
    """Ben says who he is in every place that there is for it, and others name him."""
    edit_profile(by=cast.ben, name="Benedikt Xylander", about="A zymurgist.", time_zone="Europe/Rome")
    ben = cast.people["ben"] = Member.objects.get(pk=cast.ben.pk)
    story = told(cast)
    other = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Press stops", body="At night.")
    join(by=ben, thread=other)
    vote(by=cast.zoe, post=story.reply, value=True)
    vote(by=ben, post=Post.objects.get(thread=story.thread, number=1), value=True)
    give_kudos(by=cast.ada, to=ben, reason="Benedikt stayed until the queue was empty.")
    give_kudos(by=ben, to=cast.ada, reason="For asking so well. Benedikt")
    removed = give_kudos(by=cast.zoe, to=ben, reason="For a Xylander of a reply to it all.")
    remove_kudos(by=cast.nia, kudos=removed, reason="It names Benedikt.")
    Evaluation.objects.create(
        rater=cast.ada, rated=ben, thread=story.thread, space=story.thread.space, kind="requester", clarity=1,
        weight=1, note="Benedikt was brief.", note_to="person",
    )  # fmt: skip
    Mentoring.objects.create(
        learner=cast.ada, mentor=ben, scope="tag:smtp", what="Benedikt, how do queues work?", note="Ask Xylander.",
        state="declined", answered_at=clock.now(),
    )  # fmt: skip
    Skill.objects.create(member=ben, scope="tag:smtp", level=3)
    Certificate.objects.create(
        member=ben, name="Zymurgist, second class", issuer="Xylander", scope="tag:smtp", issued_on=date(2026, 1, 1)
    )
    create_token(by=ben, member=ben, name="Benedikt's own")
    save_search(by=ben, name="Of Benedikt", q="loops")
    Draft.objects.create(member=ben, place="thread:1", content={"body": "I, Benedikt"})
    signed_in(ben).get("/")
    signed_in(cast.nia).post(f"/admin/community/member/{ben.pk}/change/", {})
    return story


def test_nothing_is_left_of_who_was_erased(cast: Cast) -> None:
    story = lived(cast)
    ben = cast.ben
    assert len(where_told(*WORDS)) > 10
    before = {member.pk: standing_of(member) for member in cast.people.values()}
    rows = (Award.objects.count(), Vote.objects.count(), Event.objects.exclude(stream__kind=2).count())
    erased = erase_member(by=cast.nia, member=ben, handle="@Ben")
    assert where_told(*WORDS) == set()
    assert (erased.name, erased.handle, erased.is_active) == ("Former member", f"former-{ben.pk}", False)
    settle_all()
    assert withholding.notice() <= 1, "Sam alone"
    settle_all()
    assert before == {member.pk: standing_of(member) for member in cast.people.values()}
    assert (Award.objects.count(), Vote.objects.count()) == rows[:2]
    assert counters_hold()
    assert differences(most=1) == (0, [])
    call_command("rebuild_standing", "--check")
    page = signed_in(cast.ada).get(story.thread.get_absolute_url()).content.decode()
    assert "Former member" in page
    assert "Disable the relay rule" in page
    assert "Benedikt" not in page
    assert signed_in(cast.ada).get("/people/ben/").status_code == 404
    assert not SavedSearch.objects.exists()
    assert not Kudos.objects.filter(taken_back_at=None).exists()


def test_who_may_erase_whom(cast: Cast) -> None:
    for somebody in (cast.ada, cast.olga, cast.mo, cast.sam):
        with pytest.raises(Forbidden):
            erase_member(by=somebody, member=cast.zoe, handle="zoe")
    with pytest.raises(Invalid):
        erase_member(by=cast.zoe, member=cast.zoe, handle="zoé")
    with pytest.raises(Conflict):
        erase_member(by=cast.nia, member=cast.nia, handle="nia")
    erase_member(by=cast.zoe, member=cast.zoe, handle="zoe")
    with pytest.raises(Conflict):
        erase_member(by=cast.nia, member=cast.zoe, handle=f"former-{cast.zoe.pk}")
    gone = Member.objects.get(pk=cast.zoe.pk)
    for change in (suspend, reinstate):
        with pytest.raises(Conflict):
            change(by=cast.nia, member=gone)
    change_page = signed_in(cast.nia).post(f"/admin/community/member/{gone.pk}/change/", {"is_active": "on"})
    assert change_page.status_code == 403


def test_the_command_asks_to_be_meant(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    invite(by=cast.olga, email="zoe@example.net", organization=cast.organizations["acme"])
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_member", "zoe")
    with pytest.raises(CommandError, match="no member"):
        call_command("erase_member", "nobody", "--yes")
    call_command("erase_member", "zoe", "--yes")
    assert f"former-{cast.zoe.pk}" in capsys.readouterr().out
    assert Invitation.objects.count() == 1


def test_the_page_erases_whoever_types_their_handle(cast: Cast) -> None:
    zoe = signed_in(cast.zoe)
    assert zoe.get("/people/me/erasure/").status_code == 200
    assert zoe.post("/people/me/erasure/", {"handle": "ada"}).status_code == 422
    assert Member.objects.get(pk=cast.zoe.pk).is_active
    refused = signed_in(cast.nia).post("/people/me/erasure/", {"handle": "nia"})
    assert "Make somebody else" in refused.content.decode()
    assert zoe.post("/people/me/erasure/", {"handle": "zoe"}).status_code == 302
    assert zoe.get("/").status_code == 302, "signed out"
    assert Member.objects.get(pk=cast.zoe.pk).name == "Former member"
    assert Member.objects.get(pk=cast.ada.pk).is_active

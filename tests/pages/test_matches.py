"""Who and what could help, beside a thread: seen, asked, linked and applied with one click."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from community.models import Event, Member, Reach, Space
from community.rules import clock
from reputation.models import Skill
from tests.cast import Cast
from tests.threads.findings import post
from threads.actions.indexing import rebuild_index
from threads.actions.meetings import delete_meeting, log_meeting
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.requests import ask_for_help
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice
from threads.actions.threads import open_thread
from threads.models import Asked, Practice, Relation, Reuse, Thread, TimelineEntry, WorkingRecord
from threads.queries.search import search

pytestmark = pytest.mark.both_databases

NIGHT = "The mail queue grows at night."
FIELDS = {"problem": NIGHT, "cause": "A lock.", "resolution": "Restart the runner."}


@pytest.fixture
def known(cast: Cast) -> tuple[Thread, Practice]:
    """A thread that Ben solved, and its practice."""
    thread = post(cast, "Mail queue grows", NIGHT, tags=["mail"])
    answer = post_reply(by=cast.ben, thread=thread, body="Restart the runner.")
    resolve(by=cast.ada, thread=thread, posts=[answer])
    return thread, record_practice(by=cast.ada, thread=thread, fields=FIELDS)


def available(member: Member) -> None:
    """Whatever day it is, they can be asked."""
    Reach.objects.create(member=member, state="available", until=clock.now() + timedelta(hours=9))


def signed_in(cast: Cast, handle: str) -> Client:
    client = Client()
    client.force_login(cast.people[handle])
    return client


def test_one_click_asks_links_and_applies(cast: Cast, known: tuple[Thread, Practice]) -> None:
    thread = post(cast, "Mail queue grows again", NIGHT, tags=["mail"])
    address, client = f"/threads/{thread.pk}/matches/", signed_in(cast, "ada")
    page = client.get(address).content.decode()
    assert "Ben Okafor" in page
    assert "Solved" in page
    available(cast.ben)
    assert client.post(address, {"act": "ask", "member": "ben"}).status_code == 302
    asked = Asked.objects.get()
    assert (asked.member, asked.request.what, asked.request.by) == (cast.ben, thread.title, cast.ada)
    assert client.post(address, {"act": "link", "thread": known[0].pk}).status_code == 302
    assert Relation.objects.get().other == known[0]
    assert client.post(address, {"act": "apply", "practice": known[1].pk}).status_code == 302
    assert Reuse.objects.get().practice == known[1]
    again = client.get(f"{address}?part").content.decode()
    assert "Ben Okafor" not in again
    assert "Linked" in again
    assert ">Used<" in again
    for bad in ({}, {"act": "ask", "member": "nobody"}, {"act": "link", "thread": "x"}, {"act": "apply"}):
        assert client.post(address, bad).status_code == 404


def test_the_panel_reads_it_again_only_when_it_changed(cast: Cast, known: tuple[Thread, Practice]) -> None:
    thread = post(cast, "Mail queue grows again", NIGHT, tags=["mail"])
    address, client = f"/threads/{thread.pk}/matches/?part", signed_in(cast, "ada")
    client.get(address)
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    fresh = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert "Zoe Nakamura" in fresh.content.decode()


def test_only_those_who_have_to_do_with_it_are_told_at_once(cast: Cast, known: tuple[Thread, Practice]) -> None:
    thread = post(cast, "Mail queue grows again", NIGHT, tags=["mail"])
    part = f'data-lazy="/threads/{thread.pk}/matches/?part"'
    shown = {
        who: part in signed_in(cast, who).get(f"/threads/{thread.pk}/").content.decode() for who in ("ada", "zoe", "mo")
    }
    assert shown == {"ada": True, "zoe": False, "mo": True}
    assert (
        f'href="/threads/{thread.pk}/matches/"' in signed_in(cast, "zoe").get(f"/threads/{thread.pk}/").content.decode()
    )


def test_whoever_does_not_see_the_thread_sees_nothing_and_is_not_asked(
    cast: Cast, known: tuple[Thread, Practice]
) -> None:
    hidden = post(cast, "Mail queue grows at Acme", NIGHT, tags=["mail"], audience="organization")
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    address = f"/threads/{hidden.pk}/matches/"
    zoe, ada = signed_in(cast, "zoe"), signed_in(cast, "ada")
    assert zoe.get(address).status_code == zoe.post(address, {"act": "ask", "member": "ben"}).status_code == 404
    assert zoe.get(f"/threads/{hidden.pk}/timeline/").status_code == 404
    assert "Zoe Nakamura" not in ada.get(address).content.decode().split('id="beyond-title"')[0]
    assert "Zoe Nakamura" not in ada.get(f"{address}?part").content.decode()
    ada.post(address, {"act": "ask", "member": "zoe"})
    assert not Asked.objects.exists()
    open_one = post(cast, "Mail queue grows again", NIGHT, tags=["mail"], by="zoe")
    page = zoe.get(f"/threads/{open_one.pk}/matches/").content.decode()
    assert "at Acme" not in page
    assert zoe.post(f"/threads/{open_one.pk}/matches/", {"act": "link", "thread": hidden.pk}).status_code == 404


def test_a_practice_fills_what_is_empty_and_a_hidden_one_tells_nothing(
    cast: Cast, known: tuple[Thread, Practice]
) -> None:
    thread = post(cast, "Mail queue grows again", NIGHT, by="zoe")
    use_practice(by=cast.zoe, thread=thread, practice=known[1])
    use_practice(by=cast.ben, thread=thread, practice=known[1])
    record = WorkingRecord.objects.get(thread=thread)
    assert (record.problem, record.cause, record.resolution) == ("", "A lock.", "Restart the runner.")
    assert TimelineEntry.objects.filter(thread=thread, kind="practice.applied").count() == 1
    secret = post(cast, "Secret", NIGHT, by="ada", audience="organization")
    resolve(by=cast.ada, thread=secret, summary="Swordfish.")
    hidden = record_practice(by=cast.ada, thread=secret, fields={"problem": "?", "resolution": "Swordfish."})
    other = post(cast, "Mail queue grows once more", NIGHT, by="zoe")
    assert hidden.space.audience == Space.Audience.NETWORK
    use_practice(by=cast.ada, thread=other, practice=hidden)
    entry = TimelineEntry.objects.get(thread=other, kind="practice.applied")
    assert (list(entry.data), entry.practice) == (["use"], hidden)
    assert not Event.objects.filter(stream__subject_id=other.pk, kind="practice.applied").exists()
    assert WorkingRecord.objects.filter(thread=other).exclude(resolution="").count() == 0
    for address in (f"/threads/{other.pk}/timeline/", f"/threads/{other.pk}/"):
        page = signed_in(cast, "zoe").get(address).content.decode()
        assert "applied a practice" not in page
        assert "Secret" not in page
        page = signed_in(cast, "ben").get(address).content.decode()
        assert f'applied a practice: <a href="/practices/{hidden.pk}/">Secret</a>' in page


def test_what_was_asked_is_found_and_opens_the_timeline(cast: Cast) -> None:
    thread = post(cast, "Mail stops", audience="organization")
    available(cast.ben)
    soon = clock.now() + timedelta(hours=2)
    ask_for_help(
        by=cast.ada,
        thread=thread,
        what="Who knows **zygotic** relays?",
        due_at=soon,
        target="members",
        members=[cast.ben],
    )
    hits = search(cast.ben, "zygotic").hits
    assert [hit.subject for hit in hits] == [thread]
    assert "<mark>zygotic</mark>" in hits[0].highlight
    assert "**" not in hits[0].highlight
    page = signed_in(cast, "ben").get(hits[0].url).content.decode()
    anchor = hits[0].url.partition("#")[2]
    assert f'id="{anchor}"' in page
    assert "zygotic" in page
    assert search(cast.zoe, "zygotic").hits == []
    assert search(cast.ben, "zygotic author:ben").hits == []


def test_what_came_of_a_call_is_found_until_it_is_deleted(cast: Cast) -> None:
    thread = post(cast, "Mail stops")
    meeting = log_meeting(
        by=cast.ada,
        thread=thread,
        kind="call",
        held_at=clock.now(),
        minutes=10,
        outcome="We chose quokkas.",
        others="Bo",
    )
    (hit,) = search(cast.zoe, "quokkas").hits
    assert hit.subject == thread
    page = signed_in(cast, "zoe").get(hit.url).content.decode()
    assert "We chose quokkas." in page
    delete_meeting(by=cast.ada, meeting=meeting)
    list(rebuild_index())
    assert search(cast.zoe, "quokkas").hits == []
    assert "quokkas" not in signed_in(cast, "zoe").get(f"/threads/{thread.pk}/timeline/").content.decode()


def test_the_timeline_says_who_did_what_and_how_long_it_took(cast: Cast) -> None:
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    with clock.at(start):
        thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail stops", body="It stops.")
    with clock.at(start + timedelta(minutes=7)):
        replies = [post_reply(by=cast.ben, thread=thread, body=f"Try {number}.") for number in range(3)]
    with clock.at(start + timedelta(hours=2, minutes=5)):
        resolve(by=cast.ada, thread=thread, posts=[replies[0]])
    client = signed_in(cast, "zoe")
    page = client.get(f"/threads/{thread.pk}/timeline/").content.decode()
    assert "first reply after 7 min" in page
    assert "resolved after 2 h 5 min" in page
    assert page.index("posted the problem") < page.index("#post-2") < page.index("resolved the thread")
    assert "#post-4" in page
    assert "#post-3" not in page
    assert client.get(f"/threads/{thread.pk}/timeline/?show=calls").status_code == 200
    assert "posted the problem" not in client.get(f"/threads/{thread.pk}/timeline/?show=calls").content.decode()

"""What a guest, an ex-guest and somebody of another organization could find out about what they do not see."""

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from community.models import Event, Member, Stream
from tests.cast import Cast
from tests.threads.asking import HOUR, everybody_works, problem
from threads.actions.attachments import upload
from threads.actions.guests import end_guest, let_in, widen
from threads.actions.helpers import join
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.reading import mark_seen
from threads.actions.relations import relate
from threads.actions.requests import ask_for_help
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice
from threads.models import Practice, Relation, Thread, TimelineEntry
from threads.queries.guests import preview_for, preview_of_widening
from threads.queries.since import since
from threads.queries.thread_page import thread_page_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECRET = "Zebrafinch"
LATER = {"Application": "Reuse"}  # what a model is called since
PAGES = ("", "timeline/", "since/", "matches/", "matches/?part", "meetings/", "record/", "record/history/", "related/")
CALLS = ("", "/posts", "/swarm", "/since", "/matches", "/meetings", "/requests", "/record/versions")


def page(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def everything(member: Member, thread: Thread) -> Iterator[tuple[str, str]]:
    """All that they can read of a thread, and around it."""
    client = page(member)
    addresses = [f"/threads/{thread.pk}/{each}" for each in PAGES]
    addresses += [f"/api/v1/threads/{thread.pk}{each}" for each in CALLS]
    addresses += [
        "/",
        "/inbox/",
        "/archive/",
        "/spaces/",
        f"/api/v1/search?q={SECRET}",
        f"/api/v1/similar?text={SECRET}",
        "/api/v1/threads?limit=100",
        "/api/v1/practices?limit=100",
        "/api/v1/me/requests",
        "/people/zoe/",
        f"/people/{thread.author.handle}/",
        f"/api/v1/members/{thread.author.handle}",
    ]
    for address in addresses:
        answered = client.get(address, follow=True)
        yield address, answered.content.decode()


def leaks(member: Member, thread: Thread, word: str = SECRET) -> list[str]:
    """Where the word stands that they should not read. (A search says again what was searched for.)"""
    return [address for address, text in everything(member, thread) if word in text and f"q={word}" not in address]


def test_a_guest_reads_of_no_other_thread_and_no_practice(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast, audience="organization")
    other = problem(cast, audience="organization")
    Thread.objects.filter(pk=other.pk).update(title=f"{SECRET} is the other")
    other.refresh_from_db()
    relate(by=cast.ada, thread=thread, other=other, kind=Relation.Kind.RELATED)
    resolve(by=cast.ada, thread=other, summary="It was the cache.")
    practice = record_practice(
        by=cast.ada, thread=other, title=f"{SECRET} practised", fields={"problem": "Names.", "resolution": "Restart."}
    )
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    use_practice(by=cast.ben, thread=thread, practice=practice)
    join(by=cast.zoe, thread=thread)
    resolve(by=cast.ada, thread=thread, summary="It was the cache as well.")
    record_practice(by=cast.ben, thread=thread, title=f"{SECRET} again", fields={"problem": "N.", "resolution": "R."})
    assert leaks(cast.ben, thread)
    assert leaks(cast.zoe, thread) == []


@pytest.mark.parametrize("opened", ["guest", "widened"])
def test_who_comes_later_reads_of_no_practice_of_before(cast: Cast, opened: str) -> None:
    """What was applied and recorded while everybody in the thread saw it; on the page, in lines, in the stream."""
    other, thread = problem(cast, audience="organization"), problem(cast, audience="organization")
    resolve(by=cast.ada, thread=other, summary="It was the cache.")
    practice = record_practice(
        by=cast.ada, thread=other, title=f"{SECRET} practised", fields={"problem": "Names.", "resolution": "Restart."}
    )
    mark_seen(by=cast.olga, thread=thread, number=1)
    use_practice(by=cast.ben, thread=thread, practice=practice)
    resolve(by=cast.ada, thread=thread, summary="It was the cache as well.")
    record_practice(by=cast.ben, thread=thread, title=f"{SECRET} again", fields={"problem": "N.", "resolution": "R."})
    assert leaks(cast.olga, thread)[:3] == [f"/threads/{thread.pk}/{each}" for each in ("", "timeline/", "since/")]
    if opened == "guest":
        let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    else:
        widen(by=cast.ada, thread=thread, audience="space", preview=preview_of_widening(thread, "space", ()).digest)
    assert leaks(cast.zoe, thread) == []
    shown = page(cast.zoe).get(f"/threads/{thread.pk}/timeline/").content.decode()
    assert "resolved the thread" in shown
    assert "recorded it" not in shown
    assert SECRET not in str(Event.objects.filter(stream__kind=Stream.Kind.THREAD).values_list("data", "html"))
    thread.refresh_from_db()
    mark_seen(by=cast.zoe, thread=thread, number=1)
    newest = thread_page_of(cast.zoe, thread.pk)
    assert newest is not None
    assert not newest.has_news
    Practice.objects.filter(pk=practice.pk).update(audience="space")
    assert leaks(cast.zoe, thread)[:2] == [f"/threads/{thread.pk}/", f"/threads/{thread.pk}/timeline/"]


def test_news_of_a_practice_are_news_for_who_sees_it(cast: Cast) -> None:
    other, thread = problem(cast, audience="organization"), problem(cast)
    resolve(by=cast.ada, thread=other, summary="It was the cache.")
    practice = record_practice(by=cast.ada, thread=other, fields={"problem": "Names.", "resolution": "Restart."})
    for member in (cast.ben, cast.zoe):
        mark_seen(by=member, thread=thread, number=1)
    use_practice(by=cast.ada, thread=thread, practice=practice)
    news = [found.has_news for who in (cast.ben, cast.zoe) if (found := thread_page_of(who, thread.pk))]
    assert news == [True, False]
    assert [len(since(who, thread).entries) for who in (cast.ben, cast.zoe)] == [1, 0]


def test_who_was_let_in_and_out_again_reads_nothing(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast, audience="organization")
    Thread.objects.filter(pk=thread.pk).update(title=f"{SECRET} is the problem")
    thread.refresh_from_db()
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    request = ask_for_help(
        by=cast.ada, thread=thread, what=f"{SECRET}, please.", due_at=thread.created_at + 4 * HOUR, target="members",
        members=[cast.zoe],
    )  # fmt: skip
    file = upload(by=cast.ada, file=BytesIO(b"a log"), name="a.log")
    post_reply(by=cast.ada, thread=thread, body=f"@zoe see {SECRET}.", attachments=[file])
    address = file.get_absolute_url()
    assert page(cast.zoe).get(address).status_code == 200
    assert leaks(cast.zoe, thread)
    end_guest(by=cast.ada, thread=thread, member=cast.zoe)
    assert leaks(cast.zoe, thread) == []
    assert page(cast.zoe).get(address).status_code == 404
    assert page(cast.zoe).get(f"/requests/{request.pk}/").status_code == 404


def test_older_lines_and_streams_come_to_name_no_practice(cast: Cast) -> None:
    """What the migration makes of rows as they were written before."""
    other, thread = problem(cast), problem(cast)
    resolve(by=cast.ada, thread=other, summary="It was the cache.")
    practice = record_practice(by=cast.ada, thread=other, fields={"problem": "Names.", "resolution": "Restart."})
    for where in (thread, problem(cast)):
        use_practice(by=cast.ben, thread=where, practice=practice)
    lines = TimelineEntry.objects.filter(kind__startswith="practice.").order_by("pk")
    named = {"practice": practice.pk, "title": SECRET, "url": "/practices/1/"}
    lines.update(practice=None, data={"practice": None, "title": "", "url": ""})
    lines.filter(thread=thread).update(data=named)
    unknown = TimelineEntry.objects.create(thread=other, after_number=1, kind="practice.applied", data=named)
    TimelineEntry.objects.filter(pk=unknown.pk).update(data=named | {"practice": 10**9})
    Event.objects.filter(kind__startswith="practice.").update(data=named)
    moving = import_module("threads.migrations.0011_practices_in_timelines")
    then = SimpleNamespace(get_model=lambda room, name: apps.get_model(room, LATER.get(name, name)))
    for step in (moving.point_at_practices, moving.name_none_in_streams) * 2:
        step(then, SimpleNamespace(connection=connection))
    assert [(line.practice, line.data) for line in lines] == [(practice, {})] * 3
    told = {event.kind: event.data for event in Event.objects.filter(kind__startswith="practice.")}
    assert told == {"practice.recorded": {"practice": practice.pk}, "practice.applied": {}}

"""Pages are drawn once for many viewers: nobody sees another's, and no change is ever missed."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from community.actions.members import edit_profile, suspend
from community.actions.reach import set_state
from community.models import Center, Grant, InboxItem, Member, Organization, Space
from community.queries import frame, inbox, sessions
from community.rules import clock
from community.views import shared
from tests.cast import Cast
from tests.longthreads import lengthen
from tests.pages.stories import SignIn, Story
from threads.actions.following import follow
from threads.actions.ownership import take
from threads.actions.posts import delete_post, edit_post, post_reply, restore_post
from threads.actions.practices import edit_practice
from threads.actions.reading import mark_seen
from threads.actions.relations import relate
from threads.actions.resolution import reopen
from threads.actions.retiring import retire
from threads.actions.threads import edit_thread, open_thread, plan
from threads.actions.votes import vote
from threads.models import Asked, Guest, HandOver, Helper, HelpRequest, Post, Product, Tag, Thread, WorkingRecord
from threads.queries import thread_page as thread_facts
from threads.views import rows, thread_page

pytestmark = pytest.mark.both_databases

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
PAGES = ("/", "/spaces/lobby/", "/spaces/lobby/?status=resolved", "/archive/", "/archive/?tag=smtp")


def shown(client: Client, address: str) -> str:
    """The page as this viewer gets it, without its tokens, which are other ones every time; its status, when it is
    none."""
    answer = client.get(address)
    return _TOKEN.sub("TOKEN", answer.content.decode()) if answer.status_code == 200 else str(answer.status_code)


def offered(page: str) -> dict[str, Any]:
    """What a page tells its script of the viewer: votes, and what they may do, by post."""
    found = re.search(r'<script id="post-viewer" type="application/json">(.*?)</script>', page)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def forget() -> None:
    """Have everything read and drawn anew."""
    drawn = (shared._kept, shared._kept_whole, rows._drawn, thread_page._drawn_events)
    read = (thread_facts._alike, thread_facts._voted, thread_facts._theirs, thread_facts._parts)
    for memo in (*drawn, *read, frame._alike, inbox._counts, sessions._marked):
        memo.clear()


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget()
    yield
    forget()


def addresses(story: Story) -> list[str]:
    """Every page that is kept."""
    thread = story.thread.get_absolute_url()
    return [thread, f"{thread}?from=last", *PAGES]


@dataclass(frozen=True)
class Scene:
    """Who and what there is."""

    cast: Cast
    story: Story


def ask_for(thread: Thread, member: Member, *, by: Member) -> Asked:
    """The member is asked for help, at once and without anything else."""
    due = clock.now() + timedelta(hours=4)
    request = HelpRequest.objects.create(thread=thread, by=by, what="A look.", html="A look.", due_at=due)
    return Asked.objects.create(request=request, member=member, place=1, answer_by=due)


def let_in_behind(thread: Thread, member: Member, *, by: Member) -> None:
    """The thread is for its organization only, and the member is let in."""
    Thread.objects.filter(pk=thread.pk).update(audience="organization")
    Guest.objects.create(thread=thread, member=member, invited_by=by)


CHANGES: dict[str, Callable[[Scene], object]] = {
    "title": lambda now: edit_thread(by=now.cast.ada, thread=now.story.thread, title="Another title"),
    "tags": lambda now: edit_thread(by=now.cast.ada, thread=now.story.thread, tags=["relay"]),
    "severity": lambda now: edit_thread(by=now.cast.ada, thread=now.story.thread, severity=1),
    "reply": lambda now: post_reply(by=now.cast.zoe, thread=now.story.thread, body="And one more."),
    "note": lambda now: post_reply(by=now.cast.zoe, thread=now.story.thread, body="A note.", parent=now.story.reply),
    "edit": lambda now: edit_post(by=now.cast.ada, post=now.story.note, body="Edited."),
    "deletion": lambda now: delete_post(by=now.cast.ada, post=now.story.note),
    "vote": lambda now: vote(by=now.cast.zoe, post=now.story.reply, value=True),
    "reopening": lambda now: reopen(by=now.cast.ada, thread=now.story.thread, reason="It is back."),
    "record": lambda now: WorkingRecord.objects.filter(pk=now.story.thread.pk).update(cause="A rule"),
    "following": lambda now: follow(by=now.cast.zoe, thread=now.story.thread, wanted=True),
    "practice": lambda now: edit_practice(
        by=now.cast.ben, practice=now.story.practice, title="Another practice", version=now.story.practice.version
    ),
    "confidence": lambda now: retire(by=now.cast.cleo, practice=now.story.practice, reason="Out of date"),
    "name": lambda now: edit_profile(by=now.cast.ben, name="Benjamin", about="", time_zone=""),
    "organization's name": lambda _now: Organization.objects.filter(slug="acme").update(name="Acme AB"),
    "center's name": lambda _now: Center.objects.filter(name="acme-lagos").update(name="Lagos"),
    "space's name": lambda _now: Space.objects.filter(slug="lobby").update(name="Hall"),
    "product's name": lambda _now: Product.objects.update(name="Gateway"),
    "tag's name": lambda _now: Tag.objects.filter(slug="smtp").update(slug="mail"),
    "another organization": lambda now: Member.objects.filter(handle="ben").update(
        organization=now.cast.organizations["corax"], center=None
    ),
    "role": lambda now: Grant.objects.create(
        member=now.cast.zoe, role=Grant.Role.MODERATOR, space=now.cast.spaces["lobby"]
    ),
    "role taken": lambda now: Grant.objects.filter(member=now.cast.mo).delete(),
    "suspension": lambda now: suspend(by=now.cast.nia, member=now.cast.olga),
    "audience": lambda now: Thread.objects.filter(pk=now.story.thread.pk).update(audience="organization"),
    "space's audience": lambda _now: Space.objects.filter(slug="lobby").update(audience="members"),
    "joining": lambda now: Helper.objects.create(thread=now.story.thread, member=now.cast.zoe),
    "asking": lambda now: ask_for(now.story.thread, now.cast.zoe, by=now.cast.ada),
    "offering": lambda now: HandOver.objects.create(
        thread=now.story.thread, by=now.cast.ada, to=now.cast.zoe, summary="So far.", html="So far."
    ),
    "guest": lambda now: let_in_behind(now.story.thread, now.cast.zoe, by=now.cast.ada),
    "inbox": lambda now: InboxItem.objects.create(
        member=now.cast.zoe,
        kind="mentioned",
        subject=f"thread:{now.story.thread.pk}",
        target=f"thread:{now.story.thread.pk}",
        key="once",
    ),
    "inbox read": lambda now: InboxItem.objects.filter(member=now.cast.ada).update(read_at=clock.now()),
    "html": lambda now: Post.objects.filter(pk=now.story.reply.pk).update(html="<p>Rendered anew.</p>"),
    "state": lambda now: set_state(by=now.cast.ada, state="away", until=clock.now() + timedelta(hours=1)),
    "seen": lambda now: mark_seen(by=now.cast.zoe, thread=now.story.thread, number=2),
    "number of replies": lambda now: Thread.objects.filter(pk=now.story.thread.pk).update(reply_count=99),
}
HANDLES = ("ada", "zoe", "mo", "olga")


@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_everybody_gets_what_would_be_drawn_anew(
    cast: Cast, story: Story, sign_in: SignIn, change: str
) -> None:
    """Everybody has looked at everything, so that all is kept; then something changes behind the pages' back."""
    clients = {handle: sign_in(cast.people[handle]) for handle in HANDLES}
    before = {(handle, page): shown(clients[handle], page) for page in addresses(story) for handle in HANDLES}
    assert {(handle, page): shown(clients[handle], page) for handle, page in before} == before
    CHANGES[change](Scene(cast, story))
    after = {(handle, page): shown(clients[handle], page) for handle, page in before}
    for handle, page in before:
        forget()
        assert after[handle, page] == shown(clients[handle], page), (handle, page)
    assert after != before


def test_what_is_deleted_and_brought_back_is_gone_and_there(cast: Cast, story: Story, sign_in: SignIn) -> None:
    client = sign_in(cast.zoe)
    address = story.thread.get_absolute_url()
    assert "That was it" in shown(client, address)
    delete_post(by=cast.ada, post=story.note)
    assert "That was it" not in shown(client, address)
    restore_post(by=cast.ada, post=story.note)
    assert "That was it" in shown(client, address)


def test_a_linked_threads_title_is_its_title_now(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """Also where only the other thread changed; and who may not see that one is not told of it."""
    other = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Alike", body="x", audience="organization")
    relate(by=cast.ada, thread=story.thread, other=other, kind="related")
    ours, theirs = sign_in(cast.olga), sign_in(cast.zoe)
    address = story.thread.get_absolute_url()
    assert "Alike" in shown(ours, address)
    edit_thread(by=cast.ada, thread=other, title="Quite alike")
    assert "Quite alike" in shown(ours, address)
    assert "alike" not in shown(theirs, address).lower()


def test_how_far_a_thread_goes_is_said_on_every_page_of_it(cast: Cast, sign_in: SignIn) -> None:
    """Also on one whose own posts have not changed."""
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Long", body="x")
    lengthen(thread, [cast.ben, cast.zoe], 80)
    client = sign_in(cast.finn)
    address = thread.get_absolute_url()
    assert "Posts 2 to 31 of 81" in shown(client, address)
    post_reply(by=cast.ben, thread=thread, body="At the end.")
    assert "Posts 2 to 31 of 82" in shown(client, address)
    assert "At the end." in shown(client, f"{address}?from=last")


def test_what_is_planned_and_who_owns_it_is_seen_at_once(cast: Cast, sign_in: SignIn) -> None:
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="New", body="x")
    client = sign_in(cast.zoe)
    address = thread.get_absolute_url()
    assert "nobody yet" in shown(client, address)
    take(by=cast.ben, thread=thread)
    plan(by=cast.ben, thread=thread, what="Call the vendor")
    page = shown(client, address)
    assert "nobody yet" not in page
    assert "Call the vendor" in page


def test_what_one_may_see_the_next_may_not(cast: Cast, secret: Story, sign_in: SignIn) -> None:
    """Acme's own thread is kept for Acme; a stranger is answered as if it were not there, in lists and alone."""
    address = secret.thread.get_absolute_url()
    for handle in ("ada", "olga", "ben"):
        assert "Mail loops" in shown(sign_in(cast.people[handle]), address)
        assert "Mail loops" in shown(sign_in(cast.people[handle]), "/spaces/lobby/")
        assert "Mail loops" in shown(sign_in(cast.people[handle]), "/archive/")
    for handle in ("zoe", "finn", "cleo"):
        stranger = sign_in(cast.people[handle])
        assert shown(stranger, address) == "404"
        for page in PAGES:
            assert "Mail loops" not in shown(stranger, page)


@pytest.mark.parametrize("order", [("mo", "zoe"), ("zoe", "mo")])
def test_what_one_may_do_is_not_offered_to_the_next(
    cast: Cast, story: Story, sign_in: SignIn, order: tuple[str, str]
) -> None:
    address = story.thread.get_absolute_url()
    pages = {handle: shown(sign_in(cast.people[handle]), address) for handle in order}
    assert f"{address}edit/" in pages["mo"]
    assert f"{address}edit/" not in pages["zoe"]
    assert "edit" in offered(pages["mo"])[str(story.reply.pk)]["can"]
    assert "edit" not in offered(pages["zoe"])[str(story.reply.pk)]["can"]


def test_a_page_says_its_viewers_name_and_holds_their_token(cast: Cast, story: Story, sign_in: SignIn) -> None:
    for page in addresses(story):
        tokens = set()
        for handle in ("ada", "zoe", "nia"):
            answer = sign_in(cast.people[handle]).get(page)
            html = answer.content.decode()
            assert f'data-member="{cast.people[handle].pk}" data-handle="{handle}"' in html
            for other in {"ada", "zoe", "nia"} - {handle}:
                assert f"Menu of {cast.people[other].name}" not in html
            assert "slot-" not in html
            tokens |= set(_TOKEN.findall(html))
        assert len(tokens) == 3


def test_a_name_is_text(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """What is filled into a kept page is escaped like everything else."""
    Member.objects.filter(pk=cast.zoe.pk).update(name='<b id="x">"Zoe"</b>')
    Space.objects.filter(slug="alliance").update(name="<i>A</i>")
    html = sign_in(cast.zoe).get(f'{story.thread.get_absolute_url()}?x=<i>&y="').content.decode()
    assert '<b id="x">' not in html
    assert "<i>" not in html
    assert "&lt;b id=&quot;x&quot;&gt;" in html


def test_votes_are_the_viewers_own(cast: Cast, story: Story, sign_in: SignIn) -> None:
    vote(by=cast.zoe, post=story.reply, value=True)
    address = story.thread.get_absolute_url()
    for handle, voted in {"zoe": True, "finn": False}.items():
        page = shown(sign_in(cast.people[handle]), address)
        assert offered(page)[str(story.reply.pk)]["voted"] is voted


def test_a_kept_page_has_the_error_of_nobody(cast: Cast, sign_in: SignIn) -> None:
    """A reply that is refused is shown with what was typed, to its author only."""
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Open", body="x")
    address = thread.get_absolute_url()
    ben, zoe = sign_in(cast.ben), sign_in(cast.zoe)
    typed = "x" * 70_000
    answer = ben.post(f"{address}posts/", {"body": typed})
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert f"Menu of {cast.ben.name}" in answer.content.decode()
    assert "xxxx" not in shown(zoe, address)
    assert "xxxx" not in shown(ben, address)


def test_who_is_out_is_out_of_kept_pages_too(cast: Cast, story: Story, sign_in: SignIn) -> None:
    address = story.thread.get_absolute_url()
    ben, zoe, olga = sign_in(cast.ben), sign_in(cast.zoe), sign_in(cast.olga)
    for client in (ben, zoe, olga):
        assert "Mail loops" in shown(client, address)
    Session.objects.filter(session_key=zoe.session.session_key).delete()
    assert shown(zoe, address) == "302"
    suspend(by=cast.nia, member=cast.olga)
    assert shown(olga, address) == "302"
    cast.ben.set_password("another one entirely")
    cast.ben.save()
    assert shown(ben, address) == "302"


def test_the_next_viewer_gets_what_was_drawn_for_the_first(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """The second viewer who may do the same costs no drawing: only one page of the thread is kept."""
    address = story.thread.get_absolute_url()
    for handle in ("zoe", "finn"):
        shown(sign_in(cast.people[handle]), address)
    kept = [facts for facts in shared._kept._things if isinstance(facts, tuple) and facts[0] == "threads/thread.html"]
    assert len(kept) == 1

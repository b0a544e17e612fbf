"""Coming back: how far somebody has read, and what changed since."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from community.errors import NotThere
from community.models import Member
from community.rules import clock
from tests.cast import Cast
from tests.longthreads import lengthen
from tests.pages.stories import SignIn, Story
from threads.actions.posts import delete_post, post_reply
from threads.actions.reading import mark_seen
from threads.actions.records import save_record
from threads.actions.threads import edit_thread, open_thread
from threads.models import ReadPosition, RecordVersion, Thread
from threads.queries.since import since
from threads.rendering.since import since_lines

Counted = Callable[[int], AbstractContextManager[object]]

pytestmark = pytest.mark.both_databases


def _thread(cast: Cast, *, space: str = "lobby") -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces[space], title="Mail loops", body="Since the update.")


def _lines(cast: Cast, who: str, thread: Thread) -> list[str]:
    thread.refresh_from_db()
    return [str(line.sentence) for line in since_lines(thread, since(cast.people[who], thread))]


def _position(who: Member, thread: Thread) -> tuple[int, ...]:
    row = ReadPosition.objects.get(member=who, thread=thread)
    return row.number, row.entry, row.record_version


def test_a_position_only_goes_forward_and_not_beyond_the_end(cast: Cast) -> None:
    thread = _thread(cast)
    for _reply in range(4):
        post_reply(by=cast.ben, thread=thread, body="Try this")
    thread.refresh_from_db()
    for number, kept in ((3, 3), (2, 3), (4, 4), (0, 4), (10**12, 5)):
        mark_seen(by=cast.zoe, thread=thread, number=number)
        assert _position(cast.zoe, thread)[0] == kept
    assert ReadPosition.objects.count() == 1


def test_entries_between_posts_not_read_yet_are_not_read(cast: Cast) -> None:
    thread = _thread(cast)
    edit_thread(by=cast.ada, thread=thread, severity=1)
    post_reply(by=cast.ben, thread=thread, body="Try this")
    edit_thread(by=cast.ada, thread=thread, severity=2)
    thread.refresh_from_db()
    early, late = thread.timeline.values_list("pk", flat=True)
    mark_seen(by=cast.zoe, thread=thread, number=1)
    assert _position(cast.zoe, thread)[1] == 0
    mark_seen(by=cast.zoe, thread=thread, number=2)
    assert _position(cast.zoe, thread)[1] == late
    post_reply(by=cast.ben, thread=thread, body="Or this")
    thread.refresh_from_db()
    mark_seen(by=cast.mo, thread=thread, number=2)
    assert _position(cast.mo, thread)[1] == early


def test_only_where_one_sees_the_thread(cast: Cast, sign_in: SignIn) -> None:
    thread = _thread(cast, space="workshop")
    with pytest.raises(NotThere):
        mark_seen(by=cast.zoe, thread=thread, number=1)
    zoe = sign_in(cast.zoe)
    for path in (f"/threads/{thread.pk}/since/", f"/threads/{thread.pk}/since/?part", "/threads/999/since/"):
        assert zoe.get(path).status_code == 404
    assert _put(zoe, thread, {"number": 1}) == 404
    assert not ReadPosition.objects.exists()


def _put(client: Client, thread: Thread, body: object) -> int:
    path = f"/threads/{thread.pk}/seen/"
    return client.put(path, body, content_type="application/json").status_code


def test_the_script_and_the_button_say_it(cast: Cast, sign_in: SignIn, story: Story) -> None:
    zoe, path = sign_in(cast.zoe), f"/threads/{story.thread.pk}/seen/"
    assert _put(zoe, story.thread, {"number": 2}) == 204
    assert _position(cast.zoe, story.thread)[0] == 2
    assert zoe.post(path, {"number": "3"}).status_code == 302
    assert _position(cast.zoe, story.thread)[0] == 3
    numbers = ("x", True, -1, 1.5, None)
    broken: list[object] = [{}, [], "{", *({"number": number} for number in numbers)]
    for body in broken:
        assert _put(zoe, story.thread, body) == 404
    assert zoe.post(path, {}).status_code == zoe.post(path, {"number": "-1"}).status_code == 404
    assert zoe.get(path).status_code == 405
    assert _position(cast.zoe, story.thread)[0] == 3


def test_since_you_were_here(cast: Cast) -> None:
    thread = _thread(cast)
    assert _lines(cast, "zoe", thread) == []
    mark_seen(by=cast.zoe, thread=thread, number=1)
    assert _lines(cast, "zoe", thread) == []
    for who in ("ben", "ben", "mo"):
        post_reply(by=cast.people[who], thread=thread, body="Try this")
    save_record(by=cast.ben, thread=thread, fields={"problem": "It loops", "cause": "A rule"})
    edit_thread(by=cast.ada, thread=thread, severity=1)
    posts, record, severity = _lines(cast, "zoe", thread)
    assert posts.startswith("3 new posts by")
    assert posts.index("Ben Okafor") < posts.index("Mo Haddad")
    assert f"/threads/{thread.pk}/?from=2" in posts
    assert record.endswith("changed in the record: Problem, Cause")
    assert "Ada Lindqvist" in severity
    thread.refresh_from_db()
    mark_seen(by=cast.zoe, thread=thread, number=thread.last_number)
    assert _lines(cast, "zoe", thread) == []


def test_what_one_did_oneself_is_no_news(cast: Cast) -> None:
    thread = _thread(cast)
    mark_seen(by=cast.ada, thread=thread, number=1)
    post_reply(by=cast.ada, thread=thread, body="More about it")
    save_record(by=cast.ada, thread=thread, fields={"problem": "It loops"})
    edit_thread(by=cast.ada, thread=thread, severity=1)
    assert _lines(cast, "ada", thread) == []


def test_a_deleted_post_is_no_news(cast: Cast) -> None:
    thread = _thread(cast)
    mark_seen(by=cast.zoe, thread=thread, number=1)
    delete_post(by=cast.ben, post=post_reply(by=cast.ben, thread=thread, body="Wrong thread"))
    assert _lines(cast, "zoe", thread) == []


def test_it_is_short_however_much_there_is(cast: Cast, django_assert_max_num_queries: Counted) -> None:
    thread = _thread(cast)
    mark_seen(by=cast.zoe, thread=thread, number=1)
    lengthen(thread, [cast.ben, cast.mo, cast.finn, cast.cleo], 300)
    for turn in range(30):
        edit_thread(by=cast.ada, thread=thread, severity=1 + turn % 4)
    thread.refresh_from_db()
    with django_assert_max_num_queries(4):
        found = since(cast.zoe, thread)
    lines = since_lines(thread, found)
    assert len(lines) == 8
    assert found.more == 23
    assert str(lines[0].sentence).startswith("more than 200 new posts by")
    assert "and 1 other" in str(lines[0].sentence)


def test_the_page_leads_to_the_first_unread(cast: Cast, sign_in: SignIn) -> None:
    thread = _thread(cast)
    post_reply(by=cast.ben, thread=thread, body="Try this")
    zoe, path = sign_in(cast.zoe), f"/threads/{thread.pk}/"
    first_time = zoe.get(path).content.decode()
    assert 'data-seen="0"' in first_time
    assert "since-bar" not in first_time
    zoe.post(f"{path}seen/", {"number": "1"})
    back = zoe.get(path).content.decode()
    assert "First unread: #2" in back
    assert f'href="{path}?from=2"' in back
    assert 'data-seen="1"' in back
    assert 'data-seen="0"' in sign_in(cast.mo).get(path).content.decode()
    zoe.post(f"{path}seen/", {"number": "2"})
    assert "since-bar" not in zoe.get(path).content.decode()
    edit_thread(by=cast.ada, thread=thread, severity=1)
    changed = zoe.get(path).content.decode()
    assert "since-bar" in changed
    assert "First unread" not in changed
    assert "severity" in zoe.get(f"{path}since/?part").content.decode()
    assert "I have seen all of it" in zoe.get(f"{path}since/").content.decode()


def test_the_record_alone_is_news(cast: Cast, sign_in: SignIn) -> None:
    thread = _thread(cast)
    mark_seen(by=cast.zoe, thread=thread, number=1)
    save_record(by=cast.ben, thread=thread, fields={"problem": "It loops"})
    assert RecordVersion.objects.filter(record=thread.pk).exists()
    assert "since-bar" in sign_in(cast.zoe).get(f"/threads/{thread.pk}/").content.decode()
    assert "since-bar" not in sign_in(cast.ben).get(f"/threads/{thread.pk}/").content.decode()


def test_it_says_when_one_was_here(cast: Cast) -> None:
    thread = _thread(cast)
    then = clock.now() - timedelta(days=3)
    with clock.at(then):
        mark_seen(by=cast.zoe, thread=thread, number=1)
    assert since(cast.zoe, thread).at == then


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_keep_the_further_one(cast: Cast) -> None:
    import threading

    thread = _thread(cast)
    for _reply in range(9):
        post_reply(by=cast.ben, thread=thread, body="Try this")
    thread.refresh_from_db()

    def read(numbers: range) -> None:
        for number in numbers:
            mark_seen(by=cast.zoe, thread=thread, number=number)
        connections.close_all()

    tabs = [threading.Thread(target=read, args=(numbers,)) for numbers in (range(1, 11), range(10, 0, -1))]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert _position(cast.zoe, thread)[0] == 10

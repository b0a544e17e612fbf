"""Many writers at once: every stream stays gap-free, its order is the order of commits, and a reader misses nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal

import pytest
from django.db import connection

from community.actions.members import accept_invitation, invite
from community.errors import Invalid
from community.events import member_stream, thread_stream
from community.events.reading import missed
from community.models import Event, InboxItem, Invitation, Member, Space, Stream
from reputation.queries.standing import standing_of
from tests.cast import make_cast
from threads.actions.following import follow
from threads.actions.posts import post_reply
from threads.actions.resolution import reopen, resolve
from threads.actions.threads import open_thread
from threads.actions.votes import vote
from threads.models import Post, Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WRITERS = ("ada", "ben", "olga", "cleo", "zoe", "mo")
ROUNDS = 5


def at_once(*work: Callable[[], object]) -> None:
    """Run all of it in threads that start together, each with a connection of its own."""
    start = Barrier(len(work))

    def run(one: Callable[[], object]) -> None:
        try:
            start.wait()
            one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(run, one) for one in work]:
            done.result(timeout=120)


def two_threads() -> list[Thread]:
    cast = make_cast()
    made = [open_thread(by=cast.nia, space=cast.spaces["lobby"], title=title, body="Help.") for title in ("One", "Two")]
    for name in WRITERS:
        for thread in made:
            follow(by=cast.people[name], thread=thread, wanted=True)
    return made


def writer(name: str, order: list[Thread]) -> Callable[[], None]:
    """Replies in the threads in the order given, and votes for what stands there; opposite orders invite deadlocks."""

    def write() -> None:
        by = Member.objects.get(handle=name)
        for _ in range(ROUNDS):
            for thread in order:
                post_reply(by=by, thread=thread, body="Same here.")
                post = Post.objects.select_related("thread").filter(thread=thread).exclude(author=by).latest("number")
                vote(by=by, post=post, value=True)

    return write


def assert_gap_free() -> None:
    for stream in Stream.objects.all():
        numbers = list(Event.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, stream.seq + 1)), str(stream)


def test_streams_are_gap_free_under_concurrent_writers() -> None:
    made = two_threads()
    at_once(*(writer(name, made[:: 1 if number % 2 else -1]) for number, name in enumerate(WRITERS)))
    assert_gap_free()
    for thread in made:
        posts = list(Post.objects.filter(thread=thread).order_by("number").values_list("number", flat=True))
        assert posts == list(range(1, 2 + len(WRITERS) * ROUNDS))
        told = [event for event in missed(thread_stream(thread.pk), 0).events if event.kind == "post.created"]
        assert [event.data["number"] for event in told] == posts
        assert [event.data["reply_count"] for event in told] == list(range(len(posts)))
    for name in WRITERS:
        member = Member.objects.get(handle=name)
        added = [event for event in missed(member_stream(member.pk), 0).events if event.kind == "inbox.added"]
        assert len(added) == InboxItem.objects.filter(member=member).count()


def test_a_reader_who_keeps_asking_sees_every_number_once_and_in_order() -> None:
    made = two_threads()
    key = thread_stream(made[0].pk)
    finished, seen = Signal(), [0]

    def write_all() -> None:
        try:
            with ThreadPoolExecutor(3) as pool:
                for done in [pool.submit(_closing(writer(name, made))) for name in WRITERS[:3]]:
                    done.result(timeout=120)
        finally:
            finished.set()

    def read() -> None:
        last_round = False
        while not last_round:
            last_round = finished.is_set()
            seen.extend(event.seq for event in missed(key, seen[-1]).events)

    at_once(write_all, read)
    assert seen == list(range(1 + Stream.objects.get(kind=key.kind, subject_id=key.subject_id).seq))


def test_two_votes_of_one_member_at_once_count_once() -> None:
    thread = two_threads()[0]
    post = post_reply(by=Member.objects.get(handle="ben"), thread=thread, body="Try this.")

    def cast_vote() -> None:
        vote(by=Member.objects.get(handle="ada"), post=post, value=True)

    at_once(cast_vote, cast_vote, cast_vote)
    assert Post.objects.get(pk=post.pk).votes == 1
    assert_gap_free()


def test_the_same_reply_sent_twice_at_once_is_one_post() -> None:
    thread = two_threads()[0]

    def send() -> None:
        post_reply(by=Member.objects.get(handle="ada"), thread=thread, body="Once.", client_id="once")

    at_once(send, send, send)
    assert Post.objects.filter(thread=thread, client_id="once").count() == 1
    assert_gap_free()


def test_the_same_reply_sent_into_two_threads_at_once_is_one_post() -> None:
    made = two_threads()

    def send(thread: Thread) -> Callable[[], None]:
        def work() -> None:
            post_reply(by=Member.objects.get(handle="ada"), thread=thread, body="X", client_id="x")

        return work

    at_once(*(send(thread) for thread in (*made, *made)))
    assert Post.objects.filter(client_id="x").count() == 1


def test_askers_who_make_the_same_new_tags_and_mention_each_other_do_not_block_each_other() -> None:
    two_threads()
    names = [f"new-{number}" for number in range(8)]
    space = Space.objects.get(slug="lobby")

    def ask(place: int, handle: str) -> Callable[[], None]:
        tags = names[place:] + names[:place]

        def work() -> None:
            by = Member.objects.get(handle=handle)
            for number in range(3):
                new = [f"{tag}-{number}" for tag in tags]
                said = "@ada @ben @olga @cleo @zoe @mo"
                open_thread(by=by, space=space, title="T", body=said, tags=new, client_id=f"{handle}{number}")

        return work

    at_once(*(ask(place, handle) for place, handle in enumerate(WRITERS)))
    assert Thread.objects.filter(title="T").count() == 3 * len(WRITERS)
    assert_gap_free()


def test_resolving_and_reopening_threads_with_the_same_solvers_do_not_block_each_other() -> None:
    made = two_threads()
    solvers = [Member.objects.get(handle=handle) for handle in ("ben", "zoe", "cleo")]
    solutions = [
        [post_reply(by=solver, thread=thread, body="Try.") for solver in solvers[::step]]
        for thread, step in zip(made, (1, -1), strict=True)
    ]

    def turn(thread: Thread, posts: list[Post]) -> Callable[[], None]:
        def work() -> None:
            by = Member.objects.get(handle="nia")
            for _ in range(4):
                resolve(by=by, thread=thread, posts=posts)
                reopen(by=by, thread=thread)

        return work

    at_once(*(turn(thread, posts) for thread, posts in zip(made, solutions, strict=True)))
    assert [standing_of(solver) for solver in solvers] == [0, 0, 0]
    assert_gap_free()


def test_two_who_choose_the_same_handle_at_once() -> None:
    cast = make_cast()
    acme = cast.organizations["acme"]
    invited = [invite(by=cast.olga, email=f"new{number}@example.org", organization=acme) for number in range(4)]
    refused: list[str] = []

    def join(invitation: Invitation) -> Callable[[], None]:
        def work() -> None:
            try:
                accept_invitation(invitation=invitation, name="New", handle="new", password="Battery staple 7")
            except Invalid as error:
                refused.extend(error.fields)

        return work

    at_once(*(join(invitation) for invitation in invited))
    assert refused == ["handle"] * 3
    assert Member.objects.filter(handle="new").count() == 1


def _closing(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run

"""What pages cost: a fixed number of queries, however much there is."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test import Client

from tests.cast import Cast
from tests.longthreads import lengthen
from tests.pages.stories import SignIn, Story, told
from threads.actions.posts import post_reply
from threads.actions.threads import open_thread
from threads.models import Post

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]

COSTS = {
    "/": 10,
    "/spaces/": 4,
    "/spaces/lobby/": 5,
    "/spaces/lobby/?status=resolved&tag=smtp&sort=severity": 5,
    "/spaces/lobby/ask/": 6,
    "/archive/": 7,
    "/archive/?product=mail-gateway": 7,
    "/search/?q=loops": 14,
    "/people/": 3,
    "/people/ben/": 18,
    "/inbox/": 4,
    "/help/": 2,
}


# How common a word is, PostgreSQL is asked in two steps.
MORE_ON_POSTGRESQL = {"/search/?q=loops": 1}


@pytest.mark.parametrize("address", COSTS)
def test_a_page_costs_the_same_with_more_in_it(
    cast: Cast, story: Story, sign_in: SignIn, django_assert_num_queries: Counted, address: str
) -> None:
    client = sign_in(cast.olga)
    client.get(address)
    cost = COSTS[address] + (MORE_ON_POSTGRESQL.get(address, 0) if connection.vendor == "postgresql" else 0)
    with django_assert_num_queries(cost):
        assert client.get(address).status_code == 200
    for _more in range(3):
        told(cast)
    with django_assert_num_queries(cost):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [50, 5_000])
def test_a_long_thread_costs_what_a_short_one_does(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Counted, count: int
) -> None:
    """The first window, one in the middle, the last, and a permalink.

    The same queries and as many posts at 50 as at 5,000. What was read before is not read again, except within a
    transaction on PostgreSQL, which is where tests are.
    """
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="A long one", body="It goes on.")
    lengthen(thread, [cast.ben, cast.zoe, cast.finn], count)
    client = sign_in(cast.olga)
    address = thread.get_absolute_url()
    client.get(address)
    again, votes = (2, 0) if connection.vendor == "postgresql" else (0, 1)
    for start, queries in {"": 3 + again, f"?from={count // 5}": 7 + votes, "?from=last": 8 + votes}.items():
        with django_assert_num_queries(queries):
            page = client.get(address + start)
        assert 25 < page.content.decode().count('data-number="') <= 31
    middle = Post.objects.get(thread=thread, number=count // 2)
    with django_assert_num_queries(3):
        answer = client.get(f"/posts/{middle.pk}/permalink/")
    shown = client.get(answer["Location"]).content.decode()
    assert f'id="post-{middle.number}"' in shown


def test_windows_meet_without_gap_or_overlap(cast: Cast, client: Client) -> None:
    """Going from `next` to `next` shows every reply once, notes among them notwithstanding."""
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="With notes", body="x")
    for turn in range(40):
        reply = post_reply(by=cast.ben, thread=thread, body=f"Reply {turn}")
        if turn % 3 == 0:
            post_reply(by=cast.ada, thread=thread, body=f"Note {turn}", parent=reply)
    from threads.queries.windows import window_of

    seen: list[int] = []
    start: int | None = 1
    while start is not None:
        window = window_of(cast.olga, thread.pk, start=start, limit=7)
        seen += [post.facts.number for post in window.posts()]
        start = window.next
    replies = Post.objects.filter(thread=thread, parent__isnull=True, number__gt=1).order_by("number")
    assert seen == list(replies.values_list("number", flat=True))

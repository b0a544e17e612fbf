"""What pages cost: a fixed number of queries, however much there is."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.longthreads import lengthen
from tests.pages.stories import SignIn, Story, told
from threads.actions.bulletins import send_bulletin
from threads.actions.posts import post_reply
from threads.actions.reuse import use_practice
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Post

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]

COSTS = {
    "/": 11,
    "/spaces/": 4,
    "/spaces/lobby/": 5,
    "/spaces/lobby/?status=resolved&tag=smtp&sort=severity": 5,
    "/spaces/lobby/ask/": 6,
    "/archive/": 8,
    "/archive/?product=mail-gateway": 8,
    "/search/?q=loops": 20,
    "/jump/": 3,
    "/jump/?q=mail+loo": 10,
    "/people/": 3,
    "/people/ben/": 20,
    "/badges/": 7,
    "/people/olga/profile/": 8,
    "/people/olga/profile/?period=all&subject=product:mail-gateway": 9,
    "/people/olga/profile/evidence/?axis=solve": 4,
    "/organization/leaderboard/": 7,
    "/people/ben/thanks/": 6,
    "/people/me/record/": 6,
    "/people/me/record/?last=2020-01-01&certificates=on": 8,
    "/inbox/": 4,
    "/help/": 2,
    "/people/me/evaluations/": 6,
    "/coaching/": 3,
    "/standing/": 3,
    "/people/me/mentoring/": 7,
    "/mentors/?tag=smtp": 7,
    "/adoption/": 5,
    "/archive/subscriptions/": 8,
    "/search/saved/": 3,
    "/bulletins/": 3,
    "/bulletins/new/": 5,
    "/practices/suggestions/?q=loops": 2,
}


# Who asks and what frames their page is known by its marks, except within a transaction on PostgreSQL, where tests are.
BY_MARKS = {each for each in COSTS if each.partition("?")[0] in {"/", "/spaces/lobby/", "/archive/", "/search/"}}

# How common a word is, PostgreSQL is asked in two steps.
MORE_ON_POSTGRESQL = {"/search/?q=loops": 1}


@pytest.mark.parametrize("address", COSTS)
def test_a_page_costs_the_same_with_more_in_it(
    cast: Cast, story: Story, sign_in: SignIn, django_assert_num_queries: Counted, address: str
) -> None:
    client = sign_in(cast.olga)
    on_postgresql = connection.vendor == "postgresql"
    cost = COSTS[address] + (MORE_ON_POSTGRESQL.get(address, 0) if on_postgresql else -(address in BY_MARKS))
    for _before in range(2):
        client.get(address)
    with django_assert_num_queries(cost):
        assert client.get(address).status_code == 200
    for _more in range(3):
        told(cast)
    client.get(address)
    with django_assert_num_queries(cost):
        assert client.get(address).status_code == 200


# What somebody may do with a practice is found out once for all its parts. Ben was told that it was used.
OF_A_PRACTICE = {"olga": 19, "zoe": 21, "cleo": 21, "ben": 21}


@pytest.mark.parametrize("who", OF_A_PRACTICE)
def test_a_practice_costs_the_same_with_more_in_it(
    cast: Cast, story: Story, sign_in: SignIn, django_assert_num_queries: Counted, who: str
) -> None:
    """For a reader, one of another organization, its curator, and who recorded it."""
    client, address = sign_in(cast.people[who]), story.practice.get_absolute_url()
    first = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Once more", body="x")
    use_practice(by=cast.ada, thread=first, practice=story.practice)
    client.get(address)
    with django_assert_num_queries(OF_A_PRACTICE[who]):
        assert client.get(address).status_code == 200
    for name in ("ada", "finn", "mo"):
        say_verdict(by=cast.people[name], practice=story.practice, kind="worked")
        told(cast)
    for number in range(3):
        thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title=f"Again, {number}", body="x")
        use_practice(by=cast.ada, thread=thread, practice=story.practice)
    with django_assert_num_queries(OF_A_PRACTICE[who]):
        assert client.get(address).status_code == 200


def test_where_practices_are_used_costs_the_same_with_more_uses(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """The page of what was used in a thread, the practice's own, and lists that are looked through for a thread."""
    client, practice = sign_in(cast.olga), story.practice
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Loops again", body="As before.")

    def uses() -> None:
        for number in range(6):
            other = open_thread(by=cast.ada, space=cast.spaces["lobby"], title=f"Loops {number}", body="x")
            use_practice(by=cast.zoe, thread=other, practice=practice)
            use_practice(by=cast.zoe, thread=thread, practice=told(cast).practice)
        send_bulletin(by=cast.cleo, space=cast.spaces["alliance"], audience="space", title="Again", text="Again.")

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    uses()
    addresses = (
        f"/threads/{thread.pk}/practices/", f"/practices/{practice.pk}/", f"/practices/{practice.pk}/?for={thread.pk}",
        f"/search/?q=loops&for={thread.pk}", f"/archive/?for={thread.pk}", "/bulletins/",
    )  # fmt: skip
    before = {address: cost(address) for address in addresses}
    uses()
    assert {address: cost(address) for address in addresses} == before


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
    for _before in range(2):
        client.get(address)
    first, middle, last = (6, 8, 9) if connection.vendor == "postgresql" else (1, 5, 6)
    for start, queries in {"": first, f"?from={count // 5}": middle, "?from=last": last}.items():
        with django_assert_num_queries(queries):
            page = client.get(address + start)
        assert 25 < page.content.decode().count('data-number="') <= 31
    post = Post.objects.get(thread=thread, number=count // 2)
    with django_assert_num_queries(3):
        answer = client.get(f"/posts/{post.pk}/permalink/")
    shown = client.get(answer["Location"]).content.decode()
    assert f'id="post-{post.number}"' in shown


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

"""What writing costs: a fixed number of queries, however many watch and however much there is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from community.models import InboxItem, Member, Outbox
from tests.api.asking import Api
from tests.longthreads import lengthen
from threads.models import Following, Thread

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]
Thing = dict[str, Any]

# The token with its member, two for a transaction, and eight in it: the thread's lock and its new state, the post, its
# words for the search, who follows, the notices, the numbers, the events. One more where somebody keeps a search.
REPLY = 11
FIRST_REPLY = REPLY + 1
EDIT = 14
VOTE = 26
# Whether a badge may follow from it; and, as they had voted before, whether moderators withdrew that.
AGAIN_FROM_ELSEWHERE = VOTE + 2


def watched(thread: Thing, count: int) -> None:
    """Have so many members follow the thread."""
    organization = Member.objects.get(handle="ben").organization
    Member.objects.bulk_create(
        [
            Member(handle=f"watcher-{number}", name="W", email=f"w{number}@example.org", organization=organization)
            for number in range(count)
        ]
    )
    watchers = Member.objects.filter(handle__startswith="watcher-")
    Following.objects.bulk_create([Following(member=each, thread_id=thread["id"]) for each in watchers])


@pytest.mark.parametrize("watchers", [0, 1, 7, 49])
def test_a_reply_costs_the_same_however_many_watch(
    api: Api, thread: Thing, django_assert_num_queries: Counted, watchers: int
) -> None:
    watched(thread, watchers)
    path = f"threads/{thread['id']}/posts"
    api.ben("POST", path, {"body": "Once.", "client_id": "warm"})
    with django_assert_num_queries(REPLY):
        assert api.ben("POST", path, {"body": "Twice.", "client_id": "counted"}).status == 201
    assert InboxItem.objects.filter(kind="reply").values("target").distinct().count() == 2
    assert InboxItem.objects.filter(kind="reply", member__handle__startswith="watcher-").count() == 2 * watchers


def test_a_reply_for_more_than_the_action_tells_itself_costs_no_more(
    api: Api, thread: Thing, django_assert_num_queries: Counted
) -> None:
    """The outbox takes the place of the notices."""
    watched(thread, 60)
    path = f"threads/{thread['id']}/posts"
    api.ben("POST", path, {"body": "Once.", "client_id": "warm"})
    with django_assert_num_queries(REPLY):
        assert api.ben("POST", path, {"body": "Twice.", "client_id": "counted"}).status == 201
    assert Outbox.objects.count() == 2


def test_the_first_reply_of_a_member_costs_one_more_because_they_follow_from_then_on(
    api: Api, thread: Thing, django_assert_num_queries: Counted
) -> None:
    path = f"threads/{thread['id']}/posts"
    api.zoe("POST", path, {"body": "Warm.", "client_id": "warm"})
    api.token("ben")
    with django_assert_num_queries(FIRST_REPLY):
        assert api.ben("POST", path, {"body": "Hello.", "client_id": "first"}).status == 201


def test_a_reply_in_a_long_thread_costs_what_one_in_a_short_thread_does(
    api: Api, thread: Thing, django_assert_num_queries: Counted
) -> None:
    cast = api.cast
    lengthen(Thread.objects.get(pk=thread["id"]), [cast.ben, cast.zoe, cast.finn], 2_000)
    path = f"threads/{thread['id']}/posts"
    api.ben("POST", path, {"body": "Once.", "client_id": "warm"})
    with django_assert_num_queries(REPLY):
        assert api.ben("POST", path, {"body": "Twice.", "client_id": "counted"}).body["number"] == 2_003


@pytest.mark.parametrize("watchers", [0, 49])
def test_an_edit_and_a_vote_cost_the_same_however_many_watch(
    api: Api, thread: Thing, reply: Thing, django_assert_num_queries: Counted, watchers: int
) -> None:
    watched(thread, watchers)
    path = f"posts/{reply['id']}"
    api.ben("PATCH", path, {"body": "Once."})
    for who in (api.zoe, api.cleo):
        who("PUT", f"{path}/vote", {"value": 1})
    for name in ("ada", "finn", "zoe"):
        api.token(name)
    with django_assert_num_queries(EDIT):
        assert api.ben("PATCH", path, {"body": "Twice."}).status == 200
    with django_assert_num_queries(VOTE):
        assert api.ada("PUT", f"{path}/vote", {"value": 1}).body["votes"] == 3
    api.zoe("PUT", f"{path}/vote", {"value": 0})
    with django_assert_num_queries(AGAIN_FROM_ELSEWHERE):
        assert api.zoe("PUT", f"{path}/vote", {"value": 1}).body["votes"] == 3

"""Two processes in which people vote at once: nobody is credited twice, and no cap gives way."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest

from reputation.actions.rebuilding import differences
from reputation.models import Award, Vote
from reputation.queries.standing import standing_of
from reputation.rules.points import FROM_ONE_MEMBER, POINTS
from tests.community.test_event_concurrency import at_once
from tests.realtime.servers import Server
from threads.actions.posts import post_reply
from threads.models import Post

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
TIMES = 10


def test_votes_in_two_processes_at_once(
    cast: "Cast", apart: tuple[Server, Server], token_of: Callable[[str], str], thread: "Thread"
) -> None:
    posts = [post_reply(by=cast.ben, thread=thread, body=f"Try {number}.").pk for number in range(TIMES)]
    tokens = {name: token_of(name) for name in ("ada", "zoe", "olga")}

    def vote(server: Server, name: str, last: int) -> None:
        for post in posts:
            for value in (1, 0, 1, last):
                server.call(tokens[name], "PUT", f"posts/{post}/vote", {"value": value})

    at_once(*(partial(vote, server, name, int(name != "olga")) for server in apart for name in tokens))

    standing = Award.objects.filter(reverses=None, reversal=None)
    causes = [cause.partition("#")[0] for cause in standing.values_list("cause", flat=True)]
    votes = {f"vote:{row.post_id}:{row.voter_id}" for row in Vote.objects.all()}
    assert sorted(causes) == sorted(votes), "one award for each vote that stands"
    assert {name: Vote.objects.filter(voter=cast.people[name]).count() for name in tokens} == {
        "ada": TIMES, "zoe": TIMES, "olga": 0,
    }  # fmt: skip
    assert list(Post.objects.filter(pk__in=posts).values_list("votes", flat=True)) == [2] * TIMES
    for name in ("ada", "zoe"):
        gained = sum(standing.filter(giver=cast.people[name]).values_list("points", flat=True))
        assert gained <= FROM_ONE_MEMBER < TIMES * POINTS["helped"]
    assert standing_of(cast.ben) == sum(standing.values_list("points", flat=True))
    assert differences(most=1) == (0, [])

"""Who could help with a thread, over the API."""

from typing import Any

import pytest

from community.models import Member
from reputation.models import Skill
from tests.api.asking import Api
from threads.models import Thread

pytestmark = pytest.mark.both_databases

Thing = dict[str, Any]


def _expert(handle: str, thread: Thing) -> None:
    from threads.models import Tag

    tag, _made = Tag.objects.get_or_create(slug="mail")
    Thread.objects.get(pk=thread["id"]).tags.add(tag)
    Skill.objects.create(member=Member.objects.get(handle=handle), scope="tag:mail", level=Skill.Level.EXPERT)


def test_a_candidate_says_why_and_whether_they_can_be_asked(api: Api, thread: Thing) -> None:
    _expert("zoe", thread)
    answer = api.ada("GET", f"threads/{thread['id']}/matches")
    (found,) = answer.body["items"]
    assert found["member"]["handle"] == "zoe"
    (reason,) = [reason for reason in found["reasons"] if reason["kind"] == "declared"]
    assert (reason["about"], reason["text"]) == ("tag:mail", "Expert in #mail, by their own word")
    assert set(found["reachable"]) == {"now", "why", "at"}
    assert (found["load"], found["lets_in"]) == (0, False)
    assert api.ada("GET", f"threads/{thread['id']}/matches?organization=corax&tag=mail").body["items"] == []


def test_who_may_not_see_it_is_no_candidate_and_asks_for_none(api: Api, thread: Thing) -> None:
    _expert("zoe", thread)
    Thread.objects.filter(pk=thread["id"]).update(audience="organization")
    address = f"threads/{thread['id']}/matches"
    assert api.ada("GET", address).body["items"] == []
    assert api.zoe("GET", address).status == 404
    (found,) = api.ada("GET", f"{address}?beyond=true").body["items"]
    assert (found["member"]["handle"], found["lets_in"]) == ("zoe", True)


@pytest.mark.parametrize("query", ["limit=0", "limit=21", "limit=x", "organization=none", "tag=%00"])
def test_an_unusable_parameter_is_refused(api: Api, thread: Thing, query: str) -> None:
    assert api.ada("GET", f"threads/{thread['id']}/matches?{query}").status == 422

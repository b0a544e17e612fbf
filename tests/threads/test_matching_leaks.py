"""Nobody is proposed who may not see the thread, and no reason says anything of what the viewer may not see."""

import random

import pytest

from community.models import Member
from reputation.models import Award, Skill, Standing
from tests.cast import Cast
from tests.threads.findings import post
from threads.actions.posts import post_reply
from threads.actions.resolution import resolve
from threads.models import Guest, Thread
from threads.policies.threads import may_see
from threads.queries.matching import Among, Candidate, candidates_for
from threads.rendering.reasons import sentences

pytestmark = pytest.mark.both_databases

PLACES = (
    ("lobby", "space"), ("lobby", "organization"), ("lobby", "center"), ("lobby", "organizations"),
    ("alliance", "space"), ("alliance", "organization"), ("backroom", "space"), ("workshop", "space"),
)  # fmt: skip
AUTHORS = {
    "lobby": ("ada", "ben", "zoe", "finn"),
    "alliance": ("ada", "zoe"),
    "backroom": ("ada", "mo"),
    "workshop": ("ben", "ada"),
}
WORDS = ["mail", "queue", "gateway", "relay", "certificate", "tunnel", "printer", "backup"]
TOPICS = ["mail", "dns", "vpn"]
NIGHT = "The mail queue grows at night."


def _thread(cast: Cast, draw: random.Random) -> Thread:
    space, audience = draw.choice(PLACES)
    by = draw.choice(AUTHORS[space])
    if audience == "center" and cast.people[by].center is None:
        audience = "organization"
    named = [cast.organizations["corax"]] if audience == "organizations" else []
    title = " ".join(draw.sample(WORDS, 3))
    return post(
        cast, title, f"{title} does not work.", by=by, space=space, audience=audience, organizations=named,
        tags=draw.sample(TOPICS, 2),
    )  # fmt: skip


def _worked_on(cast: Cast, thread: Thread, draw: random.Random) -> None:
    """Some of those who see it reply, and often one of the replies solves it."""
    seeing = [person for person in cast.people.values() if person.is_active and may_see(person, thread)]
    replies = [post_reply(by=who, thread=thread, body="Try this.") for who in draw.choices(seeing, k=3)]
    if draw.random() < 0.6:
        resolve(by=thread.author, thread=thread, posts=[draw.choice(replies)])


@pytest.mark.parametrize("seed", range(4))
def test_every_candidate_sees_the_thread_and_every_thread_named_is_seen_by_the_viewer(cast: Cast, seed: int) -> None:
    draw = random.Random(seed)
    threads = [_thread(cast, draw) for _number in range(14)]
    for thread in threads[:10]:
        _worked_on(cast, thread, draw)
    for person in cast.people.values():
        Skill.objects.create(member=person, scope=f"tag:{draw.choice(TOPICS)}", level=draw.randint(1, 3))
    asked = draw.sample(threads[10:], 3) + draw.sample(threads[:10], 2)
    proposed = 0
    for viewer in cast.people.values():
        for thread in Thread.objects.filter(pk__in=[each.pk for each in asked]):
            for among in (Among(), Among(scope="tag:mail"), Among(organization=viewer.organization_id)):
                found = candidates_for(viewer, thread, among=among)
                proposed += len(found)
                if not may_see(viewer, thread):
                    assert found == []
                _nothing_leaks(viewer, thread, found)
            beyond = candidates_for(viewer, thread, among=Among(beyond=True), limit=50)
            assert all(each.lets_in != may_see(each.member, thread) for each in beyond)
            assert [each.lets_in for each in beyond] == sorted(each.lets_in for each in beyond)
    assert proposed > 50


def _nothing_leaks(viewer: Member, thread: Thread, found: list[Candidate]) -> None:
    for each in found:
        assert may_see(each.member, thread), (viewer, each)
        assert each.member.pk not in (viewer.pk, thread.author_id, thread.owner_id)
        assert each.reasons
        for reason in each.reasons:
            assert reason.thread is None or may_see(viewer, Thread.objects.get(pk=reason.thread)), (viewer, reason)


def test_what_is_hidden_raises_nobody(cast: Cast) -> None:
    """Zoe sees none of it: for her Ben is as if he had never solved it. (What he earned is public.)"""
    thread = post(cast, "Mail queue grows", NIGHT, by="zoe", tags=["mail"])
    seen = post(cast, "Relay stops", by="zoe", tags=["mail"])
    post_reply(by=cast.finn, thread=seen, body="Start it.")
    before = candidates_for(cast.zoe, thread)
    assert [each.member.handle for each in before] == ["finn"]
    hidden = post(cast, "Mail queue grows at Acme", NIGHT, audience="organization", tags=["mail"])
    replies = [post_reply(by=cast.ben, thread=hidden, body="Restart it.") for _time in range(3)]
    post_reply(by=cast.olga, thread=hidden, body="Yes.")
    resolve(by=cast.ada, thread=hidden, posts=[replies[-1]])
    Award.objects.all().delete()
    Standing.objects.all().delete()
    after = candidates_for(cast.zoe, thread)
    assert [(each.member, [reason.kind for reason in each.reasons]) for each in after] == [
        (each.member, [reason.kind for reason in each.reasons]) for each in before
    ]
    assert candidates_for(cast.nia, thread)[0].member == cast.ben


def test_what_somebody_wrote_where_the_viewer_sees_nothing_is_not_counted(cast: Cast) -> None:
    thread = post(cast, "Mail queue grows", by="zoe", tags=["mail"])
    Skill.objects.create(member=cast.ben, scope="tag:mail", level=Skill.Level.EXPERT)
    plain = candidates_for(cast.zoe, thread)
    hidden = post(cast, "Something of Acme", audience="organization")
    reply = post_reply(by=cast.ben, thread=hidden, body="Done.")
    resolve(by=cast.ada, thread=hidden, posts=[reply])
    found = candidates_for(cast.zoe, thread)
    assert [each.reasons for each in found] == [each.reasons for each in plain]
    assert found[0].score == plain[0].score
    assert candidates_for(cast.ada, thread)[0].score > plain[0].score


def test_a_guest_is_proposed_and_sees_no_other_thread_named(cast: Cast) -> None:
    known = post(cast, "Mail queue grows", NIGHT, audience="organization", tags=["mail"])
    reply = post_reply(by=cast.ben, thread=known, body="Restart it.")
    resolve(by=cast.ada, thread=known, posts=[reply])
    thread = post(cast, "Mail queue grows again", NIGHT, audience="organization", tags=["mail"])
    Skill.objects.create(member=cast.zoe, scope="tag:mail", level=Skill.Level.EXPERT)
    assert "zoe" not in [each.member.handle for each in candidates_for(cast.ada, thread)]
    assert candidates_for(cast.zoe, thread) == []
    Guest.objects.create(thread=thread, member=cast.zoe, invited_by=cast.ada)
    assert "zoe" in [each.member.handle for each in candidates_for(cast.ada, thread)]
    found = candidates_for(cast.zoe, thread)
    assert {reason.thread for each in found for reason in each.reasons} == {None}


def test_a_thread_that_the_reader_does_not_see_is_not_named_in_words(cast: Cast) -> None:
    known = post(cast, "Mail queue grows", NIGHT, audience="organization")
    reply = post_reply(by=cast.ben, thread=known, body="Restart it.")
    resolve(by=cast.ada, thread=known, posts=[reply])
    thread = post(cast, "Mail queue grows again", NIGHT)
    reasons = candidates_for(cast.ada, thread)[0].reasons
    assert reasons[0].thread == known.pk
    words = " ".join(sentences(reasons, threads={}))
    assert "Mail queue" not in words
    assert "href" not in words
    assert "much like this" in words

"""From a posted problem to a practice in the archive with forms alone, as without JavaScript."""

import re

import pytest
from django.test import Client

from reputation.queries.standing import standing_of
from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.models import Deflection, Post, Practice, Thread

pytestmark = pytest.mark.both_databases

PROBLEM = {
    "title": "Mail loops between two gateways",
    "body": "Since Tuesday **every** message to branch offices loops.",
    "tags": "smtp, loop",
    "severity": "2",
    "environment": "Gateway 7.2, two nodes",
    "audience": "space",
}


def _ask(client: Client, **changes: str) -> Thread:
    answer = client.post("/spaces/lobby/ask/", PROBLEM | changes)
    assert answer.status_code == 302, answer.content.decode()
    found = re.search(r"/threads/(\d+)/", answer["Location"])
    assert found
    return Thread.objects.get(pk=int(found[1]))


def test_a_problem_goes_all_the_way_to_the_archive(cast: Cast, sign_in: SignIn) -> None:
    ada, ben, zoe = sign_in(cast.ada), sign_in(cast.ben), sign_in(cast.zoe)
    thread = _ask(ada)
    assert sorted(tag.slug for tag in thread.tags.all()) == ["loop", "smtp"]

    assert ben.post(f"/threads/{thread.pk}/owner/", {"act": "take"}).status_code == 302
    ben.post(f"/threads/{thread.pk}/posts/", {"body": "Look at rule `R7`, @zoe had it too."})
    zoe.post(f"/threads/{thread.pk}/posts/", {"body": "Yes: disable R7."})
    reply = Post.objects.get(thread=thread, number=3)
    ada.post(f"/threads/{thread.pk}/posts/", {"body": "Which node?", "parent": str(reply.pk)})
    assert Post.objects.get(number=4).parent == reply
    ada.post(f"/posts/{reply.pk}/vote/", {"value": "1"})
    assert Post.objects.get(pk=reply.pk).votes == 1

    zoe.post(
        f"/posts/{reply.pk}/edit/", {"body": "Yes: disable R7 on both nodes.", "reason": "clearer", "version": "1"}
    )
    history = ben.get(f"/posts/{reply.pk}/history/").content.decode()
    assert "<ins>" in history
    assert "clearer" in history

    form = ada.get(f"/threads/{thread.pk}/resolution/", {"post": str(reply.pk)}).content.decode()
    assert "Since Tuesday **every** message" in form
    assert "Gateway 7.2, two nodes" in form
    assert "disable R7 on both nodes" in form
    resolved = ada.post(
        f"/threads/{thread.pk}/resolution/",
        {
            "posts": [str(reply.pk)],
            "summary": "Rule R7 fought with the new relay table.",
            "problem": "Mail loops",
            "environment": "7.2",
            "cause": "Rule R7",
            "resolution": "Disable R7 on both nodes",
            "record_practice": "on",
        },
    )
    assert resolved.status_code == 302
    practice = Practice.objects.get(thread=thread)
    page = zoe.get(practice.get_absolute_url()).content.decode()
    assert "Disable R7 on both nodes" in page
    assert thread.get_absolute_url() in page
    assert practice.get_absolute_url() in zoe.get(thread.get_absolute_url()).content.decode()
    assert practice.title in zoe.get("/archive/?tag=smtp").content.decode()
    assert "disable" in zoe.get("/search/?q=R7").content.decode().lower()
    assert "Yes: disable" in ben.get(thread.get_absolute_url()).content.decode()
    assert "Solution" in zoe.get("/people/zoe/").content.decode()


def test_reopening_keeps_what_was(cast: Cast, story: Story, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    client.post(f"/threads/{story.thread.pk}/reopening/", {"reason": "It is back since the restart."})
    page = client.get(story.thread.get_absolute_url()).content.decode()
    assert "It is back since the restart." in page
    assert story.thread.resolutions.count() == 1
    client.post(f"/threads/{story.thread.pk}/resolution/", {"summary": "Restart order matters."})
    assert story.thread.resolutions.count() == 2


def test_nobody_earns_by_calling_their_own_post_the_solution(cast: Cast, sign_in: SignIn) -> None:
    thread, ben = _ask(sign_in(cast.ada)), sign_in(cast.ben)
    ben.post(f"/threads/{thread.pk}/owner/", {"act": "take"})
    ben.post(f"/threads/{thread.pk}/posts/", {"body": "Restart it."})
    reply = Post.objects.get(thread=thread, number=2)
    ben.post(f"/threads/{thread.pk}/resolution/", {"posts": [str(reply.pk)]})
    thread.refresh_from_db()
    assert thread.status == Thread.Status.RESOLVED
    assert standing_of(cast.ben) == 0


def test_deleting_can_be_undone(cast: Cast, story: Story, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    client.post(f"/posts/{story.note.pk}/deletion/")
    assert "That was it, thank you." not in sign_in(cast.zoe).get(f"/posts/{story.reply.pk}/").content.decode()
    assert sign_in(cast.zoe).get(f"/posts/{story.note.pk}/history/").status_code == 404
    assert "That was it, thank you." in client.get(f"/posts/{story.note.pk}/").content.decode()
    client.post(f"/posts/{story.note.pk}/restoration/")
    assert "That was it, thank you." in sign_in(cast.zoe).get(story.thread.get_absolute_url()).content.decode()


def test_a_solution_is_not_deleted_under_the_thread(cast: Cast, story: Story, sign_in: SignIn) -> None:
    answer = sign_in(cast.ben).post(f"/posts/{story.reply.pk}/deletion/", follow=True)
    assert "Reopen the thread" in answer.content.decode()
    assert Post.objects.get(pk=story.reply.pk).deleted_at is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"tags": "fine, b@d"}, "cannot be a tag"),
        ({"audience": "organizations"}, "Name at least one organization"),
        ({"severity": "9"}, "Select a valid choice"),
        ({"body": "   "}, "This field is required"),
    ],
)
def test_errors_keep_what_was_typed(cast: Cast, sign_in: SignIn, changes: dict[str, str], message: str) -> None:
    answer = sign_in(cast.ada).post("/spaces/lobby/ask/", PROBLEM | changes)
    page = answer.content.decode()
    assert message in page
    kept = {name: text for name, text in PROBLEM.items() if name not in changes}
    for text in [kept.get("title", ""), kept.get("environment", "")]:
        assert text in page
    assert not Thread.objects.exists()


def test_an_empty_reply_shows_the_thread_again(cast: Cast, story: Story, sign_in: SignIn) -> None:
    answer = sign_in(cast.zoe).post(f"/threads/{story.thread.pk}/posts/", {"body": " "})
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_two_editors_do_not_overwrite_each_other(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """The second one gets both texts, and what they typed is still there."""
    first, second = sign_in(cast.ben), sign_in(cast.mo)
    address = f"/posts/{story.reply.pk}/edit/"
    first.post(address, {"body": "Ben's second text", "version": "1"})
    page = second.post(address, {"body": "Mo's text", "version": "1"}).content.decode()
    assert "Mo&#x27;s text" in page
    assert "Ben’s second text" in page or "Ben's second text" in page
    assert Post.objects.get(pk=story.reply.pk).body == "Ben's second text"
    second.post(address, {"body": "Mo's text", "version": "2"})
    assert Post.objects.get(pk=story.reply.pk).body == "Mo's text"


def test_the_record_is_not_overwritten_silently(cast: Cast, sign_in: SignIn) -> None:
    thread = _ask(sign_in(cast.ada))
    address = f"/threads/{thread.pk}/record/"
    sign_in(cast.ada).post(address, {"cause": "Perhaps DNS", "version": "0"})
    page = sign_in(cast.zoe).post(address, {"cause": "A rule", "version": "0"}).content.decode()
    assert "A rule" in page
    assert "Perhaps DNS" in page
    thread.record.refresh_from_db()
    assert thread.record.cause == "Perhaps DNS"


@pytest.mark.parametrize("who", ["ben", "zoe"])
def test_who_may_not_resolve_is_told_so(cast: Cast, sign_in: SignIn, who: str) -> None:
    thread = _ask(sign_in(cast.ada))
    assert sign_in(getattr(cast, who)).get(f"/threads/{thread.pk}/resolution/").status_code == 403
    assert sign_in(getattr(cast, who)).get(f"/threads/{thread.pk}/edit/").status_code == 403


def test_editing_a_thread(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    thread = _ask(client)
    changed = {"title": "Mail loops, solved?", "status": "waiting", "severity": "3", "tags": "smtp", "environment": ""}
    step = {"next_action": "Send the trace", "next_action_by": "ada", "next_action_due": "2030-01-02T10:00"}
    assert client.post(f"/threads/{thread.pk}/edit/", changed | step).status_code == 302
    page = sign_in(cast.zoe).get(thread.get_absolute_url()).content.decode()
    assert "Mail loops, solved?" in page
    assert "Send the trace" in page
    client.post(f"/threads/{thread.pk}/posts/", {"body": "Here is the trace."})
    thread.refresh_from_db()
    assert thread.status == Thread.Status.OPEN
    wrong = client.post(f"/threads/{thread.pk}/edit/", changed | {"next_action_by": "nobody"})
    assert "Nobody has this handle" in wrong.content.decode()


def test_deflection_is_recorded(cast: Cast, story: Story, sign_in: SignIn) -> None:
    answer = sign_in(cast.zoe).post("/deflections/", {"text": "mail loops", "chosen": f"practice:{story.practice.pk}"})
    assert answer.status_code == 204
    assert Deflection.objects.get(member=cast.zoe).chosen == f"practice:{story.practice.pk}"

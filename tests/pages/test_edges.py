"""Turns that are seldom taken: what is typed is kept, and what one may not see is not told by the way."""

import pytest

from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.actions.posts import post_reply
from threads.actions.threads import edit_thread, open_thread, plan
from threads.actions.votes import vote
from threads.models import Thread

pytestmark = pytest.mark.both_databases


def test_a_reply_to_a_thread_closed_meanwhile_is_not_lost(story: Story, cast: Cast, sign_in: SignIn) -> None:
    edit_thread(by=cast.mo, thread=story.thread, status="closed")
    answer = sign_in(cast.ben).post(f"/threads/{story.thread.pk}/posts/", {"body": "Typed for an hour."})
    assert answer.status_code == 422
    assert "Typed for an hour." in answer.content.decode()


def test_a_thread_with_a_next_step_can_be_closed(cast: Cast, sign_in: SignIn) -> None:
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="T", body="B")
    plan(by=cast.ada, thread=thread, what="Send the log", who=cast.ada)
    form = {"title": "T", "status": "closed", "severity": "3", "next_action": "Send the log", "next_action_by": "ada"}
    assert sign_in(cast.mo).post(f"/threads/{thread.pk}/edit/", form).status_code == 302
    thread.refresh_from_db()
    assert thread.status == Thread.Status.CLOSED


def test_a_refused_next_step_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    thread = open_thread(by=cast.ada, space=cast.spaces["workshop"], title="T", body="B")
    form = {"title": "Other", "status": "open", "severity": "1", "next_action": "Ask", "next_action_by": "zoe"}
    assert sign_in(cast.ada).post(f"/threads/{thread.pk}/edit/", form).status_code == 200
    thread.refresh_from_db()
    assert (thread.title, thread.severity, thread.version) == ("T", 3, 2)


def test_expertise_names_no_tag_that_the_viewer_never_meets(cast: Cast, sign_in: SignIn) -> None:
    for space, tag in (("workshop", "nightfall"), ("lobby", "smtp")):
        thread = open_thread(by=cast.ada, space=cast.spaces[space], title="T", body="B", tags=[tag])
        vote(by=cast.ada, post=post_reply(by=cast.ben, thread=thread, body="Try."), value=True)
    seen = {who: sign_in(cast.people[who]).get("/people/ben/").content.decode() for who in ("ada", "zoe")}
    told = {who: sign_in(cast.people[who]).get("/api/v1/members/ben").json() for who in ("ada", "zoe")}
    assert {who: "nightfall" in page for who, page in seen.items()} == {"ada": True, "zoe": False}
    assert all("#smtp" in page for page in seen.values())
    tags = {who: {each["slug"] for each in answer["expertise"]} for who, answer in told.items()}
    assert tags == {"ada": {"nightfall", "smtp"}, "zoe": {"smtp"}}

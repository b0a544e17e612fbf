"""What may be kept of an answer, and by whom: a page is made for one member, and no proxy may hand it to another."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.stories import SignIn, Story

pytestmark = pytest.mark.both_databases

PRIVATE = "private, no-cache"
PAGES = [
    "/",
    "/spaces/lobby/",
    "/spaces/lobby/ask/",
    "/archive/",
    "/search/?q=loops",
    "/people/ben/",
    "/inbox/",
    "/help/",
]


def test_what_a_member_is_shown_is_theirs_and_asked_for_again(story: Story, cast: Cast, sign_in: SignIn) -> None:
    """Not `no-store`: with it a browser that goes back forgets what was typed."""
    client = sign_in(cast.ada)
    for address in [*PAGES, story.thread.get_absolute_url(), story.practice.get_absolute_url()]:
        answer = client.get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, PRIVATE), address
        assert "Cookie" in answer["Vary"]


def test_so_is_what_is_not_a_page(story: Story, cast: Cast, sign_in: SignIn, client: Client) -> None:
    """Refusals, redirects, what scripts and programs ask for, and who is not signed in."""
    ada = sign_in(cast.ada)
    answers = {
        "missing": ada.get("/threads/999999/"),
        "redirect": ada.get(f"/posts/{story.reply.pk}/permalink/"),
        "refused": ada.post(f"/threads/{story.thread.pk}/posts/", {"body": ""}),
        "script": ada.get("/people/suggest/", {"q": "b"}),
        "api": ada.get(f"/api/v1/threads/{story.thread.pk}"),
        "api refused": client.get(f"/api/v1/threads/{story.thread.pk}"),
        "signed out": client.get("/"),
    }
    assert {name: answer["Cache-Control"] for name, answer in answers.items()} == dict.fromkeys(answers, PRIVATE)


def test_an_answer_that_says_it_itself_is_left_alone(client: Client) -> None:
    """Where passwords are typed nothing at all is kept."""
    assert "no-store" in client.get("/accounts/login/")["Cache-Control"]

"""Likely answers while asking: without a script, and for programs."""

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.models import Deflection, Thread

pytestmark = pytest.mark.both_databases

ASK = "/spaces/lobby/ask/"
TYPED = {"title": "Mail loops between gateways", "body": "Since <Sunday>.", "tags": "smtp, x", "severity": "2"}


def sitting_on(client: Client) -> str:
    """The name of the sitting in a form that was just read."""
    found: list[str] = re.findall(r'name="sitting" value="([\w-]{22})"', client.get(ASK).content.decode())
    return found[0]


def test_without_a_script_answers_are_looked_for_opened_and_taken(cast: Cast, story: Story, sign_in: SignIn) -> None:
    zoe = sign_in(cast.zoe)
    name, before = sitting_on(zoe), Thread.objects.count()
    form = {**TYPED, "sitting": name, "audience": "organizations", "organizations": [str(cast.ada.organization_id)]}
    page = zoe.post(ASK, {**form, "look": "1"}).content.decode()
    assert Thread.objects.count() == before
    assert story.practice.get_absolute_url() in page
    assert 'value="Mail loops between gateways"' in page
    assert "Since &lt;Sunday&gt;." in page
    assert 'value="smtp, x"' in page
    assert page.count("checked") == 2
    assert name in page
    row = Deflection.objects.get()
    assert (row.outcome, row.space, row.text) == ("looking", cast.spaces["lobby"], f"{TYPED['title']}\n{TYPED['body']}")
    thing = f"practice:{story.practice.pk}"
    assert thing in row.answers.values_list("thing", flat=True)

    chosen = {"chosen": thing, "text": "x", "sitting": name, "space": "lobby", "csrfmiddlewaretoken": "x"}
    html = {"Accept": "text/html"}
    answer = zoe.post("/deflections/", {**chosen, "outcome": "opened"}, headers=html)
    assert (answer.status_code, answer["Location"]) == (302, story.practice.get_absolute_url())
    assert Deflection.objects.get().outcome == "opened"
    zoe.post("/deflections/", chosen, headers=html)
    assert Deflection.objects.get().outcome == "solved"


def test_a_form_that_is_posted_ends_its_sitting(cast: Cast, story: Story, sign_in: SignIn) -> None:
    zoe = sign_in(cast.zoe)
    name = sitting_on(zoe)
    assert name != sitting_on(zoe)
    refused = zoe.post(ASK, {**TYPED, "title": "", "sitting": name, "audience": "space"})
    assert refused.status_code == 200
    assert Deflection.objects.get().answers.exists()
    posted = zoe.post(ASK, {**TYPED, "sitting": name, "audience": "space"})
    assert posted.status_code == 302
    assert Deflection.objects.get().thread == Thread.objects.latest("pk")


def test_programs_name_the_sitting_and_the_space(cast: Cast, story: Story, sign_in: SignIn) -> None:
    zoe = sign_in(cast.zoe)

    def similar(**given: str) -> int:
        data = {"text": "Mail loops between gateways", **given}
        return zoe.post("/api/v1/similar", data, content_type="application/json").status_code

    assert (similar(), similar(space="lobby"), Deflection.objects.count()) == (200, 200, 0)
    assert similar(sitting="a" * 22, space="lobby") == 200
    assert Deflection.objects.get().answers.count() == 2
    assert similar(sitting="a" * 22, space="workshop") == similar(sitting="a" * 22, space="nothing") == 404
    assert similar(sitting="short") == similar(sitting="a" * 21 + "\0") == 422
    posted = {"space": "lobby", "title": "Mail loops", "body": "x", "sitting": "a" * 22}
    assert zoe.post("/api/v1/threads", posted, content_type="application/json").status_code == 201
    assert Deflection.objects.get().outcome == "posted"


def test_curators_read_on_a_practice_what_it_saved(cast: Cast, story: Story, sign_in: SignIn) -> None:
    data = {"chosen": f"practice:{story.practice.pk}", "text": "x", "sitting": "a" * 22, "space": "lobby"}
    assert sign_in(cast.zoe).post("/deflections/", data).status_code == 204
    words = "shown 1 time, opened 1, solved it without posting 1"
    assert words in sign_in(cast.cleo).get(story.practice.get_absolute_url()).content.decode()
    assert words not in sign_in(cast.zoe).get(story.practice.get_absolute_url()).content.decode()
